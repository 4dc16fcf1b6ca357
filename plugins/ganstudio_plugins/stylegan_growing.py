"""Growing: how much of a network of levels takes part (Karras et al., 2018, arXiv:1710.10196).

It knows nothing of networks; a level is one side length, and the next has twice that.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Level:
    """The topmost level that takes part, and how far it is faded in: above 0, and 1 when it is all there."""

    top: int
    share: float


class Growth(nn.Module):
    """How far a network has grown: a number that is kept with its weights, averaged and exported ones too."""

    reached: Tensor

    def __init__(self, levels: int, growing: bool) -> None:
        super().__init__()
        self.levels = levels
        self.growing = growing
        self.register_buffer("reached", torch.tensor(0.0 if growing else levels - 1.0), persistent=growing)

    def level(self) -> Level:
        """Return what takes part now."""
        if not self.growing:
            return Level(self.levels - 1, 1.0)
        reached = float(self.reached)
        top = math.ceil(reached)
        return Level(top, 1.0 if top == 0 else reached - (top - 1))


def reached(images: int, each: int, levels: int) -> float:
    """Return how far a network has grown once so many images were seen, 0 to levels − 1.

    Every level is trained for ``each`` images as it is, then the next is faded in over as many.
    """
    level, within = divmod(images / each, 2)
    return min(level + max(within - 1, 0.0), levels - 1.0)


def doubled(images: Tensor, times: int = 1) -> Tensor:
    """Return images [N, C, H, W] with every pixel repeated, their sides doubled so many times."""
    return functional.interpolate(images, scale_factor=2.0**times, mode="nearest") if times else images


def halved(images: Tensor, times: int = 1) -> Tensor:
    """Return images [N, C, H, W] with pixels averaged, their sides halved so many times."""
    return functional.avg_pool2d(images, 2**times) if times else images
