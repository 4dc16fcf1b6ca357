"""A GAN that makes digits of a class that is asked for, and a regularizer that keeps its judge steady."""

from typing import Annotated, Literal

import torch
from torch import Tensor, nn

from ganstudio.api import GAN, Discriminate, Group, ImageSpec, Live, Range, Regularizer, Settings, hookimpl


class Modulated(nn.Module):
    """Normalised features, scaled and shifted as the class says (de Vries et al., 2017, arXiv:1707.00683)."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(4, channels)
        self.scale_shift = nn.Linear(classes, 2 * channels)

    def forward(self, features: Tensor, code: Tensor) -> Tensor:
        scale, shift = self.scale_shift(code)[:, :, None, None].chunk(2, 1)
        return self.norm(features) * (1 + scale) + shift


class ModulatedGenerator(nn.Module):
    """Latents, and the one-hot label behind them → images; the label acts in every layer."""

    def __init__(self, inputs: int, classes: int, width: int, data: ImageSpec) -> None:
        super().__init__()
        self.classes, self.size = classes, (width, data.height // 4, data.width // 4)
        self.first = nn.Linear(inputs, width * self.size[1] * self.size[2])
        self.norms = nn.ModuleList(Modulated(width, classes) for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.last = nn.Conv2d(width, data.channels, 3, padding=1)
        self.grow = nn.Upsample(scale_factor=2)

    def forward(self, given: Tensor) -> Tensor:
        code = given[:, given.shape[1] - self.classes :]
        features = self.first(given).view(-1, *self.size)
        for norm, conv in zip(self.norms, self.convs, strict=True):
            features = conv(self.grow(norm(features, code).relu()))
        return self.last(features.relu()).tanh()


class ModulatedGAN(GAN):
    """Conditional GAN whose generator is modulated by the class (Brock et al., 2019, arXiv:1809.11096)."""

    title = "Modulated GAN"
    accepts = (ImageSpec,)
    default_loss = "Hinge"

    class Settings(GAN.Settings):
        width: Annotated[int, Range(8, 256, log=True), "Channels of every layer, a multiple of 4"] = 32
        conditioning: Annotated[
            Literal["concatenated", "projection", "auxiliary"],
            Group("Labels"),
            "How the discriminator is told the class; the generator is modulated by it",
        ] = "projection"

    @classmethod
    def refuses(cls, settings, data) -> str | None:
        if isinstance(data, ImageSpec) and (data.height % 4 or data.width % 4):
            return f"{cls.title} needs sides that 4 divides; these are {data.describe()}. Set Resize to 28."
        return super().refuses(settings, data)

    def build_generator(self, data: ImageSpec) -> nn.Module:
        return ModulatedGenerator(self.generator_inputs, self.classes, self.settings.width, data)

    def build_discriminator(self, data: ImageSpec) -> nn.Module:
        width, features = self.settings.width, (data.height // 4) * (data.width // 4)
        return nn.Sequential(
            *(nn.Conv2d(data.channels, width, 4, 2, 1), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(width, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten()),
            nn.Linear(width * features, 1),
        )


class Consistency(Regularizer):
    """An image and a shifted copy of it are to be judged alike (Zhang et al., 2020, arXiv:1910.12027)."""

    title = "Consistency"

    class Settings(Settings):
        weight: Annotated[float, Range(1e-3, 1e3, log=True), Live, "Strength λ of the penalty"] = 10.0
        shift: Annotated[int, Range(1, 8), "Pixels by which an image is shifted at most"] = 2

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        if real.ndim != 4:
            return None
        reach = self.settings.shift
        by = torch.randint(-reach, reach + 1, (2,)).tolist()
        # λ · E (D(x) − D(T(x)))²
        moved = discriminate(real.roll(by, (2, 3)))
        return self.settings.weight * (discriminate(real) - moved).square().mean()


@hookimpl
def ganstudio_architectures():
    return [ModulatedGAN]


@hookimpl
def ganstudio_regularizers():
    return [Consistency]
