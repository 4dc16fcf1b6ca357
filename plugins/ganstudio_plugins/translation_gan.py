"""What translating GANs share: settings of their networks, and the adversarial part of their steps.

It knows nothing of cycles, pairs or previews.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, cast

import torch
from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import (
    AdversarialLoss,
    Architecture,
    Augmentation,
    Discriminate,
    ImageSpec,
    Optimizer,
    Range,
    Regularizer,
    add_spectral_norm,
)
from ganstudio_plugins.patch_discriminator import patch_discriminator, smallest_side

PAPER = Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999)
"""Of both papers, for every network."""
_DISCRIMINATOR = api.Group("Discriminator")


class TranslationGAN(Architecture):
    """Generators that make images of images, against discriminators that judge patches of them."""

    adversarial: ClassVar[bool] = True

    class Settings(Architecture.Settings):
        """Settings of the networks that every translating GAN has."""

        width: Annotated[
            int, Range(4, 256, log=True), "Channels of a generator's largest layers; 64 in the papers"
        ] = 32
        normalisation: Annotated[
            Literal["instance", "batch", "none"],
            "What follows convolutions: each image normalised by itself (Ulyanov et al., 2017, "
            "arXiv:1607.08022), by the batch, or nothing",
        ] = "instance"
        added: Annotated[
            bool,
            "The generator makes what is added to its input, and begins by changing nothing: for images "
            "that are to stay much as they are. Otherwise it makes the whole image",
        ] = False
        discriminator_width: Annotated[
            int, Range(4, 256, log=True), _DISCRIMINATOR, "Channels of its first layer; 64 in the papers"
        ] = 32
        discriminator_layers: Annotated[
            int,
            Range(1, 5),
            _DISCRIMINATOR,
            "Layers that halve the image: 1 judges patches of 16 pixels, 2 of 34, 3 of 70 as in the papers",
        ] = 2
        spectral_norm: Annotated[
            bool,
            _DISCRIMINATOR,
            "Divide each weight of the discriminator by its largest singular value "
            "(Miyato et al., 2018, arXiv:1802.05957)",
        ] = False

    settings: "TranslationGAN.Settings"

    def __init__(
        self,
        settings: api.Settings | None = None,
        loss: AdversarialLoss | None = None,
        regularizers: Sequence[Regularizer] = (),
        augmentations: Sequence[Augmentation] = (),
    ) -> None:
        super().__init__(settings)
        if loss is not None:
            self.loss = loss
        self.regularizers = tuple(regularizers)
        self.augmentations = tuple(augmentations)

    def new_discriminator(self, channels: int) -> nn.Module:
        """Return images [N, channels, H, W] → logits of patches, [N, 1, H', W']."""
        chosen = self.settings
        # A discriminator whose layers are divided by their norms is not normalised besides.
        normalisation = "none" if chosen.spectral_norm else chosen.normalisation
        network = patch_discriminator(
            channels, chosen.discriminator_width, chosen.discriminator_layers, normalisation
        )
        if chosen.spectral_norm:
            add_spectral_norm(network)
        return network

    def discriminator_loss(self, whose: str, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        """Return the adversarial loss of a discriminator plus the penalties due at this step.

        ``whose`` is the end of its curves' names. A penalty is of the mean logit of each image.
        """
        real, fake = self.as_seen(real), self.as_seen(fake.detach())
        due = [r for r in self.regularizers if self.step % r.every == 0]
        if due:
            real, fake = real.detach().requires_grad_(), fake.requires_grad_()
        real_logits, fake_logits = (cast(Tensor, discriminator(images)) for images in (real, fake))
        loss = self.loss.discriminator_loss(_row(real_logits), _row(fake_logits))
        known = {real: _mean(real_logits), fake: _mean(fake_logits)}
        discriminate = Discriminate(lambda images: _mean(discriminator(images)), known)
        for regularizer in due:
            penalty = regularizer.penalty(discriminate, real, fake, None)
            if penalty is not None:
                loss = loss + regularizer.every * penalty
                self.log(f"penalty/{type(regularizer).__name__}{whose}", penalty)
        self._take_stock(whose, known[real].detach(), known[fake].detach())
        return loss

    def generator_loss(self, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        """Return the adversarial loss of what made ``fake``."""
        real_logits = None
        if self.loss.relativistic:
            with torch.no_grad():
                real_logits = _row(discriminator(self.as_seen(real)))
        return self.loss.generator_loss(_row(discriminator(self.as_seen(fake))), real_logits)

    def after_discriminator(self, discriminator: nn.Module) -> None:
        """Do what regularizers do after each update of a discriminator."""
        for regularizer in self.regularizers:
            regularizer.after_update(discriminator)

    def as_seen(self, images: Tensor) -> Tensor:
        """Return images as a discriminator sees them: augmented, in float32."""
        images = images.float()
        for augmentation in self.augmentations:
            images = augmentation.augment(images)
        return images

    def _take_stock(self, whose: str, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Log the mean logits and how often real is ranked above fake; let augmentations adapt."""
        for augmentation in self.augmentations:
            augmentation.adapt(real_logits)
            if augmentation.strength is not None:
                self.log(f"augmentation/{type(augmentation).__name__}", augmentation.strength)
        self.log(f"logits/real{whose}", real_logits)
        self.log(f"logits/fake{whose}", fake_logits)
        self.log(f"accuracy/discriminator{whose}", real_logits > fake_logits)


def unfit(title: str, data: ImageSpec, halvings: int, layers: int) -> str | None:
    """Return why such images cannot be halved and judged so often, and the side to scale them to."""
    factor = 2**halvings
    # A generator's smallest features are at least 2 × 2, so that there is something to normalise.
    least = max(smallest_side(layers), 2 * factor)
    side = max(round(min(data.height, data.width) / factor), -(-least // factor)) * factor
    these = f"these are {data.width} × {data.height}. Set Resize to {side}"
    if min(data.height, data.width) < least:
        return (
            f"{title} with {halvings} halvings and {layers} discriminator layers needs images of at least "
            f"{least} × {least} pixels; {these} or more, or choose fewer of them."
        )
    if data.height % factor or data.width % factor:
        return f"{title} halves its images {halvings} times, so sides must be multiples of {factor}; {these}."
    return None


def _row(logits: Tensor) -> Tensor:
    """Return the logits of all patches of all images below each other: [N · patches, 1]."""
    return logits.reshape(-1, 1)


def _mean(logits: Tensor) -> Tensor:
    """Return the mean logit of each image, [N, 1]."""
    return logits.flatten(1).mean(1, keepdim=True)
