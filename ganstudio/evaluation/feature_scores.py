"""Feature scores: metrics in the feature space of an extractor, asked about many samples of an architecture.

It knows nothing of training, and of when it is asked only what that costs.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from ganstudio.api import Architecture, FeatureExtractor, FeatureMetric, Features, LoadedData, Score
from ganstudio.api.data import Report
from ganstudio.api.events import ScoreRecord
from ganstudio.evaluation import real_samples
from ganstudio.evaluation.budget import Budget
from ganstudio.evaluation.drawing import Drawing
from ganstudio.evaluation.translations import Translations

MAKING_GUESS = 3.5
"""Seconds that an extractor is taken to cost which was never made for the data; later ones read it again."""

Cache = Callable[[str], Path]
"""Returns the folder that an extractor, by its class name, keeps what belongs to the data in."""


class FeatureScores:
    """Scores ``count`` samples by the features of one extractor, which is made ready at the first asking.

    The same architecture, data, seed and count give the same figures, whoever asks.

    The **floor** of a score is what one half of the real samples scores against the other half, as many of
    them as of the samples. A data set has no second one to compare with; but its images are drawn alike and
    independently, so any half of them is to the other what data held out is to data trained on. Where there
    are fewer than twice ``count`` real samples no floor is told, as that of fewer samples would be too high.

    With ``inputs``, ``uint8`` [N, C, H, W], it is their translations that are scored, instead of samples.
    """

    def __init__(
        self,
        metrics: Sequence[FeatureMetric],
        extractor: FeatureExtractor,
        real: LoadedData,
        cache: Cache,
        seed: int,
        count: int,
        inputs: Tensor | None = None,
    ) -> None:
        self.extractor = extractor
        self.budget = Budget()
        self.ready = False
        """Whether the extractor and the features of real samples are there."""
        self._metrics = metrics
        self._data = real
        self._cache = cache
        self._seed = seed
        self._count = count if inputs is None else len(inputs)
        self._inputs = inputs
        self._floors: dict[str, float] = {}
        self._guessed = False

    @property
    def names(self) -> tuple[str, ...]:
        """What its figures are called, without extractor and count."""
        return tuple(name for metric in self._metrics for name in metric.figures)

    def due(self, seconds: float, share: float) -> bool:
        """Say whether scoring now stays within ``share`` of the ``seconds`` that were trained."""
        if not self.budget.fits(seconds, share):
            return False
        if not (self.ready or self._guessed):
            # To find out reads the whole data, so it is left until a score may be due.
            self._guessed = True
            if not self._cache(type(self.extractor).__name__).exists():
                self.budget.expected += MAKING_GUESS
        return self.budget.fits(seconds, share)

    def record(self, architecture: Architecture, step: int, report: Report) -> ScoreRecord | None:
        """Return the figures of what ``architecture`` makes now; nothing where it makes none from latents.

        It is to be in evaluation mode, on the weights that are to be judged, and without gradients.
        ``report`` is told what is done, and may raise whatever is to end it.
        """
        began = time.perf_counter()
        drawing = self._drawing(architecture)
        if not drawing.possible:
            return None
        self._prepare(report)
        once = time.perf_counter() - began
        made = self._features(drawing, report)
        given = {
            name: value
            for metric in self._metrics
            for name, value in self._figures(metric, made, self._real, report).items()
        }
        took = time.perf_counter() - began
        self.budget.take(took, once)
        lower = tuple(self._key(name) for name in given if self._is_lower(name))
        intervals = {self._key(n): (s.low, s.high) for n, s in given.items() if isinstance(s, Score)}
        floors = {self._key(n): floor for n, floor in self._floors.items() if n in given}
        values = {self._key(name): _value(score) for name, score in given.items()}
        return ScoreRecord(step, values, took, lower, intervals, floors)

    def _drawing(self, architecture: Architecture) -> Drawing | Translations:
        if self._inputs is not None:
            return Translations(architecture, self._inputs)
        return Drawing(architecture, self._count, self._seed, self._data.values[0].numel())

    def _prepare(self, report: Report) -> None:
        """Make the extractor ready, and take all that is taken of real samples, once."""
        if self.ready:
            return
        self.extractor.prepare(self._data, self._cache(type(self.extractor).__name__), report)
        report("Taking features of real samples", None)
        self._real = real_samples.features_of(self._data, self._extract(report))
        self._floors = self._of_halves(report)
        self.ready = True

    def _of_halves(self, report: Report) -> dict[str, float]:
        """Return what real samples score against other real samples."""
        count = self._count
        if len(self._real.values) < 2 * count:
            return {}
        first = real_samples.part_of(self._real, slice(count))
        others = real_samples.part_of(self._real, slice(count, None))
        found: dict[str, float] = {}
        for metric in self._metrics:
            # One of its own, as a metric may keep what it computed of the real samples.
            apart = type(metric)(metric.settings)
            of_halves = self._figures(apart, first, others, report)
            found |= {name: _value(score) for name, score in of_halves.items()}
        return found

    def _features(self, drawing: Drawing | Translations, report: Report) -> Features:
        extract = self._extract(report)
        return real_samples.joined([replace(extract(images), labels=labels) for images, labels in drawing])

    def _extract(self, report: Report) -> Callable[[Tensor], Features]:
        def extract(images: Tensor) -> Features:
            report("Taking features", None)
            return self.extractor.features(images)

        return extract

    @staticmethod
    def _figures(
        metric: FeatureMetric, made: Features, real: Features, report: Report
    ) -> Mapping[str, Score | float]:
        report(f"Computing {metric.title}", None)
        return metric.compare(made, real)

    def _key(self, name: str) -> str:
        return f"score/{name} ({self.extractor.short}, {self._count})"

    def _is_lower(self, name: str) -> bool:
        metric = next(metric for metric in self._metrics if name in metric.figures)
        return metric.better == "lower" or name in metric.lower


def _value(score: Score | float) -> float:
    return score.value if isinstance(score, Score) else float(score)
