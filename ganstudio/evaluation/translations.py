"""Translations: what a variant makes of images that are held out, as scores want samples.

It knows nothing of what is computed of them.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from ganstudio.api import Architecture, LoadedData, UnpairedSpec

LEAST = 20
"""Translations that scores of features are taken of, at least."""
_VALUES_AT_ONCE = 1 << 18
"""Of images that are translated at once: what networks hold meanwhile is a few hundred times as much."""


def second_domain(data: LoadedData) -> LoadedData | None:
    """Return the images of the second domain as data of their own; nothing where there are no two domains."""
    return data.made() if isinstance(data.spec, UnpairedSpec) and data.other is not None else None


def held_out_inputs(data: LoadedData) -> Tensor | None:
    """Return the images ``uint8`` [N, C, H, W] that are held out, to be translated; nothing where few are."""
    inputs = data.held_out[0].values if data.held_out else None
    return inputs if inputs is not None and len(inputs) >= LEAST else None


class Translations:
    """What an architecture makes of images, in parts, on the CPU; without classes."""

    def __init__(self, architecture: Architecture, inputs: Tensor) -> None:
        self._architecture = architecture
        self._translate: Callable[[Tensor], Tensor] | None = getattr(architecture, "translate", None)
        self._inputs = inputs

    @property
    def possible(self) -> bool:
        """Whether the variant translates images at all."""
        return self._translate is not None

    def __iter__(self) -> Iterator[tuple[Tensor, Any]]:
        """Yield parts until all are translated, in their order."""
        assert self._translate is not None
        at_once = max(1, _VALUES_AT_ONCE // self._inputs[0].numel())
        for some in torch.split(self._inputs, at_once):
            yield self._translate(as_fed(some, self._architecture)).float().cpu(), None


def as_fed(images: Tensor, architecture: Architecture) -> Tensor:
    """Return images ``uint8`` as a variant takes them: in [-1, 1], on its device."""
    return images.to(architecture.device).float().mul_(2 / 255).sub_(1)
