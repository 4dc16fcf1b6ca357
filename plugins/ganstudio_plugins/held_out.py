"""Images that are held out of two kinds: a share that is never trained on, by which translations are judged.

Which ones depends on how many there are alone. It knows nothing of where the images come from.
"""

from dataclasses import replace
from typing import Annotated

import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, PairedSpec, Range, UnpairedSpec

SHARE = 0.1
"""What is held out unless another share is chosen."""
HeldOut = Annotated[
    float,
    Range(0.0, 0.5),
    "Share of the pairs, or of the images of the first domain, that is never trained on, by which scores "
    "judge translations; of at most 256",
]
"""The type of the setting that says so."""
BEFORE = {"held_out": 0.0}
"""What stood for it in runs from before there was such a setting."""
LEAST, MOST = 20, 256
"""Of fewer images than the first none is held out, and of any number no more than the second."""
_LARGE = 1 << 28
"""Bytes from which on images may be mapped from a file: the last are held out then, as others would be copied
into memory with all that stay."""


def with_held_out(data: LoadedData, share: float) -> LoadedData:
    """Return data of two kinds without what is held out of it, which becomes data of its own, in squares.

    Of pairs both images are held out; of unpaired images those of the first domain alone, as translations are
    held against all of the second.
    """
    assert isinstance(data.spec, UnpairedSpec | PairedSpec)
    if not share:
        return data
    if len(data) < LEAST:
        few = f"{len(data)} {'pairs' if isinstance(data.spec, PairedSpec) else 'images of the first domain'}"
        note = (
            f"Nothing is held out of {few}, so translations are not scored: {LEAST} are the fewest for that."
        )
        return replace(data, notes=[*data.notes, note])
    kept, held = parted(data.values, share)
    first = middle(data.values[held], data.spec.parts[0])
    if isinstance(data.spec, UnpairedSpec) or data.other is None:
        return replace(data, values=data.values[kept], held_out=(LoadedData(data.spec.parts[0], first),))
    second = middle(data.other[held], data.spec.parts[1])
    apart = LoadedData(data.spec, first, other=second)
    return replace(data, values=data.values[kept], other=data.other[kept], held_out=(apart,))


def parted(images: Tensor, share: float) -> tuple[Tensor | slice, Tensor | slice]:
    """Return the places of images [N, ...] to train on, and of those to hold out, each in their order."""
    count = len(images)
    held = min(max(round(share * count), 1), MOST)
    if images.nbytes >= _LARGE:
        return slice(count - held), slice(count - held, None)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    return order[held:].sort().values, order[:held].sort().values


def middle(images: Tensor, kind: ImageSpec) -> Tensor:
    """Return the middle of images [N, C, H, W] in the size of ``kind``, which are fed in squares of it."""
    top, left = (images.shape[2] - kind.height) // 2, (images.shape[3] - kind.width) // 2
    return images[:, :, top : top + kind.height, left : left + kind.width].contiguous()
