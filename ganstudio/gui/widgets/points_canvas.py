"""Points canvas: a square to spray points on and to erase them from, by mouse or by keys.

It changes a drawing and paints it. It knows nothing of what becomes of the drawing.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.drawing import Drawing
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.points_paint import (
    MARGIN,
    Places,
    class_colours,
    from_screen,
    paint_points,
    to_screen,
)

_STEP, _STRIDE = 0.02, 0.1
"""How far the arrow keys move the brush, alone and with Shift."""
_DENSITY = 90
"""Points that one press of the mouse sprays in a disc of radius 1."""
_LEAST = 4
_SPACING = 0.35
"""A drag sprays again after so many radii."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PointsCanvas(QWidget):
    """The square from -1 to 1 with the points drawn so far, and the brush.

    ``radius``: of the brush, in units of the plane. ``label``: the class that is sprayed. ``erasing``:
    whether the brush takes points away; the right button always does.

    Signals:
        changed: the drawing is another.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.radius, self.label, self.erasing = 0.08, 0, False
        self._brush = np.zeros(2)
        self._brush_shown = False
        self._last: Places | None = None
        self._erases = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Canvas for points")
        self.setToolTip(
            "Drag to spray points, with the right button to erase them. "
            "By keys: arrows move the brush, Space sprays, Delete erases."
        )
        self.setWhatsThis(self.toolTip())
        theme.notifier.changed.connect(self.update)

    def set_radius(self, radius: float) -> None:
        """Make the brush larger or smaller."""
        self.radius = radius
        self.update()

    def do(self, what: str) -> None:
        """Let the drawing ``undo``, ``redo`` or ``clear``."""
        {"undo": self.drawing.undo, "redo": self.drawing.redo, "clear": self.drawing.clear}[what]()
        self._tell()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(480, 480)

    # --- Painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square, the points class by class, and the brush."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_square(painter)
        colours = class_colours(theme.current())
        drawing = self.drawing
        for label in np.unique(drawing.labels).tolist():
            places = to_screen(drawing.points[drawing.labels == label], self.size(), np.zeros(2), 1.0)
            colour = colours[label % len(colours)]
            paint_points(painter, places, self.size(), self.devicePixelRatio(), colour, 1.6)
        if self._brush_shown or self.hasFocus():
            self._paint_brush(painter, colours[self.label % len(colours)])

    def _paint_square(self, painter: QPainter) -> None:
        tokens = theme.current()
        side = max(1, min(self.width(), self.height()) - 2 * MARGIN)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.fillRect(square, QColor(tokens.panel))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawRect(square)
        painter.setPen(QPen(QColor(mix(tokens.panel, tokens.line, 0.6)), 1))
        middle = square.center()
        painter.drawLine(QPointF(square.left(), middle.y()), QPointF(square.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), square.top()), QPointF(middle.x(), square.bottom()))
        if not len(self.drawing.points):
            painter.setPen(QColor(tokens.quiet))
            above = square.adjusted(16, 16, -16, -side / 2 - 16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(above, int(flags), "Drag to spray points.\nThe right button erases.")

    def _paint_brush(self, painter: QPainter, colour: str) -> None:
        place = to_screen(self._brush[None], self.size(), np.zeros(2), 1.0)[0]
        edge = to_screen(self._brush[None] + [[self.radius, 0.0]], self.size(), np.zeros(2), 1.0)[0]
        tokens = theme.current()
        pen = QPen(QColor(tokens.quiet if self.erasing or self._erases else colour), 1.5)
        if self.erasing or self._erases:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        reach = float(edge[0] - place[0])
        painter.drawEllipse(QPointF(*place), reach, reach)

    # --- What the user does ------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        self._erases = self.erasing or event.button() == Qt.MouseButton.RightButton
        self._move_to(event.position())
        self.drawing.begin()
        self._last = self._brush
        self._apply()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the brush, and draw while a button is held."""
        self._move_to(event.position())
        if self._last is None:
            self.update()
            return
        spacing = 0.25 * self.radius if self._erases else _SPACING * self.radius
        if np.hypot(*(self._brush - self._last)) >= spacing:
            self._last = self._brush
            self._apply()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        self._last, self._erases = None, False
        self.update()

    def contextMenuEvent(self, event: object) -> None:
        """Show none: the right button erases."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brush, spray or erase."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = np.array(_ARROWS[key]) * (_STRIDE if shift else _STEP)
            self._brush = np.clip(self._brush + step, -1, 1)
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
            self._erases = self.erasing or key == Qt.Key.Key_Delete
            self.drawing.begin()
            self._apply()
            self._erases = False
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: object) -> None:
        """Show the brush."""
        self._brush_shown = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Hide the brush."""
        self._brush_shown = False
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the brush."""
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, place: QPointF) -> None:
        at = np.array([[place.x(), place.y()]])
        self._brush = from_screen(at, self.size(), np.zeros(2), 1.0)[0]

    def _apply(self) -> None:
        x, y = (float(value) for value in self._brush)
        if self._erases:
            self.drawing.erase(x, y, self.radius)
        else:
            count = max(_LEAST, round(_DENSITY * self.radius))
            self.drawing.spray(x, y, self.radius, count, self.label)
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleDescription(f"{len(self.drawing.points)} points")
        self.update()
        self.changed.emit()
