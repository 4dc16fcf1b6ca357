"""Score plot: one figure at a time of all that a run is scored by, or those that share its scale.

Other figures, extractors and counts are chosen by the plot's title. It knows scores by their names, and
nothing of who computes them.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganstudio.api.events import ScoreRecord
from ganstudio.gui import score_words, words
from ganstudio.gui.widgets.decimate import Values
from ganstudio.gui.widgets.group_plot import Grouping, GroupPlot
from ganstudio.gui.widgets.legend import WIDEST
from ganstudio.gui.widgets.plot_button import plot_button
from ganstudio.gui.widgets.plot_curve import Drawing, PlotCurve
from ganstudio.gui.widgets.score_marks import Band, Bands, Floors, Stars
from ganstudio.gui.widgets.series import Series

if TYPE_CHECKING:
    from ganstudio.runs.curves import Margin as PastMargin

_SCORE_NOW = "Compute all scores now"
_STAR = "\N{BLACK STAR}"
_WIDEST_BEST = f"0.000 {_STAR} 0.000"
_MOST = 600
"""Points of a band that are drawn."""


@dataclass
class _Margin:
    """What is known of one score beside its values."""

    low: Series = field(default_factory=Series)
    high: Series = field(default_factory=Series)
    floor: Series = field(default_factory=Series)
    lower: bool = False


_GROUPING = Grouping(
    score_words.group, score_words.title, score_words.entry, score_words.label, score_words.first
)


class ScorePlot(GroupPlot):
    """Shows scores that share a scale, with their intervals of 95 % confidence as bands.

    What real samples score against others is a dashed line, and the best so far has a star.

    Signals:
        scoreAsked: the user wants all scores computed now.
    """

    scoreAsked = Signal()  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        self._margins: dict[str, _Margin] = {}
        super().__init__("Scores", _GROUPING, shares=score_words.own_axis, parent=parent)
        self.score_button = plot_button("score-now", _SCORE_NOW, "", self)
        self.score_button.setCheckable(False)
        self.score_button.clicked.connect(self.scoreAsked)
        # Scores are few: smoothing them is left to the menu of a right click.
        self._show_buttons(self.score_button, self.log_button, self.follow_button)
        self.bands, self.floors, self.stars = Bands(), Floors(), Stars()
        for item in (self.bands, self.floors, self.stars):
            self.graph.add(item)
        self.set_scorable("Nothing trains here.")
        self._show_furniture()

    # --- What it is told ---------------------------------------------------------------------------

    def take(self, record: ScoreRecord) -> None:
        """Add scores, with what is known of them beside their values. Nothing is painted."""
        for name in record.lower:
            self._margin(_curve(name)).lower = True
        self.append(record.step, {_curve(name): value for name, value in record.values.items()})
        for name, (low, high) in record.intervals.items():
            margin = self._margin(_curve(name))
            margin.low.append(record.step, low)
            margin.high.append(record.step, high)
        for name, floor in record.floors.items():
            self._margin(_curve(name)).floor.append(record.step, floor)

    def take_margin(self, name: str, past: "PastMargin") -> None:
        """Add what is known of the past of a score beside its values. Nothing is painted."""
        margin = self._margin(name)
        margin.lower = past.lower
        margin.low.extend(past.low.steps, past.low.values)
        margin.high.extend(past.high.steps, past.high.values)
        margin.floor.extend(past.floor.steps, past.floor.values)
        self.stale = True

    def set_scorable(self, hindrance: str) -> None:
        """Let scores be asked for, or not where there is a hindrance: a sentence."""
        self.score_button.setEnabled(not hindrance)
        self.score_button.setToolTip(f"{_SCORE_NOW}. {hindrance}" if hindrance else _SCORE_NOW)
        self.score_button.setAccessibleDescription(hindrance)

    def cut(self, step: float) -> None:
        """Forget the points and markers behind a step: the run went back to it. Nothing is painted."""
        super().cut(step)
        for margin in self._margins.values():
            for series in (margin.low, margin.high, margin.floor):
                series.truncate(np.nextafter(step, np.inf))

    def clear(self) -> None:
        """Remove curves and markers, and follow what comes."""
        self._margins = {}
        self.bands.show_bands(())
        self.floors.show_floors(())
        self.stars.show_stars(())
        super().clear()

    def best(self, name: str) -> tuple[float, float] | None:
        """Return the step and the value of a score's best, where it is one to judge by."""
        series = self.curves[name].series
        if not len(series) or not score_words.judges(name) or np.isnan(series.y).all():
            return None
        lower = name in self._margins and self._margins[name].lower
        at = int(np.nanargmin(series.y) if lower else np.nanargmax(series.y))
        return float(series.x[at]), float(series.y[at])

    def best_text(self) -> str:
        """Return the best of what a run is judged by: ``best FID (studio, 2 000) 21.4``, or nothing."""
        groups = {key: names for key, names in self.groups.items() if score_words.dear(names[0])}
        name = next(iter(groups.get(score_words.first(groups.items()), ())), "")
        best = self.best(name) if name else None
        return f"best {score_words.full(name)} {words.value(name, best[1])}" if best else ""

    # --- Painting -----------------------------------------------------------------------------------

    def _show_group(self) -> None:
        super()._show_group()
        alone = len(self._in_view()) == 1
        for name, entry in self.legend.entries.items():
            # The title says it already.
            entry.setText("" if alone else self.curves[name].label)
            entry.keep_room(_WIDEST_BEST if alone and score_words.judges(name) else WIDEST)

    def _show_furniture(self) -> None:
        super()._show_furniture()
        in_view = self._in_view()
        axis = self.graph.axes["left"]
        axis.shares = bool(in_view) and all(score_words.is_share(c.name) and not c.share for c in in_view)

    def _rows_to_show(self, drawings: list[Drawing]) -> list[Values]:
        """Return the values of the curves, of their intervals and their floors."""
        margins = [self._margins[c.name] for c in self._in_view() if c.shown and c.name in self._margins]
        beside = [row.y for m in margins for row in (m.low, m.high, m.floor) if len(row)]
        rows = [*super()._rows_to_show(drawings), *beside]
        return [row[row > 0] for row in rows] if self.log else rows

    def _draw_more(self, shown: list[PlotCurve]) -> None:
        bands = [band for curve in shown if (band := self._band(curve))]
        floors = [height for curve in shown if (height := self._floor(curve)) is not None]
        self.bands.show_bands(bands)
        self.floors.show_floors(floors)
        self.stars.show_stars([star for curve in shown if (star := self._star(curve))])

    def _band(self, curve: PlotCurve) -> Band | None:
        margin = self._margins.get(curve.name)
        if margin is None or not len(margin.low):
            return None
        every = -(-len(margin.low) // _MOST)
        x, low, high = (row[::every] for row in (margin.low.x, margin.low.y, margin.high.y))
        kept = np.isfinite(low) & np.isfinite(high) & (high > 0 if self.log else True)
        # What reaches below zero ends, on a logarithmic axis, at the lower edge of the view.
        least = 10.0 ** (self._values[0] - 1) if self.log and self._values else -np.inf
        onto = self._axis_of(curve)
        colour = self._styles()[curve.name].colour
        low, high = onto(np.maximum(low[kept], least)), onto(high[kept])
        return Band(colour, x[kept].copy(), low, high) if kept.any() else None

    def _floor(self, curve: PlotCurve) -> float | None:
        margin = self._margins.get(curve.name)
        if margin is None or not len(margin.floor):
            return None
        floor = float(margin.floor.y[-1])
        if not math.isfinite(floor) or (self.log and floor <= 0):
            return None
        return float(self._axis_of(curve)(np.array([floor]))[0])

    def _star(self, curve: PlotCurve) -> tuple[str, float, float] | None:
        best = self.best(curve.name)
        if best is None or (self.log and best[1] <= 0):
            return None
        colour = self._styles()[curve.name].colour
        return colour, best[0], float(self._axis_of(curve)(np.array([best[1]]))[0])

    def _text_of(self, name: str, value: float) -> str:
        """Return a value, and beside it the best where there is room for both."""
        best = self.best(name)
        alone = len(self._in_view()) == 1
        text = words.value(name, value)
        if not alone or not best:
            return text
        return f"{text}  {_STAR} {words.value(name, best[1])}"

    def _margin(self, name: str) -> _Margin:
        return self._margins.setdefault(name, _Margin())


def _curve(name: str) -> str:
    """Return the name of a score as a curve."""
    return name if name.startswith("score/") else f"score/{name}"
