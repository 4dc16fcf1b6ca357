"""Grid lines: hairlines across a plot at the major ticks of its left axis.

The axis could draw them itself, but then all its numbers are painted anew whenever a curve is: some 5 ms.
"""

import pyqtgraph as pg
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.view_item import ViewItem


class GridLines(ViewItem):
    """Horizontal lines behind the curves, where ``axis`` has its major ticks."""

    def __init__(self, axis: pg.AxisItem) -> None:
        super().__init__()
        self._axis = axis
        self._known: tuple[float, ...] = ()
        self._ticks: list[float] = []
        self.setZValue(-20)

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw the lines."""
        rect, tokens = self.viewRect(), theme.current()
        self._know(rect.top(), rect.bottom(), self._axis.height())
        painter.setPen(QPen(QColor(mix(tokens.line, tokens.panel, 0.35)), 0))
        painter.drawLines([QLineF(rect.left(), y, rect.right(), y) for y in self._ticks])

    def _know(self, low: float, high: float, height: float) -> None:
        """Ask the axis for its ticks, where they may be others than before."""
        if self._known != (low, high, height):
            self._known = (low, high, height)
            levels = self._axis.tickValues(low, high, height)
            self._ticks = self._with_a_number(*levels[0]) if levels else []

    def _with_a_number(self, spacing: float, values: list[float]) -> list[float]:
        """Leave out ticks that have no number beside them."""
        texts = self._axis.tickStrings(values, 1.0, spacing)
        return [value for value, text in zip(values, texts, strict=True) if text]
