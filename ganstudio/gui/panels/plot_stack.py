"""Plot stack: the curves of one run, sorted into plots below each other that share steps, cursor and markers.

It knows curves by the first word of their path, and nothing of what trains them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ganstudio.api.events import ScoreRecord
from ganstudio.gui import words
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.gui.widgets.group_plot import Grouping, GroupPlot
from ganstudio.gui.widgets.plot_ranges import Range, follow_steps
from ganstudio.gui.widgets.score_plot import ScorePlot

if TYPE_CHECKING:
    from ganstudio.runs.history import History

_PLOT_OF = {
    "loss": "losses",
    "penalty": "losses",
    "nats": "losses",
    "class": "losses",
    "logits": "logits",
    "accuracy": "logits",
    "grad_norm": "norms",
    "weight_norm": "norms",
    "movement": "norms",
    "score": "scores",
}
"""Which plot takes a curve, by the first word of its path; ``others`` takes the rest."""

LEAST_ROW = 104
"""Pixels that a plot needs for its title, two lines of legend and a curve."""
STEP_AXIS = 36
"""Pixels that the numbers below the lowest plot take."""
SMOOTHING = 20
"""Points in the mean that is drawn at first."""

_NORM_TITLES = {"grad_norm": "Gradients", "weight_norm": "Weights", "movement": "Movement"}
_NORM_ENTRIES = {
    "grad_norm": "Norms of the gradients",
    "weight_norm": "Norms of the weights",
    "movement": "Movement of the samples at fixed latents",
}
_NORMS = Grouping(
    group=lambda name: name.partition("/")[0],
    title=lambda names: _NORM_TITLES[names[0].partition("/")[0]],
    entry=lambda names: _NORM_ENTRIES[names[0].partition("/")[0]],
    label=words.curve,
    first=lambda groups: next((key for title in _NORM_TITLES for key, _ in groups if key == title), ""),
)

_AT_REST = ("losses", "logits", "norms")


class PlotStack(QWidget):
    """Plots of losses, logits, norms and scores; those without a curve are not shown.

    Signals:
        stepClicked: the step at which the user clicked a plot, without dragging.
        scoreAsked: the user wants all scores computed now.
    """

    stepClicked = Signal(int)  # noqa: N815 - Qt's way of naming
    scoreAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, CurvePlot] = {
            "losses": CurvePlot("Losses", "loss"),
            "logits": CurvePlot("Logits", "logit", shares=_is_accuracy),
            "norms": GroupPlot("Gradients", _NORMS, "norm"),
            "scores": ScorePlot(),
            "others": CurvePlot("Further curves", "value"),
        }
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        for name, plot in self.plots.items():
            plot.set_smoothing(1 if name == "scores" else SMOOTHING)
            plot.setMinimumHeight(LEAST_ROW)
            self.splitter.addWidget(plot)
            self._connect(plot)
        self.note = Caption(self)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.note)
        self.splitter.splitterMoved.connect(self._keep_rows)
        self.scores.scoreAsked.connect(self.scoreAsked)
        self._rows_kept = False
        self._steps: Range | None = None
        self._total_steps: int | None = None
        self._pin: int | None = None
        self._show_plots()

    @property
    def scores(self) -> ScorePlot:
        """The plot of scores."""
        plot = self.plots["scores"]
        assert isinstance(plot, ScorePlot)
        return plot

    @property
    def stale(self) -> bool:
        """Whether anything is new since the last refresh."""
        return any(plot.stale for plot in self.plots.values() if not plot.isHidden())

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to each curve, named as a path. Nothing is painted."""
        sorted_values: dict[str, dict[str, float]] = {}
        for name, value in values.items():
            sorted_values.setdefault(_plot_of(name), {})[name] = value
        for plot, part in sorted_values.items():
            self.plots[plot].append(step, part)
        self._show_plots()

    def append_scores(self, record: ScoreRecord) -> None:
        """Add scores, with what is known of them beside their values. Nothing is painted."""
        self.scores.take(record)
        self._show_plots()

    def extend(self, name: str, steps: ArrayLike, values: ArrayLike) -> None:
        """Add many points to one curve, [n] each, the steps rising strictly. Nothing is painted."""
        self.plots[_plot_of(name)].extend(name, steps, values)
        self._show_plots()

    def mark(self, step: int, text: str) -> None:
        """Draw a marker across every plot."""
        for plot in self.plots.values():
            plot.mark(step, text)

    def show_history(self, history: "History") -> None:
        """Show the past of a run in place of what there is; what comes is added to it."""
        self.clear(history.total_steps or None)
        for name, curve in history.curves.items():
            self.extend(name, curve.steps, curve.values)
        for name, margin in history.margins.items():
            self.scores.take_margin(name, margin)
        if history.parent is not None:
            self.mark(history.parent.step, f"branched from {history.parent.run}")
        for change in history.changes:
            self.mark(change.step, words.edit(change.path, change.before, change.value))
        self._say_thinned(history)

    def cut(self, step: int) -> None:
        """Forget what lies behind a step, from which the run goes on. Nothing is painted."""
        for plot in self.plots.values():
            plot.cut(step)

    def set_cursor(self, step: int | None) -> None:
        """Keep a line at a step in all plots, with the values there in the legends; ``None``: no line."""
        self._pin = step
        self._place_pin()

    def clear(self, total_steps: int | None = None) -> None:
        """Remove all curves, markers and the line, and make room for a run of so many steps."""
        for plot in self.plots.values():
            plot.clear()
        self.set_cursor(None)
        self.note.hide()
        self._steps = None
        self.set_total_steps(total_steps)
        self._show_plots()

    def set_total_steps(self, total_steps: int | None) -> None:
        """Say how long the run is to be; the step axes end there."""
        self._total_steps = total_steps

    def refresh(self) -> float:
        """Paint what is new, and return the seconds that went into painting since the last refresh."""
        self._lead()
        paint = 0.0
        for plot in self.plots.values():
            plot.refresh()
            paint += plot.graph.take_paint_seconds()
        return paint

    def _lead(self) -> None:
        """Have all plots show the same steps."""
        extents = [extent for plot in self.plots.values() if (extent := plot.extent())]
        if extents:
            first, last = min(first for first, _ in extents), max(last for _, last in extents)
            self._steps = follow_steps(self._steps, first, last, self._total_steps)
            for plot in self.plots.values():
                plot.lead(self._steps)

    def state(self) -> dict[str, Any]:
        """Return what the user has chosen, as plain data."""
        plots = {name: plot.state() for name, plot in self.plots.items()}
        return {"rows": self.splitter.sizes(), "plots": plots}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; what does not fit is left as it is."""
        rows = [int(size) for size in state.get("rows", ())]
        if len(rows) == len(self.plots) and any(rows):
            # A plot that was not shown has no height to go by: it gets as much as the least of the others.
            least = min(size for size in rows if size)
            self.splitter.setSizes([size or least for size in rows])
            self._rows_kept = True
        for name, plot in self.plots.items():
            plot.restore(state.get("plots", {}).get(name, {}))

    def _show_plots(self) -> None:
        """Show plots that have curves; before the first curve, those that nearly every run has."""
        filled = [name for name, plot in self.plots.items() if plot.curves]
        shown = [plot for name, plot in self.plots.items() if name in (filled or _AT_REST)]
        if [plot for plot in self.plots.values() if not plot.isHidden()] == shown:
            return
        for plot in self.plots.values():
            plot.setVisible(plot in shown)
            plot.graph.show_step_axis(plot is shown[-1])
        self._place_pin()
        self._share_rows()

    def _place_pin(self) -> None:
        """Draw the line in all plots, and write its step in the highest."""
        named = next((plot for plot in self.plots.values() if not plot.isHidden()), None)
        for plot in self.plots.values():
            plot.set_pin(self._pin, named=plot is named)

    def _say_thinned(self, history: "History") -> None:
        count = max((len(curve) for curve in history.curves.values()), default=0)
        self.note.setText("A sample of the reports is drawn: peaks between them may be missing.")
        self.note.setToolTip(
            f"The run has too many reports to read them all at once. {words.grouped(count)} of them are "
            "drawn, spread evenly over the run; the file metrics.jsonl in its folder holds every one."
        )
        self.note.setVisible(history.thinned)

    def _share_rows(self) -> None:
        """Give all plots the same room, and the lowest the room of its axis as well, until the user does."""
        plots = [plot for plot in self.plots.values() if not plot.isHidden()]
        if self._rows_kept or not plots:
            return
        gaps = self.splitter.handleWidth() * (len(plots) - 1)
        row = max(0, self.height() - gaps - STEP_AXIS) // len(plots)
        rows = {plot: row + STEP_AXIS * (plot is plots[-1]) for plot in plots}
        self.splitter.setSizes([rows.get(plot, 0) for plot in self.plots.values()])

    def _keep_rows(self) -> None:
        self._rows_kept = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room among the plots."""
        super().resizeEvent(event)
        self._share_rows()

    def _connect(self, plot: CurvePlot) -> None:
        plot.steps_chosen.connect(self._show_steps)
        plot.follow_chosen.connect(self._follow)
        plot.cursor_moved.connect(self._set_cursor)
        plot.step_chosen.connect(self._choose)
        plot.smoothing_chosen.connect(self._set_smoothing)

    def _show_steps(self, left: float, right: float) -> None:
        for plot in self._others():
            plot.show_steps(left, right)

    def _follow(self) -> None:
        for plot in self._others():
            plot.follow()

    def _set_cursor(self, step: float | None) -> None:
        for plot in self._others():
            plot.set_cursor(step, named=False)

    def _choose(self, step: float) -> None:
        self.stepClicked.emit(round(step))

    def _set_smoothing(self, window: int) -> None:
        """Smooth all plots alike; scores are few, and smoothed only where they are asked to be."""
        scores = self.plots["scores"]
        smoothed = (
            [scores] if self.sender() is scores else [p for p in self.plots.values() if p is not scores]
        )
        for plot in smoothed:
            plot.set_smoothing(window)

    def _others(self) -> list[CurvePlot]:
        """Return all plots but the one that reports."""
        return [plot for plot in self.plots.values() if plot is not self.sender()]


def _plot_of(name: str) -> str:
    return _PLOT_OF.get(name.partition("/")[0], "others")


def _is_accuracy(name: str) -> bool:
    return name.startswith("accuracy/")
