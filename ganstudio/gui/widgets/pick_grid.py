"""Pick grid: a sample grid in which one image can be picked, by mouse or keys, and places pointed at.

It knows nothing of what is done with either.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.sample_grid import SampleGrid

_FRAME = 2


class PickGrid(SampleGrid):
    """``picked``: the image that has the frame, ``None`` for none.

    Signals:
        chosen: the user clicked an image, or pressed Enter on it; its place in the array.
        pointed: the mouse is over an image: its place in the array, and how far right and down in it, 0..1.
        left: the user pressed Escape.
    """

    chosen = Signal(int)
    pointed = Signal(int, float, float)
    left = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None, least_side: int = 0) -> None:
        super().__init__(placeholder, parent, least_side)
        self.picked: int | None = None
        self._at = 0
        """Where the keys are."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setToolTip("")

    def pick(self, index: int | None) -> None:
        """Put the frame around an image, or take it away."""
        if index != self.picked:
            self.picked = index
            self._at = index if index is not None else self._at
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the images, and frames around the one that is picked and the one where the keys are."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = self.place(self.picked) if self.picked is not None else None
        if place is not None:
            self._frame(painter, place, Qt.PenStyle.SolidLine)
        if self.hasFocus() and self._at != self.picked and (here := self.place(self._at)) is not None:
            self._frame(painter, here, Qt.PenStyle.DotLine)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the image that was clicked."""
        index = self.index_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or index is None:
            super().mousePressEvent(event)
            return
        self._at = index
        self.chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse is."""
        super().mouseMoveEvent(event)
        self._point(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from image to image with the arrows, pick with Enter, leave with Escape."""
        moves = self._moves()
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.place(self._at) is not None:
            self.chosen.emit(self._at)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in moves and self.images is not None:
            self._go(self._at + moves[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide where the keys are."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Let the cursor say that images can be clicked."""
        if event.type() == QEvent.Type.Enter and self.images is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif event.type() == QEvent.Type.Leave:
            self.unsetCursor()
        return super().event(event)

    def _moves(self) -> dict[Qt.Key, int]:
        tiling = self.tiling()
        down = tiling.columns if tiling is not None else 1
        return {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -down,
            Qt.Key.Key_Down: down,
        }

    def _go(self, index: int) -> None:
        """Move the keys' place, and what is picked with it."""
        if self.place(index) is None:
            return
        self._at = index
        if self.picked is not None:
            self.chosen.emit(index)
        self.update()

    def _point(self, point: QPointF) -> None:
        index = self.index_at(point)
        place = self.place(index) if index is not None else None
        if index is not None and place is not None:
            across, down = (
                (point.x() - place.left()) / place.width(),
                (point.y() - place.top()) / place.height(),
            )
            self.pointed.emit(index, min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def _frame(self, painter: QPainter, place: QRectF, style: Qt.PenStyle) -> None:
        pen = QPen(QColor(theme.current().accent), _FRAME, style)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
