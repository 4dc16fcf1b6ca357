"""SRGAN: images enlarged so that they look like large ones.

It knows nothing of where pairs come from, of adversarial formulas, or of how networks are made up inside.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, cast

import torch
from pydantic import field_validator
from torch import Tensor, nn
from torch.nn import functional

from ganstudio import api
from ganstudio.api import (
    Architecture,
    Batch,
    DataSpec,
    Extractor,
    FeatureExtractor,
    Fixed,
    InputError,
    Live,
    Optimizer,
    PairedSpec,
    Preview,
    Range,
    Unit,
    Update,
    side_by_side,
)
from ganstudio_plugins.patch_discriminator import discriminator_of, smallest_side
from ganstudio_plugins.patch_gan import PatchGAN
from ganstudio_plugins.random_extractor import RandomExtractor
from ganstudio_plugins.sr_generators import ResidualUpscaler, bicubic

PAPER = Optimizer(learning_rate=1e-4, beta1=0.9, beta2=0.999)
LARGEST = 8
"""Times that images can be enlarged."""

_WEIGHTS = api.Group("Weights of the losses")
_DISCRIMINATOR = api.Group("Discriminator")


class SRGAN(PatchGAN):
    """Super-resolution of images (Ledig et al., 2017, arXiv:1609.04802).

    A residual generator first learns to be near the large image, then also to be taken for one by a
    discriminator, and to have its features.
    """

    title = "SRGAN (super-resolution)"
    accepts = (PairedSpec,)
    default_loss = "NonSaturating"
    default_optimizers: ClassVar = dict.fromkeys(("generator", "discriminator"), PAPER)
    ema: ClassVar[tuple[str, ...]] = ("generator",)

    class Settings(Architecture.Settings):
        """The generator, both phases, and the weights of the losses."""

        width: Annotated[
            int, Range(4, 256, log=True), "Channels of the generator's layers; 64 in the paper"
        ] = 32
        blocks: Annotated[int, Range(1, 32), "Residual blocks of the generator; 16 in the paper"] = 8
        normalised: Annotated[
            bool,
            "Normalise the generator's layers by the batch, as in the paper; without it, images are "
            "nearer to the original (Lim et al., 2017, arXiv:1707.02921)",
        ] = False
        added: Annotated[
            bool,
            "The generator makes what is added to the bicubic enlargement, which learns far faster (Kim et "
            "al., 2016, arXiv:1511.04587); otherwise it makes the whole image, as in the paper",
        ] = True
        shuffle: Annotated[
            Literal["at once", "by two"],
            "At once: all pixels are made at the small size (Shi et al., 2016, arXiv:1609.05158). By two: "
            "features are doubled in size step by step, as in the paper, for several times the arithmetic",
        ] = "at once"
        pixel_steps: Annotated[
            int,
            Range(0, 10_000_000),
            Unit("steps"),
            "Steps in which the generator alone learns, by the pixel loss; then the discriminator joins",
        ] = 2000
        pixel_loss: Annotated[
            Literal["L1", "MSE"], "Of the first steps: the mean absolute difference, or the mean square"
        ] = "L1"
        features: Annotated[
            str,
            Extractor,
            "Whose features the perceptual loss compares. Studio: a small network that first learns the "
            "training images, in some seconds. VGG19: the paper's, where its weights are; nothing is fetched",
        ] = "studio"

        perceptual: Annotated[
            float, Range(0.0, 100.0), Live, _WEIGHTS, "Weight of the difference of features"
        ] = 1.0
        adversarial: Annotated[
            float, Range(0.0, 10.0), Live, _WEIGHTS, "Weight of being taken for a large image"
        ] = 1e-3
        pixel: Annotated[
            float,
            Range(0.0, 100.0),
            Live,
            _WEIGHTS,
            "Weight of the pixel loss once the discriminator has joined; 0 in the paper",
        ] = 0.0
        discriminator_width: Annotated[
            int, Range(4, 256, log=True), _DISCRIMINATOR, "Channels of its first layer; 64 in the paper"
        ] = 32
        discriminator_layers: Annotated[
            int,
            Range(1, 5),
            _DISCRIMINATOR,
            "Layers that halve the image: 1 judges patches of 16 pixels, 2 of 34, 3 of 70; the paper judges "
            "the whole image",
        ] = 2
        normalisation: Annotated[
            Literal["batch", "instance", "none"], _DISCRIMINATOR, "What follows its convolutions"
        ] = "batch"
        spectral_norm: Annotated[
            bool,
            _DISCRIMINATOR,
            "Divide each weight of the discriminator by its largest singular value instead of normalising "
            "its features (Miyato et al., 2018, arXiv:1802.05957)",
        ] = False

        @field_validator("features", mode="before")
        @classmethod
        def _named_today(cls, features: object) -> object:
            """Read what runs of earlier versions call random filters."""
            return RandomExtractor.short if features == "own" else features

    settings: "SRGAN.Settings"
    generator: ResidualUpscaler
    discriminator: nn.Module

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on these pairs and what to do, or ``None``."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, PairedSpec) or not isinstance(settings, cls.Settings):
            return refused
        return _unfit(data, smallest_side(settings.discriminator_layers))

    def build(self, data: DataSpec) -> None:
        """Make both networks."""
        assert isinstance(data, PairedSpec)
        chosen = self.settings
        self._names = data.names
        self.scale = data.target.height // data.input.height
        """How many times as large the images become."""
        self.generator = ResidualUpscaler(
            data.input.channels,
            data.target.channels,
            self.scale,
            chosen.width,
            chosen.blocks,
            normalised=chosen.normalised,
            at_once=chosen.shuffle == "at once",
            added=chosen.added,
        )
        self.discriminator = self._new_discriminator(data.target.channels)

    @property
    def reach(self) -> int:
        """How many pixels of the input, to each side, a pixel of the output depends on."""
        return self.generator.reach

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield an update of the generator; after the first steps one of the discriminator before it."""
        small, wanted = next(batches).both
        made = self.generator(small)
        self._compare(small, made, wanted)
        pixel = self._pixel_loss(made, wanted)

        # First, the generator alone: be near the large image.
        if self.step < self.settings.pixel_steps:
            yield Update(self.generator, pixel)
            return

        # Discriminator: tell large images from those that were made.
        yield Update(self.discriminator, self.discriminator_loss("", self.discriminator, wanted, made))
        self.after_discriminator(self.discriminator)

        # Generator: have the features of the large image, and be taken for one.
        yield Update(self.generator, self._perceptual_loss(made, wanted, pixel))

    def _perceptual_loss(self, made: Tensor, wanted: Tensor, pixel: Tensor) -> Tensor:
        chosen = self.settings
        adversarial = self.generator_loss(self.discriminator, wanted, made)
        self.log("adversarial/generator", adversarial)
        loss = chosen.adversarial * adversarial
        if chosen.perceptual:
            perceptual = difference(self.extractor(chosen.features), made, wanted)
            self.log("distance/features", perceptual)
            loss = loss + chosen.perceptual * perceptual
        return loss + chosen.pixel * pixel if chosen.pixel else loss

    def _pixel_loss(self, made: Tensor, wanted: Tensor) -> Tensor:
        loss = functional.l1_loss if self.settings.pixel_loss == "L1" else functional.mse_loss
        found = loss(made, wanted)
        self.log("distance/pixels", found)
        return found

    def _compare(self, small: Tensor, made: Tensor, wanted: Tensor) -> None:
        """Log the peak signal-to-noise ratio of this batch in dB, and that of bicubic enlargement."""
        if self.recording:
            self.log("psnr/generator", _psnr(made.detach(), wanted))
            self.log("psnr/bicubic", _psnr(bicubic(small, self.scale).clamp(-1, 1), wanted))

    def _new_discriminator(self, channels: int) -> nn.Module:
        return discriminator_of(self.settings, channels)

    # --- Looking at it -----------------------------------------------------------------------------

    def translate(self, images: Tensor, to: str = "target") -> Tensor:
        """Return small images in [-1, 1] [N, C, h, w] enlarged; there is one direction alone."""
        if to.lower() not in ("target", "b", self._names[1].lower()):
            raise InputError(f"This model makes {self._names[1]} alone, not {to!r}.")
        return cast(Tensor, self.generator(images))

    def upscale(self, images: Tensor) -> Tensor:
        """Return images in [-1, 1] [N, C, h, w] of any size, ``scale`` times as large."""
        return cast(Tensor, self.generator(images))

    def preview(self, fixed: Fixed) -> Preview:
        """Return the small image, its bicubic enlargement, the generator's, and the original."""
        assert fixed.other is not None
        count = max(len(fixed.real) // 4, 1)
        small, original = fixed.real[:count], fixed.other[:count]
        return side_by_side(
            ("low", small),
            ("bicubic", bicubic(small, self.scale).clamp(-1, 1)),
            ("generator", self.generator(small)),
            ("original", original),
        )


def _psnr(made: Tensor, wanted: Tensor) -> Tensor:
    """Return 10 log10(2² / mean square), of values in [-1, 1]."""
    square = functional.mse_loss(made.float(), wanted.float()).clamp(min=1e-10)
    return 10 * torch.log10(4 / square)


def difference(extractor: FeatureExtractor, made: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean squared difference of the features of images [N, C, H, W], over all their maps."""
    with torch.no_grad():
        targets = extractor.perceive(wanted)
    pairs = zip(extractor.perceive(made), targets, strict=True)
    return torch.stack([functional.mse_loss(*pair) for pair in pairs]).mean()


def _unfit(data: PairedSpec, least: int) -> str | None:
    """Return why targets are no enlargement of their inputs, or too small to be judged; or ``None``."""
    given, wanted = data.input, data.target
    scale = wanted.height // given.height
    if not 1 <= scale <= LARGEST or (wanted.height, wanted.width) != (
        scale * given.height,
        scale * given.width,
    ):
        return (
            f"{SRGAN.title} makes images 1 to {LARGEST} times as large, both ways by the same whole number, "
            f"and these inputs are {given.width} × {given.height}, their targets {wanted.width} × "
            f"{wanted.height}. Choose super-resolution pairs as data."
        )
    if min(wanted.height, wanted.width) < least:
        return (
            f"The discriminator of {SRGAN.title} needs images of at least {least} × {least} pixels; these "
            f"targets are {wanted.width} × {wanted.height}. Set Patch to {least} or more, or set Resize to "
            f"{least} where there is no Patch, or choose fewer Discriminator layers."
        )
    return None
