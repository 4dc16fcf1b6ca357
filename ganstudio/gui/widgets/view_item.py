"""View item: what is drawn across the whole visible part of a plot, and the lines of curves as such items.

A plotting library's own curve asks its data for its bounds several times a frame; ours never does.
"""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.decimate import Values


class ViewItem(pg.GraphicsObject):  # type: ignore[misc]
    """An item as large as the view it is in."""

    def boundingRect(self) -> QRectF:
        """Return all that is visible."""
        rect: QRectF = self.viewRect()
        return rect

    def viewRangeChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()


class LineItem(ViewItem):
    """A line through points; it breaks where a value is NaN."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._pen = QPen()

    def set_pen(self, pen: QPen) -> None:
        """Draw with another pen from now on."""
        self._pen = pen
        self.update()

    def set_points(self, x: Values, y: Values, whole: bool) -> None:
        """Draw a line through these points, [n] each; ``whole`` promises that all of them are finite."""
        self._path = pg.arrayToQPath(x, y, connect="all" if whole else "finite", finiteCheck=not whole)
        self.update()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Draw the line."""
        painter.setPen(self._pen)
        painter.drawPath(self._path)
