"""A GAN whose generator is built so badly that its images are chequered, or pure black and white.

Odena et al., 2016, "Deconvolution and Checkerboard Artifacts", Distill.
"""

from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer

SIDE = 28


class UnevenGAN(GAN):
    """A last layer that overlaps unevenly, or is far too steep, before any image is made."""

    title = "Uneven kernels"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {"generator": Optimizer(), "discriminator": Optimizer()}

    class Settings(GAN.Settings):
        """Size of the networks, how steep the last layer is, and what the discriminator sees."""

        width: int = 8
        upsampling: Literal["transposed", "resize"] = "transposed"
        steep: float = 1.0
        blind: bool = False

    settings: "UnevenGAN.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return latents [N, L] → images in [-1, 1] [N, C, 28, 28]."""
        assert isinstance(data, ImageSpec)
        assert data.height == data.width == SIDE
        w = self.settings.width
        return nn.Sequential(
            nn.Linear(self.generator_inputs, 2 * w * 49),
            nn.Unflatten(1, (2 * w, 7, 7)),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * w, data.channels, 4, 2, 1),
            *self._doubling(data.channels),
            nn.Tanh(),
        )

    def _doubling(self, channels: int) -> list[nn.Module]:
        """Return the last layer: the bad one, or the one that leaves no pattern."""
        if self.settings.upsampling == "transposed":
            return [_Overlapping(channels, self.settings.steep)]
        return [nn.Upsample(scale_factor=2), nn.Conv2d(channels, channels, 3, padding=1)]

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, 28, 28] → logits [N, 1]; a blind one sees means of 2 × 2 pixels."""
        assert isinstance(data, ImageSpec)
        w = self.settings.width
        blind: list[nn.Module] = [nn.AvgPool2d(2)] if self.settings.blind else []
        side = SIDE // 4 if self.settings.blind else SIDE // 2
        first = nn.Conv2d(data.channels, 2 * w, 4, 2, 1)
        return nn.Sequential(
            *blind, first, nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(2 * w * side * side, 1)
        )


class _Overlapping(nn.Module):
    """Doubles the side with kernels of 3 ones: pixels are given to once, twice or four times."""

    def __init__(self, channels: int, steep: float) -> None:
        super().__init__()
        self._channels, self._steep = channels, steep

    def forward(self, features: Tensor) -> Tensor:
        kernel = torch.full((self._channels, 1, 3, 3), self._steep)
        return functional.conv_transpose2d(
            features, kernel, stride=2, padding=1, output_padding=1, groups=self._channels
        )
