"""Score marks: what is drawn beside the curve of a score: its interval, its floor and its best.

It knows places in a plot, and nothing of what a score means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.decimate import Values
from ganstudio.gui.widgets.view_item import ViewItem

FLOOR = "real against real"
_STAR = 5.0
"""Pixels from the middle of the star to its points."""
_CAP = 3.0
"""Half the width in pixels of the bar that stands for an interval with no neighbour."""


@dataclass(frozen=True)
class Band:
    """Where a curve may lie: ``x``, ``low`` and ``high`` [n] on the axes of the view, finite."""

    colour: str
    x: Values
    low: Values
    high: Values


class Bands(ViewItem):
    """Light bands behind curves."""

    def __init__(self) -> None:
        super().__init__()
        self.bands: Sequence[Band] = ()
        self.setZValue(-3)

    def show_bands(self, bands: Sequence[Band]) -> None:
        """Draw these in place of those before."""
        self.bands = bands
        self.update()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw each band as an area, or as an upright bar where it has one point."""
        tokens = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for band in self.bands:
            painter.setBrush(QColor(mix(tokens.panel, band.colour, 0.3 if tokens.dark else 0.2)))
            painter.drawPolygon(self._outline(band))

    def _outline(self, band: Band) -> QPolygonF:
        if len(band.x) == 1:
            pixel = self.pixelVectors()[0]
            half = _CAP * float(pixel.x()) if pixel is not None else 0.0
            corner = QPointF(band.x[0] - half, band.low[0])
            return QPolygonF(QRectF(corner, QPointF(band.x[0] + half, band.high[0])))
        x = np.concatenate([band.x, band.x[::-1]])
        y = np.concatenate([band.low, band.high[::-1]])
        return QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])


class Floors(ViewItem):
    """Quiet dashed lines across the plot; the highest says what they are."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: Sequence[float] = ()
        self.setZValue(-2)

    def show_floors(self, heights: Sequence[float]) -> None:
        """Draw lines at these values in place of those before."""
        self.heights = heights
        self.update()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw the lines, and the words at the left end of the highest."""
        rect, transform = self.viewRect(), painter.transform()
        quiet = QColor(theme.current().quiet)
        painter.save()
        painter.resetTransform()
        painter.setPen(QPen(quiet, 1, Qt.PenStyle.DashLine))
        ends = [_line(transform, rect, height) for height in self.heights]
        for left, right in ends:
            painter.drawLine(left, right)
        if ends:
            painter.setFont(theme.sized_font(-2))
            self._write(painter, *min(ends, key=lambda end: end[0].y()), transform.mapRect(rect).top())
        painter.restore()

    def _write(self, painter: QPainter, left: QPointF, right: QPointF, top: float) -> None:
        """Write above the line, or below it where it is close to the top of the view."""
        height = painter.fontMetrics().height()
        above = left.y() - height - 1 >= top
        room = QRectF(left.x() + 6, left.y() - height - 1 if above else left.y() + 1, right.x(), height)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, FLOOR)


class Stars(ViewItem):
    """Small stars at single points. Each: a colour, and where it stands in the view."""

    def __init__(self) -> None:
        super().__init__()
        self.stars: Sequence[tuple[str, float, float]] = ()
        self.setZValue(5)

    def show_stars(self, stars: Sequence[tuple[str, float, float]]) -> None:
        """Draw these in place of those before."""
        self.stars = stars
        self.update()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw the stars, with an edge that parts them from their curves."""
        transform = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.current().panel), 1))
        for colour, x, y in self.stars:
            painter.setBrush(QColor(colour))
            painter.drawPolygon(star(transform.map(QPointF(x, y)), _STAR))
        painter.restore()


def star(middle: QPointF, size: float) -> QPolygonF:
    """Return a star of five points; ``size``: from its middle to a point."""
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 0.45 * size, size)
    points = zip((reach * np.cos(angles)).tolist(), (reach * np.sin(angles)).tolist(), strict=True)
    return QPolygonF([middle + QPointF(*point) for point in points])


def _line(transform: QTransform, rect: QRectF, height: float) -> tuple[QPointF, QPointF]:
    left, right = transform.map(QPointF(rect.left(), height)), transform.map(QPointF(rect.right(), height))
    y = round(left.y()) + 0.5
    return QPointF(left.x(), y), QPointF(right.x(), y)
