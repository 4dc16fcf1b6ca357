"""Compare plots: one plot for each chosen curve, below each other, over the same part of one axis.

It is told runs and a step, and says which step is pointed at. It reads nothing.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio import comparison
from ganstudio.gui import words
from ganstudio.gui.panels import compare_words
from ganstudio.gui.panels.compare_runs import ComparedRun, read, shown
from ganstudio.gui.panels.compare_tools import CompareTools
from ganstudio.gui.widgets.compare_plot import ComparePlot
from ganstudio.gui.widgets.plot_ranges import Range

_EMPTY = "Choose curves to see them here."


class ComparePlots(QWidget):
    """A row of tools, and the plots.

    Signals:
        stepChosen: the user pressed at this step of a plot.
        toggled: the place of a run, and whether it is to be shown.
    """

    stepChosen = Signal(int)  # noqa: N815 - Qt's way of naming
    toggled = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, ComparePlot] = {}
        self._runs: Sequence[ComparedRun] = ()
        self._chosen: list[str] | None = None
        self._zoom: Range | None = None
        self._step: int | None = None
        self.tools = CompareTools(self)
        self.empty = QLabel(_EMPTY, self)
        self._column = QVBoxLayout()
        self._scroll = QScrollArea(self)
        self._lay_out()
        self._connect()

    # --- What it is told ---------------------------------------------------------------------------

    def set_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show the curves of these runs; those that are chosen stay so."""
        self._runs = runs
        histories = read(runs)
        if not histories:
            # The next runs begin with what they have in common again.
            self._chosen = None
        names = comparison.curve_names(histories)
        chosen = self.chosen()
        self.tools.picker.set_options([(name, compare_words.curve_title(name)) for name in names], chosen)
        for name in [name for name in self.plots if name not in chosen]:
            self._drop(name)
        for name in names:
            if name in chosen:
                self._fill(name)
        self._arrange(names)

    def set_step(self, step: int | None) -> None:
        """Keep a line at a step in all plots."""
        self._step = step
        self._pin()

    def chosen(self) -> list[str]:
        """Return the names of the curves that are shown: those the user chose, or those to begin with."""
        histories = read(self._runs)
        return comparison.curves_at_first(histories) if self._chosen is None else self._chosen

    def choose(self, name: str, wanted: bool) -> None:
        """Show a curve, or no longer."""
        chosen = [each for each in self.chosen() if each != name]
        self._chosen = [*chosen, name] if wanted else chosen
        self.set_runs(self._runs)

    def show_everything(self) -> None:
        """Show all of the axis and all values."""
        self._zoom = None
        self._show_range(follow=True)

    # --- Plots -------------------------------------------------------------------------------------

    def _fill(self, name: str) -> None:
        plot = self.plots.get(name) or self._add(name)
        lines = {
            run.slot: comparison.line(run.history.curves[name], self.tools.axis())
            for run in self._runs
            if run.history is not None and name in run.history.curves
        }
        plot.set_lines(lines)
        bands = {
            run.slot: comparison.interval(run.history.margins[name], self.tools.axis())
            for run in self._runs
            if run.history is not None and name in run.history.margins
        }
        plot.set_bands({slot: band for slot, band in bands.items() if band is not None})
        for run in self._runs:
            plot.set_shown(run.slot, run.shown)

    def _add(self, name: str) -> ComparePlot:
        plot = self.plots[name] = ComparePlot(name, compare_words.curve_title(name), self)
        plot.set_log(self.tools.log.isChecked())
        self._smooth(plot)
        plot.hovered.connect(self._point)
        plot.chosen.connect(self._choose_place)
        plot.zoomed.connect(self._zoom_to)
        plot.reset.connect(self.show_everything)
        plot.toggled.connect(self.toggled)
        plot.removed.connect(lambda: self.choose(name, False))
        return plot

    def _marks(self) -> list[tuple[float, str]]:
        """Return where runs were changed while they trained, and where they branch off, each with a text."""
        letters: dict[tuple[int, str], list[str]] = {}
        places: dict[tuple[int, str], float] = {}
        for run in shown(self._runs):
            if run.history is None:
                continue
            for step, text in compare_words.marks(run.history):
                at = comparison.place_on(run.history.curves.values(), self.tools.axis(), step)
                if at is not None:
                    # A branch has the changes of its parent, at the same place.
                    letters.setdefault((step, text), []).append(run.letter)
                    places.setdefault((step, text), at)
        return [(at, f"{', '.join(letters[key])}: {key[1]}") for key, at in places.items()]

    def _drop(self, name: str) -> None:
        plot = self.plots.pop(name)
        self._column.removeWidget(plot)
        plot.hide()
        plot.deleteLater()

    def _arrange(self, names: Sequence[str]) -> None:
        """Put the plots in the order of all curves."""
        plots = [self.plots[name] for name in names if name in self.plots]
        self.empty.setVisible(not plots)
        for place, plot in enumerate(plots):
            if self._column.indexOf(plot) != place:
                self._column.removeWidget(plot)
                self._column.insertWidget(place, plot, 1)
            plot.show()
        marks = self._marks()
        for plot in plots:
            plot.set_marks(marks)
        self._show_range()
        self._pin()

    def _show_range(self, follow: bool = False) -> None:
        along = self._zoom or self._everything()
        self.tools.reset.setEnabled(bool(self.plots))
        for plot in self.plots.values():
            plot.set_range(along, follow)
            plot.refresh()

    def _everything(self) -> Range:
        extents = [found for plot in self.plots.values() if (found := plot.extent())]
        if not extents:
            return 0.0, 10.0
        first, last = min(a for a, _ in extents), max(b for _, b in extents)
        left = first if first > last / 2 and last > first else 0.0
        return left, left + max(1.02 * (last - left), 1e-3)

    def _smooth(self, plot: ComparePlot) -> None:
        """Smooth a plot as it is chosen; scores are few, and never smoothed."""
        plot.set_smoothing(1 if plot.name.startswith("score/") else self.tools.smoothing)

    # --- What the user does ------------------------------------------------------------------------

    def _point(self, at: float | None) -> None:
        """Follow the mouse in all plots."""
        for plot in self.plots.values():
            named = at is not None and plot is self.sender()
            plot.set_cursor(at, self._written(at) if named and at is not None else "")

    def _pin(self) -> None:
        at = None if self._step is None else self._place_of(self._step)
        for plot in self.plots.values():
            plot.set_pin(at)

    def _choose_place(self, at: float) -> None:
        step = self._step_of(at)
        if step is not None:
            self.stepChosen.emit(step)

    def _zoom_to(self, left: float, right: float) -> None:
        self._zoom = (left, right)
        self._show_range()

    def _take_smoothing(self) -> None:
        for plot in self.plots.values():
            self._smooth(plot)
            plot.refresh()

    def _take_log(self, on: bool) -> None:
        for plot in self.plots.values():
            plot.set_log(on)
            plot.refresh()

    def _take_axis(self) -> None:
        self._zoom = None
        self.set_runs(self._runs)

    def _place_of(self, step: int) -> float | None:
        """Return where a step lies on the axis: that of images or time goes by the first run shown."""
        if self.tools.axis() == "steps":
            return float(step)
        for run in self._runs:
            if run.shown and run.history is not None:
                return comparison.place_on(run.history.curves.values(), self.tools.axis(), step)
        return None

    def _step_of(self, at: float) -> int | None:
        if self.tools.axis() == "steps":
            return round(at)
        for run in self._runs:
            if run.shown and run.history is not None:
                step = comparison.step_at(run.history.curves.values(), self.tools.axis(), at)
                return None if step is None else round(step)
        return None

    def _written(self, at: float) -> str:
        if self.tools.axis() == "steps":
            return words.step(at)
        return f"{words.grouped(at)} images" if self.tools.axis() == "images" else f"{words.number(at)} s"

    # --- Making ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.empty.setProperty("role", "quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = QWidget(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.empty, 1)
        inner.setLayout(self._column)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self._scroll.setAccessibleName("Plots")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tools)
        column.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        tools = self.tools
        tools.picker.ticked.connect(self.choose)
        tools.axisChanged.connect(self._take_axis)
        tools.smoothingChanged.connect(self._take_smoothing)
        tools.logChanged.connect(self._take_log)
        tools.reset.clicked.connect(self.show_everything)
        for key, button in (("L", tools.log), ("A", tools.reset)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw lines anew for another width."""
        super().resizeEvent(event)
        for plot in self.plots.values():
            plot.stale = True
            plot.refresh()
