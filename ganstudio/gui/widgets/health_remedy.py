"""Health remedy: what may help, why, what it changes, and the button that does it.

It shows what it is told and reports the press. It knows nothing of runs.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.api.conditions import Remedy
from ganstudio.gui import health_words, theme
from ganstudio.gui.health_offers import Offer, Standing

_ICONS = {"live": "live", "branch": "branch"}


class HealthRemedy(QFrame):
    """One remedy.

    Signals:
        asked: its button was pressed; ``remedy`` and ``offer`` say for what.
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remedy: Remedy | None = None
        self.offer: Offer | None = None
        self.title = _label(self, "", bold=True)
        self.why = _label(self, "quiet")
        self.changes = _label(self, "")
        self.changes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.clicked.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        for label in (self.title, self.changes, self.why):
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_remedy(self, remedy: Remedy, offer: Offer, standing: Standing, first: bool) -> None:
        """Show a remedy and what can be done about it; the first of several stands out."""
        self.remedy, self.offer = remedy, offer
        self.title.setText(remedy.title)
        _say(self.why, remedy.why)
        _say(self.changes, "\n".join(health_words.changes(remedy, standing.held)))
        self.button.setText(offer.text)
        self.button.setToolTip(offer.why)
        self.button.setEnabled(bool(offer.way))
        self.button.setAccessibleName(f"{offer.text}: {remedy.title}")
        self.button.setAccessibleDescription(offer.why)
        primary = first and bool(offer.way)
        if primary != bool(self.button.property("primary")):
            self.button.setProperty("primary", primary)
            self.button.style().polish(self.button)
        token = "on_accent" if primary else "text"
        self.button.setIcon(theme.icon(_ICONS[offer.way], token) if offer.way else QIcon())


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _label(parent: QWidget, role: str, bold: bool = False) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.sized_font(0, bold=bold))
    if role:
        label.setProperty("role", role)
    return label
