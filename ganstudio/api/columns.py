"""Columns: a preview whose columns belong together, such as input, translation and target.

It knows nothing of networks, nor of what the images are.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api.architecture import Preview


def side_by_side(*columns: tuple[str, Tensor]) -> Preview:
    """Return a preview of columns with captions: images [N, C, H, W] of like numbers.

    Several such groups of columns stand beside each other, so that the whole is about as wide as high.
    Images in grey, or smaller than others, are brought to the colours and the size of those, without new
    shades.
    """
    captions, images = zip(*columns, strict=True)
    rows = torch.stack(_alike(images), 1).flatten(0, 1)
    groups = max(round(math.sqrt(len(rows)) / len(columns)), 1)
    return Preview(rows, groups * len(columns), captions * groups)


def _alike(images: tuple[Tensor, ...]) -> list[Tensor]:
    channels = max(part.shape[1] for part in images)
    size = max(part.shape[2] for part in images), max(part.shape[3] for part in images)
    made = [part.expand(-1, channels, -1, -1) for part in images]
    return [part if part.shape[2:] == size else functional.interpolate(part, size) for part in made]
