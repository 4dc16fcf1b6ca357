"""Layers of residual networks without normalisation (R3GAN: Huang et al., 2024, arXiv:2501.05441).

They know nothing of how a network is put together of them, nor of GANs.
"""

import math
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.2
"""Of the leaky ReLUs below zero."""
GAIN = math.sqrt(2 / (1 + SLOPE**2))
"""What a weight is scaled by so that values keep their variance through a leaky ReLU."""

Scalable = TypeVar("Scalable", nn.Conv2d, nn.Linear)


def scaled_(layer: Scalable, gain: float = 1.0) -> Scalable:
    """Draw the weights from N(0, gain² / fan-in), set the bias to zero, and return the layer."""
    nn.init.normal_(layer.weight, 0.0, gain / math.sqrt(layer.weight[0].numel()))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def convolution(
    inputs: int,
    outputs: int,
    side: int,
    groups: int = 1,
    gain: float = 1.0,
    bias: bool = False,
    padding: int | None = None,
) -> nn.Conv2d:
    """Return a ``side`` × ``side`` convolution that keeps the sides of its input, unless told otherwise."""
    padding = side // 2 if padding is None else padding
    return scaled_(nn.Conv2d(inputs, outputs, side, padding=padding, groups=groups, bias=bias), gain)


class Bottleneck(nn.Module):
    """x + W₃ φ(W₂ φ(W₁ x)), [N, C, H, W] → the same: 1 × 1, grouped 3 × 3, 1 × 1, φ a leaky ReLU.

    ``in_all`` blocks of a network add up without normalisation because W₃ begins at ``last_gain`` (zero), and
    W₁ and W₂ are scaled by in_all^(−1/4) (Fixup: Zhang et al., 2019, arXiv:1901.09321, for three layers).
    """

    def __init__(self, width: int, inside: int, groups: int, in_all: int, last_gain: float = 0.0) -> None:
        super().__init__()
        gain = GAIN * in_all**-0.25
        self.layers = nn.Sequential(
            convolution(width, inside, 1, gain=gain, bias=True),
            nn.LeakyReLU(SLOPE, inplace=True),
            convolution(inside, inside, 3, groups=groups, gain=gain, bias=True),
            nn.LeakyReLU(SLOPE, inplace=True),
            convolution(inside, width, 1, gain=last_gain),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add what the layers make of ``x`` to it."""
        change: Tensor = self.layers(x)
        return x + change


class Basis(nn.Module):
    """[N, inputs] → the smallest features [N, C, side, side]: each channel is a learned picture, weighted."""

    def __init__(self, inputs: int, width: int, side: int) -> None:
        super().__init__()
        self.weights = scaled_(nn.Linear(inputs, width, bias=False))
        self.pictures = nn.Parameter(torch.randn(width, side, side))

    def forward(self, latents: Tensor) -> Tensor:
        """Return the weighted pictures."""
        weights: Tensor = self.weights(latents)
        return weights[:, :, None, None] * self.pictures


class Resample(nn.Module):
    """A smooth change of size through the filter [1, 3, 3, 1] in each direction, with zeros beyond the edges.

    It is [1, 2, 1] over pairs of equal neighbours, which is bilinear interpolation.
    """

    filter: Tensor

    def __init__(self, width: int, total: float) -> None:
        super().__init__()
        row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        square = total * torch.outer(row, row)
        self.register_buffer("filter", square.expand(width, 1, 4, 4).clone(), persistent=False)


class HalveSides(Resample):
    """[N, width, H, W] → [N, width, H/2, W/2]."""

    def __init__(self, width: int) -> None:
        super().__init__(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Filter, and take every second value."""
        return functional.conv2d(x, self.filter, stride=2, padding=1, groups=x.shape[1])


class DoubleSides(Resample):
    """[N, width, H, W] → [N, width, 2H, 2W]."""

    def __init__(self, width: int) -> None:
        # Three of four values are the zeros put between, so that times 4 keeps the mean.
        super().__init__(width, 4)

    def forward(self, x: Tensor) -> Tensor:
        """Put zeros between the values, and filter."""
        return functional.conv_transpose2d(x, self.filter, stride=2, padding=1, groups=x.shape[1])
