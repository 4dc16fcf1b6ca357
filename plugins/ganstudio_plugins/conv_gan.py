"""A small convolutional GAN for images of 28 to 64 pixels."""

from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from torch import nn

from ganstudio import api
from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer, Range

SIDES = (28, 32, 40, 48, 56, 64)
"""Sides it can be trained on: each is 4 to 7 pixels doubled a few times."""
SLOPE = 0.2
"""Of the leaky ReLUs below zero."""


class ConvGAN(GAN):
    """Small convolutional networks for 28 to 64 px, after DCGAN (Radford et al., 2016, arXiv:1511.06434)."""

    title = "Convolutional GAN"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        width: Annotated[int, Range(4, 512, log=True), "Channels of the layer at the largest size"] = 32
        normalisation: Annotated[
            Literal["batch", "generator", "none"],
            "Batch normalisation in both networks, as in DCGAN, in the generator alone (for R1), or in none",
        ] = "batch"
        head: Annotated[
            int, Range(0, 4096), "Neurons between the discriminator's convolutions and its logit; 0 for none"
        ] = 0

    settings: "ConvGAN.Settings"

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why these images cannot be trained on, and the size to scale them to."""
        if not isinstance(data, ImageSpec):
            return super().refuses(settings, data)
        if data.height == data.width and data.width in SIDES:
            return None
        near = min(SIDES, key=lambda side: abs(side - min(data.height, data.width)))
        sides = ", ".join(str(side) for side in SIDES[:-1])
        return (
            f"{cls.title} needs square images with a side of {sides} or {SIDES[-1]}; these are "
            f"{data.width} × {data.height}: set Resize to {near}."
        )

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return latents [N, latent_dim] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        side, widths = _pyramid(data.height, self.settings.width)
        top = widths[-1]
        layers: list[nn.Module] = [
            nn.Linear(self.settings.latent_dim, top * side * side),
            nn.Unflatten(1, (top, side, side)),
            *self._normalised(top, "batch", "generator"),
            nn.ReLU(),
        ]
        for inputs, outputs in zip(widths[:0:-1], widths[-2::-1], strict=True):
            layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)]
            layers += [*self._normalised(outputs, "batch", "generator"), nn.ReLU()]
        return nn.Sequential(*layers, nn.ConvTranspose2d(widths[0], data.channels, 4, 2, 1), nn.Tanh())

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        side, widths = _pyramid(data.height, self.settings.width)
        layers: list[nn.Module] = [nn.Conv2d(data.channels, widths[0], 4, 2, 1), nn.LeakyReLU(SLOPE)]
        for inputs, outputs in pairwise(widths):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1)]
            layers += [*self._normalised(outputs, "batch"), nn.LeakyReLU(SLOPE)]
        return nn.Sequential(*layers, nn.Flatten(), *self._head(widths[-1] * side * side))

    def _head(self, features: int) -> list[nn.Module]:
        """Return what turns the last features into a logit."""
        width = self.settings.head
        if not width:
            return [nn.Linear(features, 1)]
        return [nn.Linear(features, width), nn.LeakyReLU(SLOPE), nn.Linear(width, 1)]

    def _normalised(self, channels: int, *when: str) -> list[nn.Module]:
        return [nn.BatchNorm2d(channels)] if self.settings.normalisation in when else []


def _pyramid(side: int, width: int) -> tuple[int, list[int]]:
    """Return the smallest side (4 to 7), and the channels from half the full size down to it."""
    widths = []
    while side > 7:
        side //= 2
        widths.append(width)
        width *= 2
    return side, widths
