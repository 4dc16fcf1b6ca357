"""Vital signs: figures of a few images, each cheap enough for every preview, and each on tensors alone.

It knows nothing of runs, of data sets or of when it is asked. Distances are of small copies of the images
(:func:`small`), as pixels of large ones mean little and cost much.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

GREY_SIDE, COLOUR_SIDE = 12, 8
"""The longer side of a small copy in pixels: about as many numbers either way."""
NEIGHBOURS = 5
"""Of the radius that coverage asks for (Naeem et al., 2020, arXiv:2002.09797)."""
REPEATED_QUANTILE = 0.01
"""Of the distances of real samples to their nearest: what is nearer repeats another sample."""
LEAST_NEAR = 0.05
"""Of the median of those distances: data that holds an image twice still tells repeats."""
BLOCK = 8
"""Pixels in which the highest frequency is looked for: its band is an eighth of the spectrum wide."""
LEAST_NYQUIST = 1e-3
"""A share that small is none: smooth data has almost nothing to be divided by."""


def small(images: Tensor) -> Tensor:
    """Return images [N, C, H, W] as vectors [N, D] of a small copy; differences are per pixel, root mean."""
    side = GREY_SIDE if images.shape[1] == 1 else COLOUR_SIDE
    height, width = images.shape[2:]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    vectors = functional.adaptive_avg_pool2d(images.float(), size).flatten(1)
    scaled: Tensor = vectors / vectors.shape[1] ** 0.5
    return scaled


def spread(vectors: Tensor) -> float:
    """Return the mean distance of two different vectors of [N, D]; 0 for fewer than two."""
    count = len(vectors)
    if count < 2:
        return 0.0
    return float(torch.cdist(vectors, vectors).sum(dtype=torch.float64)) / (count * (count - 1))


def nearest_others(vectors: Tensor, rank: int = 1) -> Tensor:
    """Return each vector's distance to its ``rank``-th nearest other one, [N]."""
    distances = torch.cdist(vectors, vectors)
    distances.fill_diagonal_(torch.inf)
    near: Tensor = distances.kthvalue(rank, 1).values
    return near


def repeat_threshold(real: Tensor) -> float:
    """Return the distance below which two samples are one, by how far real ones [N, D] lie apart."""
    near = nearest_others(real)
    return max(float(near.quantile(REPEATED_QUANTILE)), LEAST_NEAR * float(near.median()))


def nearest_in(vectors: Tensor, known: Tensor, squares: Tensor) -> Tensor:
    """Return the distance of each vector [M, D] to the nearest of ``known`` [N, D], [M].

    ``squares`` [N]: the squared lengths of ``known``.
    """
    # |a - b|² = |a|² + |b|² - 2 a·b, of which |a|² does not tell which b is nearest.
    index = torch.addmm(squares, vectors, known.T, alpha=-2.0).argmin(1)
    # Measured anew: the sum above has lost the digits that tell a copy from a near one.
    distances: Tensor = torch.linalg.vector_norm(vectors - known[index], dim=1)
    return distances


def nearest_other_in(known: Tensor, squares: Tensor, own: Sequence[Tensor]) -> Tensor:
    """Return the distance of some of ``known`` [N, D] to the nearest of the others, [M].

    ``own``: where each of them is, [M], and where any others are that do not count, such as mirror images.
    """
    vectors = known[own[0]]
    distances = torch.addmm(squares, vectors, known.T, alpha=-2.0)
    for index in own:
        distances[torch.arange(len(index)), index] = torch.inf
    apart: Tensor = torch.linalg.vector_norm(vectors - known[distances.argmin(1)], dim=1)
    return apart


def nyquist_share(images: Tensor) -> float:
    """Return how much of what varies in images [N, C, H, W] alternates from pixel to pixel, 0..1.

    That is the energy at the highest frequency, along rows and along columns, of blocks of 8 pixels.
    """
    grey = images.float().mean(1)
    total = (grey - grey.mean((1, 2), keepdim=True)).square().mean((1, 2))
    alternating = sum(_alternating(turned) for turned in (grey, grey.transpose(1, 2)))
    assert isinstance(alternating, Tensor)
    # A flat image has no spectrum.
    return float((alternating / total.clamp_min(1e-8)).clamp(max=1).mean())


def _alternating(grey: Tensor) -> Tensor:
    """Return the energy a pixel of what alternates along rows of grey images [N, H, W], [N]."""
    block = min(BLOCK, grey.shape[2] // 2 * 2)
    if not block:
        return grey.new_zeros(len(grey))
    signs = torch.tensor([1.0, -1.0]).repeat(block // 2) / block
    blocks = grey[..., : grey.shape[2] // block * block].reshape(*grey.shape[:2], -1, block)
    return torch.mv(blocks.reshape(-1, block), signs).view(len(grey), -1).square().mean(1)


def clipped_share(images: Tensor) -> float:
    """Return the share of values of images in [-1, 1] that are black or white to the last bit, 0..1."""
    # Rounded to 8 bits, these are 0 and 255.
    return float((images.abs() >= 1 - 1 / 255).float().mean())
