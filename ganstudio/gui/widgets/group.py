"""Group: a titled part of a form that folds away. It knows nothing of what is in it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.setting_field import editor_column

_ARROW = 14


class Group(QWidget):
    """A header to fold by, with room for one widget beside the title, and a body below.

    ``inner``: whether it stands within another group: it is quieter, and folded at first. ``indent``: how
    far its title stands in, in px; what is in the body sees to its own place.
    """

    def __init__(
        self, title: str, parent: QWidget | None = None, inner: bool = False, indent: int = 0
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._indent = indent
        self._open = not inner
        self._fold = _FoldButton(title, self, bold=not inner)
        self._fold.clicked.connect(self._toggle)
        self.body = QWidget(self)
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)
        self._header = QHBoxLayout()
        self._header.setSpacing(4)
        self._header.setContentsMargins(indent, 0, 0, 0)
        self._header.addWidget(self._fold)
        self._header.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._header)
        layout.addWidget(self.body)
        self._show()

    def add_to_header(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget beside the title; the first with a stretch begins where editors do."""
        if stretch:
            self._fold.setFixedWidth(editor_column(self) - 4 - self._indent)
        self._header.addWidget(widget, stretch)

    def is_open(self) -> bool:
        """Say whether the body shows."""
        return self._open

    def set_open(self, open_: bool) -> None:
        """Show the body or fold it away."""
        self._open = open_
        self._show()

    def show_found(self, found: bool | None) -> None:
        """During a search, show the body where something was found and hide the group elsewhere.

        ``None`` ends the search: the group is as open as it was.
        """
        self.setVisible(found is not False)
        self.body.setVisible(self._open if found is None else found)

    def set_tip(self, text: str) -> None:
        """Say what the group is for, to those who hover over its title and those who hear the window."""
        self._fold.setToolTip(text)
        self._fold.setWhatsThis(text)
        self.describe(text)

    def describe(self, text: str) -> None:
        """Add something to what those are told who hear the window."""
        self._fold.setAccessibleDescription(text)

    def _toggle(self) -> None:
        self.set_open(not self._open)

    def _show(self) -> None:
        self.body.setVisible(self._open)
        self._fold.show_unfolded(self._open)
        self._fold.setAccessibleName(f"{self.title}, {'unfolded' if self._open else 'folded'}")


class _FoldButton(QAbstractButton):
    """The title behind an arrow that says whether the body shows, flush with what stands below."""

    def __init__(self, title: str, parent: QWidget, bold: bool) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setFont(theme.sized_font(0, bold=bold))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._arrows = {True: theme.icon("glyph-down"), False: theme.icon("glyph-right")}
        self._unfolded = True

    def show_unfolded(self, unfolded: bool) -> None:
        """Point the arrow down, or to the right."""
        self._unfolded = unfolded
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for arrow and title."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + _ARROW + 8, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw arrow and title; in the accent colour under the focus."""
        painter = QPainter(self)
        arrow = QRect(-2, (self.height() - _ARROW) // 2, _ARROW, _ARROW)
        self._arrows[self._unfolded].paint(painter, arrow)
        tokens = theme.current()
        painter.setPen(QColor(tokens.accent if self.hasFocus() else tokens.text))
        room = self.rect().adjusted(_ARROW + 2, 0, 0, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
