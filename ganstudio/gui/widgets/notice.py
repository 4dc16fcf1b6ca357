"""Notice: a calm line within the window that says one thing, and may offer one thing to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.marks import IconMark

_ICONS = {
    "info": ("info", "accent"),
    "good": ("check", "good"),
    "live": ("live", "watch"),
    "watch": ("warning", "watch"),
    "bad": ("warning", "bad"),
}


class Notice(QFrame):
    """A line with a sign, a text, and where wanted a button and a cross.

    Signals:
        acted: the user pressed the button.
        dismissed: the user pressed the cross; the notice has hidden itself.
    """

    acted = Signal()
    dismissed = Signal()

    def __init__(
        self, kind: str, action: str = "", closable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(action, self) if action else None
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("cross", "quiet"))
        self.cross.setToolTip("Dismiss")
        self.cross.setAccessibleName("Dismiss")
        self.cross.setVisible(closable)
        self._lay_out(IconMark(*_ICONS[kind], 16, self))
        self.cross.clicked.connect(self._dismiss)
        self.hide()

    def say(self, text: str) -> None:
        """Show a text; nothing is shown for an empty one."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def show_button(self, shown: bool) -> None:
        """Offer what there is to do, or not."""
        if self.button is not None:
            self.button.setVisible(shown)

    def _lay_out(self, mark: IconMark) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 6, 6)
        layout.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(mark, 0, top)
        layout.addWidget(self.text, 1)
        if self.button is not None:
            layout.addWidget(self.button, 0, top)
            self.button.clicked.connect(self.acted)
        layout.addWidget(self.cross, 0, top)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
