"""Metrics of pairs: how near what is made comes to its target. They know nothing of what made it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import DataSpec, LoadedData, Metric, PairedSpec
from ganstudio_plugins.sr_quality import SMALLEST, cropped, luma, psnr, ssim

_MIDDLE = 128
"""Pixels of an image's middle that features are compared in: more would cost more at every preview."""
_SEED, _FILTERS, _SIDE, _SIZES = 2016, 16, 5, 3
_AROUND = 8
"""Pixels around a place, at each size, over which the answers of filters are averaged."""
_FAINT = 1e-3
"""Answers that are less on average are those of even surfaces, which are alike."""


class PeakSignal(Metric):
    """PSNR in dB and SSIM of brightness, without a border as wide as the enlargement.

    As in the papers on super-resolution: Y of BT.601 of images rounded to 8 bits.
    """

    title = "PSNR and SSIM"
    count: ClassVar[int] = 1

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Pairs alone."""
        return isinstance(data, PairedSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``psnr`` and ``ssim`` of ``samples`` in [-1, 1], made of the inputs of ``real``."""
        assert isinstance(real.spec, PairedSpec)
        assert real.other is not None
        scale = max(real.spec.target.height // real.spec.input.height, 1)
        border = scale if scale > 1 else 0
        rounded = samples.float().clamp(-1, 1).add(1).mul(127.5).round()
        made, wanted = (cropped(luma(images), border) for images in (rounded, real.other))
        figures = {"psnr": float(psnr(made, wanted).mean())}
        if min(made.shape[2:]) >= SMALLEST:
            figures["ssim"] = float(ssim(made, wanted).mean())
        return figures


class FeatureDistance(Metric):
    """How far textures are from those of the targets in random features, 0 to 1; 0 where alike.

    Features are answers of random filters to contrast at three sizes, which tell textures apart well (He et
    al., 2016, arXiv:1606.04801; Ustyuzhaninov et al., 2017, arXiv:1606.00021). Compared is how strong they
    are on average around each place, so that blur, which PSNR forgives, counts for much, and a right texture
    that lies a pixel beside its place for little: read it beside PSNR, which says whether what is there is
    there. It is no LPIPS: nothing in it was learned, neither of objects nor of what people see. Of each image
    the middle counts, up to 128 pixels wide and high.
    """

    title = "Distance in random features"
    count: ClassVar[int] = 1
    better = "lower"
    figures = ("feature_distance (random features)",)

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Pairs alone."""
        return isinstance(data, PairedSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return it of ``samples`` in [-1, 1], made of the inputs of ``real``; nothing below 12 pixels."""
        assert real.other is not None
        made, wanted = _middle(samples).float().clamp(-1, 1), _middle(real.other).float() / 127.5 - 1
        apart = [
            (first - second).abs().mean() / (first + second).mean().clamp(min=_FAINT)
            for first, second in zip(_textures(made), _textures(wanted), strict=True)
        ]
        return {self.figures[0]: float(torch.stack(apart).mean())} if apart else {}


def _middle(images: Tensor) -> Tensor:
    """Return the middle of images [N, C, H, W], at most ``_MIDDLE`` wide and high."""
    for axis in (2, 3):
        side = min(images.shape[axis], _MIDDLE)
        images = images.narrow(axis, (images.shape[axis] - side) // 2, side)
    return images


def _textures(images: Tensor) -> list[Tensor]:
    """Return how strongly filters answer around each place of images [N, C, H, W], from fine to coarse."""
    filters = _filters(images.shape[1])
    found: list[Tensor] = []
    while min(images.shape[2:]) >= _SIDE + _AROUND - 1 and len(found) < _SIZES:
        answers = functional.relu(functional.conv2d(images, filters))
        found.append(functional.avg_pool2d(answers, _AROUND, _AROUND // 2))
        images = functional.avg_pool2d(images, 2)
    return found


@lru_cache(maxsize=4)
def _filters(channels: int) -> Tensor:
    """Return random filters [F, C, S, S], the same each time, that answer nothing to an even surface."""
    chance = torch.Generator().manual_seed(_SEED)
    filters = torch.randn(_FILTERS, channels, _SIDE, _SIDE, generator=chance)
    filters -= filters.mean((2, 3), keepdim=True)
    return functional.normalize(filters.flatten(1)).view_as(filters)
