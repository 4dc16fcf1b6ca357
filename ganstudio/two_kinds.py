"""Two kinds: images of two domains, or inputs and targets, as one whole to be looked at.

It knows nothing of what is measured or shown of them, nor of how they are trained on.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import LoadedData, UnpairedSpec

GROUND = 128
"""Grey, beside and below the smaller one of two images."""


def all_samples(data: LoadedData) -> list[Tensor]:
    """Return the samples that stand for themselves: of unpaired data those of both domains.

    Grey images are in three colours where the others have them.
    """
    if data.other is None or not isinstance(data.spec, UnpairedSpec):
        return [data.values]
    channels = max(data.values.shape[1], data.other.shape[1])
    return [part.expand(-1, channels, -1, -1) for part in (data.values, data.other)]


def taken(parts: Sequence[Tensor], places: Tensor) -> Tensor:
    """Return the samples at ``places``, which count through all parts, as one tensor."""
    if len(parts) == 1:
        return parts[0][places]
    size = _largest(parts)
    first = len(parts[0])
    return torch.cat([_padded(parts[p >= first][[p - first * (p >= first)]], size) for p in places.tolist()])


def beside(first: Tensor, second: Tensor) -> Tensor:
    """Return images [N, C, H, W] and [N, C', H', W'] beside each other, one after the other.

    Those that fit several times into the others, as small ones that are to be enlarged, are shown as large.
    """
    size = _largest((first, second))
    channels = max(first.shape[1], second.shape[1])
    return torch.cat([_as_large(part.expand(-1, channels, -1, -1), size) for part in (first, second)], 3)


def _largest(parts: Sequence[Tensor]) -> tuple[int, int]:
    return max(part.shape[2] for part in parts), max(part.shape[3] for part in parts)


def _as_large(images: Tensor, size: tuple[int, int]) -> Tensor:
    times = size[0] // images.shape[2]
    if (times * images.shape[2], times * images.shape[3]) != size:
        return _padded(images, size)
    return images.repeat_interleave(times, 2).repeat_interleave(times, 3)


def _padded(images: Tensor, size: tuple[int, int]) -> Tensor:
    below, right = size[0] - images.shape[2], size[1] - images.shape[3]
    return functional.pad(images, (0, right, 0, below), value=GROUND)
