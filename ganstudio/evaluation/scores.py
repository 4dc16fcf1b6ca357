"""Scores: metrics asked about samples of an architecture, at moments the trainer chooses."""

import statistics
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
        """Return the figures of all metrics under ``score/``.

        Of a variant without latents, means over what it makes of held-out inputs; nothing without these.
        """
        count = max(metric.count for metric in self._metrics)
        generator = torch.Generator().manual_seed(self._seed)
        latents = architecture.draw_latents(count, generator)
        if latents is None:
            return self._of_held_out(architecture)
        labels = draw_labels(architecture, count, generator)
        samples = architecture.samples(latents, labels).float().cpu()
        return self._figures(samples, self._real)

    def _of_held_out(self, architecture: Architecture) -> dict[str, float]:
        translate = getattr(architecture, "translate", None)
        if translate is None:
            return {}
        found: dict[str, list[float]] = {}
        for data in self._real.held_out:
            inputs = data.values.to(architecture.device).float().mul_(2 / 255).sub_(1)
            for name, value in self._figures(translate(inputs).float().cpu(), data).items():
                found.setdefault(name, []).append(value)
        return {name: statistics.fmean(values) for name, values in found.items()}

    def _figures(self, samples: torch.Tensor, real: LoadedData) -> dict[str, float]:
        figures = {}
        for metric in self._metrics:
            for name, value in metric.score(samples[: metric.count], real).items():
                figures[f"score/{name}"] = value
                self.better[f"score/{name}"] = metric.better
        return figures
