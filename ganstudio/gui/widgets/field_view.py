"""Field view: the game of a run on points, painted in layers that can be switched on and off.

It is given looks at the game and paints them. It knows nothing of where they come from.
"""

import math
import time
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.api.events import FieldReady, PointScene
from ganstudio.gui import theme
from ganstudio.gui.field_numbers import (
    NEAR,
    Modes,
    Span,
    Trails,
    arrow_segments,
    arrow_ways,
    grid_segments,
    modes,
    probabilities,
    trail_segments,
)
from ganstudio.gui.tokens import Tokens
from ganstudio.gui.widgets.field_camera import Camera
from ganstudio.gui.widgets.field_canvas import FieldCanvas, Sheet
from ganstudio.gui.widgets.field_legend import FieldLegend
from ganstudio.gui.widgets.field_paint import draw_dots, draw_rings, faint, heat_picture, room_for_dots

LAYERS: Mapping[str, str] = {
    "heat": "Discriminator",
    "real": "Real points",
    "modes": "Modes",
    "manifold": "Latent grid",
    "trails": "Trails",
    "pulls": "Pulls",
    "points": "Generated",
}
"""From behind to the front, by what people call them."""

_LINES = ("manifold", "trails", "pulls")
_REAL, _MADE = 1.8, 2.6
"""Pixels of the radius of points."""
_PAN, _ZOOM = 40.0, 1.2
"""What a key moves, in pixels, and magnifies."""
_ARROW, _HEAD, _ARROWS = 30.0, 4.0, 96
"""Pixels of a long arrow and of its head, and how many there are."""
_LEAST_RING = 5.0
_CALM = 0.2
"""Of a new cost, in the mean of what painting costs."""
_KEYS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_Line = tuple[NDArray[np.float64], QColor]


class FieldView(QWidget):
    """Shows the newest look, on a plane that can be moved and magnified.

    ``layers``: the names of those that are shown. ``probability``: whether the surface is that of
    probabilities instead of logits. ``cost_ms``: what showing a look costs of this thread, lately.

    Signals:
        moved: another part of the plane is in view.
    """

    moved = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.placeholder = placeholder
        self.layers = set(LAYERS)
        self.probability = False
        self.look: FieldReady | None = None
        self.modes = Modes(np.zeros(0), np.zeros(0))
        self.marked = -1
        """The mode that is pointed at elsewhere."""
        self.cost_ms = 0.0
        self.camera = Camera()
        self.trails = Trails()
        self.span = Span()
        self._longest = Span()
        self._still, self._moving = Sheet(1, 1), Sheet(1, 1)
        self._still_scene: PointScene | None = None
        self._still_for: object = None
        self._canvas = FieldCanvas(self)
        self._canvas.hide()
        self.legend = FieldLegend(self)
        self._grabbed: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The game in the plane")
        self.setToolTip("Drag to move, turn the wheel to magnify, double-click to see all of it.")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.notifier.changed.connect(self._draw)

    # --- What it is told ---------------------------------------------------------------------------

    def show_look(self, look: FieldReady | None) -> None:
        """Show another look; ``None`` for none. Modes and legend follow with :meth:`count`."""
        before, self.look = self.look, look
        if look is None or before is None or look.scene is not before.scene:
            self._begin(look)
        if look is not None:
            self.trails.add(look.step, look.points)
            self._follow()
        if look is None or before is None:
            self.count()
        else:
            self._draw()

    def count(self) -> None:
        """Let the modes and the legend tell of the look that is shown.

        Eyes read figures more slowly than they follow points: this may be called less often.
        """
        look = self.look
        if look is not None:
            self.modes = modes(look.points, look.scene.centres, look.scene.sigma)
        shown = "heat" in self.layers and look is not None and look.logits is not None
        self.legend.show_span(self.span, self.probability, shown)
        self._draw()

    def set_layer(self, name: str, shown: bool) -> None:
        """Show a layer or not."""
        (self.layers.add if shown else self.layers.discard)(name)
        self.count()

    def set_probability(self, probability: bool) -> None:
        """Show probabilities or raw logits."""
        self.probability = probability
        self.span.clear()
        self._follow()
        self.count()

    def mark(self, mode: int) -> None:
        """Point at a mode; −1 for none."""
        self.marked = mode
        self._draw()

    def fit(self) -> None:
        """Show all there is to see."""
        self.camera.fit()
        self._tell_moved()

    def surface(self) -> NDArray[np.float64] | None:
        """Return what is shown of the discriminator: logits, or probabilities in 0..1."""
        if self.look is None or self.look.logits is None:
            return None
        logits = self.look.logits
        return probabilities(logits) if self.probability else logits.astype(np.float64)

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(600, 600)

    def _begin(self, look: FieldReady | None) -> None:
        self.trails.clear()
        self.span.clear()
        self._longest.clear()
        self.marked = -1
        if look is not None:
            # A widget that was not seen yet has not been told its size.
            self.camera.resize(self.width(), self.height())
            self.camera.set_home(look.region)

    def _follow(self) -> None:
        surface = self.surface()
        if self.probability:
            self.span.low, self.span.high = 0.0, 1.0
        elif surface is not None:
            self.span.follow(surface)
        if self.look is not None and self.look.pulls is not None:
            self._longest.follow(np.hypot(*self.look.pulls.T))

    # --- Painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen while there is nothing to show."""
        if self.look is not None:
            return
        painter, tokens = QPainter(self), theme.current()
        painter.fillRect(self.rect(), QColor(tokens.panel))
        painter.setPen(self._frame(tokens))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(QColor(tokens.quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 24, -24, -24), int(flags), self.placeholder)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is elsewhere."""
        super().focusOutEvent(event)
        self._draw()

    def _draw(self) -> None:
        """Draw the layers; Qt paints them later."""
        began, look, tokens = time.thread_time(), self.look, theme.current()
        self._canvas.setVisible(look is not None)
        if look is None:
            self.update()
            return
        self._ratio = self.devicePixelRatioF()
        self._canvas.show_ground(QColor(tokens.panel), self._frame(tokens))
        self._draw_heat(look, tokens)
        self._draw_still(look, tokens)
        self._draw_moving(look, tokens)
        self.cost_ms += _CALM * (1000 * (time.thread_time() - began) - self.cost_ms)

    def _frame(self, tokens: Tokens) -> QColor:
        return QColor(tokens.accent if self.hasFocus() else tokens.line)

    def _placed(self, points: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return where points of the plane lie, in pixels of the device."""
        return self.camera.to_screen(points, self._ratio)

    def _draw_heat(self, look: FieldReady, tokens: Tokens) -> None:
        surface = self.surface() if "heat" in self.layers else None
        left, right, bottom, top = look.region
        corners = self.camera.to_screen(np.array([[left, top], [right, bottom]]))
        room = QRectF(QPointF(*corners[0]), QPointF(*corners[1]))
        picture = None if surface is None else heat_picture(self.span.shares(surface), tokens)
        self._canvas.show_heat(picture, room)

    def _draw_still(self, look: FieldReady, tokens: Tokens) -> None:
        """Draw real points and modes; they change seldom unless one moves about."""
        covered = self.modes.covered
        shown = "real" in self.layers, "modes" in self.layers, self.marked, covered.tobytes()
        wanted = self.camera.region(), self._ratio, self.size(), tokens.name, shown
        if look.scene is self._still_scene and wanted == self._still_for:
            return
        self._still_scene, self._still_for = look.scene, wanted
        self._still = self._clear(self._still, _REAL)
        if "real" in self.layers:
            colours = faint(tokens.real, 0.85), faint(tokens.panel, 0.3)
            draw_dots(self._still, self._placed(look.scene.real), _REAL * self._ratio, *colours)
        if "modes" in self.layers:
            self._draw_modes(look, tokens)
        self._canvas.show_still(self._still)

    def _draw_modes(self, look: FieldReady, tokens: Tokens) -> None:
        ratio, ink, covered = self._ratio, self._still, self.modes.covered
        radius = max(NEAR * look.scene.sigma * self.camera.scale, _LEAST_RING) * ratio
        places = self._placed(look.scene.centres)
        draw_rings(ink, places[covered], radius, QColor(tokens.text), 1.2 * ratio, dashed=False)
        draw_rings(ink, places[~covered], radius, QColor(tokens.bad), 1.8 * ratio, dashed=True)
        if 0 <= self.marked < len(places):
            marked, colour = places[[self.marked]], QColor(tokens.accent)
            draw_rings(ink, marked, radius + 5 * ratio, colour, 2.5 * ratio, dashed=False)

    def _draw_moving(self, look: FieldReady, tokens: Tokens) -> None:
        self._moving = self._clear(self._moving, _MADE)
        parts = (getattr(self, f"_{name}_lines")(look, tokens) for name in _LINES if name in self.layers)
        lines = [(segments, colour.rgba()) for part in parts for segments, colour in part]
        if lines:
            self._moving.draw(lines)
        if "points" in self.layers:
            colours = QColor(tokens.generator), faint(tokens.panel, 0.9)
            draw_dots(self._moving, self._placed(look.points), _MADE * self._ratio, *colours)
        self._canvas.show_moving(self._moving)

    def _clear(self, sheet: Sheet, radius: float) -> Sheet:
        """Return a clear sheet of the right size for lines, and points of a radius."""
        width, height = (math.ceil(side * self._ratio) for side in (self.width(), self.height()))
        breadth = max(round(self._ratio), 1)
        edge = max(room_for_dots(radius * self._ratio), breadth + 1)
        wanted = width, height, breadth, edge, self._ratio
        if sheet.wanted != wanted:
            return Sheet(*wanted)
        sheet.clear()
        return sheet

    def _manifold_lines(self, look: FieldReady, tokens: Tokens) -> Iterable[_Line]:
        if look.manifold is not None:
            yield grid_segments(self._placed(look.manifold)), faint(tokens.generator, 0.45)

    def _trails_lines(self, look: FieldReady, tokens: Tokens) -> Iterable[_Line]:
        segments = trail_segments(self._placed(self.trails.places))
        for age, part in enumerate(np.array_split(segments, 4), 1):
            yield part.reshape(-1, 4), faint(tokens.score, 0.16 * age)

    def _pulls_lines(self, look: FieldReady, tokens: Tokens) -> Iterable[_Line]:
        if look.pulls is None or self._longest.high <= 0:
            return
        places = self._placed(look.points[:_ARROWS])
        ways = arrow_ways(look.pulls[: len(places)], self._longest.high) * (_ARROW * self._ratio)
        yield arrow_segments(places[: len(ways)], ways, _HEAD * self._ratio), faint(tokens.text, 0.7)

    # --- Moving about ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in view."""
        super().resizeEvent(event)
        self.camera.resize(self.width(), self.height())
        self._canvas.setGeometry(self.rect())
        self.legend.move(12, self.height() - self.legend.height() - 12)
        self._tell_moved()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the plane."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it."""
        if self._grabbed is not None:
            by = event.position() - self._grabbed
            self._grabbed = event.position()
            self.camera.move(by.x(), by.y())
            self._tell_moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all of it."""
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Magnify about the pointer."""
        place = event.position()
        self.camera.zoom(_ZOOM ** (event.angleDelta().y() / 120), place.x(), place.y())
        self._tell_moved()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, magnify with + and −, show all with Home."""
        key, middle = Qt.Key(event.key()), self.rect().center()
        if key in _KEYS:
            right, down = _KEYS[key]
            self.camera.move(_PAN * right, _PAN * down)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM
            self.camera.zoom(factor, middle.x(), middle.y())
        elif key == Qt.Key.Key_Home:
            self.camera.fit()
        else:
            super().keyPressEvent(event)
            return
        self._tell_moved()

    def _tell_moved(self) -> None:
        self._draw()
        self.moved.emit()
