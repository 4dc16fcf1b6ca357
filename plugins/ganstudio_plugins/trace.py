"""Trace: a small picture of one figure over its last ten minutes. It knows numbers and seconds, no more."""

from collections import deque
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

SHORTEST, SECONDS = 60.0, 600.0
"""The seconds that are shown: as many as there are, between these."""
_MOST = 2400
_GAP = 5.0
"""Seconds without a figure from where on the line is interrupted."""
_HEIGHT = 56


class Trace(QWidget):
    """Figures over time, from zero to ``top``, or to a round number above the highest of them."""

    def __init__(self, unit: str, top: float | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._unit, self._top = unit, top
        self._points: deque[tuple[float, float]] = deque(maxlen=_MOST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, seconds: float, value: float) -> None:
        """Add a figure; ``seconds`` rise."""
        while self._points and self._points[0][0] < seconds - SECONDS:
            self._points.popleft()
        self._points.append((seconds, value))
        self.update()

    def clear(self) -> None:
        """Forget all figures."""
        self._points.clear()
        self.update()

    def top(self) -> float:
        """Return what the upper edge stands for."""
        highest = max((value for _, value in self._points), default=0.0)
        return self._top or round_above(highest)

    def span(self) -> float:
        """Return how many seconds are shown."""
        seconds = self._points[-1][0] - self._points[0][0] if self._points else 0.0
        return min(max(seconds, SHORTEST), SECONDS)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Return a low strip."""
        return QSize(180, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        """Draw the ground, the line, and what the edges stand for."""
        palette, area = self.palette(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.mid().color(), 1))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(area, 3, 3)
        inside = area.adjusted(1, 4, -1, -1)
        for part in self._parts():
            self._draw(painter, part, inside)
        painter.setPen(palette.placeholderText().color())
        font = painter.font()
        font.setPointSizeF(max(6.0, font.pointSizeF() - 2))
        painter.setFont(font)
        text = area.adjusted(4, 2, -4, -2)
        if self._points:
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft, f"{self.top():g}{self._unit}")
            painter.drawText(text, Qt.AlignmentFlag.AlignRight, f"{self.span() / 60:.0f} min")
        painter.end()

    def _parts(self) -> list[list[tuple[float, float]]]:
        """Return the figures without the gaps in which nobody looked."""
        parts: list[list[tuple[float, float]]] = []
        for point in self._points:
            if not parts or point[0] - parts[-1][-1][0] > _GAP:
                parts.append([])
            parts[-1].append(point)
        return parts

    def _draw(self, painter: QPainter, part: list[tuple[float, float]], area: QRectF) -> None:
        last, top, span = self._points[-1][0], self.top(), self.span()
        line = QPolygonF(
            [
                QPointF(
                    area.right() - (last - seconds) / span * area.width(),
                    area.bottom() - min(value / top, 1.0) * area.height(),
                )
                for seconds, value in part
            ]
        )
        colour = self.palette().highlight().color()
        ground = QColor(colour)
        ground.setAlphaF(0.18)
        ends = (QPointF(line.last().x(), area.bottom()), QPointF(line.first().x(), area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF([*line.toList(), *ends]))
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)


def round_above(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not below ``value``; 1 for nothing at all."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(
        float(f"{step * power:.6g}") for step in (1, 2, 5, 10) if ceil(value / power * 1e6) <= step * 1e6
    )
