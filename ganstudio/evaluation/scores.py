"""Scores: metrics asked about samples of an architecture, at moments the trainer chooses.

It knows nothing of what the metrics compute. Those that cost seconds have :mod:`dear_scores`, and those in a
feature space :mod:`feature_scores`.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import torch

from ganstudio.api import Architecture, LoadedData, Metric
from ganstudio.evaluation.drawing import Drawing
from ganstudio.evaluation.translations import as_fed

_OF_EACH = 64
"""Images of each held-out set that are translated at a preview, at most: it is not to take long."""


class Scores:
    """Draws samples with a random source of its own, the same each time, and asks each metric."""

    def __init__(
        self, metrics: Sequence[Metric], real: LoadedData, seed: int, dear: Sequence[object] = ()
    ) -> None:
        self.dear = dear
        """Observers that cost seconds, each to be asked at times of its own."""
        self._metrics = metrics
        self._real = real
        self._seed = seed
        self.better: dict[str, Literal["higher", "lower"]] = {}
        """Which way each figure that was given is better, by its name."""

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        """Return the figures of all metrics under ``score/``.

        Of a variant without latents, means over what it makes of held-out inputs; nothing without these.
        """
        count = max((metric.count for metric in self._metrics), default=0)
        if not count:
            return {}
        drawing = Drawing(architecture, count, self._seed, self._real.values[0].numel())
        if not drawing.possible:
            return self._of_held_out(architecture)
        parts, labels = zip(*drawing, strict=True)
        asked = None if labels[0] is None else torch.cat(labels)
        return self._figures(torch.cat(parts), asked, self._real)

    def _of_held_out(self, architecture: Architecture) -> dict[str, float]:
        translate = getattr(architecture, "translate", None)
        if translate is None:
            return {}
        found: dict[str, list[float]] = {}
        for data in self._real.held_out:
            some = _first(data)
            made = translate(as_fed(some.values, architecture)).float().cpu()
            for name, value in self._figures(made, None, some, paired=True).items():
                found.setdefault(name, []).append(value)
        return {name: statistics.fmean(values) for name, values in found.items()}

    def _figures(
        self, samples: torch.Tensor, labels: torch.Tensor | None, real: LoadedData, paired: bool = False
    ) -> dict[str, float]:
        figures = {}
        for metric in self._metrics:
            # Of pairs there is a sample for each of the real ones.
            count = len(samples) if paired else metric.count
            asked = None if labels is None else labels[:count]
            for name, value in metric.score_labelled(samples[:count], asked, real).items():
                figures[f"score/{name}"] = value
                self.better[f"score/{name}"] = "lower" if name in metric.lower else metric.better
        return figures


def _first(data: LoadedData) -> LoadedData:
    """Return the first pairs of those held out."""
    other = data.other[:_OF_EACH] if data.other is not None else None
    return replace(data, values=data.values[:_OF_EACH], other=other)
