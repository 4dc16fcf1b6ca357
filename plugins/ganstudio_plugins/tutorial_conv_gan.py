"""The convolutional GAN that tutorials train on CIFAR-10. It knows nothing of losses, labels or data sources.

It is kept as it is published, oddities and all, so that what people read can be run and compared.
"""

from typing import Annotated, ClassVar

from torch import nn

from ganstudio import api
from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer, Range

STEP, LOWEST, HIGHEST = 4, 16, 128
"""Sides are a multiple of ``STEP`` from ``LOWEST`` to ``HIGHEST``: the generator doubles twice."""


class TutorialConvGAN(GAN):
    """The GAN that tutorials train on CIFAR-10, after DCGAN (Radford et al., 2016, arXiv:1511.06434).

    Nearest-neighbour upsampling; batch norm whose momenta (.78, .82, .8) are the weight of the newest
    batch, as PyTorch means it; dropout; leaky ReLUs of two slopes.
    """

    title = "Tutorial conv GAN"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks, and dropout."""

        width: Annotated[
            int,
            Range(4, 256, log=True),
            "Channels w of the discriminator's first layer; it has w, 2w, 4w, 8w, the generator 4w, 4w, 2w",
        ] = 32
        dropout: Annotated[
            float, Range(0.0, 0.9), "Share of the discriminator's values left out after each of its layers"
        ] = 0.25

    settings: "TutorialConvGAN.Settings"

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why these images cannot be trained on, and the size to scale them to."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, ImageSpec):
            return refused
        if all(side % STEP == 0 and LOWEST <= side <= HIGHEST for side in (data.height, data.width)):
            return None
        near = min(max(round(min(data.height, data.width) / STEP) * STEP, LOWEST), HIGHEST)
        return (
            f"{cls.title} needs images whose sides are multiples of {STEP} from {LOWEST} to {HIGHEST}; these "
            f"are {data.width} × {data.height}: set Resize to {near}."
        )

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return [N, generator_inputs] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        narrow, wide = 2 * self.settings.width, 4 * self.settings.width
        height, width = data.height // STEP, data.width // STEP
        return nn.Sequential(
            nn.Linear(self.generator_inputs, wide * height * width),
            nn.ReLU(),
            nn.Unflatten(1, (wide, height, width)),
            *_doubled(wide, wide),
            *_doubled(wide, narrow),
            nn.Conv2d(narrow, data.channels, 3, padding=1),
            nn.Tanh(),
        )

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        w, dropout = self.settings.width, self.settings.dropout
        sides = (_last_side(data.height), _last_side(data.width))
        return nn.Sequential(
            nn.Conv2d(data.channels, w, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Dropout(dropout),
            nn.Conv2d(w, 2 * w, 3, stride=2, padding=1),
            nn.ZeroPad2d((0, 1, 0, 1)),
            nn.BatchNorm2d(2 * w, momentum=0.82),
            nn.LeakyReLU(0.25),
            nn.Dropout(dropout),
            nn.Conv2d(2 * w, 4 * w, 3, stride=2, padding=1),
            nn.BatchNorm2d(4 * w, momentum=0.82),
            nn.LeakyReLU(0.2),
            nn.Dropout(dropout),
            nn.Conv2d(4 * w, 8 * w, 3, padding=1),
            nn.BatchNorm2d(8 * w, momentum=0.8),
            nn.LeakyReLU(0.25),
            nn.Dropout(dropout),
            nn.Flatten(),
            nn.Linear(8 * w * sides[0] * sides[1], 1),
        )


def _doubled(inputs: int, outputs: int) -> list[nn.Module]:
    """Return layers that double the sides: [N, inputs, H, W] → [N, outputs, 2H, 2W]."""
    return [
        nn.Upsample(scale_factor=2),
        nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.BatchNorm2d(outputs, momentum=0.78),
        nn.ReLU(),
    ]


def _last_side(side: int) -> int:
    """Return the side after two halvings, one row of padding, and a halving that rounds up."""
    return (side // STEP + 2) // 2
