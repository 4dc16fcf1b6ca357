"""Markers: thin lines across a plot where something was done, each with a sentence."""

from bisect import bisect_left

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.view_item import ViewItem

_NEAR = 5.0
"""Pixels; marks that lie closer are drawn as one and told together."""


class Markers(ViewItem):
    """All markers of one plot, drawn by one item so that many cost no more than few."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[float, str]] = []
        self.setZValue(-5)

    def add(self, step: float, text: str) -> None:
        """Add a marker at a step; the same one is not there twice."""
        mark = (step, text)
        place = bisect_left(self.marks, mark)
        if self.marks[place : place + 1] != [mark]:
            self.marks.insert(place, mark)
            self.update()

    def cut(self, step: float) -> None:
        """Remove the markers behind a step."""
        self.marks = [mark for mark in self.marks if mark[0] <= step]
        self.update()

    def clear(self) -> None:
        """Remove all markers."""
        self.marks.clear()
        self.update()

    def near(self, step: float) -> list[str]:
        """Return the sentences of the markers within a few pixels of a step."""
        reach = _NEAR * self._step_of_a_pixel()
        return [text for at, text in self.marks if abs(at - step) <= reach]

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw a line with a small flag at its top for each group of markers."""
        rect, quiet = self.viewRect(), QColor(theme.current().watch)
        transform = painter.transform()
        painter.save()
        painter.resetTransform()
        for step in self._drawn(rect.left(), rect.right()):
            top = transform.map(QPointF(step, rect.bottom()))
            bottom = transform.map(QPointF(step, rect.top()))
            x = round(top.x()) + 0.5
            painter.setPen(QPen(quiet, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, top.y()), QPointF(x, bottom.y()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(quiet)
            painter.drawPolygon(QPolygonF([top + QPointF(d, e) for d, e in ((-4, 0), (4, 0), (0, 6))]))
        painter.restore()

    def _drawn(self, left: float, right: float) -> list[float]:
        """Return the steps to draw a line at: one of each group."""
        drawn: list[float] = []
        gap = _NEAR * self._step_of_a_pixel()
        for step, _ in self.marks:
            if left <= step <= right and (not drawn or step - drawn[-1] > gap):
                drawn.append(step)
        return drawn

    def _step_of_a_pixel(self) -> float:
        pixel = self.pixelVectors()[0]
        return float(pixel.x()) if pixel is not None else 0.0
