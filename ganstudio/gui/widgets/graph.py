"""Graph: the drawing area of a plot: axes, view, cursor line and markers, in the colours of the theme.

It knows lines that are drawn in it, and nothing of what they mean or how they grow.
"""

import time
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGraphicsGridLayout, QToolTip, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.widgets.grid_lines import GridLines
from ganstudio.gui.widgets.markers import Markers
from ganstudio.gui.widgets.plot_axes import NumberAxis, ShareAxis, StepAxis
from ganstudio.gui.widgets.view_item import ViewItem

Range = tuple[float, float]

LEFT_WIDTH, RIGHT_WIDTH = 54, 42
"""Equal in every plot, so that plots below each other line up."""


_DRAG = 5
"""Pixels from where on the view takes a movement for a drag."""


class View(pg.ViewBox):  # type: ignore[misc]
    """The area inside the axes: a drag zooms into a rectangle, the wheel zooms along the steps."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseMode(pg.ViewBox.RectMode)
        self.disableAutoRange()

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom along the steps; over an axis, along that axis."""
        super().wheelEvent(event, axis=0 if axis is None else axis)


class Graph(pg.GraphicsView):  # type: ignore[misc]
    """An empty plot with axes, a cursor and markers.

    It is put together from the parts: the library's own plot brings menus and forms that are never shown
    and outlive it.

    Signals:
        hovered: the step under the mouse, or ``None`` where the mouse has left.
        zoomed: the user chose another range of steps or values by hand.
        reset: the user asked for the whole again.
        walked: the cursor is to go so many points on, or back where negative.
        chosen: the step that was clicked without dragging, or ``None`` for that under the cursor.
    """

    hovered = Signal(object)
    zoomed = Signal()
    reset = Signal()
    walked = Signal(int)
    chosen = Signal(object)

    def __init__(self, left_label: str, parent: QWidget | None = None) -> None:
        self.paint_seconds = 0.0
        super().__init__(parent)
        self.axes = {"left": NumberAxis("left"), "bottom": StepAxis("bottom"), "right": ShareAxis("right")}
        self.view = View()
        self.markers, self.grid = Markers(), GridLines(self.axes["left"])
        for item in (self.grid, self.markers):
            self.add(item)
        self.line, self.pin = self._step_line(10), self._step_line(9)
        self._pressed: QPoint | None = None
        self.axes["left"].setLabel(left_label)
        self._lay_out()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 40)
        self.view.sigRangeChangedManually.connect(self._on_zoomed)
        self.show_axes(False)
        self.recolour()

    def recolour(self) -> None:
        """Take the colours of the theme in force."""
        tokens = theme.current()
        self.setBackground(QColor(tokens.panel))
        for axis in self.axes.values():
            axis.recolour()
        self.line.setPen(QPen(QColor(tokens.accent), 0))
        self.pin.setPen(_firm_pen(tokens.accent))
        for line in (self.line, self.pin):
            line.label.setColor(QColor(tokens.text))
            line.label.fill = pg.mkBrush(QColor(tokens.field))
        self.view.rbScaleBox.setPen(QPen(QColor(tokens.accent), 0))
        self.view.rbScaleBox.setBrush(QColor(tokens.accent))
        self.view.rbScaleBox.setOpacity(0.25)
        self.markers.update()

    def add(self, item: ViewItem) -> None:
        """Draw an item in the view."""
        self.view.addItem(item, ignoreBounds=True)

    def remove(self, item: ViewItem) -> None:
        """Draw an item no longer."""
        self.view.removeItem(item)

    def set_ranges(self, steps: Range, values: Range) -> None:
        """Show a range of steps and a range of values, each rising."""
        self.view.setRange(xRange=steps, yRange=values, padding=0, disableAutoRange=False)

    def ranges(self) -> tuple[Range, Range]:
        """Return the steps and the values that are shown."""
        (left, right), (low, high) = self.view.viewRange()
        return (left, right), (low, high)

    def set_log(self, on: bool) -> None:
        """Read the values on the left axis as powers of ten."""
        self.axes["left"].setLogMode(False, on)

    def show_step_axis(self, on: bool) -> None:
        """Write the steps below the plot, or leave that to a plot below it."""
        axis = self.axes["bottom"]
        axis.setStyle(showValues=on)
        axis.setLabel("step" if on else None)
        axis.showLabel(on)
        axis.setHeight(None if on else 6)

    def show_axes(self, on: bool) -> None:
        """Show numbers and grid, or an empty area where there is nothing to measure."""
        for axis in (self.axes["left"], self.axes["bottom"]):
            axis.setOpacity(1.0 if on else 0.0)
        self.grid.setVisible(on)

    def show_share_axis(self, on: bool) -> None:
        """Show an axis from 0 to 100 % at the right, in room that is always kept for it."""
        self.axes["right"].setOpacity(1.0 if on else 0.0)

    def set_cursor(self, step: float | None, named: bool = True) -> None:
        """Draw the cursor at a step, with its number where ``named``, or not at all."""
        _put(self.line, step, named)

    def set_pin(self, step: float | None, named: bool = True) -> None:
        """Draw a firm line that stays at a step wherever the mouse is, or take it away."""
        _put(self.pin, step, named)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and keep count of what it cost: time of this thread's own, not what others took from it."""
        if self.view.rect().isEmpty():
            # Without height, values become infinite coordinates, on which Qt's painting crashes.
            painter = QPainter(self.viewport())
            painter.fillRect(event.rect(), self.backgroundBrush())
            painter.end()
            return
        began = time.thread_time()
        super().paintEvent(event)
        self.paint_seconds += time.thread_time() - began

    def take_paint_seconds(self) -> float:
        """Return what painting has cost since this was last asked."""
        seconds, self.paint_seconds = self.paint_seconds, 0.0
        return seconds

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        super().mousePressEvent(event)
        left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell the step that was clicked, where nothing was dragged."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        place = event.position().toPoint()
        if pressed is None or (place - pressed).manhattanLength() >= _DRAG:
            return
        if self.view.sceneBoundingRect().contains(self.mapToScene(place)):
            self.chosen.emit(self.step_at(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the step under the mouse, and what was done there."""
        super().mouseMoveEvent(event)
        if not self.view.sceneBoundingRect().contains(self.mapToScene(event.position().toPoint())):
            self.hovered.emit(None)
            return
        step = self.step_at(event.position().toPoint())
        self.hovered.emit(step)
        texts = self.markers.near(step)
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(texts[-8:]), self)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole again."""
        self.reset.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the curves with the arrow keys, and choose a step with the enter key."""
        points = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: 20, Qt.Key.Key_PageUp: -20}
        key = Qt.Key(event.key())
        if key in points:
            self.walked.emit(points[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(None)
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def step_at(self, position: QPoint) -> float:
        """Return the step at a place in the widget."""
        return float(self.view.mapSceneToView(self.mapToScene(position)).x())

    def _on_zoomed(self, *_: object) -> None:
        self.zoomed.emit()

    def _step_line(self, height: int) -> pg.InfiniteLine:
        options = {"position": 1.0, "movable": False, "anchors": [(0, 0), (1, 0)]}
        line = pg.InfiniteLine(angle=90, movable=False, label="", labelOpts=options)
        line.label.setFont(theme.sized_font(-1))
        line.setVisible(False)
        line.setZValue(height)
        self.view.addItem(line, ignoreBounds=True)
        return line

    def _lay_out(self) -> None:
        """Put the axes around the view."""
        frame = pg.GraphicsWidget()
        grid = QGraphicsGridLayout()
        grid.setContentsMargins(4, 4, 0, 3)
        grid.setSpacing(0)
        frame.setLayout(grid)
        for item, row, column in (("left", 0, 0), ("right", 0, 2), ("bottom", 1, 1)):
            self.axes[item].linkToView(self.view)
            grid.addItem(self.axes[item], row, column)
        grid.addItem(self.view, 0, 1)
        grid.setRowStretchFactor(0, 1)
        grid.setColumnStretchFactor(1, 1)
        self.axes["left"].setWidth(LEFT_WIDTH)
        self.axes["right"].setWidth(RIGHT_WIDTH)
        self.show_share_axis(False)
        self.setCentralItem(frame)


def _firm_pen(colour: str) -> QPen:
    pen = QPen(QColor(colour), 2)
    pen.setCosmetic(True)
    return pen


def _put(line: pg.InfiniteLine, step: float | None, named: bool) -> None:
    line.setVisible(step is not None)
    if step is not None:
        line.label.format = words.step(step)
        line.label.setVisible(named)
        line.setValue(step)
        line.label.valueChanged()
