"""Scores: metrics asked about samples of an architecture, at moments the trainer chooses.

It knows nothing of what the metrics compute. Those that cost seconds have :mod:`dear_scores`, and those in a
feature space :mod:`feature_scores`.
"""

import statistics
from collections.abc import Mapping, Sequence
from typing import Literal

import torch

from ganstudio.api import Architecture, LoadedData, Metric
from ganstudio.evaluation.drawing import Drawing


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
            inputs = data.values.to(architecture.device).float().mul_(2 / 255).sub_(1)
            for name, value in self._figures(translate(inputs).float().cpu(), None, data).items():
                found.setdefault(name, []).append(value)
        return {name: statistics.fmean(values) for name, values in found.items()}

    def _figures(
        self, samples: torch.Tensor, labels: torch.Tensor | None, real: LoadedData
    ) -> dict[str, float]:
        figures = {}
        for metric in self._metrics:
            asked = None if labels is None else labels[: metric.count]
            for name, value in metric.score_labelled(samples[: metric.count], asked, real).items():
                figures[f"score/{name}"] = value
                self.better[f"score/{name}"] = "lower" if name in metric.lower else metric.better
        return figures
