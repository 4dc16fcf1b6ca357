"""Histogram: how often values fall where, of two or more kinds over each other, around a zero line.

It knows numbers, names and colours, and nothing of where they come from.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.tokens import CurveStyle
from ganstudio.gui.widgets.legend import draw_sample

_FEWEST, _MOST = 10, 40
"""Bins: twice the root of how many values there are, within these."""
_TOP, _BOTTOM, _SIDE = 24, 20, 12
"""Pixels for the legend, for the numbers, and at both sides."""


@dataclass(frozen=True)
class Bins:
    """``edges`` [bins + 1] shared by all kinds; ``heights`` [bins] of each: the share of its values, 0..1."""

    edges: NDArray[np.float64]
    heights: Mapping[str, NDArray[np.float64]]


def binned(kinds: Mapping[str, NDArray[np.float32]]) -> Bins | None:
    """Return shares of the finite values of each kind, in bins that cover all and zero; of nothing, none."""
    finite = {name: values[np.isfinite(values)] for name, values in kinds.items()}
    every = np.concatenate([np.zeros(1, np.float32), *finite.values()])
    if len(every) == 1:
        return None
    low, high = float(every.min()), float(every.max())
    room = 0.03 * (high - low) or 0.5
    bins = min(max(round(2 * math.sqrt(max(map(len, finite.values())))), _FEWEST), _MOST)
    edges = np.linspace(low - room, high + room, bins + 1)
    heights = {name: np.histogram(values, edges)[0] / max(1, len(values)) for name, values in finite.items()}
    return Bins(edges, heights)


class Histogram(QWidget):
    """Outlines over light areas, one for each kind, drawn only when told anew."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.bins: Bins | None = None
        self._note = ""
        self.setFont(theme.sized_font(-1))
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        """Return a calm size."""
        return QSize(320, 160)

    def show_values(self, kinds: Mapping[str, NDArray[np.float32]], note: str = "") -> None:
        """Show the values of each kind, named ``real``, ``fake``, ….

        ``note`` stands at the right; where there is no room for it, what comes before its first `` · ``.
        """
        self.bins, self._note = binned(kinds), note
        middles = (
            f"{name} {words.number(float(np.nanmean(row)))}" for name, row in kinds.items() if len(row)
        )
        self.setAccessibleDescription(f"{note}. Means: {', '.join(middles)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title, areas, outlines and the numbers below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        self._paint_header(painter, tokens)
        if self.bins is not None:
            room = QRectF(self.rect()).adjusted(_SIDE, _TOP + 4, -_SIDE, -_BOTTOM)
            self._paint_zero(painter, room, tokens)
            styles = theme.curve_styles((f"logits/{name}" for name in self.bins.heights), tokens)
            top = max(float(row.max()) for row in self.bins.heights.values()) or 1.0
            for (_, row), style in zip(self.bins.heights.items(), styles.values(), strict=True):
                self._paint_kind(painter, room, row / top, style)
            self._paint_numbers(painter, room, tokens)
        painter.end()

    def _paint_header(self, painter: QPainter, tokens: theme.Tokens) -> None:
        painter.setFont(theme.sized_font(0, bold=True))
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(4, 0, self.width(), _TOP), Qt.AlignmentFlag.AlignVCenter, self.title)
        x = 16.0 + painter.fontMetrics().horizontalAdvance(self.title)
        painter.setFont(self.font())
        metrics = painter.fontMetrics()
        names = list(self.bins.heights) if self.bins is not None else []
        styles = theme.curve_styles((f"logits/{name}" for name in names), tokens)
        for name, style in zip(names, styles.values(), strict=True):
            draw_sample(painter, QPointF(x, _TOP / 2), style)
            painter.setPen(QColor(tokens.text))
            painter.drawText(QRectF(x + 22, 0, 200, _TOP), Qt.AlignmentFlag.AlignVCenter, name)
            x += 38 + metrics.horizontalAdvance(name)
        painter.setPen(QColor(tokens.quiet))
        room = QRectF(x, 0, self.width() - x - 8, _TOP)
        for note in (self._note, self._note.partition(" · ")[0]):
            if metrics.horizontalAdvance(note) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
                return

    def _paint_zero(self, painter: QPainter, room: QRectF, tokens: theme.Tokens) -> None:
        x = round(self._place(room, 0.0)) + 0.5
        painter.setPen(QPen(QColor(tokens.quiet), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def _paint_kind(
        self, painter: QPainter, room: QRectF, row: NDArray[np.float64], style: CurveStyle
    ) -> None:
        assert self.bins is not None
        x = np.repeat([self._place(room, edge) for edge in self.bins.edges], 2)[1:-1]
        y = np.repeat(room.bottom() - row * (room.height() - 2), 2)
        outline = [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        ends = [QPointF(room.right(), room.bottom()), QPointF(room.left(), room.bottom())]
        light = QColor(style.colour)
        light.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        painter.drawPolygon(QPolygonF([*outline, *ends]))
        # Upright and level lines are sharp without smoothing.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(theme.curve_pen(style, 1.4))
        painter.drawPolyline(QPolygonF(outline))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_numbers(self, painter: QPainter, room: QRectF, tokens: theme.Tokens) -> None:
        """Write both ends and zero, where it does not stand on one of them."""
        assert self.bins is not None
        painter.setPen(QColor(tokens.line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(QColor(tokens.quiet))
        below = QRectF(room.left(), room.bottom() + 2, room.width(), _BOTTOM - 2)
        low, high = words.number(float(self.bins.edges[0])), words.number(float(self.bins.edges[-1]))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, high)
        zero, least = self._place(room, 0.0), 12.0 + painter.fontMetrics().horizontalAdvance("−0.000")
        if room.left() + least < zero < room.right() - least:
            painter.drawText(
                QRectF(zero - 20, below.top(), 40, below.height()), Qt.AlignmentFlag.AlignHCenter, "0"
            )

    def _place(self, room: QRectF, value: float) -> float:
        assert self.bins is not None
        low, high = float(self.bins.edges[0]), float(self.bins.edges[-1])
        return room.left() + room.width() * (value - low) / (high - low)
