"""Real samples as scores of features want them: images in [-1, 1], as many as are worth it, halves of them.

It knows nothing of what is computed from them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.api import Features, ImageSpec, LoadedData

LARGEST = 10_000
"""Real samples, at most, of which features are taken."""
_SEED = 2017
_AT_ONCE = 256


def parts(data: LoadedData) -> Iterator[tuple[Tensor, Tensor | None]]:
    """Yield images in [-1, 1] [N, C, H, W] and their classes, in an order that is always the same.

    Of data that is fed mirrored, every other image is; of data that is fed in squares, the middle is taken.
    """
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(_SEED))[:LARGEST]
    for index in torch.split(order, _AT_ONCE):
        images = _middle(data, data.values[index]).float().mul_(2 / 255).sub_(1)
        if data.flip:
            images[1::2] = images[1::2].flip(3)
        yield images, None if data.labels is None else data.labels[index]


def features_of(data: LoadedData, extract: Callable[[Tensor], Features]) -> Features:
    """Return the features of real samples, with the classes they are of."""
    found = [replace(extract(images), labels=labels) for images, labels in parts(data)]
    return joined(found)


def joined(found: list[Features]) -> Features:
    """Return the features of all parts as one."""

    def whole(tensors: list[Tensor | None]) -> Tensor | None:
        known = [tensor for tensor in tensors if tensor is not None]
        return torch.cat(known) if known and len(known) == len(tensors) else None

    return Features(
        torch.cat([each.values for each in found]),
        whole([each.logits for each in found]),
        whole([each.labels for each in found]),
    )


def part_of(features: Features, chosen: slice) -> Features:
    """Return the features of some of the samples."""
    return Features(
        features.values[chosen],
        None if features.logits is None else features.logits[chosen],
        None if features.labels is None else features.labels[chosen],
    )


def _middle(data: LoadedData, values: Tensor) -> Tensor:
    assert isinstance(data.spec, ImageSpec)
    top, left = (values.shape[2] - data.spec.height) // 2, (values.shape[3] - data.spec.width) // 2
    return values[:, :, top : top + data.spec.height, left : left + data.spec.width]
