"""Adversarial losses: two formulas over raw logits. They know nothing of networks or data."""

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor

from ganstudio.api.component import Component


class AdversarialLoss(Component, ABC):
    """What the discriminator and the generator each try to lower.

    Logits are raw discriminator outputs, [B, 1] or [B]. Each method returns a scalar.
    """

    category: ClassVar[str] = "loss"

    relativistic: ClassVar[bool] = False
    """Whether the generator's loss needs the logits of real samples too; they are only computed if so."""

    @abstractmethod
    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return the discriminator's loss."""

    @abstractmethod
    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return the generator's loss; ``real_logits`` is ``None`` unless ``relativistic``."""
