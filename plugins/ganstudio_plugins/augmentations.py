"""Augmentations of images: differentiable, the same kind for real and generated samples.

They know nothing of the discriminator but, for the one that adapts, its logits.
"""

import math
from collections.abc import Callable, Sequence
from typing import Annotated

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio import api
from ganstudio.api import Augmentation, Live, Range, hookimpl


class DiffAugment(Augmentation):
    """Random colour, translation and cutout of every sample (Zhao et al., 2020, arXiv:2006.10738)."""

    title = "DiffAugment"

    class Settings(Augmentation.Settings):
        """Which changes are made."""

        colour: Annotated[
            bool, Live, "Change brightness by ± 0.5, saturation × 0..2, contrast × 0.5..1.5"
        ] = True
        translation: Annotated[
            float, Range(0.0, 0.5), Live, "Move by up to this share of the side; 0 leaves images in place"
        ] = 0.125
        cutout: Annotated[
            float, Range(0.0, 0.9), Live, "Side of the square that is made grey, as a share; 0 cuts nothing"
        ] = 0.5

    settings: "DiffAugment.Settings"

    def augment(self, samples: Tensor) -> Tensor:
        """Return images [N, C, H, W] with each change applied, differently to each image."""
        chosen = self.settings
        if chosen.colour:
            samples = _brightened(samples, _uniform(samples, -0.5, 0.5))
            samples = _saturated(samples, _uniform(samples, 0.0, 2.0))
            samples = _contrasted(samples, _uniform(samples, 0.5, 1.5))
        if chosen.translation:
            samples = _translated(samples, chosen.translation)
        return _cut_out(samples, chosen.cutout) if chosen.cutout else samples


class ADA(Augmentation):
    """Augmentations with a probability p that follows overfitting (Karras et al., 2020, arXiv:2006.06676).

    p rises while the discriminator gives more than the target share of real samples a positive logit, and
    falls while it gives less; it never passes its limit. Flips, quarter turns, translation, scaling,
    rotation, brightness, contrast and saturation are each applied with probability p.
    """

    title = "ADA (adaptive)"

    class Settings(Augmentation.Settings):
        """What p follows, and how fast."""

        target: Annotated[
            float, Range(0.0, 1.0), Live, "Mean sign of the logits of real samples that p holds them to"
        ] = 0.6
        speed: Annotated[
            float,
            Range(0.1, 10_000.0, log=True),
            Live,
            "Thousands of images in which p may go from 0 to 1; 500 for hundreds of thousands of images",
        ] = 100.0
        limit: Annotated[float, Range(0.0, 1.0), Live, "p never passes it"] = 0.8

    settings: "ADA.Settings"

    def __init__(self, settings: api.Settings | None = None) -> None:
        super().__init__(settings)
        self.strength: Tensor = torch.zeros(())

    def adapt(self, real_logits: Tensor) -> None:
        """Move p by sign(E[sign(D(real))] − target), as far as the images seen allow."""
        self.strength = self.strength.to(real_logits.device)
        step = len(real_logits) / (self.settings.speed * 1000)
        change = torch.sign(real_logits.sign().mean() - self.settings.target) * step
        self.strength = (self.strength + change).clamp(0.0, self.settings.limit)

    def augment(self, samples: Tensor) -> Tensor:
        """Return images [N, C, H, W], each change applied to each image with probability p."""
        for change in _PIPELINE:
            chosen = torch.rand(len(samples), 1, 1, 1, device=samples.device)
            samples = torch.where(chosen < self.strength.to(samples.device), change(samples), samples)
        return samples


def _uniform(samples: Tensor, low: float, high: float) -> Tensor:
    """Draw a number for each sample, [N, 1, 1, 1]."""
    drawn = torch.rand(len(samples), 1, 1, 1, device=samples.device, dtype=samples.dtype)
    return drawn * (high - low) + low


def _normal(samples: Tensor, deviation: float) -> Tensor:
    drawn = torch.randn(len(samples), 1, 1, 1, device=samples.device, dtype=samples.dtype)
    return drawn * deviation


def _brightened(samples: Tensor, amount: Tensor) -> Tensor:
    return samples + amount


def _saturated(samples: Tensor, factor: Tensor) -> Tensor:
    if samples.shape[1] == 1:
        return samples
    grey = samples.mean(1, keepdim=True)
    return torch.lerp(grey.expand_as(samples), samples, factor)


def _contrasted(samples: Tensor, factor: Tensor) -> Tensor:
    middle = samples.mean((1, 2, 3), keepdim=True)
    return torch.lerp(middle.expand_as(samples), samples, factor)


def _translated(samples: Tensor, share: float) -> Tensor:
    """Move each image by whole pixels; what comes in from outside is grey (0), as in its authors' code."""
    count, _, height, width = samples.shape
    down = _whole_pixels(count, share * height, samples.device)
    right = _whole_pixels(count, share * width, samples.device)
    rows = torch.arange(height, device=samples.device)[None] - down[:, None]
    columns = torch.arange(width, device=samples.device)[None] - right[:, None]
    inside = ((rows >= 0) & (rows < height))[:, None, :, None] & ((columns >= 0) & (columns < width))[
        :, None, None, :
    ]
    each = torch.arange(count, device=samples.device)[:, None, None]
    moved = samples[each, :, rows.clamp(0, height - 1)[:, :, None], columns.clamp(0, width - 1)[:, None, :]]
    return torch.where(inside, moved.permute(0, 3, 1, 2), samples.new_tensor(0.0))


def _whole_pixels(count: int, reach: float, device: torch.device) -> Tensor:
    limit = round(reach)
    return torch.randint(-limit, limit + 1, (count,), device=device)


def _cut_out(samples: Tensor, share: float) -> Tensor:
    """Make a square of each image grey (0), wherever it falls; it may hang over the edge."""
    count, _, height, width = samples.shape
    inside = []
    for side in (height, width):
        size = round(share * side)
        first = torch.randint(-(size // 2), side - size // 2 + 1, (count, 1), device=samples.device)
        places = torch.arange(side, device=samples.device)[None]
        inside.append((places >= first) & (places < first + size))
    hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return samples.masked_fill(hole, 0.0)


def _flipped(samples: Tensor) -> Tensor:
    return samples.flip(3)


def _turned(samples: Tensor) -> Tensor:
    """Turn square images by 90°, 180° or 270°; others by 180°."""
    if samples.shape[2] != samples.shape[3]:
        return samples.rot90(2, (2, 3))
    quarter = torch.randint(1, 4, (len(samples), 1, 1, 1), device=samples.device)
    turns = [samples.rot90(k, (2, 3)) for k in (1, 2, 3)]
    return torch.where(quarter == 1, turns[0], torch.where(quarter == 2, turns[1], turns[2]))


def _warped(samples: Tensor, scale: Tensor, angle: Tensor) -> Tensor:
    """Scale and rotate about the middle; the border is repeated outwards."""
    cosine, sine = (angle.cos() / scale).view(-1), (angle.sin() / scale).view(-1)
    zero = torch.zeros_like(sine)
    # The grid runs from -1 to 1 along either side, however long that is.
    aspect = samples.shape[2] / samples.shape[3]
    across = torch.stack([cosine, -sine * aspect, zero], 1)
    down = torch.stack([sine / aspect, cosine, zero], 1)
    matrix = torch.stack([across, down], 1)
    grid = functional.affine_grid(matrix, list(samples.shape), align_corners=False)
    return functional.grid_sample(samples, grid, padding_mode="border", align_corners=False)


def _scaled(samples: Tensor) -> Tensor:
    scale = torch.exp2(_normal(samples, 0.2))
    return _warped(samples, scale, torch.zeros_like(scale))


def _rotated(samples: Tensor) -> Tensor:
    angle = _uniform(samples, -math.pi, math.pi)
    return _warped(samples, torch.ones_like(angle), angle)


_PIPELINE: tuple[Callable[[Tensor], Tensor], ...] = (
    _flipped,
    _turned,
    lambda samples: _translated(samples, 0.125),
    _scaled,
    _rotated,
    lambda samples: _brightened(samples, _normal(samples, 0.2)),
    lambda samples: _contrasted(samples, torch.exp2(_normal(samples, 0.5))),
    lambda samples: _saturated(samples, torch.exp2(_normal(samples, 1.0))),
)
"""The changes of ADA, with the ranges of its authors' code."""


@hookimpl
def ganstudio_augmentations() -> Sequence[type[Augmentation]]:
    """Offer the augmentations."""
    return [DiffAugment, ADA]
