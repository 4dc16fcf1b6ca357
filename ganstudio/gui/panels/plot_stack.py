"""Plot stack: the curves of one run, sorted into plots below each other that share steps, cursor and markers.

It knows curves by the first word of their path, and nothing of what trains them.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ganstudio.gui import words
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.gui.widgets.plot_ranges import Range, follow_steps

_PLOT_OF = {
    "loss": "losses",
    "penalty": "losses",
    "nats": "losses",
    "class": "losses",
    "logits": "logits",
    "accuracy": "logits",
    "grad_norm": "norms",
    "score": "scores",
}
"""Which plot takes a curve, by the first word of its path; ``others`` takes the rest."""

STEP_AXIS = 36
"""Pixels that the numbers below the lowest plot take."""
SMOOTHING = 20
"""Points in the mean that is drawn at first."""

_AT_REST = ("losses", "logits", "norms")


class PlotStack(QWidget):
    """Plots of losses, logits, gradient norms and scores; those without a curve are not shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = {
            "losses": CurvePlot("Losses", "loss"),
            "logits": CurvePlot("Logits", "logit", shares=_is_accuracy),
            "norms": CurvePlot("Gradients", "norm"),
            "scores": CurvePlot("Scores", "score", shares=words.is_share),
            "others": CurvePlot("Further curves", "value"),
        }
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        for name, plot in self.plots.items():
            plot.set_smoothing(1 if name == "scores" else SMOOTHING)
            self.splitter.addWidget(plot)
            self._connect(plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self.splitter.splitterMoved.connect(self._keep_rows)
        self._rows_kept = False
        self._steps: Range | None = None
        self._total_steps: int | None = None
        self._show_plots()

    @property
    def stale(self) -> bool:
        """Whether anything is new since the last refresh."""
        return any(plot.stale for plot in self.plots.values() if not plot.isHidden())

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to each curve, named as a path. Nothing is painted."""
        sorted_values: dict[str, dict[str, float]] = {}
        for name, value in values.items():
            plot = _PLOT_OF.get(name.partition("/")[0], "others")
            sorted_values.setdefault(plot, {})[name] = value
        for plot, part in sorted_values.items():
            self.plots[plot].append(step, part)
        self._show_plots()

    def mark(self, step: int, text: str) -> None:
        """Draw a marker across every plot."""
        for plot in self.plots.values():
            plot.mark(step, text)

    def clear(self, total_steps: int | None = None) -> None:
        """Remove all curves and markers, and make room for a run of so many steps."""
        for plot in self.plots.values():
            plot.clear()
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
        self._share_rows()

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


def _is_accuracy(name: str) -> bool:
    return name.startswith("accuracy/")
