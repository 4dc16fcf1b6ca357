"""Side sheet: a panel that lies over what is beside a widget, until it is closed. It knows nothing of why."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui import theme

LEAST_WIDTH = 320
_MARGIN = 8


class SideSheet(QFrame):
    """Stands to the right of ``anchor`` as long as it is open, or over its right part where there is no room.

    Signals:
        moved: the user wants the next thing (1) or the one before (-1), by the buttons or the arrow keys.
        closed: the user closed it, by its button or Escape.
    """

    moved = Signal(int)
    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self._host: QWidget = anchor
        self.setProperty("role", "panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "title")
        self.before = self._button("previous", "The one before (←)")
        self.next = self._button("next", "The next one (→)")
        self.cross = self._button("cross", "Close (Esc)")
        self.body = QVBoxLayout()
        self._lay_out()
        self.before.clicked.connect(lambda: self.moved.emit(-1))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.cross.clicked.connect(self._leave)
        self.hide()

    def open(self) -> None:
        """Come into view and take the keys."""
        host = _host(self._anchor)
        if host is not self.parentWidget():
            self.setParent(host)
        if self.isHidden():
            self._host = host
            for watched in {self._anchor, host}:
                watched.installEventFilter(self)
            self._place()
            self.show()
            self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_quietly(self) -> None:
        """Go out of view without a word."""
        if not self.isHidden():
            for watched in {self._anchor, self._host}:
                watched.removeEventFilter(self)
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the anchor and what it stands in."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape, go on with the arrows."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self.moved.emit(1 if key == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        self.closed.emit()
        self.close_quietly()

    def _place(self) -> None:
        """Cover what is to the right of the anchor in the host."""
        anchor, host = self._anchor, self._host
        whole = host.rect() if host is anchor else host.rect().adjusted(0, _MARGIN, -_MARGIN, -_MARGIN)
        left = anchor.mapTo(host, anchor.rect().topRight()).x() + _MARGIN if host is not anchor else 0
        width = max(whole.right() + 1 - left, LEAST_WIDTH) if host is not anchor else LEAST_WIDTH
        width = min(width, whole.width())
        self.setGeometry(QRect(whole.right() + 1 - width, whole.top(), width, whole.height()))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.heading, 1)
        for button in (self.before, self.next, self.cross):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(self.body, 1)

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("compact", True)
        button.setIcon(theme.icon(icon, "quiet"))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button


def _host(anchor: QWidget) -> QWidget:
    """Return what the anchor stands in; a splitter would take a sheet for one of its parts."""
    parent = anchor.parentWidget()
    while isinstance(parent, QSplitter):
        parent = parent.parentWidget()
    return parent or anchor
