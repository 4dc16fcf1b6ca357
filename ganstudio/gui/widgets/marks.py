"""Marks: small signs beside a setting, drawn from the theme. They know nothing of settings."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ganstudio.gui import theme

_SIDE = 20
_ICON = 14
_DOT_RADIUS = 3.0


class IconMark(QWidget):
    """A bundled icon that stands still, in the colour of a token."""

    def __init__(
        self, name: str, token: str = "quiet", side: int = _ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._side = side
        self.show_icon(name, token)
        self.setFixedSize(side, side)

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon."""
        self._icon = theme.icon(name, token)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class ChangedDot(QAbstractButton):
    """A dot that says "changed"; under the mouse or the focus it offers to go back.

    ``keeps_room``: whether its place stays empty while there is nothing to go back to.
    """

    def __init__(self, parent: QWidget | None = None, keeps_room: bool = True) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(keeps_room)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._reset = theme.icon("reset", "accent")
        self.hide()

    def sizeHint(self) -> QSize:
        """Return the size it always has."""
        return QSize(_SIDE, _SIDE)

    def show_change(self, changed: bool, was: str) -> None:
        """Appear where something is changed; ``was`` is what the reset goes back to."""
        self.setVisible(changed)
        self.setToolTip(f"Changed from {was}. Press to go back to it.")
        self.setAccessibleName(f"Go back to {was}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot, or the way back."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            icon = QRect(0, 0, _ICON, _ICON)
            icon.moveCenter(self.rect().center())
            self._reset.paint(painter, icon)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().accent))
            painter.drawEllipse(QPointF(_SIDE / 2, _SIDE / 2), _DOT_RADIUS, _DOT_RADIUS)
        painter.end()
