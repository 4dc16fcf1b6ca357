"""An example of a plugin for GAN Studio: one architecture and one regularizer, in one screen.

It imports the public surface, ``ganstudio.api``, and torch. Of the rest of the studio it knows nothing.
"""

from collections.abc import Sequence
from typing import Annotated

from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import GAN, Discriminate, ImageSpec, Live, Range, Regularizer, hookimpl


class UpsampleGAN(GAN):
    """Resize, then convolve: no checkerboards (Odena et al., 2016, doi:10.23915/distill.00003)."""

    title = "Upsampling GAN"
    accepts = (ImageSpec,)

    class Settings(GAN.Settings):
        """Size of the two networks."""

        width: Annotated[int, Range(4, 512, log=True), "Channels of the layer at half the full size"] = 32

    settings: "UpsampleGAN.Settings"

    @classmethod
    def refuses(cls, settings: api.Settings, data: api.DataSpec) -> str | None:
        """Return why these images cannot be trained on: both sides are halved twice."""
        if isinstance(data, ImageSpec) and (data.height % 4 or data.width % 4):
            return f"{cls.title} needs sides that 4 divides; these are {data.describe()}: set Resize to 28."
        return super().refuses(settings, data)

    def build_generator(self, data: api.DataSpec) -> nn.Module:
        """Return latents [N, latent_dim] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        width, height4, width4 = self.settings.width, data.height // 4, data.width // 4
        return nn.Sequential(
            *(nn.Linear(self.generator_inputs, 2 * width * height4 * width4), nn.ReLU()),
            nn.Unflatten(1, (2 * width, height4, width4)),
            *(nn.Upsample(scale_factor=2), nn.Conv2d(2 * width, width, 3, padding=1), nn.ReLU()),
            *(nn.Upsample(scale_factor=2), nn.Conv2d(width, data.channels, 3, padding=1), nn.Tanh()),
        )

    def build_discriminator(self, data: api.DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        width = self.settings.width
        return nn.Sequential(
            *(nn.Conv2d(data.channels, width, 4, 2, 1), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(width, 2 * width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten()),
            nn.Linear(2 * width * (data.height // 4) * (data.width // 4), 1),
        )


class Drift(Regularizer):
    """Keep real logits near zero (Karras et al., 2018, arXiv:1710.10196)."""

    title = "Drift"

    class Settings(api.Settings):
        """Strength."""

        weight: Annotated[float, Range(1e-6, 1.0, log=True), Live, "Strength ε of the penalty"] = 1e-3

    settings: "Drift.Settings"

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        """Return ε · E D(real)²."""
        return self.settings.weight * discriminate(real).square().mean()


@hookimpl
def ganstudio_architectures() -> Sequence[type[api.Architecture]]:
    """Offer the architecture."""
    return [UpsampleGAN]


@hookimpl
def ganstudio_regularizers() -> Sequence[type[Regularizer]]:
    """Offer the regularizer."""
    return [Drift]
