"""GAN: the two-network step that every adversarial variant shares.

Goodfellow et al., 2014, arXiv:1406.2661. The loss, the regularizers and the augmentations come from other
plugins; labels, packing and comparisons within a batch are put round whatever networks a variant builds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, cast

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils import parametrizations

from ganstudio.api import settings as base
from ganstudio.api.architecture import Architecture, Fixed, Preview, Update
from ganstudio.api.augmentation import Augmentation
from ganstudio.api.balance import critic_updates, flipped, noise_now, smoothed
from ganstudio.api.conditioning import Conditional, Embedded, OneHot, packed
from ganstudio.api.data import Batch, DataSpec
from ganstudio.api.errors import InputError
from ganstudio.api.gan_settings import GANSettings
from ganstudio.api.judge import Judge, needs_judge, spec_beside
from ganstudio.api.loss import AdversarialLoss
from ganstudio.api.regularizer import Discriminate, Regularizer
from ganstudio.api.settings import Optimizer

Weights = dict[str, Tensor]

SAMPLES_TOLD = 256
"""Samples of a batch whose logits are told one by one, at most."""
WIDEST = 16
"""With more classes than this, those of one class do not stand below each other in a preview."""


class GAN(Architecture):
    """A generator against a discriminator. A variant supplies the two networks.

    ``generator``: [N, generator_inputs] → samples. ``discriminator``: samples → raw logits [N, 1].
    """

    adversarial: ClassVar[bool] = True
    ema: ClassVar[tuple[str, ...]] = ("generator",)
    default_optimizers: ClassVar = {"generator": Optimizer(), "discriminator": Optimizer()}

    flat: ClassVar[bool] = False
    """Whether the discriminator sees a row of numbers: a label then stands at its end, not as planes."""

    class Settings(GANSettings):
        """Settings every adversarial variant has."""

    settings: "GAN.Settings"
    generator: nn.Module
    discriminator: nn.Module

    def __init__(
        self,
        settings: base.Settings | None = None,
        loss: AdversarialLoss | None = None,
        regularizers: Sequence[Regularizer] = (),
        augmentations: Sequence[Augmentation] = (),
    ) -> None:
        super().__init__(settings)
        if loss is not None:
            self.loss = loss
        self.regularizers = tuple(regularizers)
        self.augmentations = tuple(augmentations)

    @classmethod
    def refuses(cls, settings: base.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on ``data``: also when classes are asked for and there are none."""
        if isinstance(settings, GANSettings) and (reason := _no_labels(settings, data)):
            return reason
        return super().refuses(settings, data)

    @property
    def generator_inputs(self) -> int:
        """Numbers the generator is given for each sample: the latents, and the code of a label after them."""
        return self.settings.latent_dim + (self.classes if self.settings.conditioning != "none" else 0)

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return a network from [N, generator_inputs] to samples."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its generator is built")

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return a network from samples to raw logits [N, 1].

        ``data`` describes what it is given: more channels than the data has, where labels stand beside the
        samples or several are packed.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how its discriminator is built")

    def build(self, data: DataSpec) -> None:
        """Make both networks, with what the settings put round them."""
        if reason := _no_labels(self.settings, data):
            raise InputError(reason)
        self.classes = len(getattr(data, "classes", ())) if self.settings.conditioning != "none" else 0
        self.generator = self._with_labels(self.build_generator(data))
        self.discriminator = self._with_additions(data)
        if self.settings.spectral_norm:
            add_spectral_norm(self.discriminator)
        names: tuple[str, ...] = getattr(data, "classes", ())
        self._columns = (self.classes, names) if 0 < self.classes <= WIDEST else (0, ())
        self._joint = not any(mixes_samples(layer) for layer in self.discriminator.modules())
        self._skipped = False

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the updates of the discriminator, then those of the generator; one of each by default.

        The samples of the last discriminator update serve the generator's as well: one forward for both.
        """
        settings = self.settings
        updates = critic_updates(settings.n_critic, settings.critic_warm_up, self.step)
        for remaining in reversed(range(updates)):
            batch = next(batches)
            with torch.set_grad_enabled(remaining == 0):
                fake = self._fakes(batch)

            # Discriminator: tell real from fake.
            loss = self.discriminator_loss(batch, fake.detach())
            if not self._skipped:
                yield Update(self.discriminator, loss)
                for regularizer in self.regularizers:
                    regularizer.after_update(self.discriminator)

        # Generator: be taken for real. The discriminator has just been updated.
        for further in range(settings.n_generator):
            if further:
                batch = next(batches)
                fake = self._fakes(batch)
            yield Update(self.generator, self.generator_loss(batch, fake))

    def discriminator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the adversarial loss plus the penalties that are due at this step."""
        labels = self._labels(batch)
        real, fake = self.as_seen(batch.real), self.as_seen(fake)
        due = [r for r in self.regularizers if self.step % r.every == 0]
        if due:
            real, fake = real.detach().requires_grad_(), fake.detach().requires_grad_()
        # Gradients at one half alone are cheaper when that half had a pass of its own.
        joint = len({half for r in due for half in r.gradients_at}) != 1
        real_made, fake_made = self.discriminate_both(real, fake, joint, labels)
        real_logits, fake_logits = _logits(real_made), _logits(fake_made)
        loss = self._adversarial(real_logits, fake_logits)
        if self.settings.conditioning == "auxiliary":
            loss = loss + self._naming("real", real_made, labels) + self._naming("fake", fake_made, labels)
        discriminate = Discriminate(
            lambda samples: _logits(self.discriminate(samples, labels)),
            {real: real_logits, fake: fake_logits},
            self.settings.packing,
        )
        for regularizer in due:
            penalty = regularizer.penalty(discriminate, real, fake, batch.labels)
            if penalty is not None:
                loss = loss + regularizer.every * penalty
                self.log(f"penalty/{type(regularizer).__name__}", penalty, hold=regularizer.every > 1)
        self._take_stock(real_logits.detach(), fake_logits.detach())
        return loss

    def generator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the generator's adversarial loss, and that of making the class that was asked for."""
        labels, seen = self._labels(batch), self.as_seen(fake)
        weights = self._looked_ahead(batch, seen) if self.settings.unrolled_steps else None
        real_logits = None
        if self.loss.relativistic:
            with torch.no_grad():
                real_logits = _logits(self.discriminate(self.as_seen(batch.real), labels, weights))
        made = self.discriminate(seen, labels, weights)
        loss = self.loss.generator_loss(_logits(made), real_logits)
        if self.settings.conditioning == "auxiliary":
            loss = loss + self._naming("generator", made, labels)
        return loss

    def as_seen(self, samples: Tensor) -> Tensor:
        """Return samples as the discriminator sees them: augmented, and with instance noise, in float32."""
        samples = samples.float()
        for augmentation in self.augmentations:
            samples = augmentation.augment(samples)
        settings = self.settings
        if settings.instance_noise:
            sigma = noise_now(settings.instance_noise, settings.instance_noise_steps, self.step)
            samples = samples + sigma * torch.randn_like(samples)
        return samples

    def discriminate(
        self, samples: Tensor, labels: Tensor | None = None, weights: Weights | None = None
    ) -> Tensor:
        """Return what the discriminator makes of ``samples`` [N, …]: raw logits, and classes behind them.

        ``weights`` stand for the discriminator's own, where they are given.
        """
        given = (samples, labels) if isinstance(self.discriminator, Judge) else (samples,)
        if weights is not None:
            return cast(Tensor, functional_call(self.discriminator, weights, given))
        return cast(Tensor, self.discriminator(*given))

    def discriminate_both(
        self, real: Tensor, fake: Tensor, joint: bool = True, labels: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return what it makes of both halves, in one pass where no layer mixes the samples of a batch."""
        # A pack never holds real and generated samples: where halves do not divide, each is refused alone.
        if joint and self._joint and len(real) % self.settings.packing == 0:
            both = None if labels is None else torch.cat([labels, labels])
            made = self.discriminate(torch.cat([real, fake]), both)
            real_made, fake_made = torch.split(made, len(made) // 2)
            return real_made, fake_made
        return self.discriminate(real, labels), self.discriminate(fake, labels)

    # --- Looking at the game -----------------------------------------------------------------------

    def judge(self, samples: Tensor, labels: Tensor | None = None, among: Batch | None = None) -> Tensor:
        """Return the discriminator's raw logits [N], of samples that are neither augmented nor noisy."""
        if isinstance(self.discriminator, Judge) and among is not None:
            return self.discriminator.among(samples, labels, among.real, among.labels)[:, 0]
        return self.discriminate(samples, labels)[:, 0]

    def pull(self, samples: Tensor, batch: Batch) -> Tensor:
        """Return −N ∂loss / ∂sample for the generator's loss, with the discriminator as it is.

        Neither augmented, nor noisy, nor looked ahead.
        """
        labels = self._labels(batch)
        with torch.enable_grad():
            samples = samples.detach().requires_grad_()
            made = self.discriminate(samples, labels)
            real_logits = _logits(self.discriminate(batch.real, labels)) if self.loss.relativistic else None
            loss = self.loss.generator_loss(_logits(made), real_logits)
            if self.settings.conditioning == "auxiliary":
                loss = loss + self._naming("generator", made, labels)
            (slope,) = torch.autograd.grad(loss, samples)
        return -len(samples) * slope

    # --- Making samples ----------------------------------------------------------------------------

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents, [count, latent_dim]."""
        shape = (count, self.settings.latent_dim)
        device = self.device if generator is None else generator.device
        if self.settings.latents == "uniform":
            drawn = torch.rand(shape, device=device, generator=generator).mul_(2).sub_(1)
        else:
            drawn = torch.randn(shape, device=device, generator=generator)
        return drawn.to(self.device)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the generator's samples for ``latents`` and, where it is conditional, classes [N]."""
        if self.settings.conditioning == "none":
            return cast(Tensor, self.generator(latents))
        return cast(Tensor, self.generator(latents, labels))

    def generator_given(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return what the network of :meth:`build_generator` is given, [N, generator_inputs].

        Latents, and behind them the codes of ``labels`` [N] where it is conditional. For a variant that runs
        that network, :attr:`own_generator`, in parts.
        """
        if isinstance(self.generator, Conditional):
            assert labels is not None, "a conditional generator is asked for classes"
            return self.generator.given(latents, labels)
        return latents

    @property
    def own_generator(self) -> nn.Module:
        """The network of :meth:`build_generator`, without what puts labels before it."""
        return self.generator.network if isinstance(self.generator, Conditional) else self.generator

    def preview(self, fixed: Fixed) -> Preview | Mapping[str, Preview]:
        """Return the samples shown in the window; those of one class stand below each other."""
        assert fixed.latents is not None, "a GAN draws latents"
        return Preview(self.samples(fixed.latents, fixed.labels), *self._columns)

    # --- Details -----------------------------------------------------------------------------------

    def _fakes(self, batch: Batch) -> Tensor:
        """Make as many samples as the batch has, of the same classes."""
        return self.samples(self.draw_latents(len(batch.real)), self._labels(batch))

    def _labels(self, batch: Batch) -> Tensor | None:
        return batch.labels if self.settings.conditioning != "none" else None

    def _adversarial(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        settings = self.settings
        real_logits, fake_logits = flipped(real_logits, fake_logits, settings.label_flipping)
        return smoothed(self.loss, real_logits, fake_logits, settings.label_smoothing)

    def _naming(self, whose: str, made: Tensor, labels: Tensor | None) -> Tensor:
        """Return the loss of telling the class (Odena et al., 2017, arXiv:1610.09585, equation 3)."""
        assert labels is not None, "refuses() saw to it"
        loss = self.settings.auxiliary_weight * cross_entropy(made[:, 1:], labels)
        self.log(f"class/{whose}", loss)
        return loss

    def _looked_ahead(self, batch: Batch, seen: Tensor) -> Weights:
        """Return the discriminator's weights some gradient steps ahead, as a function of the generator's.

        Metz et al., 2017, arXiv:1611.02163, equations 6 to 9, with plain gradient descent on the
        adversarial loss, and that of naming classes, without penalties.
        """
        settings, labels, real = self.settings, self._labels(batch), self.as_seen(batch.real)
        # Buffers are copied, so that looking ahead leaves no trace in running statistics.
        weights = {name: b.clone() for name, b in self.discriminator.named_buffers()}
        weights |= dict(self.discriminator.named_parameters())
        moved = [name for name, p in self.discriminator.named_parameters() if p.requires_grad]
        for _ahead in range(settings.unrolled_steps):
            real_made, fake_made = (self.discriminate(x, labels, weights) for x in (real, seen))
            loss = self.loss.discriminator_loss(_logits(real_made), _logits(fake_made))
            if self.settings.conditioning == "auxiliary":
                assert labels is not None, "refuses() saw to it"
                for made in (real_made, fake_made):
                    loss = loss + settings.auxiliary_weight * cross_entropy(made[:, 1:], labels)
            used = [weights[name] for name in moved]
            slopes = torch.autograd.grad(loss, used, create_graph=True, allow_unused=True)
            rate, steps = settings.unrolled_rate, zip(moved, used, slopes, strict=True)
            weights |= {name: w if s is None else w - rate * s for name, w, s in steps}
        return weights

    def _take_stock(self, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Log the logits and how often real is ranked above fake (chance: ½); let augmentations adapt."""
        for augmentation in self.augmentations:
            # Each sample of a pack is judged as the pack is.
            augmentation.adapt(real_logits.repeat_interleave(self.settings.packing, 0))
        above = real_logits > fake_logits
        limit = self.settings.skip_when_winning
        self._skipped = limit < 1 and bool(above.float().mean() > limit)
        if not self.recording:
            return
        self.log("logits/real", real_logits)
        self.log("logits/fake", fake_logits)
        self.log_vector("logits/real", real_logits[:SAMPLES_TOLD])
        self.log_vector("logits/fake", fake_logits[:SAMPLES_TOLD])
        self.log("accuracy/discriminator", above)
        if limit < 1:
            self.log("balance/skipped", torch.tensor(float(self._skipped)))
        for augmentation in self.augmentations:
            if augmentation.strength is not None:
                self.log(f"augmentation/{type(augmentation).__name__}", augmentation.strength)

    def _with_labels(self, network: nn.Module) -> nn.Module:
        form = self.settings.conditioning
        if form == "none":
            return network
        learned = form == "embedded"
        code = Embedded(self.classes, self.classes) if learned else OneHot(self.classes)
        return Conditional(network, code)

    def _with_additions(self, data: DataSpec) -> nn.Module:
        if not needs_judge(self.settings):
            return self.build_discriminator(data)
        beside = spec_beside(self.settings, data, self.classes, self.flat)
        given = packed(beside.spec if beside else data, self.settings.packing)
        return Judge(self.build_discriminator(given), self.settings, beside, self.classes)


def _no_labels(settings: GANSettings, data: DataSpec) -> str | None:
    """Return why classes cannot be asked for, where the settings want that and it cannot be."""
    form = settings.conditioning
    if form == "none":
        return None
    if not getattr(data, "classes", ()):
        return (
            f"These {data.describe()} have no classes to ask for. Set Conditioning to none, or choose data "
            "with labels."
        )
    if settings.packing > 1 and form in ("projection", "auxiliary"):
        return (
            f"Packed samples have a class each, and {form} conditioning wants one for the pack. Set Packing "
            "to 1, or Conditioning to concatenated or embedded."
        )
    return None


def _logits(made: Tensor) -> Tensor:
    """Return the logits alone, without the classes behind them."""
    return made if made.ndim == 1 or made.shape[1] == 1 else made[:, :1]


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
