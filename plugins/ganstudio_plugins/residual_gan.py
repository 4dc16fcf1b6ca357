"""Residual networks without normalisation, for 28 to 128 px. It knows nothing of losses or regularizers."""

from typing import Annotated, ClassVar

from torch import Tensor, nn

from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer, Range
from ganstudio_plugins.residual_layers import (
    Basis,
    Bottleneck,
    DoubleSides,
    HalveSides,
    convolution,
    scaled_,
)
from ganstudio_plugins.sides import Halving, pyramid


class ResidualGAN(Halving, GAN):
    """Modern residual networks that need no normalisation (R3GAN: Huang et al., 2024, arXiv:2501.05441).

    Each level of resolution is a change of size and a few grouped bottleneck blocks. It is meant for the
    relativistic pairing loss with R1 and R2; with others it wants one of the gradient penalties all the same.
    """

    title = "Residual GAN (R3GAN)"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.0, beta2=0.99),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.0, beta2=0.99),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each sample is made from"] = 64
        width: Annotated[
            int,
            Range(4, 512, log=True),
            "Channels at the full size; each halving of the sides doubles them, up to Most channels",
        ] = 16
        most: Annotated[int, Range(4, 2048, log=True), "Most channels of any level"] = 128
        blocks: Annotated[int, Range(1, 8), "Residual blocks at each level of resolution"] = 1
        expansion: Annotated[int, Range(1, 4), "Width of a block's inside, in times of its outside"] = 2
        group: Annotated[
            int,
            Range(1, 512, log=True),
            "Channels of one group of a block's 3 × 3 convolution; fewer make it cheaper, down to 8",
        ] = 8

    settings: "ResidualGAN.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return [N, generator_inputs] → images [N, C, H, W], near [-1, 1] but not bounded by it.

        As in the paper nothing squashes them; :meth:`generate` clips them once they are looked at.
        """
        assert isinstance(data, ImageSpec)
        side, widths = self._levels(data)
        before = widths[-1]
        layers: list[nn.Module] = [Basis(self.generator_inputs, before, side), *self._blocks(before, data)]
        for width in widths[-2::-1]:
            layers += [*_changed(before, width), DoubleSides(width), *self._blocks(width, data)]
            before = width
        return nn.Sequential(*layers, convolution(before, data.channels, 1))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        side, widths = self._levels(data)
        before = widths[0]
        # Spectral normalisation divides by a weight's size, so there no weight may begin at zero.
        last_gain = 1.0 if self.settings.spectral_norm else 0.0
        layers: list[nn.Module] = [convolution(data.channels, before, 1)]
        for width in widths[1:]:
            layers += [*self._blocks(before, data, last_gain), HalveSides(before), *_changed(before, width)]
            before = width
        layers += self._blocks(before, data, last_gain)
        layers += [convolution(before, before, side, groups=before, padding=0), nn.Flatten()]
        return nn.Sequential(*layers, scaled_(nn.Linear(before, 1)))

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the generator's samples; in [-1, 1] unless it is being trained."""
        made = super().generate(latents, labels)
        # Clipped values have no gradient, which would leave the generator unable to bring them back.
        return made if self.training else made.clamp(-1, 1)

    def _levels(self, data: ImageSpec) -> tuple[int, list[int]]:
        """Return the smallest side, and the channels of each level from the full size down."""
        side, widths = pyramid(data.height, 2 * self.settings.width)
        return side, [min(width, self.settings.most) for width in (self.settings.width, *widths)]

    def _blocks(self, width: int, data: ImageSpec, last_gain: float = 0.0) -> list[nn.Module]:
        """Return the blocks of one level."""
        settings = self.settings
        in_all = settings.blocks * len(self._levels(data)[1])
        inside = settings.expansion * width
        return [
            Bottleneck(width, inside, _groups(inside, settings.group), in_all, last_gain)
            for _ in range(settings.blocks)
        ]


def _changed(before: int, width: int) -> list[nn.Module]:
    """Return what changes the number of channels, where it changes."""
    return [] if before == width else [convolution(before, width, 1)]


def _groups(channels: int, size: int) -> int:
    """Return into how many equal groups of at least ``size`` channels they can be split at most."""
    return next((n for n in range(channels // size, 1, -1) if channels % n == 0), 1)
