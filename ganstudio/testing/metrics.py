"""The checks of metrics: asked about toy data, its own samples against each other and against noise."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import (
    FeatureMetric,
    Features,
    ImageSpec,
    LoadedData,
    Metric,
    PairedSpec,
    PointSpec,
    Score,
    TableSpec,
    UnpairedSpec,
)
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong
from ganstudio.testing.toys import specs, toy_data

_CLASSES = 4


class MetricSubject:
    """A metric class under check."""

    def __init__(
        self, cls: type[Metric], data: LoadedData | None = None, settings: Mapping[str, Any] | None = None
    ) -> None:
        self.cls = cls
        self._data = data
        self._settings = dict(settings or {})

    @cached_property
    def data(self) -> LoadedData:
        """The data it is asked about: the first toy that it suits, unless one was given."""
        if self._data is not None:
            return self._data
        for spec in specs((PointSpec, ImageSpec, PairedSpec, UnpairedSpec, TableSpec)):
            suits: Any = self.cls.suits(spec)
            if not isinstance(suits, bool):
                raise Wrong(f"suits is to return True or False, and returns {suits!r}.", self.at("suits"))
            if suits:
                return toy_data(spec, 64)
        raise Wrong(
            "It suits no toy data, neither points nor images of 16 to 128 pixels. Pass data= to the check.",
            self.at("suits"),
        )

    @cached_property
    def real(self) -> Tensor:
        """Real samples as a metric sees them: images in [-1, 1], or points."""
        # Of pairs and of two domains, what is generated is of the second kind.
        values = self.data.values if self.data.other is None else self.data.other
        return values.float() / 127.5 - 1 if values.dtype == torch.uint8 else values

    @cached_property
    def of_real(self) -> dict[str, float]:
        """The figures of real samples."""
        return self.figures(self.real)

    def figures(self, samples: Tensor) -> dict[str, float]:
        """Return the figures of samples."""
        metric = cast(Metric, common.made(self.cls, self.cls.Settings(**self._settings)))
        given: Any = self._asked(metric, samples.clone())
        if not isinstance(given, Mapping) or not given:
            raise Wrong(f"score is to return figures by name, and returns {given!r}.", self.at("score"))
        for name, value in given.items():
            if not isinstance(name, str) or not isinstance(value, int | float | Score):
                raise Wrong(
                    f"score returns {name!r}: {type(value).__name__}; figures are floats by name: float(…).",
                    self.at("score"),
                )
        return {
            name: value.value if isinstance(value, Score) else float(value) for name, value in given.items()
        }

    def _asked(self, metric: Metric, samples: Tensor) -> Any:
        """Return what a metric says of samples, or of what a small picture of each holds as its features."""
        found: Any
        if isinstance(metric, FeatureMetric):
            method, found = "compare", metric.compare(_features(samples), _features(self.real))
        else:
            method, found = "score", metric.score(samples, self.data)
        for name in found if metric.dear and isinstance(found, Mapping) else ():
            if name not in metric.figures:
                raise Wrong(f"{method} gives {name!r}, which does not stand in figures.", self.at(method))
        return found

    def worth(self, name: str, figures: Mapping[str, float]) -> float:
        """Return a figure so turned that more is better."""
        lower = name in self.cls.lower or self.cls.better == "lower"
        return -figures[name] if lower else figures[name]

    def at(self, method: str) -> where.Place:
        """Return where a method is."""
        return where.of_method(self.cls, method)


def _features(samples: Tensor) -> Features:
    """Return a small picture of each sample as its features; its class is the surer the more it shows."""
    values = functional.adaptive_avg_pool2d(samples, 4).flatten(1)
    labels = torch.arange(len(values)) % _CLASSES
    return Features(values, functional.one_hot(labels, _CLASSES) * values.std(1, keepdim=True) * 10, labels)


def suits(subject: MetricSubject) -> str:
    """Check that it suits some data, and says how many samples it wants and which way is better."""
    cls: Any = subject.cls
    if not isinstance(cls.count, int) or cls.count < 1:
        raise Wrong(f"count is {cls.count!r}; it is the number of samples wanted.")
    if cls.better not in ("higher", "lower"):
        raise Wrong(f"better is {cls.better!r}; it is “higher” or “lower”.")
    return f"It suits {subject.data.spec.describe()}; {cls.better} is better."


def scores(subject: MetricSubject) -> str:
    """Check that real samples have finite figures, the same each time."""
    for name, value in subject.of_real.items():
        if not math.isfinite(value):
            raise Wrong(f"{name} is {value} for real samples; figures are finite.", subject.at("score"))
    again = subject.figures(subject.real)
    if again != subject.of_real:
        raise Wrong(
            "Asked twice about the same samples, it gives other figures: draw with a torch.Generator of "
            "its own, with "
            "a fixed seed.",
            subject.at("score"),
        )
    return "Of real samples: " + _told(subject.of_real) + "."


def ranks(subject: MetricSubject) -> str:
    """Check that noise is not better than real samples by every figure."""
    noise = torch.rand(tuple(subject.real.shape), generator=torch.Generator().manual_seed(0)) * 2 - 1
    of_noise = subject.figures(noise)
    for name, value in of_noise.items():
        if not math.isfinite(value):
            raise Wrong(
                f"{name} is {value} for noise; figures are finite for bad samples too.", subject.at("score")
            )
    shared = [name for name in of_noise if name in subject.of_real]
    if shared and all(
        subject.worth(name, of_noise) > subject.worth(name, subject.of_real) for name in shared
    ):
        raise Wrong(
            f"By every figure noise is better than the real samples ({_told(of_noise)} to "
            f"{_told(subject.of_real)}; {subject.cls.better} is better). Is better = the wrong way round?",
            subject.at("score"),
        )
    return f"Of noise: {_told(of_noise)}."


def _told(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in figures.items())


CHECKS: tuple[Check[MetricSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check("suits", "It suits some data, and says which way is better.", suits, ("settings",)),
    Check("scores", "Real samples have finite figures, the same each time.", scores, ("suits",)),
    Check("ranks", "Noise is not better than real samples by every figure.", ranks, ("scores",)),
)
