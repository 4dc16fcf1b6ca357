"""Scores: metrics asked about samples of an architecture, at moments the trainer chooses."""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch

from ganstudio.api import Architecture, LoadedData, Metric


def draw_labels(architecture: Architecture, count: int, generator: torch.Generator) -> torch.Tensor | None:
    """Return ``count`` classes, each as likely, on the architecture's device; ``None`` where it has none."""
    if not architecture.classes:
        return None
    return torch.randint(architecture.classes, (count,), generator=generator).to(architecture.device)


class Scores:
    """Draws samples with a random source of its own, the same each time, and asks each metric."""

    def __init__(self, metrics: Sequence[Metric], real: LoadedData, seed: int) -> None:
        self._metrics = metrics
        self._real = real
        self._seed = seed
        self.better: dict[str, Literal["higher", "lower"]] = {}
        """Which way each figure that was given is better, by its name."""

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        """Return the figures of all metrics under ``score/``; nothing for a variant without latents."""
        count = max(metric.count for metric in self._metrics)
        generator = torch.Generator().manual_seed(self._seed)
        latents = architecture.draw_latents(count, generator)
        if latents is None:
            return {}
        labels = draw_labels(architecture, count, generator)
        samples = architecture.samples(latents, labels).float().cpu()
        figures = {}
        for metric in self._metrics:
            for name, value in metric.score(samples[: metric.count], self._real).items():
                figures[f"score/{name}"] = value
                self.better[f"score/{name}"] = metric.better
        return figures
