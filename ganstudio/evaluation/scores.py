"""Scores: metrics asked about samples of an architecture, at moments the trainer chooses."""

from collections.abc import Mapping, Sequence

import torch

from ganstudio.api import Architecture, LoadedData, Metric


class Scores:
    """Draws samples with a random source of its own, the same each time, and asks each metric."""

    def __init__(self, metrics: Sequence[Metric], real: LoadedData, seed: int) -> None:
        self._metrics = metrics
        self._real = real
        self._seed = seed

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        """Return the figures of all metrics under ``score/``; nothing for a variant without latents."""
        count = max(metric.count for metric in self._metrics)
        latents = architecture.draw_latents(count, torch.Generator().manual_seed(self._seed))
        if latents is None:
            return {}
        samples = architecture.generate(latents).float().cpu()
        return {
            f"score/{name}": value
            for metric in self._metrics
            for name, value in metric.score(samples[: metric.count], self._real).items()
        }
