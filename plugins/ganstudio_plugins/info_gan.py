"""InfoGAN for 28 to 128 px. It knows nothing of losses, penalties or labels."""

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio import api
from ganstudio.api import Batch, DataSpec, Fixed, Live, Optimizer, Preview, Range, Shown, Update, When
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.info_codes import Codes

_CODES = api.Group("Codes")
_LOOKING = api.Group("Looking at it")
_Code = Annotated[float, Range(-2.0, 2.0), Shown("chosen codes"), _LOOKING]
_PAPER = {"beta1": 0.5, "beta2": 0.999}


class InfoGAN(ConvGAN):
    """DCGAN whose samples tell the codes they were made from (Chen et al., 2016, arXiv:1606.03657).

    ``recogniser``: samples → the codes. In the paper it shares the discriminator's convolutions; here it has
    its own, so that it goes with every conditioning, packing and penalty.
    """

    title = "InfoGAN"
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=1e-3, **_PAPER),
        "discriminator": Optimizer(learning_rate=2e-4, **_PAPER),
        "recogniser": Optimizer(learning_rate=1e-3, **_PAPER),
    }

    class Settings(ConvGAN.Settings):
        """The codes, and which of them are looked at."""

        latent_dim: Annotated[
            int, Range(1, 1024, log=True), "Numbers of noise that each sample is made from, beside its codes"
        ] = 62
        categories: Annotated[
            int, Range(0, 64), _CODES, "Values of the code that takes one of several; 0 leaves it out"
        ] = 10
        continuous: Annotated[int, Range(0, 8), _CODES, "Codes that take any value from -1 to 1"] = 2
        information: Annotated[
            float,
            Range(0.0, 10.0),
            Live,
            _CODES,
            "Weight λ of how well the codes are told from samples, beside the generator's loss",
        ] = 1.0

        category: Annotated[
            int,
            Range(0, 63),
            Shown("chosen codes"),
            When("categories", above=0),
            _LOOKING,
            "Value of the first code in that preview; the last there is where it is more",
        ] = 0
        first: Annotated[
            _Code,
            When("continuous", above=0),
            "Value of the first continuous code there; beyond ±1 it was never trained",
        ] = 0.0
        second: Annotated[_Code, When("continuous", above=1), "Value of the second one there"] = 0.0
        third: Annotated[_Code, When("continuous", above=2), "Value of the third one there"] = 0.0
        fourth: Annotated[_Code, When("continuous", above=3), "Value of the fourth one there"] = 0.0
        fifth: Annotated[_Code, When("continuous", above=4), "Value of the fifth one there"] = 0.0
        sixth: Annotated[_Code, When("continuous", above=5), "Value of the sixth one there"] = 0.0
        seventh: Annotated[_Code, When("continuous", above=6), "Value of the seventh one there"] = 0.0
        eighth: Annotated[_Code, When("continuous", above=7), "Value of the eighth one there"] = 0.0

        @property
        def chosen(self) -> tuple[float, ...]:
            """The continuous codes that were chosen, in their order."""
            chosen = (self.first, self.second, self.third, self.fourth)
            return (*chosen, self.fifth, self.sixth, self.seventh, self.eighth)

    settings: "InfoGAN.Settings"
    recogniser: nn.Module

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained: also where there is no code at all."""
        if isinstance(settings, InfoGAN.Settings) and not settings.categories + settings.continuous:
            return "InfoGAN needs a code to tell from samples: set Categories or Continuous to more than 0."
        return super().refuses(settings, data)

    @property
    def codes(self) -> Codes:
        """What stands behind the noise in a latent."""
        return Codes(self.settings.latent_dim, self.settings.categories, self.settings.continuous)

    @property
    def generator_inputs(self) -> int:
        """Numbers the generator is given: noise, codes, and the code of a label after them."""
        return super().generator_inputs + self.codes.width

    def build(self, data: DataSpec) -> None:
        """Make the two networks of any GAN, and the one that tells the codes."""
        super().build(data)
        trunk = list(cast(nn.Sequential, self.build_discriminator(data)).children())
        last = cast(nn.Linear, trunk[-1])
        self.recogniser = nn.Sequential(*trunk[:-1], nn.Linear(last.in_features, self.codes.width))

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the updates of any GAN; the recogniser is moved with the generator, by the same loss."""
        for update in super().training_step(batches):
            if update.networks is self.generator:
                yield Update((self.generator, self.recogniser), update.loss)
            else:
                yield update

    def generator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the generator's loss plus λ times how badly its codes are told (the paper's equation 5).

        Cross-entropy for the category, and −log N(c; μ, 1) without its constant for continuous codes.
        """
        loss = super().generator_loss(batch, fake)
        told = self.recogniser(fake.float())
        category, rest = self.codes.split(self._given[:, self.settings.latent_dim :])
        logits, means = self.codes.split(told)
        if category.shape[1]:
            unsure = functional.cross_entropy(logits, category.argmax(1))
            self.log("information/category", unsure)
            loss = loss + self.settings.information * unsure
        if rest.shape[1]:
            apart = functional.mse_loss(means, rest) * rest.shape[1] / 2
            self.log("information/continuous", apart)
            loss = loss + self.settings.information * apart
        return loss

    # --- Making samples ----------------------------------------------------------------------------

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents: noise, and behind it codes, [count, latent_dim + codes]."""
        noise = super().draw_latents(count, generator)
        device = self.device if generator is None else generator.device
        return torch.cat([noise, self.codes.draw(count, device, generator).to(noise.device)], 1)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the generator's samples for ``latents`` and, where it is conditional, classes [N]."""
        if self.training:
            # The codes that the samples of this step are to tell.
            self._given = latents
        return super().generate(latents, labels)

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        """Return samples, a grid for each code swept from end to end, and samples of the chosen codes."""
        assert fixed.latents is not None
        samples = super().preview(fixed)
        assert isinstance(samples, Preview)
        rows = max(math.isqrt(len(fixed.latents)), 1)
        labels = None if fixed.labels is None else fixed.labels[:rows]
        swept = {
            name: Preview(
                self.samples(latents.flatten(0, 1), _each(labels, latents.shape[1])),
                latents.shape[1],
                captions,
            )
            for name, captions, latents in self.codes.sweeps(fixed.latents[:rows])
        }
        settings = self.settings
        chosen = self.codes.chosen(fixed.latents, settings.category, settings.chosen)
        return {
            "samples": samples,
            **swept,
            "chosen codes": Preview(self.samples(chosen, fixed.labels), samples.columns),
        }


def _each(labels: Tensor | None, times: int) -> Tensor | None:
    return None if labels is None else labels.repeat_interleave(times)
