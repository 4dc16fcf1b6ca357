"""Health trend: one figure over the steps, and the limit it crossed. Painted by itself, as it is small.

It knows a ``Trend`` and nothing of what it stands for. Where there are more points than pixels, each column
of pixels is drawn from its lowest to its highest point.
"""

import math
from bisect import bisect_left
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.api.conditions import Trend
from ganstudio.gui import health_words, theme, words
from ganstudio.gui.tokens import CurveStyle, curve_styles, mix

_HEIGHT, _TITLE, _AXIS, _ROOM = 124, 20, 18, 0.08
_TEXT_GAP = 6


class HealthTrend(QWidget):
    """A plot of a few lines: the name of the figure and its last value, the curve, the limit, two steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trend: Trend | None = None
        self._since = 0
        self._points: list[tuple[float, float]] = []
        self._low, self._high = 0.0, 1.0
        self.setFont(theme.sized_font(-1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_trend(self, trend: Trend | None, since: int) -> None:
        """Show another figure, with a line where the trouble began; nothing hides the plot."""
        pairs = zip(trend.steps, trend.values, strict=False) if trend else ()
        self._points = [(float(step), float(value)) for step, value in pairs if math.isfinite(value)]
        self._trend, self._since = trend, since
        self._low, self._high = self._span()
        self.setVisible(bool(self._points))
        self.setAccessibleName(self.text())
        self.setToolTip(self.text())
        self.update()

    def text(self) -> str:
        """Return in words what is drawn."""
        if self._trend is None or not self._points:
            return ""
        name, last = health_words.figure(self._trend.name), self._points[-1]
        limit = "" if self._trend.limit is None else f"; the limit is {self._value(self._trend.limit)}"
        return f"{name}: {self._value(last[1])} at {words.step(last[0])}{limit}"

    def sizeHint(self) -> QSize:
        """Return a height that does."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all of it."""
        if self._trend is None or not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter)
        texts = [self._value(self._low), self._value(self._high)]
        left = max(painter.fontMetrics().horizontalAdvance(text) for text in texts) + _TEXT_GAP
        plot = QRectF(left, _TITLE + 4, self.width() - left - 1, self.height() - _TITLE - _AXIS - 6)
        self._paint_axes(painter, plot, texts)
        self._paint_since(painter, plot)
        self._paint_limit(painter, plot)
        self._paint_curve(painter, plot)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        assert self._trend is not None
        tokens = theme.current()
        room = QRectF(0, 0, self.width(), _TITLE)
        painter.setPen(theme.curve_pen(self._style(), 2))
        painter.drawLine(QPointF(0, _TITLE / 2), QPointF(18, _TITLE / 2))
        painter.setPen(QColor(tokens.text))
        name = health_words.figure(self._trend.name)
        painter.drawText(room.adjusted(24, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        at = 24 + painter.fontMetrics().horizontalAdvance(name) + 8
        painter.setPen(QColor(tokens.quiet))
        value = self._value(self._points[-1][1])
        painter.drawText(room.adjusted(at, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, value)

    def _paint_axes(self, painter: QPainter, plot: QRectF, texts: list[str]) -> None:
        tokens = theme.current()
        painter.setPen(QColor(tokens.line))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.drawLine(plot.topLeft(), plot.bottomLeft())
        painter.setPen(QColor(tokens.quiet))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for text, y in zip(texts, (plot.bottom() - 6, plot.top() + 6), strict=True):
            painter.drawText(QRectF(0, y - 8, plot.left() - 4, 16), right, text)
        below = QRectF(plot.left(), plot.bottom() + 2, plot.width(), _AXIS)
        first, last = self._points[0][0], self._points[-1][0]
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, words.step(first))
        if last > first:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, words.step(last))

    def _paint_since(self, painter: QPainter, plot: QRectF) -> None:
        if not self._points[0][0] < self._since <= self._points[-1][0]:
            return
        tokens = theme.current()
        x = round(self._at(plot, self._since, 0.0).x()) + 0.5
        after = QRectF(x, plot.top(), plot.right() - x, plot.height() - 1)
        painter.fillRect(after, QColor(mix(tokens.panel, tokens.watch, 0.12)))
        painter.setPen(QPen(QColor(tokens.watch), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _paint_limit(self, painter: QPainter, plot: QRectF) -> None:
        limit = self._trend.limit if self._trend else None
        if limit is None or not math.isfinite(limit):
            return
        tokens = theme.current()
        y = round(self._at(plot, 0.0, limit).y()) + 0.5
        painter.setPen(QPen(QColor(tokens.bad), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        text = f"limit {self._value(limit)}"
        above = QRectF(plot.left(), y - 16, plot.width() - 2, 15)
        painter.setPen(QColor(tokens.bad))
        room = above if above.top() > plot.top() - 4 else above.translated(0, 17)
        side = Qt.AlignmentFlag.AlignLeft if self._crosses_right(limit) else Qt.AlignmentFlag.AlignRight
        painter.drawText(room.adjusted(4, 0, 0, 0), side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_curve(self, painter: QPainter, plot: QRectF) -> None:
        points = [self._at(plot, step, value) for step, value in self._columns(round(plot.width()))]
        painter.setPen(theme.curve_pen(self._style(), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._style().colour))
        painter.drawEllipse(points[-1], 2.5, 2.5)

    def _crosses_right(self, limit: float) -> bool:
        """Say whether the end of the curve is where the word of the limit would stand on the right."""
        return abs(self._points[-1][1] - limit) < 0.25 * (self._high - self._low)

    def _columns(self, width: int) -> list[tuple[float, float]]:
        """Return the points, of each column of pixels the lowest and the highest where they are many."""
        points = self._points
        if len(points) <= 2 * max(width, 1):
            return points
        steps = [step for step, _ in points]
        edges = [steps[0] + (steps[-1] - steps[0]) * place / width for place in range(1, width)]
        places = [0, *(bisect_left(steps, edge) for edge in edges), len(points)]
        drawn: list[tuple[float, float]] = []
        for start, stop in pairwise(places):
            column = points[start:stop]
            if column:
                low, high = min(column, key=_value_of), max(column, key=_value_of)
                drawn += sorted({low, high})
        return drawn

    def _span(self) -> tuple[float, float]:
        """Return the values at the lower and upper end: those of the curve, the limit among them."""
        values = [value for _, value in self._points]
        limit = self._trend.limit if self._trend else None
        if limit is not None and math.isfinite(limit):
            values.append(limit)
        low, high = min(values, default=0.0), max(values, default=1.0)
        return (low, high) if high > low else (low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1))

    def _at(self, plot: QRectF, step: float, value: float) -> QPointF:
        first, last = self._points[0][0], self._points[-1][0]
        along = (step - first) / (last - first) if last > first else 0.5
        up = _ROOM + (1 - 2 * _ROOM) * (value - self._low) / (self._high - self._low)
        return QPointF(plot.left() + along * plot.width(), plot.bottom() - up * plot.height())

    def _style(self) -> CurveStyle:
        name = self._trend.name if self._trend else ""
        # Solid whatever the curve is elsewhere: the limit alone is dashed.
        return CurveStyle(curve_styles([name], theme.current())[name].colour)

    def _value(self, value: float) -> str:
        return health_words.reading(self._trend.name, value) if self._trend else ""


def _value_of(point: tuple[float, float]) -> float:
    return point[1]
