"""The checks of adversarial losses: their values, and which way they push logits."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor

from ganstudio.api import AdversarialLoss
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong

_COUNT = 16
_LARGEST = 30.0
"""Logits this far from zero come up in training; 1 − σ(30) is 0 in float32, and its logarithm infinite."""


class LossSubject:
    """A loss class under check."""

    def __init__(self, cls: type[AdversarialLoss], settings: Mapping[str, Any] | None = None) -> None:
        self.cls = cls
        self._settings = dict(settings or {})

    @cached_property
    def loss(self) -> AdversarialLoss:
        """The loss, with the settings it is checked with."""
        return cast(AdversarialLoss, common.made(self.cls, self.cls.Settings(**self._settings)))

    def of_discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the discriminator's loss, a scalar."""
        return self._scalar("discriminator_loss", self.loss.discriminator_loss(real, fake))

    def of_generator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the generator's loss, a scalar; real logits are given only where they are asked for."""
        given = real if self.cls.relativistic else None
        return self._scalar("generator_loss", self.loss.generator_loss(fake, given))

    def _scalar(self, method: str, value: Any) -> Tensor:
        if not isinstance(value, Tensor) or value.numel() != 1:
            what = list(value.shape) if isinstance(value, Tensor) else type(value).__name__
            raise Wrong(
                f"{method} is to return one number, and returns {what}: end it with .mean().", self.at(method)
            )
        return value

    def at(self, method: str) -> where.Place:
        """Return where a method is."""
        return where.of_method(self.cls, method)


_Method = Callable[[Tensor, Tensor], Tensor]


def values(subject: LossSubject) -> str:
    """Check that both losses are finite numbers for logits small and large."""
    spread = torch.linspace(-1, 1, _COUNT)[:, None]
    for method, name in (
        (subject.of_discriminator, "discriminator_loss"),
        (subject.of_generator, "generator_loss"),
    ):
        for scale in (0.0, 1.0, _LARGEST):
            for sign in (1, -1):
                value = method(scale * spread, sign * scale * spread.flip(0))
                if not bool(torch.isfinite(value)):
                    raise Wrong(
                        f"{name} is {float(value):g} for logits of up to ±{scale:g}. Write it with "
                        "softplus or "
                        "logsigmoid: the logarithm of a sigmoid is lost to rounding.",
                        subject.at(name),
                    )
    return f"Both losses are finite for logits of up to ±{_LARGEST:g}."


def directions(subject: LossSubject) -> str:
    """Check that lowering the losses pulls real and generated logits the right way."""
    noise = 0.05 * torch.randn(_COUNT, 1, generator=torch.Generator().manual_seed(0))
    # Between 0 and 1, and between -1 and 1: where losses that aim at such values pull either kind.
    real, fake = _leaf(0.25 + noise), _leaf(0.25 + noise.flip(0))
    up, down = _slopes(subject, subject.of_discriminator, "discriminator_loss", real, fake)
    if up is None or up >= 0:
        raise Wrong(
            "Lowering discriminator_loss does not raise the logits of real samples. Are real and fake in "
            "each "
            "other's place?",
            subject.at("discriminator_loss"),
        )
    if down is None or down <= 0:
        raise Wrong(
            "Lowering discriminator_loss does not lower the logits of generated samples. Are real and "
            "fake in "
            "each other's place?",
            subject.at("discriminator_loss"),
        )
    # The discriminator is ahead: the generator is to be pulled up.
    real, fake = _leaf(0.5 + noise), _leaf(-0.5 + noise.flip(0))
    _, up = _slopes(subject, subject.of_generator, "generator_loss", real, fake)
    if up is None or up >= 0:
        raise Wrong(
            "Lowering generator_loss does not raise the logits of generated samples, so the generator "
            "would not "
            "learn to be taken for real. Has it the wrong sign?",
            subject.at("generator_loss"),
        )
    return "The discriminator is pulled to tell the two kinds apart, the generator to be taken for real."


def shapes(subject: LossSubject) -> str:
    """Check that logits [B] and [B, 1] mean the same."""
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(_COUNT, 1, generator=generator), torch.randn(_COUNT, 1, generator=generator)
    for method, name in (
        (subject.of_discriminator, "discriminator_loss"),
        (subject.of_generator, "generator_loss"),
    ):
        column, row = method(real, fake), method(real[:, 0], fake[:, 0])
        if not torch.allclose(column, row, rtol=1e-4, atol=1e-5):
            raise Wrong(
                f"{name} is {float(column):.4g} for logits [B, 1] and {float(row):.4g} for the same as [B].",
                subject.at(name),
            )
    return "Logits may be [B, 1] or [B]."


def _leaf(values: Tensor) -> Tensor:
    return values.clone().requires_grad_()


def _slopes(
    subject: LossSubject, method: _Method, name: str, real: Tensor, fake: Tensor
) -> tuple[float | None, float | None]:
    """Return the summed gradients of a loss at real and at fake logits; ``None`` where it has none."""
    value = method(real, fake)
    if not value.requires_grad:
        raise Wrong(
            f"{name} does not depend on its logits, or was computed without gradients.", subject.at(name)
        )
    slopes = torch.autograd.grad(value, [real, fake], allow_unused=True)
    one, other = (None if slope is None else float(slope.sum()) for slope in slopes)
    return one, other


CHECKS: tuple[Check[LossSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check("values", "Both losses are scalars, finite for logits small and large.", values, ("settings",)),
    Check(
        "directions",
        "Gradients have the right sign for real and for generated samples.",
        directions,
        ("values",),
    ),
    Check("shapes", "Logits [B] and [B, 1] mean the same.", shapes, ("values",)),
)
