"""Dear scores: a metric that costs seconds, asked about samples of an architecture.

It knows nothing of training, and of when it is asked only what that costs. Metrics in the feature space of an
extractor have :mod:`feature_scores`.
"""

import time

from ganstudio.api import Architecture, LoadedData, Metric
from ganstudio.api.data import Report
from ganstudio.api.events import ScoreRecord
from ganstudio.evaluation.budget import Budget
from ganstudio.evaluation.scores import Scores


class DearScores:
    """Asks one metric, of samples drawn as for those that cost little: the same each time."""

    ready = True
    """There is nothing to be made ready before the first asking."""

    def __init__(self, metric: Metric, real: LoadedData, seed: int) -> None:
        self.budget = Budget()
        self._metric = metric
        self._scores = Scores([metric], real, seed)

    @property
    def names(self) -> tuple[str, ...]:
        """What its figures are called."""
        return self._metric.figures

    def due(self, seconds: float, share: float) -> bool:
        """Say whether scoring now stays within ``share`` of the ``seconds`` that were trained."""
        return self.budget.fits(seconds, share)

    def record(self, architecture: Architecture, step: int, report: Report) -> ScoreRecord | None:
        """Return the figures of what ``architecture`` makes now; nothing where there are none of it.

        It is to be in evaluation mode, on the weights that are to be judged, and without gradients.
        ``report`` is told what is done, and may raise whatever is to end it.
        """
        began = time.perf_counter()
        report(f"Computing {self._metric.title}", None)
        figures = self._scores(architecture)
        took = time.perf_counter() - began
        self.budget.take(took)
        lower = tuple(name for name in figures if self._scores.better[name] == "lower")
        return ScoreRecord(step, figures, took, lower) if figures else None
