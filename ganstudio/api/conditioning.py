"""Conditioning: how a label stands beside what a network is given.

It knows the shapes of latents and samples, not what the networks make of them.
"""

from dataclasses import replace
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api.data import DataSpec, ImageSpec, PointSpec
from ganstudio.api.errors import InputError


class OneHot(nn.Module):
    """Labels ``int64`` [N] → [N, classes], one where the class is and zero elsewhere."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.width = classes

    def forward(self, labels: Tensor) -> Tensor:
        """Return the code of each label."""
        return functional.one_hot(labels, self.width).float()


class Embedded(nn.Module):
    """Labels ``int64`` [N] → a learned code [N, width]."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.codes = nn.Embedding(classes, width)

    def forward(self, labels: Tensor) -> Tensor:
        """Return the code of each label."""
        return cast(Tensor, self.codes(labels))


class Conditional(nn.Module):
    """A generator that is given the code of a label behind its latents."""

    def __init__(self, network: nn.Module, code: OneHot | Embedded) -> None:
        super().__init__()
        self.code = code
        self.network = network

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        """Return samples for ``latents`` [N, latent_dim] of the classes ``labels`` [N]."""
        return cast(Tensor, self.network(self.given(latents, labels)))

    def given(self, latents: Tensor, labels: Tensor) -> Tensor:
        """Return latents with the code of a label behind each, [N, latent_dim + width of the code]."""
        return torch.cat([latents, self.code(labels)], 1)


class Beside(nn.Module):
    """Samples with the code of a label beside them.

    Images get one more plane a number of the code, or, for a network that sees no neighbourhoods, become
    one long row with the code at its end; points get more dimensions. A code as wide as an image is one
    plane of its own.
    """

    def __init__(self, code: OneHot | Embedded, data: DataSpec, flat: bool) -> None:
        super().__init__()
        self.code = code
        self.flat = flat
        self.spec = _widened(data, code.width, flat)

    def forward(self, samples: Tensor, labels: Tensor) -> Tensor:
        """Return ``samples`` and codes as one tensor of the shape ``spec`` describes."""
        code = self.code(labels)
        if samples.ndim == 2:
            return torch.cat([samples, code], 1)
        if self.flat:
            return torch.cat([samples.flatten(1), code], 1)[:, :, None, None]
        height, width = samples.shape[2:]
        if code.shape[1] == height * width:
            planes = code.view(-1, 1, height, width)
        else:
            planes = code[:, :, None, None].expand(-1, -1, height, width)
        return torch.cat([samples, planes], 1)


def code_for_samples(form: str, classes: int, data: DataSpec, flat: bool) -> OneHot | Embedded:
    """Return the code that stands beside samples: one-hot, or learned."""
    if form == "concatenated":
        return OneHot(classes)
    if isinstance(data, ImageSpec) and not flat:
        return Embedded(classes, data.height * data.width)
    return Embedded(classes, classes)


def packed(data: DataSpec, count: int) -> DataSpec:
    """Return the spec of ``count`` samples side by side: more channels, or more dimensions."""
    if isinstance(data, ImageSpec):
        return replace(data, channels=data.channels * count)
    if isinstance(data, PointSpec):
        return replace(data, dimensions=data.dimensions * count)
    raise InputError(f"Samples of {data.describe()} cannot be packed: set Packing to 1.")


def _widened(data: DataSpec, width: int, flat: bool) -> DataSpec:
    if isinstance(data, PointSpec):
        return replace(data, dimensions=data.dimensions + width)
    assert isinstance(data, ImageSpec), "GAN.refuses saw to it"
    if flat:
        return replace(data, channels=data.channels * data.height * data.width + width, height=1, width=1)
    planes = 1 if width == data.height * data.width else width
    return replace(data, channels=data.channels + planes)
