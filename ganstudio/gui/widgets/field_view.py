"""Field view: the game of a run on points, painted in layers that can be switched on and off.

It is given looks at the game and paints them. It knows nothing of where they come from.
"""

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPicture,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ganstudio.api.events import FieldReady
from ganstudio.gui import theme
from ganstudio.gui.field_numbers import (
    NEAR,
    Modes,
    Span,
    Trails,
    arrow_segments,
    grid_segments,
    modes,
    probabilities,
)
from ganstudio.gui.tokens import Tokens
from ganstudio.gui.widgets.field_camera import Camera
from ganstudio.gui.widgets.field_legend import FieldLegend
from ganstudio.gui.widgets.field_paint import faint, paint_dots, paint_heat, paint_lines

LAYERS: Mapping[str, str] = {
    "heat": "Discriminator",
    "real": "Real points",
    "manifold": "Latent grid",
    "trails": "Trails",
    "modes": "Modes",
    "pulls": "Pulls",
    "points": "Generated",
}
"""From behind to the front, by what people call them."""

_BEHIND = ("heat", "real")
"""Painted at once; the others are recorded."""
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


class FieldView(QWidget):
    """Shows the newest look, on a plane that can be moved and magnified.

    ``layers``: the names of those that are shown. ``probability``: whether the surface is that of
    probabilities instead of logits. ``cost_ms``: what showing a look costs of this thread, lately, besides
    what Qt does by itself.

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
        # What is recorded is painted by Qt alone: from Python, lines and dots would keep training waiting.
        self._front = QLabel(self)
        self._front.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._real: QPixmap | None = None
        self._real_for: object = None
        self.legend = FieldLegend(self)
        self._grabbed: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The game in the plane")
        self.setToolTip("Drag to move, turn the wheel to magnify, double-click to see all of it.")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.notifier.changed.connect(self._renew)

    # --- What it is told ---------------------------------------------------------------------------

    def show_look(self, look: FieldReady | None) -> None:
        """Show another look; ``None`` for none."""
        before, self.look = self.look, look
        if look is None or before is None or look.scene is not before.scene:
            self._begin(look)
        if look is None:
            self._renew()
            return
        self.trails.add(look.step, look.points)
        self.modes = modes(look.points, look.scene.centres, look.scene.sigma)
        self._follow()
        self._renew()

    def set_layer(self, name: str, shown: bool) -> None:
        """Show a layer or not."""
        (self.layers.add if shown else self.layers.discard)(name)
        self._renew()

    def set_probability(self, probability: bool) -> None:
        """Show probabilities or raw logits."""
        self.probability = probability
        self.span.clear()
        self._follow()
        self._renew()

    def mark(self, mode: int) -> None:
        """Point at a mode; −1 for none."""
        self.marked = mode
        self._renew()

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
        """Paint what lies behind all else."""
        painter, tokens = QPainter(self), theme.current()
        try:
            painter.fillRect(self.rect(), QColor(tokens.panel))
            if self.look is None:
                self._paint_placeholder(painter, tokens)
            else:
                for name in _BEHIND:
                    if name in self.layers:
                        getattr(self, f"_paint_{name}")(painter, self.look, tokens)
            self._paint_edge(painter, tokens)
        finally:
            # A painter that outlives an error takes the program down with it.
            painter.end()

    def _renew(self) -> None:
        """Record the layers in front, for Qt to paint."""
        began, look, tokens = time.thread_time(), self.look, theme.current()
        picture = QPicture()
        if look is not None:
            painter = QPainter(picture)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for name in LAYERS:
                    if name not in _BEHIND and name in self.layers:
                        getattr(self, f"_paint_{name}")(painter, look, tokens)
            finally:
                painter.end()
        # A label would move the picture by what is left free in it.
        picture.setBoundingRect(self.rect())
        self._front.setPicture(picture)
        shown = "heat" in self.layers and look is not None and look.logits is not None
        self.legend.show_span(self.span, self.probability, shown)
        self.update()
        self.cost_ms += _CALM * (1000 * (time.thread_time() - began) - self.cost_ms)

    def _paint_heat(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        surface = self.surface()
        if surface is None:
            return
        left, right, bottom, top = look.region
        corners = self.camera.to_screen(np.array([[left, top], [right, bottom]]))
        paint_heat(
            painter, self.span.shares(surface), QRectF(QPointF(*corners[0]), QPointF(*corners[1])), tokens
        )

    def _paint_real(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        wanted = (
            id(look.scene),
            self.camera.region(),
            self.size().toTuple(),
            self.devicePixelRatio(),
            tokens.name,
        )
        if self._real is None or wanted != self._real_for:
            self._real, self._real_for = self._real_pixmap(look, tokens), wanted
        painter.drawPixmap(0, 0, self._real)

    def _real_pixmap(self, look: FieldReady, tokens: Tokens) -> QPixmap:
        """Return the real points on a clear ground: they change place only when one moves about."""
        ratio = self.devicePixelRatio()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.camera.to_screen(look.scene.real)
        paint_dots(painter, places, 1.8, faint(tokens.real, 0.85), faint(tokens.panel, 0.3))
        painter.end()
        return pixmap

    def _paint_manifold(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        if look.manifold is not None:
            lines = self.camera.to_screen(grid_segments(look.manifold))
            paint_lines(painter, lines, faint(tokens.generator, 0.45))

    def _paint_trails(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        segments = self.trails.segments()
        if not len(segments):
            return
        for age, part in enumerate(np.array_split(self.camera.to_screen(segments), 4), 1):
            paint_lines(painter, part.reshape(-1, 4), faint(tokens.score, 0.16 * age))

    def _paint_modes(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        radius = max(NEAR * look.scene.sigma * self.camera.scale, _LEAST_RING)
        places = self.camera.to_screen(look.scene.centres)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, place in enumerate(places):
            covered = self.modes.covered[number]
            pen = QPen(QColor(tokens.text if covered else tokens.bad), 1.2 if covered else 1.8)
            if not covered:
                pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawEllipse(QPointF(*place), radius, radius)
            if number == self.marked:
                painter.setPen(QPen(QColor(tokens.accent), 2.5))
                painter.drawEllipse(QPointF(*place), radius + 5, radius + 5)

    def _paint_pulls(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        if look.pulls is None or self._longest.high <= 0:
            return
        pulls = np.nan_to_num(
            look.pulls[: min(_ARROWS, len(look.points))].astype(np.float64), posinf=0, neginf=0
        ) * np.array([1, -1])
        length = np.hypot(pulls[:, 0], pulls[:, 1])[:, None]
        shown = _ARROW * np.sqrt(np.clip(length / self._longest.high, 0, 1))
        ways = np.divide(pulls * shown, length, out=np.zeros_like(pulls), where=length > 0)
        places = self.camera.to_screen(look.points[: len(pulls)])
        paint_lines(painter, arrow_segments(places, ways, _HEAD), faint(tokens.text, 0.7))

    def _paint_points(self, painter: QPainter, look: FieldReady, tokens: Tokens) -> None:
        places = self.camera.to_screen(look.points)
        paint_dots(painter, places, 2.6, QColor(tokens.generator), faint(tokens.panel, 0.9))

    def _paint_edge(self, painter: QPainter, tokens: Tokens) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.line), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_placeholder(self, painter: QPainter, tokens: Tokens) -> None:
        painter.setPen(QColor(tokens.quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 24, -24, -24), int(flags), self.placeholder)

    # --- Moving about ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in view."""
        super().resizeEvent(event)
        self.camera.resize(self.width(), self.height())
        self._front.setGeometry(self.rect())
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
        self._renew()
        self.moved.emit()
