"""Metrics: figures that say how good samples are. They know nothing of when they are asked for."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

from torch import Tensor

from ganstudio.api.component import Component
from ganstudio.api.data import DataSpec, LoadedData


class Metric(Component, ABC):
    """Scores generated samples, as one or more curves under ``score/``."""

    category: ClassVar[str] = "metric"

    count: ClassVar[int] = 2500
    """How many samples it wants."""

    better: ClassVar[Literal["higher", "lower"]] = "higher"
    """Which way its figures are better: the checkpoint of the best can be kept."""

    @classmethod
    @abstractmethod
    def suits(cls, data: DataSpec) -> bool:
        """Say whether this metric means anything for such data."""

    @abstractmethod
    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return named figures for ``samples``: images in [-1, 1] [N, C, H, W], or points [N, D].

        Of pairs, ``samples`` are what was made of the inputs of ``real``, in their order.
        """
