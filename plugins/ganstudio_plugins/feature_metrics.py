"""Metrics in the feature space of whatever extractor suits the data; each names the paper it follows.

They know nothing of how features are made. What is computed of the real samples is kept from time to time.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import torch

from ganstudio.api import DataSpec, FeatureMetric, Features, ImageSpec, Metric, Score, hookimpl
from ganstudio_plugins import feature_distances as distances
from ganstudio_plugins import feature_manifolds as manifolds

PRECISION_NEIGHBOURS, DENSITY_NEIGHBOURS = 3, 5
"""As in the papers."""
FEWEST_OF_CLASS = 8
_OF_REAL = 2000
"""Real samples, at most, of which distances to all others are taken."""


class OfImages(FeatureMetric):
    """What the metrics here have in common: images alone, and figures of real samples that are kept."""

    def __init__(self, settings: FeatureMetric.Settings | None = None) -> None:
        super().__init__(settings)
        self._real: Features | None = None
        self._known: dict[str, Any] = {}

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images alone."""
        return isinstance(data, ImageSpec)

    def of_real(self, real: Features, name: str, compute: Callable[[], Any]) -> Any:
        """Return what is computed of the real samples, as long as they are the same ones."""
        if self._real is not real:
            self._real, self._known = real, {}
        if name not in self._known:
            self._known[name] = compute()
        return self._known[name]


class FID(OfImages):
    """Fréchet distance of features (Heusel et al., 2017, arXiv:1706.08500).

    What the paper calls FID is this with Inception's features alone.
    """

    title = "Fréchet distance"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    figures = ("FID",)

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return the distance of all that was made to all that is real."""
        moments = self.of_real(real, "moments", lambda: distances.Moments.of(real.values))
        return {"FID": distances.frechet(made.values, moments)}


class KID(OfImages):
    """Kernel distance of features, without bias (Bińkowski et al., 2018, arXiv:1801.01401)."""

    title = "Kernel distance"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    figures = ("KID",)

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return the distance of as many samples of either side."""
        return {"KID": distances.kernel_distance(made.values, real.values)}


class PrecisionRecall(OfImages):
    """Precision and recall of manifolds of three neighbours (Kynkäänniemi et al., 2019, arXiv:1904.06991)."""

    title = "Precision and recall"
    figures = ("precision", "recall")

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return what of the made is like the real, and what of the real could be made."""
        count = min(len(made.values), len(real.values))
        fakes, reals, k = made.values[:count], real.values[:count], PRECISION_NEIGHBOURS
        reach = self.of_real(real, f"radii of {count}", lambda: manifolds.radii(reals, k))
        return {
            "precision": manifolds.share_within(fakes, reals, reach),
            "recall": manifolds.share_within(reals, fakes, manifolds.radii(fakes, k)),
        }


class DensityCoverage(OfImages):
    """Density and coverage of five neighbours of the real (Naeem et al., 2020, arXiv:2002.09797)."""

    title = "Density and coverage"
    figures = ("density", "coverage")

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return how densely the made lies among the real, and what of the real has a made one near."""
        count = min(len(made.values), len(real.values))
        fakes, reals, k = made.values[:count], real.values[:count], DENSITY_NEIGHBOURS
        reach = self.of_real(real, f"radii of {count}", lambda: manifolds.radii(reals, k))
        return {
            "density": manifolds.density(fakes, reals, reach, k),
            "coverage": manifolds.coverage(fakes, reals, reach),
        }


class ClassScore(OfImages):
    """How sure and how varied classes are: the Inception score (Salimans et al., 2016, arXiv:1606.03498).

    With the extractor's own classes, so a figure of the studio's extractor is no Inception score.
    """

    title = "Inception-style score"
    figures = ("IS",)

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return exp E KL(p(y|x) ‖ p(y)), 1 to the number of classes; nothing without logits."""
        if made.logits is None:
            return {}
        log_each = made.logits.double().log_softmax(1)
        each = log_each.exp()
        divergences = (each * (log_each - each.mean(0).clamp_min(1e-300).log())).sum(1)
        mean, error = float(divergences.mean()), float(divergences.std()) / len(divergences) ** 0.5
        reach = distances.NORMAL * error
        return {"IS": Score(math.exp(mean), math.exp(mean - reach), math.exp(mean + reach))}


class Diversity(OfImages):
    """Mean distance of two samples' features, over that of two real ones: 1 is as varied as the data."""

    title = "Diversity"
    figures = ("diversity",)

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return the ratio; nothing where all real samples are alike."""
        of_real = self.of_real(
            real, "distance", lambda: manifolds.mean_distance(real.values[:_OF_REAL]).value
        )
        return {"diversity": manifolds.over(manifolds.mean_distance(made.values), of_real)} if of_real else {}


class Classes(OfImages):
    """Of a conditional variant: how varied each class is, and whether samples are of the class asked for."""

    title = "Classes"
    figures = ("class_diversity", "label_accuracy")

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return mean diversity within a class against the real, and accuracy by the extractor's classes."""
        if made.labels is None:
            return {}
        found: dict[str, Score | float] = {}
        of_real = self.of_real(real, "classes", lambda: _spreads(real))
        spreads = _spreads(made)
        shared = [spreads[one] / of_real[one] for one in spreads if of_real.get(one)]
        if shared:
            found["class_diversity"] = sum(shared) / len(shared)
        if made.logits is not None and int(made.labels.max()) < made.logits.shape[1]:
            right = int((made.logits.argmax(1) == made.labels).sum())
            found["label_accuracy"] = manifolds.share(right, len(made.labels))
        return found


class NearestNeighbour(OfImages):
    """Distance to the nearest training image, over that of a real image to its nearest other one.

    1 is as far as data held out lies; near 0 the samples are copies (after Lopez-Paz & Oquab, 2017,
    arXiv:1610.06545, whose two-sample test looks at the same distances).
    """

    title = "Nearest training image"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    figures = ("nearest",)

    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return the ratio of medians; nothing where real samples are alike."""
        reach = self.of_real(real, "reach", lambda: float(manifolds.radii(real.values, 1).median()))
        if not reach:
            return {}
        return {
            "nearest": manifolds.over(manifolds.median(manifolds.nearest(made.values, real.values)), reach)
        }


def _spreads(features: Features) -> dict[int, float]:
    """Return the mean distance of two samples of each class of which there are enough."""
    if features.labels is None:
        return {}
    members = {one: features.values[features.labels == one] for one in torch.unique(features.labels).tolist()}
    return {
        one: manifolds.mean_distance(values[:_OF_REAL]).value
        for one, values in members.items()
        if len(values) >= FEWEST_OF_CLASS
    }


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer the metrics of features."""
    return [FID, KID, PrecisionRecall, DensityCoverage, ClassScore, Diversity, Classes, NearestNeighbour]
