"""Banner: a failure, said within the window: the sentence first, the details folded below.

It knows nothing of what failed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.widgets.marks import IconMark

_DETAIL_LINES = 14


class Banner(QFrame):
    """One failure at a time; a later one takes the place of the one before.

    Signals:
        dismissed: the user pressed the cross; the banner has hidden itself.
        proposed: the user pressed the button that :meth:`propose` shows; the banner has hidden itself.
    """

    dismissed = Signal()
    proposed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.way_out = QPushButton(theme.icon("branch", "on_accent"), "", self)
        self.way_out.setProperty("primary", True)
        self.way_out.setAccessibleName("What may help")
        self.way_out.clicked.connect(self._take)
        self.way_out.hide()
        self.fold = QPushButton("Details", self)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_details)
        self.copy = QPushButton("Copy report", self)
        self.copy.setIcon(theme.icon("copy"))
        self.copy.clicked.connect(self._copy)
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("cross", "quiet"))
        self.cross.setToolTip("Dismiss")
        self.cross.setAccessibleName("Dismiss the failure")
        self.cross.clicked.connect(self._dismiss)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setFont(theme.mono_font())
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName("Details of the failure")
        self._lay_out()
        self.hide()

    def say(self, title: str, sentence: str, details: str = "") -> None:
        """Show a failure: a few words, what to read first, and the traceback behind it."""
        self._title.setText(title)
        self.sentence.setText(sentence)
        self.details.setPlainText(details.rstrip())
        lines = min(self.details.blockCount(), _DETAIL_LINES) + 1
        self.details.setFixedHeight(self.details.fontMetrics().lineSpacing() * lines + 16)
        self.fold.setVisible(bool(details))
        self.fold.setChecked(False)
        self._show_details(False)
        self.way_out.hide()
        self.setAccessibleName(f"{title} {sentence}")
        self.show()

    def propose(self, text: str, why: str) -> None:
        """Offer one thing to do about the failure that is shown; another failure takes the offer away."""
        self.way_out.setText(text)
        self.way_out.setAccessibleName(text)
        self.way_out.setToolTip(why)
        self.way_out.setAccessibleDescription(why)
        self.way_out.show()

    def report(self) -> str:
        """Return all of it as text to send to somebody."""
        parts = (self._title.text(), self.sentence.text(), self.details.toPlainText())
        return "\n\n".join(part for part in parts if part) + "\n"

    def _lay_out(self) -> None:
        self._title = QLabel(self)
        self._title.setProperty("role", "bad")
        self._title.setFont(theme.sized_font(0, bold=True))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self.sentence)
        words.addWidget(self.way_out, 0, Qt.AlignmentFlag.AlignLeft)
        top = Qt.AlignmentFlag.AlignTop
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconMark("warning", "bad", 18, self), 0, top)
        row.addLayout(words, 1)
        for button in (self.fold, self.copy, self.cross):
            row.addWidget(button, 0, top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.details)

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())

    def _take(self) -> None:
        self.hide()
        self.proposed.emit()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
