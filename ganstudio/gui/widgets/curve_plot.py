"""Curve plot: named curves over steps, with a legend, a cursor, markers, smoothing and a logarithmic axis.

It is told points and paints when asked to. It knows nothing of trainings and events, and keeps no timer.
All methods belong to the thread of the window.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.tokens import CurveStyle
from ganstudio.gui.widgets.decimate import Values
from ganstudio.gui.widgets.graph import Graph
from ganstudio.gui.widgets.legend import Legend
from ganstudio.gui.widgets.plot_axes import SHARE_RANGE
from ganstudio.gui.widgets.plot_button import plot_button
from ganstudio.gui.widgets.plot_curve import Drawing, PlotCurve, Transform
from ganstudio.gui.widgets.plot_menu import plot_menu, smoothing_menu
from ganstudio.gui.widgets.plot_ranges import Range, extent, follow_steps, follow_values


class CurvePlot(QFrame):
    """A titled plot of curves that grow.

    ``shares`` says of a curve's name whether its values are shares, drawn on an axis of their own at the
    right, 0 to 100 %.

    Signals:
        steps_chosen: the user zoomed to these steps, from and to.
        follow_chosen: the user asked to see everything again.
        cursor_moved: the step under the cursor, or ``None``.
        smoothing_chosen: the user asked for means over so many points; 1 for none.
        step_chosen: the step that the user clicked.
    """

    steps_chosen = Signal(float, float)
    follow_chosen = Signal()
    cursor_moved = Signal(object)
    smoothing_chosen = Signal(int)
    step_chosen = Signal(float)

    def __init__(
        self,
        title: str,
        left_label: str = "",
        shares: Callable[[str], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.curves: dict[str, PlotCurve] = {}
        self.smoothing = 1
        self.log = False
        self.total_steps: int | None = None
        self.stale = False
        self._shares = shares
        self._hidden: set[str] = set()
        self._led: Range | None = None
        self._steps: Range | None = None
        self._values: Range | None = None
        self._follows_steps = self._follows_values = True
        self._cursor: float | None = None
        self._pin: float | None = None
        self.graph = Graph(left_label, self)
        self.legend = Legend(title, self)
        self.smooth_button = plot_button("smooth", "Smoothing", "", self)
        self.log_button = plot_button("log-scale", "Logarithmic values", "L", self)
        self.follow_button = plot_button("autorange", "Show everything, and follow what comes", "A", self)
        self.follow_button.setCheckable(False)
        self._buttons: tuple[QToolButton, ...] = (self.smooth_button, self.log_button, self.follow_button)
        self._corner = QHBoxLayout()
        self._lay_out()
        self._connect()
        self._show_furniture()

    # --- What it is told ---------------------------------------------------------------------------

    def append(self, step: float, values: Mapping[str, float]) -> None:
        """Add a point to each named curve; a value that is not finite leaves a gap. Nothing is painted."""
        for name, value in values.items():
            self._curve(name).series.append(step, value)
        self.stale = True

    def extend(self, name: str, steps: ArrayLike, values: ArrayLike) -> None:
        """Add many points to one curve, [n] each, the steps rising strictly. Nothing is painted."""
        self._curve(name).series.extend(steps, values)
        self.stale = True

    def mark(self, step: float, text: str) -> None:
        """Draw a line across the plot at a step; the text is shown under the mouse."""
        self.graph.markers.add(step, text)

    def cut(self, step: float) -> None:
        """Forget the points and markers behind a step: the run went back to it. Nothing is painted."""
        for curve in self.curves.values():
            curve.series.truncate(np.nextafter(step, np.inf))
        self.graph.markers.cut(step)
        self.stale = True

    def clear(self) -> None:
        """Remove curves and markers, and follow what comes."""
        for curve in self.curves.values():
            self.graph.remove(curve.raw)
            self.graph.remove(curve.mean)
        self.curves.clear()
        self.legend.clear()
        self.graph.markers.clear()
        self._show_furniture()
        self._led = self._steps = self._values = None
        self.follow()

    def set_smoothing(self, window: int) -> None:
        """Draw means over ``window`` points as firm lines over faint ones; 1 draws the values alone."""
        self.smoothing = max(1, window)
        self.smooth_button.setChecked(self.smoothing > 1)
        self._again()

    def set_log(self, on: bool) -> None:
        """Draw values on a logarithmic axis, where those not above zero are left out."""
        if on == self.log:
            return
        self.log = on
        self.log_button.setChecked(on)
        self.graph.set_log(on)
        self._values, self._follows_values = None, True
        self._again()

    def set_cursor(self, step: float | None, named: bool = True) -> None:
        """Put the cursor at a step, with the values there in the legend; ``None`` shows the latest values.

        ``named`` writes the step beside the cursor.
        """
        self._cursor = step
        self.graph.set_cursor(step, named)
        self._tell_values()

    def set_pin(self, step: float | None, named: bool = True) -> None:
        """Keep a firm line at a step; the legend has the values there while the mouse is elsewhere."""
        self._pin = step
        self.graph.set_pin(step, named)
        self._tell_values()

    def show_steps(self, left: float, right: float) -> None:
        """Show these steps, whatever comes."""
        self._steps, self._follows_steps = (left, right), False
        self.follow_button.setEnabled(True)
        self._again()

    def lead(self, steps: Range) -> None:
        """Say which steps to show while it follows what comes, so that several plots show the same."""
        if steps != self._led:
            self._led, self.stale = steps, True

    def follow(self) -> None:
        """Show everything, and what comes."""
        self._follows_steps = self._follows_values = True
        self.follow_button.setEnabled(False)
        self._again()

    def show_curve(self, name: str, shown: bool) -> None:
        """Show or hide a curve, there already or still to come."""
        self._hidden.discard(name) if shown else self._hidden.add(name)
        if name in self.curves:
            self.curves[name].set_shown(self._wanted(name))
            self.legend.entries[name].setChecked(shown)
            self._again()

    def extent(self) -> Range | None:
        """Return the first and the last step of any curve, or ``None`` where there is none."""
        filled = [curve.series.x for curve in self.curves.values() if len(curve.series)]
        if not filled:
            return None
        return min(float(x[0]) for x in filled), max(float(x[-1]) for x in filled)

    def state(self) -> dict[str, Any]:
        """Return what the user has chosen, as plain data."""
        return {"log": self.log, "smoothing": self.smoothing, "hidden": sorted(self._hidden)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; what is not in it stays as it is."""
        self.set_log(bool(state.get("log", self.log)))
        self.set_smoothing(int(state.get("smoothing", self.smoothing)))
        for name in state.get("hidden", ()):
            self.show_curve(str(name), False)

    # --- Painting ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Paint what is new. Does nothing where nothing is, or where nobody would see it."""
        if not self.stale or not self.isVisible():
            return
        self.stale = False
        shown = [curve for curve in self.curves.values() if curve.shown and len(curve.series)]
        steps = self._steps_to_show(shown)
        drawings = {curve.name: self._see(curve, steps) for curve in shown}
        values = self._values_to_show([drawings[curve.name] for curve in shown if not curve.share])
        self._steps, self._values = steps, values
        self.graph.set_ranges(steps, values)
        for curve in shown:
            curve.draw(drawings[curve.name], self._axis_of(curve))
        self._draw_more(shown)
        self._tell_values()

    def _draw_more(self, shown: list[PlotCurve]) -> None:
        """Draw what there is beside the curves; nothing in a plain plot."""

    def _see(self, curve: PlotCurve, steps: Range) -> Drawing:
        return curve.see(steps, self.log and not curve.share, self.smoothing, self.graph.width())

    def _steps_to_show(self, shown: list[PlotCurve]) -> Range:
        if self._steps and (not self._follows_steps or not shown):
            return self._steps
        if self._led:
            return self._led
        extent = self.extent()
        return follow_steps(self._steps, *extent, self.total_steps) if extent else (0.0, 10.0)

    def _values_to_show(self, drawings: list[Drawing]) -> Range:
        if self._values and not self._follows_values:
            return self._values
        wanted = extent(self._onto_left_axis(values) for values in self._rows_to_show(drawings))
        return follow_values(self._values, wanted) if wanted else (0.0, 1.0)

    def _rows_to_show(self, drawings: list[Drawing]) -> list[Values]:
        """Return all values that are to be seen on the left axis, in rows."""
        return [drawing.raw.y for drawing in drawings]

    def _axis_of(self, curve: PlotCurve) -> Transform:
        return self._onto_share_axis if curve.share else self._onto_left_axis

    def _onto_left_axis(self, values: Values) -> Values:
        return np.log10(values) if self.log else values

    def _onto_share_axis(self, values: Values) -> Values:
        """Map shares to the height of the plot, whatever the left axis shows."""
        low, high = self._values or (0.0, 1.0)
        bottom, top = SHARE_RANGE
        return low + (values - bottom) * ((high - low) / (top - bottom))

    def _tell_values(self) -> None:
        stays = np.inf if self._pin is None else self._pin
        at = stays if self._cursor is None else self._cursor
        for name, curve in self.curves.items():
            point = curve.series.nearest(at)
            self.legend.entries[name].set_value("" if point is None else self._text_of(name, point[1]))

    def _text_of(self, name: str, value: float) -> str:
        """Return what the legend says of a value."""
        return words.value(name, value)

    def _again(self) -> None:
        self.stale = True
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self.refresh()

    # --- Curves ------------------------------------------------------------------------------------

    def _curve(self, name: str) -> PlotCurve:
        if name not in self.curves:
            self._add(name)
        return self.curves[name]

    def _add(self, name: str) -> None:
        share = self._shares is not None and self._shares(name)
        curve = self.curves[name] = PlotCurve(name, self._label(name), share)
        for item in (curve.raw, curve.mean):
            self.graph.add(item)
        style = self._styles()[name]
        curve.set_style(style)
        curve.set_shown(self._wanted(name))
        self.legend.add(name, curve.label, style, name not in self._hidden)
        self._show_furniture()

    def _styles(self) -> dict[str, CurveStyle]:
        """Return what each curve looks like."""
        return theme.curve_styles(self.curves, theme.current())

    def _label(self, name: str) -> str:
        return words.curve(name)

    def _wanted(self, name: str) -> bool:
        """Say whether a curve is to be drawn."""
        return name not in self._hidden

    def _in_view(self) -> list[PlotCurve]:
        """Return the curves that one can choose among."""
        return list(self.curves.values())

    def _show_furniture(self) -> None:
        """Show axes and buttons where there is a curve for them."""
        self.graph.show_axes(bool(self.curves))
        self.graph.show_share_axis(any(curve.share for curve in self._in_view()))
        for button in self._buttons:
            button.setVisible(bool(self.curves))

    def _recolour(self) -> None:
        self.graph.recolour()
        for name, style in self._styles().items():
            self.curves[name].set_style(style)
            self.legend.set_style(name, style)

    # --- What the user does ------------------------------------------------------------------------

    def _on_zoomed(self) -> None:
        steps, values = self.graph.ranges()
        if values != self._values:
            self._values, self._follows_values = values, False
        if steps != self._steps:
            self.show_steps(*steps)
            self.steps_chosen.emit(*steps)
        else:
            self.follow_button.setEnabled(True)
            self._again()

    def _on_follow(self) -> None:
        self._values = None
        self.follow()
        self.follow_chosen.emit()

    def _on_walked(self, points: int) -> None:
        curve = next((c for c in self.curves.values() if c.shown and len(c.series)), None)
        if curve is None:
            return
        steps = curve.series.x
        at = len(steps) if self._cursor is None else int(np.searchsorted(steps, self._cursor))
        self.set_cursor(float(steps[min(max(at + points, 0), len(steps) - 1)]))
        self.cursor_moved.emit(self._cursor)

    def _on_chosen(self, step: float | None) -> None:
        """Tell the step that was clicked, or that of the cursor, as far as there are curves."""
        at = self._cursor if step is None else step
        extent = self.extent()
        if at is not None and extent is not None:
            self.step_chosen.emit(min(max(at, extent[0]), extent[1]))

    def _on_hovered(self, step: float | None) -> None:
        if step != self._cursor:
            self.set_cursor(step)
            self.cursor_moved.emit(step)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the plot."""
        plot_menu(self).popup(event.globalPos())

    # --- Making ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setProperty("role", "panel")
        self._corner.setSpacing(2)
        self._show_buttons(*self._buttons)
        header = QGridLayout()
        header.setContentsMargins(8, 4, 4, 0)
        header.addWidget(self.legend, 0, 0, Qt.AlignmentFlag.AlignTop)
        header.addLayout(self._corner, 0, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 3)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self.graph, 1)
        self.graph.setAccessibleName(f"{self.title}, plot over steps")
        self.follow_button.setEnabled(False)
        self.smooth_button.setMenu(smoothing_menu(self, self.smooth_button))
        self.smooth_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _show_buttons(self, *buttons: QToolButton) -> None:
        """Have these in the corner, and no others."""
        for button in self._buttons:
            button.hide()
            self._corner.removeWidget(button)
        self._buttons = buttons
        for button in buttons:
            self._corner.addWidget(button)
        self.legend.keep_corner(sum(button.sizeHint().width() + 2 for button in buttons))

    def _connect(self) -> None:
        self.graph.zoomed.connect(self._on_zoomed)
        self.graph.reset.connect(self._on_follow)
        self.graph.hovered.connect(self._on_hovered)
        self.graph.walked.connect(self._on_walked)
        self.graph.chosen.connect(self._on_chosen)
        self.legend.toggled.connect(self.show_curve)
        self.log_button.clicked.connect(self.set_log)
        self.follow_button.clicked.connect(self._on_follow)
        for key, action in (("L", self.log_button.click), ("A", self._on_follow)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        theme.notifier.changed.connect(self._recolour)
