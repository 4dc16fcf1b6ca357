"""Regularizers: terms added to the discriminator's loss, and limits put on its weights."""

from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganstudio.api.component import Component
from ganstudio.api.settings import Settings

Discriminate = Callable[[Tensor], Tensor]
"""Raw logits of samples. Called with the very ``real`` or ``fake`` it was given, it repeats no work."""


class Regularizer(Component):
    """A penalty on the discriminator, a limit on its weights, or both.

    Settings with a field ``every`` are computed lazily: at every n-th step, n times as strong.
    """

    category: ClassVar[str] = "regularizer"

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor | None:
        """Return a scalar to add to the discriminator's loss, or ``None``.

        ``real`` and ``fake`` [B, ...] require gradients, so ``torch.autograd.grad`` may be taken with
        respect to them.
        """
        return None

    def after_update(self, discriminator: nn.Module) -> None:
        """Do what is to be done to the discriminator after each of its updates."""

    @property
    def every(self) -> int:
        """Steps from one computation of the penalty to the next."""
        return int(getattr(self.settings, "every", 1))

    @classmethod
    def refuses(cls, settings: Settings, loss: type) -> str | None:
        """Return why this does not go with the loss, as a whole sentence, or ``None``."""
        return None


def gradient_square_norm(logits: Tensor, inputs: Tensor) -> Tensor:
    """Return ‖∇ₓ logits‖² of each sample, [B], differentiable: what R1, R2 and WGAN-GP are made of."""
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    return gradient.square().flatten(1).sum(1)
