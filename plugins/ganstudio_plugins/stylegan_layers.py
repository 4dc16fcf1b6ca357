"""Layers of StyleGAN2 (Karras et al., 2020, arXiv:1912.04958) on plain tensor operations.

They know nothing of how networks are put together of them, of noise, styles or where those come from.

Every activation is a leaky ReLU times √2, which keeps the variance of what goes through. Positive factors may
as well come before that ReLU: the √2 stands in the small tensors there (weights, biases) and costs nothing.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.2
"""Of the leaky ReLUs below zero."""
GAIN = math.sqrt(2)
"""What a leaky ReLU is followed by."""


class EqualLinear(nn.Linear):
    """A linear layer whose weights are N(0, 1) and scaled as they are used: equalised learning rate.

    Karras et al., 2018, arXiv:1710.10196, section 4.1. ``rate``: multiplies the learning rate of this layer.
    ``equal``: without, weights are scaled once, as they are drawn, which normalised weights need.
    """

    def __init__(
        self, inputs: int, outputs: int, gain: float = 1.0, rate: float = 1.0, equal: bool = True
    ) -> None:
        super().__init__(inputs, outputs)
        scale = gain / math.sqrt(inputs)
        self.scale, self.bias_scale = (scale * rate, gain * rate) if equal else (1.0, 1.0)
        nn.init.normal_(self.weight, std=1 / rate if equal else scale)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scaled weights times ``x`` [N, inputs], plus the bias: [N, outputs]."""
        return functional.linear(x, self.weight * self.scale, self.bias * self.bias_scale)


class EqualConvolution(nn.Conv2d):
    """A convolution with an equalised learning rate; [N, inputs, H, W] → [N, outputs, H, W].

    ``halve``: filters ``x`` and takes every second place, so that the sides become half as long.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        side: int,
        gain: float = 1.0,
        bias: bool = True,
        halve: bool = False,
        equal: bool = True,
    ) -> None:
        # Filtered with a margin of two, a plane is one longer, which a 3 × 3 window needs no padding for.
        padding = 0 if halve else side // 2
        super().__init__(inputs, outputs, side, 2 if halve else 1, padding, bias=bias)
        scale = gain / math.sqrt(inputs * side * side)
        self.scale, self.bias_scale = (scale, gain) if equal else (1.0, 1.0)
        self.filter = Filter(inputs, 1, padding=(side + 1) // 2) if halve else None
        nn.init.normal_(self.weight, std=1.0 if equal else scale)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution of ``x`` with the scaled weights."""
        if self.filter is not None:
            x = self.filter(x)
        bias = None if self.bias is None else self.bias * self.bias_scale
        weight = self.weight * self.scale
        if self.kernel_size == (1, 1):
            return pointwise(x, weight.flatten(1), bias)
        return functional.conv2d(x, weight, bias, self.stride, self.padding)


def pointwise(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return the 1 × 1 convolution of ``x`` [N, inputs, H, W] with ``weight`` [outputs, inputs].

    As a product of matrices: with few channels that is many times as fast as torch's convolution.
    """
    return functional.linear(x.permute(0, 2, 3, 1), weight, bias).permute(0, 3, 1, 2)


class Filter(nn.Module):
    """The smoothing filter [1, 3, 3, 1] in both directions, with zeros beyond the edges.

    [N, C, H, W] → [N, C, H + 2 · padding − 3, …].
    """

    kernel: Tensor

    def __init__(self, channels: int, total: float, padding: int) -> None:
        super().__init__()
        row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        kernel = (total * torch.outer(row, row)).expand(channels, 1, 4, 4).clone()
        self.register_buffer("kernel", kernel, persistent=False)
        self.padding = padding

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` filtered, each channel for itself."""
        return functional.conv2d(x, self.kernel, padding=self.padding, groups=x.shape[1])


class ModulatedConvolution(nn.Module):
    """A 3 × 3 convolution whose weights a style scales and that are then brought back to length one.

    Karras et al., 2020, equations 1 and 3. Scaling weights by the style is scaling the input, and bringing
    them to length one is scaling the output, so all samples of a batch share one convolution.
    """

    def __init__(self, inputs: int, outputs: int, style: int, double: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.affine = affine(style, inputs)
        # Doubling leaves three of four places empty, so that times 4 keeps the mean.
        self.filter = Filter(outputs, 4, padding=1) if double else None

    def forward(self, x: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
        """Return features [N, outputs, H, W], and what they are still to be multiplied by [N, outputs, 1, 1].

        ``x`` [N, inputs, H, W], ``style`` [N, style]. Who multiplies may do so together with adding noise.
        """
        modulation: Tensor = self.affine(style)
        x = x * modulation[:, :, None, None]
        if self.filter is None:
            x = functional.conv2d(x, self.weight, padding=1)
        else:
            x = functional.conv_transpose2d(x, self.weight.transpose(0, 1), stride=2)
            x = self.filter(x)
        squares = self.weight.square().sum((2, 3))
        lengths = functional.linear(modulation.square(), squares) + 1e-8
        return x, lengths.rsqrt()[:, :, None, None]


class ModulatedSum(nn.Module):
    """A sum over channels whose weights a style scales: a 1 × 1 convolution without demodulation."""

    def __init__(self, inputs: int, outputs: int, style: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.affine = affine(style, inputs)
        self.scale = 1 / math.sqrt(inputs)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Return the sums [N, outputs, H, W] of features [N, inputs, H, W] by ``style`` [N, style]."""
        weights = self.weight * (self.affine(style) * self.scale)[:, None]
        rows = x.permute(0, 2, 3, 1).flatten(1, 2)
        sums = torch.baddbmm(self.bias, rows, weights.transpose(1, 2))
        return sums.view(len(x), *x.shape[2:], -1).permute(0, 3, 1, 2)


def affine(style: int, outputs: int) -> EqualLinear:
    """Return the layer from styles to what scales features; it begins by leaving them as they are."""
    layer = EqualLinear(style, outputs)
    nn.init.ones_(layer.bias)
    return layer


def normalised(x: Tensor) -> Tensor:
    """Return rows [N, F] with a mean square of one."""
    return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()
