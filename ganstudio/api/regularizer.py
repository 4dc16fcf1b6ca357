"""Regularizers: terms added to the discriminator's loss, and limits put on its weights."""

from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganstudio.api.component import Component


class Discriminate:
    """The discriminator as a regularizer sees it: a function that repeats no work.

    Called with the very ``real`` or ``fake`` of this update it gives the logits that are there already, and
    their gradients are computed once, for both in one pass where both came from one.
    """

    def __init__(
        self,
        network: Callable[[Tensor], Tensor],
        known: dict[Tensor, Tensor] | None = None,
        packing: int = 1,
    ) -> None:
        self._packing = packing
        self._network = network
        self._known = {} if known is None else known
        self._gradients: dict[Tensor, Tensor] = {}

    def __call__(self, samples: Tensor) -> Tensor:
        """Return raw logits [B, 1] of ``samples`` [B, ...]."""
        return self._known[samples] if samples in self._known else self._network(samples)

    def gradient(self, samples: Tensor) -> Tensor:
        """Return ∇ₓ D(x) at each sample, [B, ...], itself differentiable; ``samples`` require gradients."""
        if samples not in self._known:
            return _gradients(self(samples), [samples])[0]
        if samples not in self._gradients:
            logits, together = self._of_one_pass(samples)
            self._gradients |= dict(zip(together, _gradients(logits, together), strict=True))
        return self._gradients[samples]

    def gradient_square_norm(self, samples: Tensor) -> Tensor:
        """Return ‖∇ₓ D(x)‖² of each judgement, [B]: what R1, R2 and WGAN-GP are made of.

        Of packed samples, that of each pack, [B / packing].
        """
        each = self.gradient(samples).square().flatten(1).sum(1)
        return each.view(-1, self._packing).sum(1)

    def _of_one_pass(self, samples: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return the logits of the pass that ``samples`` went through, and all known samples in it."""
        whole = self._known[samples]._base
        if whole is None:
            return self._known[samples], [samples]
        together = [one for one, part in self._known.items() if part._base is whole]
        logits = [self._known[one] for one in together]
        # The pass may have made more than these logits, such as classes beside them.
        alone = whole.numel() == sum(part.numel() for part in logits)
        return whole if alone else torch.cat(logits), together


class Regularizer(Component):
    """A penalty on the discriminator, a limit on its weights, or both.

    Settings with a field ``every`` are computed lazily: at every n-th step, n times as strong.
    """

    category: ClassVar[str] = "regularizer"

    gradients_at: ClassVar[tuple[str, ...]] = ()
    """Where the penalty takes gradients: ``real``, ``fake``. Those of several regularizers share a pass."""

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor | None:
        """Return a scalar to add to the discriminator's loss, or ``None``.

        ``real`` and ``fake`` [B, ...] require gradients, so ``discriminate.gradient(real)`` may be taken.
        """
        return None

    def after_update(self, discriminator: nn.Module) -> None:
        """Do what is to be done to the discriminator after each of its updates."""

    @property
    def every(self) -> int:
        """Steps from one computation of the penalty to the next."""
        return int(getattr(self.settings, "every", 1))


def _gradients(logits: Tensor, samples: list[Tensor]) -> tuple[Tensor, ...]:
    """Return the gradients of each sample's own logits: samples of a batch do not see each other."""
    return torch.autograd.grad(logits, samples, torch.ones_like(logits), create_graph=True)
