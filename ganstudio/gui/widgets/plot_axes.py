"""Axes of a plot: numbers as they are written everywhere in the window, in the colours of the theme."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from ganstudio.gui import theme, words

SHARE_RANGE = (-0.06, 1.06)
"""What an axis of shares spans: a little more than 0..1, so that both ends can be read."""


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis of values. Where it is logarithmic, the range holds powers of ten."""

    def __init__(self, side: str) -> None:
        super().__init__(side, maxTickLength=-4)
        self.shares = False
        """Whether the values are shares, written as ``50 %``."""
        self.enableAutoSIPrefix(False)
        # Numbers are slow to draw, and curves that touch an axis would have them drawn again each time.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setStyle(
            tickFont=theme.sized_font(-1), tickTextOffset=4, hideOverlappingLabels=6, maxTickLevel=1
        )
        self.recolour()

    def recolour(self) -> None:
        """Take the colours of the theme in force."""
        tokens = theme.current()
        self.setPen(QColor(tokens.line))
        self.setTextPen(QColor(tokens.quiet))

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks with as many decimals as their spacing asks for."""
        if self.logMode:
            return [_power(value) for value in values]
        if self.shares and spacing >= 0.01:
            return [words.share(value) for value in values]
        decimals = max(0, math.ceil(-math.log10(spacing) - 1e-9)) if spacing > 0 else 0
        largest = max((abs(value) for value in values), default=0.0)
        if decimals > 4 or largest >= 1e6:
            return [words.number(value) if value else "0" for value in values]
        return [words.grouped(value + 0.0, decimals) for value in values]


def _power(exponent: float) -> str:
    """Write a power of ten, or twice or five times one; what lies between them would only crowd the axis."""
    number = 10.0**exponent
    leading = round(number / 10.0 ** math.floor(exponent + 1e-9))
    if leading not in (1, 2, 5):
        return ""
    return f"{number:.1g}" if 1e-3 <= number < 10 else words.number(number, 1)


class ShareAxis(NumberAxis):
    """An axis from 0 to 100 %, which stays as it is whatever the plot shows."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.setRange(*SHARE_RANGE)
        self.setTicks([[(part, words.share(part)) for part in (0.0, 0.5, 1.0)]])

    def linkToView(self, view: object) -> None:
        """Stay free of the view, which a plot would link it to."""


class StepAxis(NumberAxis):
    """The axis of steps: whole numbers alone."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[Any]]]:
        """Leave out ticks between two steps."""
        levels = super().tickValues(low, high, size)
        return [(spacing, values) for spacing, values in levels if spacing >= 1] or levels[:1]
