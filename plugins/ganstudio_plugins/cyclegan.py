"""CycleGAN: translation between two domains, learned without a single pair.

It knows nothing of where images come from, of adversarial formulas, or of how networks are made up inside.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, cast

import torch
from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import (
    Batch,
    DataSpec,
    Fixed,
    ImageSpec,
    InputError,
    Live,
    Preview,
    Range,
    UnpairedSpec,
    Update,
    mixes_samples,
    side_by_side,
)
from ganstudio_plugins.image_pool import ImagePool
from ganstudio_plugins.translation_gan import PAPER, TranslationGAN, unfit
from ganstudio_plugins.translation_generators import residual_generator, u_net

_WEIGHTS = api.Group("Weights of the losses")


class CycleGAN(TranslationGAN):
    """Translation between two domains of images without pairs (Zhu et al., 2017, arXiv:1703.10593).

    Two generators, each undoing the other, and a discriminator for each domain.
    """

    title = "CycleGAN (unpaired)"
    accepts = (UnpairedSpec,)
    default_loss = "LeastSquares"
    default_optimizers: ClassVar = dict.fromkeys(
        ("generator_ab", "generator_ba", "discriminator_a", "discriminator_b"), PAPER
    )
    ema: ClassVar[tuple[str, ...]] = ("generator_ab", "generator_ba")

    class Settings(TranslationGAN.Settings):
        """The generators, the weights of the losses, and the pool."""

        generator: Annotated[
            Literal["ResNet", "U-Net"],
            "ResNet: residual blocks at a fraction of the size, as in the paper. U-Net: halves the size down "
            "to a few pixels, with what was seen on the way beside it",
        ] = "ResNet"
        blocks: Annotated[
            int, Range(1, 12), "Residual blocks; the paper has 6 for 128 pixels and 9 for 256"
        ] = 4
        halvings: Annotated[
            int, Range(1, 7), "How often a generator halves the size; the paper's ResNet does so twice"
        ] = 2
        cycle: Annotated[
            float,
            Range(0.0, 100.0),
            Live,
            _WEIGHTS,
            "Weight λ of returning to the image after translating it there and back",
        ] = 10.0
        identity: Annotated[
            float,
            Range(0.0, 10.0),
            Live,
            _WEIGHTS,
            "Weight, as a share of λ, of leaving alone an image that is of the target domain already; keeps "
            "colours (section 5.2)",
        ] = 0.5
        pool: Annotated[
            int,
            Range(0, 1000),
            api.Unit("images"),
            "Earlier translations that the discriminators are shown again, of each domain; 0 for none",
        ] = 50

    settings: "CycleGAN.Settings"
    generator_ab: nn.Module
    generator_ba: nn.Module
    discriminator_a: nn.Module
    discriminator_b: nn.Module

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on these domains and what to do, or ``None``."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, UnpairedSpec) or not isinstance(settings, cls.Settings):
            return refused
        return _unlike(data, settings) or unfit(
            cls.title, data.a, settings.halvings, settings.discriminator_layers
        )

    def build(self, data: DataSpec) -> None:
        """Make two generators and two discriminators."""
        assert isinstance(data, UnpairedSpec)
        self._names = data.names
        self.generator_ab = self._generator(data.a, data.b)
        self.generator_ba = self._generator(data.b, data.a)
        self.discriminator_a = self.new_discriminator(data.a.channels)
        self.discriminator_b = self.new_discriminator(data.b.channels)
        self._joint = not any(mixes_samples(layer) for layer in self.generator_ab.modules())
        self._pool_a, self._pool_b = ImagePool(self.settings.pool), ImagePool(self.settings.pool)

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the update of both generators, then one of each discriminator."""
        real_a, real_b = next(batches).both

        # Generators: be taken for the other domain, come back, and leave alone what is there already.
        fake_b, same_b = self._translated(self.generator_ab, real_a, real_b)
        fake_a, same_a = self._translated(self.generator_ba, real_b, real_a)
        adversarial = self.generator_loss(self.discriminator_b, real_b, fake_b)
        adversarial = adversarial + self.generator_loss(self.discriminator_a, real_a, fake_a)
        cycle = self._distance("cycle/a", self.generator_ba(fake_b), real_a)
        cycle = cycle + self._distance("cycle/b", self.generator_ab(fake_a), real_b)
        loss = adversarial + self.settings.cycle * cycle
        if same_a is not None and same_b is not None:
            same = self._distance("identity/a", same_a, real_a) + self._distance("identity/b", same_b, real_b)
            loss = loss + self.settings.cycle * self.settings.identity * same
        self.log("adversarial/generators", adversarial)
        yield Update((self.generator_ab, self.generator_ba), loss)

        # Discriminators: tell each domain from translations into it, of this step and of earlier ones.
        kept_a, kept_b = self._pool_a.exchange(fake_a.detach()), self._pool_b.exchange(fake_b.detach())
        yield Update(
            self.discriminator_a, self.discriminator_loss("_a", self.discriminator_a, real_a, kept_a)
        )
        self.after_discriminator(self.discriminator_a)
        yield Update(
            self.discriminator_b, self.discriminator_loss("_b", self.discriminator_b, real_b, kept_b)
        )
        self.after_discriminator(self.discriminator_b)

    def _translated(
        self, generator: nn.Module, images: Tensor, of_target: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Return the translation, and what becomes of images that need none, where that is asked."""
        if not self.settings.identity:
            return generator(images), None
        if not self._joint:
            return generator(images), generator(of_target)
        translated, same = generator(torch.cat([images, of_target])).chunk(2)
        return translated, same

    def _distance(self, name: str, made: Tensor, wanted: Tensor) -> Tensor:
        """Return the mean absolute difference, and show it as a curve."""
        distance = (made - wanted).abs().mean()
        self.log(name, distance)
        return distance

    def checkpoint_state(self) -> Mapping[str, Any]:
        """Return what the pools keep."""
        return {"pool_a": self._pool_a.state(), "pool_b": self._pool_b.state()}

    def load_checkpoint_state(self, state: Mapping[str, Any]) -> None:
        """Fill the pools again."""
        self._pool_a.put_back(state["pool_a"])
        self._pool_b.put_back(state["pool_b"])

    # --- Looking at it -----------------------------------------------------------------------------

    def translate(self, images: Tensor, to: str = "B") -> Tensor:
        """Return images in [-1, 1] [N, C, H, W] translated to the domain ``to``: A, B, or its name."""
        return cast(Tensor, self._to(to)(images))

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        """Return, in both directions, images, their translations, and what these become on the way back."""
        assert fixed.other is not None
        return {
            "a to b": self._there_and_back(fixed.real, self.generator_ab, self.generator_ba),
            "b to a": self._there_and_back(fixed.other, self.generator_ba, self.generator_ab),
        }

    def _there_and_back(self, images: Tensor, there: nn.Module, back: nn.Module) -> Preview:
        images = images[: max(len(images) // 3, 1)]
        translated = there(images)
        return side_by_side(("input", images), ("translation", translated), ("cycle", back(translated)))

    # --- Details -----------------------------------------------------------------------------------

    def _generator(self, source: ImageSpec, target: ImageSpec) -> nn.Module:
        chosen = self.settings
        if chosen.generator == "U-Net":
            depth = chosen.width, chosen.halvings, chosen.normalisation, 0.0, chosen.added
            return u_net(source.channels, target.channels, *depth)
        size = chosen.width, chosen.blocks, chosen.halvings, chosen.normalisation, chosen.added
        return residual_generator(source.channels, target.channels, *size)

    def _to(self, domain: str) -> nn.Module:
        name_a, name_b = self._names
        if domain.lower() in ("b", name_b.lower()):
            return self.generator_ab
        if domain.lower() in ("a", name_a.lower()):
            return self.generator_ba
        raise InputError(f"There is no domain {domain!r}. Translate to A ({name_a}) or to B ({name_b}).")


def _unlike(data: UnpairedSpec, settings: CycleGAN.Settings) -> str | None:
    """Return why two domains that differ in size or colour cannot be translated, or ``None``."""
    if data.a.shape[1:] != data.b.shape[1:]:
        return (
            f"{CycleGAN.title} needs images of one size in both domains; these are "
            f"{data.a.width} × {data.a.height} and {data.b.width} × {data.b.height}. Set Resize to bring "
            "both to one."
        )
    if data.a.channels != data.b.channels and (settings.identity or settings.added):
        return (
            "One domain is grey and the other in colour, and an image of one cannot stand for the other. Set "
            "Identity to 0 and Added to false, or Colour to RGB."
        )
    return None
