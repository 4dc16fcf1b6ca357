"""Compare plot: one curve of several runs in one plot, a line for each run.

It is told points, ranges and a cursor, and says what the mouse does. It knows nothing of runs but a place
and a letter.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.widgets.compare_styles import letter, run_style
from ganstudio.gui.widgets.decimate import Values
from ganstudio.gui.widgets.graph import Graph
from ganstudio.gui.widgets.legend import Legend
from ganstudio.gui.widgets.plot_curve import Drawing, PlotCurve
from ganstudio.gui.widgets.plot_ranges import Range, extent, follow_values
from ganstudio.gui.widgets.score_marks import Band, Bands
from ganstudio.gui.widgets.series import Series

Lines = Mapping[int, tuple[Values, Values]]
"""Of each run by its place: where along the axis [n], rising, and the values there [n]."""

Intervals = Mapping[int, tuple[Values, Values, Values]]
"""Of each run by its place: where along the axis [n], rising, and the low and high ends there [n], finite."""
_MOST = 600
"""Points of a band that are drawn."""


class ComparePlot(QFrame):
    """A titled plot of one curve, with intervals as bands where there are any.

    ``name``: of the curve, which says how its values are written.

    Signals:
        hovered: where along the axis the cursor is to be, or ``None`` for nowhere.
        chosen: where along the axis the user pressed.
        zoomed: the user chose this part of the axis, from and to.
        reset: the user asked to see everything again.
        toggled: the place of a run, and whether it is to be shown.
        removed: the user no longer wants this plot.
    """

    hovered = Signal(object)
    chosen = Signal(float)
    zoomed = Signal(float, float)
    reset = Signal()
    toggled = Signal(int, bool)
    removed = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.title = name, title
        self.curves: dict[int, PlotCurve] = {}
        self.smoothing = 1
        self.log = False
        self.stale = False
        self._range: Range = (0.0, 10.0)
        self._values: Range | None = None
        self._follows = True
        self._cursor: float | None = None
        self._pin: float | None = None
        self.graph = Graph("", self)
        # What the numbers along it are is said once, above all plots.
        self.graph.axes["bottom"].showLabel(False)
        self._intervals: Intervals = {}
        self.bands = Bands()
        self.graph.add(self.bands)
        self.legend = Legend(title, self)
        self.cross = QToolButton(self)
        self._lay_out()
        self._connect()

    # --- What it is told ---------------------------------------------------------------------------

    def set_lines(self, lines: Lines) -> None:
        """Show these lines in place of those before. Nothing is painted yet."""
        for slot in [slot for slot in self.curves if slot not in lines]:
            curve = self.curves.pop(slot)
            self.graph.remove(curve.raw)
            self.graph.remove(curve.mean)
            self.legend.remove(str(slot))
        for slot, (x, y) in lines.items():
            curve = self.curves.get(slot) or self._add(slot)
            curve.series = Series()
            curve.series.extend(x, y)
        self.graph.show_axes(bool(self.curves))
        self.stale = True

    def set_bands(self, intervals: Intervals) -> None:
        """Show these intervals behind the lines, in place of those before. Nothing is painted yet."""
        self._intervals = intervals
        self.stale = True

    def set_shown(self, slot: int, shown: bool) -> None:
        """Show or hide the line of one run."""
        if slot in self.curves:
            self.curves[slot].set_shown(shown)
            self.legend.entries[str(slot)].setChecked(shown)
            self.stale = True

    def set_smoothing(self, window: int) -> None:
        """Draw means over ``window`` points as firm lines over faint ones; 1 draws the values alone."""
        self.smoothing, self.stale = max(1, window), True

    def set_log(self, on: bool) -> None:
        """Draw values on a logarithmic axis, where those not above zero are left out."""
        if on != self.log:
            self.log = on
            self.graph.set_log(on)
            self._values, self._follows, self.stale = None, True, True

    def set_range(self, along: Range, follow: bool = False) -> None:
        """Show this part of the axis; ``follow`` shows all values again as well."""
        self._range, self.stale = along, True
        if follow:
            self._values, self._follows = None, True

    def set_cursor(self, at: float | None, text: str = "") -> None:
        """Put the cursor somewhere along the axis, named ``text``, with the values there in the legend."""
        self._cursor = at
        self.graph.set_cursor(at, named=bool(text))
        if text:
            self.graph.line.label.format = text
            self.graph.line.label.valueChanged()
        self._tell_values()

    def set_marks(self, marks: Iterable[tuple[float, str]]) -> None:
        """Draw a line across the plot at each of these places; its text is shown under the mouse."""
        self.graph.markers.clear()
        for at, text in marks:
            self.graph.markers.add(at, text)

    def set_pin(self, at: float | None) -> None:
        """Keep a firm line there; the legend has the values there while the cursor is nowhere."""
        self._pin = at
        self.graph.set_pin(at, named=False)
        self._tell_values()

    def extent(self) -> Range | None:
        """Return where the lines that are shown begin and end, or ``None`` where there is none."""
        filled = [curve.series.x for curve in self.curves.values() if curve.shown and len(curve.series)]
        if not filled:
            return None
        return min(float(x[0]) for x in filled), max(float(x[-1]) for x in filled)

    # --- Painting ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Paint what is new, where somebody sees it."""
        if not self.stale or not self.isVisible():
            return
        self.stale = False
        drawn = [curve for curve in self.curves.values() if curve.shown and len(curve.series)]
        drawings = [curve.see(self._range, self.log, self.smoothing, self.graph.width()) for curve in drawn]
        bands = [band for slot in self._intervals if (band := self._band(slot))]
        self._values = self._values_to_show(drawings, bands)
        self.graph.set_ranges(self._range, self._values)
        for curve, drawing in zip(drawn, drawings, strict=True):
            curve.draw(drawing, self._onto_axis)
        self.bands.show_bands(bands)
        self._tell_values()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self.refresh()

    def _band(self, slot: int) -> Band | None:
        """Return the interval of a run where it is shown, on the axes of the plot."""
        if slot not in self.curves or not self.curves[slot].shown:
            return None
        every = -(-len(self._intervals[slot][0]) // _MOST)
        x, low, high = (row[::every] for row in self._intervals[slot])
        kept = high > 0 if self.log else np.full(len(x), True)
        if not kept.any():
            return None
        # What reaches below zero ends, on a logarithmic axis, where the values of the line do.
        least = np.nanmin(self.curves[slot].series.y, where=self.curves[slot].series.y > 0, initial=np.inf)
        low = np.where(low > 0, low, min(least, high[kept].min())) if self.log else low
        colour = run_style(slot, theme.current()).colour
        return Band(colour, x[kept], self._onto_axis(low[kept]), self._onto_axis(high[kept]))

    def _values_to_show(self, drawings: list[Drawing], bands: list[Band]) -> Range:
        if self._values and not self._follows:
            return self._values
        rows = [self._onto_axis(drawing.raw.y) for drawing in drawings]
        wanted = extent([*rows, *(row for band in bands for row in (band.low, band.high))])
        return follow_values(None, wanted) if wanted else (0.0, 1.0)

    def _onto_axis(self, values: Values) -> Values:
        return np.log10(values) if self.log else values

    def _tell_values(self) -> None:
        stays = np.inf if self._pin is None else self._pin
        at = stays if self._cursor is None else self._cursor
        for slot, curve in self.curves.items():
            point = curve.series.nearest(at)
            text = "" if point is None else words.value(self.name, point[1])
            self.legend.entries[str(slot)].set_value(text)

    # --- Lines -------------------------------------------------------------------------------------

    def _add(self, slot: int) -> PlotCurve:
        curve = self.curves[slot] = PlotCurve(str(slot), letter(slot), share=False)
        for item in (curve.raw, curve.mean):
            self.graph.add(item)
        style = run_style(slot, theme.current())
        curve.set_style(style)
        self.legend.add(str(slot), curve.label, style)
        self.legend.entries[str(slot)].setAccessibleName(f"{self.title} of run {curve.label}")
        return curve

    def _recolour(self) -> None:
        self.stale = True
        self.graph.recolour()
        for slot, curve in self.curves.items():
            style = run_style(slot, theme.current())
            curve.set_style(style)
            self.legend.set_style(str(slot), style)
        self.refresh()

    # --- What the user does ------------------------------------------------------------------------

    def _on_zoomed(self) -> None:
        along, values = self.graph.ranges()
        if values != self._values:
            self._values, self._follows = values, False
        self.stale = True
        if along != self._range:
            self.zoomed.emit(*along)
        self.refresh()

    def _on_walked(self, points: int) -> None:
        curve = next((c for c in self.curves.values() if c.shown and len(c.series)), None)
        if curve is not None:
            x = curve.series.x
            at = len(x) if self._cursor is None else int(np.searchsorted(x, self._cursor))
            self.hovered.emit(float(x[min(max(at + points, 0), len(x) - 1)]))

    def _on_chosen(self, at: float | None) -> None:
        """Tell the place that was clicked, or that of the cursor."""
        at = self._cursor if at is None else at
        if at is not None:
            self.chosen.emit(at)

    # --- Making ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setProperty("role", "panel")
        self.graph.setMinimumHeight(104)
        self.cross.setIcon(theme.icon("cross", "quiet"))
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setProperty("compact", True)
        self.cross.setToolTip("Remove this plot")
        self.cross.setAccessibleName(f"Remove the plot {self.title}")
        self.graph.setAccessibleName(f"{self.title} of all runs, plot")
        self.legend.keep_corner(self.cross.sizeHint().width() + 2)
        header = QGridLayout()
        header.setContentsMargins(8, 4, 4, 0)
        header.addWidget(self.legend, 0, 0, Qt.AlignmentFlag.AlignTop)
        header.addWidget(self.cross, 0, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 3)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self.graph, 1)

    def _connect(self) -> None:
        self.graph.hovered.connect(self.hovered)
        self.graph.chosen.connect(self._on_chosen)
        self.graph.zoomed.connect(self._on_zoomed)
        self.graph.reset.connect(self.reset)
        self.graph.walked.connect(self._on_walked)
        self.legend.toggled.connect(lambda name, shown: self.toggled.emit(int(name), shown))
        self.cross.clicked.connect(self.removed)
        theme.notifier.changed.connect(self._recolour)
