"""GAN: the two-network step that every adversarial variant shares.

Goodfellow et al., 2014, arXiv:1406.2661. The loss and the regularizers come from other plugins.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal, cast

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils import parametrizations

from ganstudio.api import settings as base
from ganstudio.api.architecture import Architecture, Update
from ganstudio.api.data import Batch, DataSpec
from ganstudio.api.loss import AdversarialLoss
from ganstudio.api.regularizer import Discriminate, Regularizer
from ganstudio.api.settings import Live, Optimizer, Range


class GAN(Architecture):
    """A generator against a discriminator. A variant supplies the two networks.

    ``generator``: latents [N, latent_dim] → samples. ``discriminator``: samples → raw logits [N, 1].
    """

    adversarial: ClassVar[bool] = True
    ema: ClassVar[tuple[str, ...]] = ("generator",)
    default_optimizers: ClassVar = {"generator": Optimizer(), "discriminator": Optimizer()}

    class Settings(base.Settings):
        """Settings every adversarial variant has."""

        latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each sample is made from"] = 100
        latents: Annotated[
            Literal["normal", "uniform"], "How latents are drawn: standard normal, or uniform in [-1, 1]"
        ] = "normal"
        n_critic: Annotated[
            int, Range(1, 100), Live, "Discriminator updates for each update of the generator"
        ] = 1
        spectral_norm: Annotated[
            bool,
            "Divide each weight of the discriminator by its largest singular value "
            "(Miyato et al., 2018, arXiv:1802.05957)",
        ] = False

    settings: "GAN.Settings"
    generator: nn.Module
    discriminator: nn.Module

    def __init__(
        self,
        settings: base.Settings | None = None,
        loss: AdversarialLoss | None = None,
        regularizers: Sequence[Regularizer] = (),
    ) -> None:
        super().__init__(settings)
        if loss is not None:
            self.loss = loss
        self.regularizers = tuple(regularizers)

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return a network from latents [N, latent_dim] to samples."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its generator is built")

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return a network from samples to raw logits [N, 1]."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its discriminator is built")

    def build(self, data: DataSpec) -> None:
        """Make both networks."""
        self.generator = self.build_generator(data)
        self.discriminator = self.build_discriminator(data)
        if self.settings.spectral_norm:
            add_spectral_norm(self.discriminator)
        self._joint = not any(mixes_samples(layer) for layer in self.discriminator.modules())

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield ``n_critic`` updates of the discriminator, then one of the generator.

        The samples of the last discriminator update serve the generator's as well: one forward for both.
        """
        for remaining in reversed(range(self.settings.n_critic)):
            batch = next(batches)
            with torch.set_grad_enabled(remaining == 0):
                fake = self.generator(self.draw_latents(len(batch.real)))

            # Discriminator: tell real from fake.
            yield Update(self.discriminator, self.discriminator_loss(batch, fake.detach()))
            for regularizer in self.regularizers:
                regularizer.after_update(self.discriminator)

        # Generator: be taken for real. The discriminator has just been updated.
        yield Update(self.generator, self.generator_loss(batch, fake))

    def discriminator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the adversarial loss plus the penalties that are due at this step."""
        real = batch.real
        due = [r for r in self.regularizers if self.step % r.every == 0]
        if due:
            real, fake = real.detach().requires_grad_(), fake.detach().requires_grad_()
        # Gradients at one half alone are cheaper when that half had a pass of its own.
        joint = len({half for r in due for half in r.gradients_at}) != 1
        real_logits, fake_logits = self.discriminate_both(real, fake, joint)
        loss = self.loss.discriminator_loss(real_logits, fake_logits)
        discriminate = Discriminate(self.discriminator, {real: real_logits, fake: fake_logits})
        for regularizer in due:
            penalty = regularizer.penalty(discriminate, real, fake, batch.labels)
            if penalty is not None:
                loss = loss + regularizer.every * penalty
                self.log(f"penalty/{type(regularizer).__name__}", penalty)
        if self.recording:
            self._log_logits(real_logits, fake_logits)
        return loss

    def generator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the generator's adversarial loss."""
        real_logits = None
        if self.loss.relativistic:
            with torch.no_grad():
                real_logits = self.discriminator(batch.real)
        return self.loss.generator_loss(self.discriminator(fake), real_logits)

    def discriminate_both(self, real: Tensor, fake: Tensor, joint: bool = True) -> tuple[Tensor, Tensor]:
        """Return the logits of both halves, in one pass where no layer mixes the samples of a batch."""
        if joint and self._joint:
            real_logits, fake_logits = torch.split(self.discriminator(torch.cat([real, fake])), len(real))
            return real_logits, fake_logits
        return self.discriminator(real), self.discriminator(fake)

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents, [count, latent_dim]."""
        shape = (count, self.settings.latent_dim)
        device = self.device if generator is None else generator.device
        if self.settings.latents == "uniform":
            drawn = torch.rand(shape, device=device, generator=generator).mul_(2).sub_(1)
        else:
            drawn = torch.randn(shape, device=device, generator=generator)
        return drawn.to(self.device)

    def generate(self, latents: Tensor) -> Tensor:
        """Return the generator's samples."""
        return cast(Tensor, self.generator(latents))

    def _log_logits(self, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Log both means, and how often a real sample is ranked above a fake one (chance: ½)."""
        self.log("logits/real", real_logits)
        self.log("logits/fake", fake_logits)
        self.log("accuracy/discriminator", real_logits.detach() > fake_logits.detach())


def mixes_samples(layer: nn.Module) -> bool:
    """Say whether a layer's output for one sample depends on the others of its batch.

    A layer of your own that does says so with an attribute ``mixes_samples = True``.
    """
    return isinstance(layer, _BatchNorm) or bool(getattr(layer, "mixes_samples", False))


def add_spectral_norm(network: nn.Module) -> None:
    """Normalise every linear and convolutional layer of ``network`` by its spectral norm."""
    for layer in list(network.modules()):
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            parametrizations.spectral_norm(layer)
