"""Metrics: figures that say how good samples are. They know nothing of when they are asked for."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from torch import Tensor

from ganstudio.api.component import Component
from ganstudio.api.data import DataSpec, LoadedData, Report


class Metric(Component, ABC):
    """Scores generated samples, as one or more curves under ``score/``."""

    category: ClassVar[str] = "metric"

    count: ClassVar[int] = 2500
    """How many samples it wants."""

    better: ClassVar[Literal["higher", "lower"]] = "higher"
    """Which way its figures are better: the checkpoint of the best can be kept."""

    lower: ClassVar[tuple[str, ...]] = ()
    """Names of those of its figures that are better the lower they are, whatever ``better`` says."""

    dear: ClassVar[bool] = False
    """Whether it costs seconds: then it is asked within the share of the time that scores may take, not at
    every preview."""

    figures: ClassVar[tuple[str, ...]] = ()
    """The names of all figures it may give; one that is dear names them, as they come only later."""

    @classmethod
    @abstractmethod
    def suits(cls, data: DataSpec) -> bool:
        """Say whether this metric means anything for such data."""

    @abstractmethod
    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return named figures for ``samples``: images in [-1, 1] [N, C, H, W], or points [N, D].

        Of pairs, ``samples`` are what was made of the inputs of ``real``, in their order.
        """

    def score_labelled(self, samples: Tensor, labels: Tensor | None, real: LoadedData) -> Mapping[str, float]:
        """Return the figures where it is known which class each sample was asked to be of.

        ``labels`` ``int64`` [N], or ``None`` for a variant without classes. This is what the studio calls;
        unless it is overridden, classes make no difference.
        """
        return self.score(samples, real)


@dataclass(frozen=True)
class Features:
    """What a feature extractor says of samples.

    ``values`` ``float32`` [N, D]; ``logits`` [N, K] where the extractor tells classes apart; ``labels``
    ``int64`` [N]: the class each sample is of, or was asked to be of, where there are classes.
    """

    values: Tensor
    logits: Tensor | None = None
    labels: Tensor | None = None


@dataclass(frozen=True)
class Score:
    """A figure, and the interval it lies in with 95 % confidence."""

    value: float
    low: float
    high: float


class FeatureExtractor(Component, ABC):
    """Turns images into features in which distances mean something."""

    category: ClassVar[str] = "extractor"

    short: ClassVar[str] = ""
    """Stands in the name of every score made with it, such as ``studio`` in ``FID (studio)``, and is what a
    setting marked ``Extractor`` names it by."""

    @classmethod
    @abstractmethod
    def suits(cls, data: DataSpec) -> bool:
        """Say whether it can be used on such data; also false where its weights are not there."""

    @classmethod
    def needs(cls) -> str:
        """Return a sentence on what it needs and how to get it, for where :meth:`suits` misses that."""
        return ""

    @abstractmethod
    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """Make it ready for a data set: train it, or read weights; deterministic.

        ``cache`` is a folder of its own for this data, kept from run to run.
        """

    @abstractmethod
    def features(self, images: Tensor) -> Features:
        """Return features of ``images`` in [-1, 1] [N, C, H, W], without gradients."""

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return maps of features [N, K, H', W'], from fine to coarse, with gradients to the images.

        ``images`` in [-1, 1] [N, C, H, W], of any size and on any device. It is what a perceptual loss
        compares; an extractor that leaves it out is for scores alone.
        """
        raise NotImplementedError(f"{type(self).__name__} is for scores alone")

    @classmethod
    def perceives(cls) -> bool:
        """Say whether a loss can use it: whether it has a :meth:`perceive` of its own."""
        return cls.perceive is not FeatureExtractor.perceive


class FeatureMetric(Metric):
    """A metric in the feature space of an extractor. Its figures are named with extractor and count."""

    dear = True

    @abstractmethod
    def compare(self, made: Features, real: Features) -> Mapping[str, Score | float]:
        """Return named figures for what was made, held against real samples."""

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """A metric of features is asked by :meth:`compare`."""
        raise NotImplementedError(f"{type(self).__name__} compares features")
