"""Drawing: samples of an architecture as scores want them, the same each time, a few at once.

It knows nothing of what they are for.
"""

from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor

from ganstudio.api import Architecture

Part = tuple[Tensor, Tensor | None]
"""Samples on the CPU, ``float32``, and the class each was asked to be of, where there are classes."""

_AT_ONCE = 4096
_VALUES_AT_ONCE = 1 << 20
"""Of samples made at once: what networks hold meanwhile is a few hundred times as much."""


def draw_labels(architecture: Architecture, count: int, generator: torch.Generator) -> Tensor | None:
    """Return ``count`` classes, each as likely, on the architecture's device; ``None`` where it has none."""
    if not architecture.classes:
        return None
    return torch.randint(architecture.classes, (count,), generator=generator).to(architecture.device)


class Drawing:
    """Draws ``count`` samples from a random source of its own; iterated, it gives them in parts.

    ``size``: how many values make a sample, which bounds how many are made at once.
    The architecture is to be in evaluation mode and without gradients. torch's own source of randomness,
    which networks that add noise draw from, is seeded meanwhile and then put back to where it was.
    """

    def __init__(self, architecture: Architecture, count: int, seed: int, size: int = 1) -> None:
        generator = torch.Generator().manual_seed(seed)
        self._architecture = architecture
        self._seed = seed
        self._at_once = max(1, min(_AT_ONCE, _VALUES_AT_ONCE // size))
        self._latents = architecture.draw_latents(count, generator)
        self._labels = draw_labels(architecture, count, generator) if self.possible else None

    @property
    def possible(self) -> bool:
        """Whether the variant makes samples from latents at all."""
        return self._latents is not None

    def __iter__(self) -> Iterator[Part]:
        """Yield parts until all are drawn."""
        latents = torch.split(cast(Tensor, self._latents), self._at_once)
        labels = (
            torch.split(self._labels, self._at_once) if self._labels is not None else [None] * len(latents)
        )
        for number, (some, asked) in enumerate(zip(latents, labels, strict=True)):
            yield self._made(some, asked, number), None if asked is None else asked.cpu()

    def _made(self, latents: Tensor, labels: Tensor | None, number: int) -> Tensor:
        device = self._architecture.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(self._seed + number)
            return self._architecture.samples(latents, labels).float().cpu()
