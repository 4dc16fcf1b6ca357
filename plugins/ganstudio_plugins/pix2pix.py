"""pix2pix: translation learned from pairs.

It knows nothing of where pairs come from, of adversarial formulas, or of how networks are made up inside.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, cast

import torch
from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import (
    Batch,
    DataSpec,
    Fixed,
    InputError,
    Live,
    PairedSpec,
    Preview,
    Range,
    Update,
    side_by_side,
)
from ganstudio_plugins.translation_gan import PAPER, TranslationGAN, unfit
from ganstudio_plugins.translation_generators import u_net


class Pix2Pix(TranslationGAN):
    """Translation of images learned from pairs (Isola et al., 2017, arXiv:1611.07004).

    A U-Net makes the target of an input, and a discriminator judges patches of both together.
    """

    title = "pix2pix (paired)"
    accepts = (PairedSpec,)
    default_loss = "NonSaturating"
    default_optimizers: ClassVar = dict.fromkeys(("generator", "discriminator"), PAPER)
    ema: ClassVar[tuple[str, ...]] = ("generator",)

    class Settings(TranslationGAN.Settings):
        """The generator, and the weight of being near the target."""

        halvings: Annotated[
            int, Range(1, 8), "How often the generator halves the size; in the paper, down to a single pixel"
        ] = 4
        dropout: Annotated[
            float,
            Range(0.0, 0.9),
            "Share of features lost in the generator's innermost levels: the paper's only noise. What is "
            "shown and exported has none",
        ] = 0.5
        distance: Annotated[
            float, Range(0.0, 1000.0), Live, "Weight λ of the mean absolute difference from the target"
        ] = 100.0

    settings: "Pix2Pix.Settings"
    generator: nn.Module
    discriminator: nn.Module

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on these pairs and what to do, or ``None``."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, PairedSpec) or not isinstance(settings, cls.Settings):
            return refused
        if data.input.shape[1:] != data.target.shape[1:]:
            return (
                f"{cls.title} makes images of the size it is given, and these inputs are "
                f"{data.input.width} × {data.input.height}, their targets {data.target.width} × "
                f"{data.target.height}. Set Resize, or choose another architecture."
            )
        if settings.added and data.input.channels != data.target.channels:
            return (
                "Inputs and targets differ in their colours, so one cannot be added to: set Added to false."
            )
        return unfit(cls.title, data.input, settings.halvings, settings.discriminator_layers)

    def build(self, data: DataSpec) -> None:
        """Make both networks."""
        assert isinstance(data, PairedSpec)
        chosen, given, wanted = self.settings, data.input.channels, data.target.channels
        self._names = data.names
        self.generator = u_net(
            given,
            wanted,
            chosen.width,
            chosen.halvings,
            chosen.normalisation,
            chosen.dropout,
            chosen.added,
        )
        self.discriminator = self.new_discriminator(given + wanted)

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield an update of the discriminator and one of the generator, both on one forward of it."""
        given, wanted = next(batches).both
        made = self.generator(given)

        # Discriminator: tell targets from what was made, each beside its input.
        real, fake = torch.cat([given, wanted], 1), torch.cat([given, made], 1)
        yield Update(self.discriminator, self.discriminator_loss("", self.discriminator, real, fake))
        self.after_discriminator(self.discriminator)

        # Generator: be taken for the target, and be near it.
        distance = (made - wanted).abs().mean()
        adversarial = self.generator_loss(self.discriminator, real, fake)
        self.log("distance/target", distance)
        self.log("adversarial/generator", adversarial)
        yield Update(self.generator, adversarial + self.settings.distance * distance)

    def translate(self, images: Tensor, to: str = "target") -> Tensor:
        """Return what is made of inputs in [-1, 1] [N, C, H, W]; there is one direction alone."""
        if to.lower() not in ("target", "b", self._names[1].lower()):
            raise InputError(f"This model makes {self._names[1]} alone, not {to!r}.")
        return cast(Tensor, self.generator(images))

    def preview(self, fixed: Fixed) -> Preview:
        """Return inputs, what is made of each, and its target."""
        assert fixed.other is not None
        count = max(len(fixed.real) // 3, 1)
        given, wanted = fixed.real[:count], fixed.other[:count]
        return side_by_side(("input", given), ("output", self.generator(given)), ("target", wanted))
