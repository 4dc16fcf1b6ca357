"""The adversarial part of steps whose discriminators judge patches, against any number of generators.

It knows nothing of what the generators make their images from.
"""

from collections.abc import Sequence
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import AdversarialLoss, Architecture, Augmentation, Discriminate, Regularizer

PATCHES_TOLD = 256
"""Patches of a batch whose logits are told one by one, at most; they are spread over all of its images."""


class PatchGAN(Architecture):
    """Any adversarial loss, regularizers and augmentations, for logits of patches [N, 1, H', W']."""

    adversarial: ClassVar[bool] = True

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
        for name, logits in ((f"logits/real{whose}", real_logits), (f"logits/fake{whose}", fake_logits)):
            self.log_vector(name, logits[:: -(-len(logits) // PATCHES_TOLD)])
        self.log(f"accuracy/discriminator{whose}", real_logits > fake_logits)


def _row(logits: Tensor) -> Tensor:
    """Return the logits of all patches of all images below each other: [N · patches, 1]."""
    return logits.reshape(-1, 1)


def _mean(logits: Tensor) -> Tensor:
    """Return the mean logit of each image, [N, 1]."""
    return logits.flatten(1).mean(1, keepdim=True)
