"""The checks of regularizers: on small discriminators of points and of images."""

import copy
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor, nn

from ganstudio.api import Discriminate, Regularizer
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong
from ganstudio.testing.stand_ins import discriminator_of

_SHAPES = ((6, 2), (6, 1, 8, 8), (6, 3, 8, 8))


class RegularizerSubject:
    """A regularizer class under check."""

    def __init__(self, cls: type[Regularizer], settings: Mapping[str, Any] | None = None) -> None:
        self.cls = cls
        self._settings = dict(settings or {})

    @cached_property
    def regularizer(self) -> Regularizer:
        """The regularizer, with the settings it is checked with."""
        return self.made()

    def made(self, **changes: Any) -> Regularizer:
        """Return a new one."""
        settings = self.cls.Settings(**{**self._settings, **changes})
        return cast(Regularizer, common.made(self.cls, settings))

    @cached_property
    def penalties(self) -> list[tuple[nn.Module, Tensor | None]]:
        """The penalty on each of some discriminators, with that discriminator."""
        return [self._penalty(shape, labels) for shape in _SHAPES for labels in (False, True)]

    def at(self, method: str) -> where.Place:
        """Return where a method is."""
        return where.of_method(self.cls, method)

    def _penalty(self, shape: tuple[int, ...], labels: bool) -> tuple[nn.Module, Tensor | None]:
        generator = torch.Generator().manual_seed(0)
        real, fake = (torch.randn(shape, generator=generator).requires_grad_() for _ in range(2))
        network = discriminator_of(real)
        made = network(torch.cat([real, fake]))
        real_logits, fake_logits = torch.split(made, len(real))
        discriminate = Discriminate(network, {real: real_logits, fake: fake_logits})
        classes = torch.arange(len(real)) % 3 if labels else None
        return network, self.regularizer.penalty(discriminate, real, fake, classes)


def penalty(subject: RegularizerSubject) -> str:
    """Check that the penalty is a finite number."""
    for (_network, value), shape in zip(
        subject.penalties, [s for s in _SHAPES for _ in range(2)], strict=True
    ):
        if value is None:
            continue
        if not isinstance(value, Tensor) or value.numel() != 1:
            what = list(value.shape) if isinstance(value, Tensor) else type(value).__name__
            raise Wrong(
                f"penalty is to return one number, or None; for samples {list(shape)} it returns {what}.",
                subject.at("penalty"),
            )
        if not bool(torch.isfinite(value)):
            raise Wrong(
                f"penalty is {float(value.detach()):g} for samples {list(shape)}.", subject.at("penalty")
            )
    found = [value for _, value in subject.penalties if value is not None]
    return (
        f"The penalty is a finite number, such as {float(found[0].detach()):.3g}."
        if found
        else "It has no penalty."
    )


def differentiable(subject: RegularizerSubject) -> str:
    """Check that lowering the penalty changes the discriminator."""
    for network, value in subject.penalties:
        if value is None:
            continue
        if not value.requires_grad:
            raise Wrong(
                "The penalty has no gradient, so it changes nothing. Gradients within it must be taken by "
                "discriminate.gradient(…), or with create_graph=True.",
                subject.at("penalty"),
            )
        slopes = torch.autograd.grad(value, list(network.parameters()), allow_unused=True)
        used = [slope for slope in slopes if slope is not None]
        if not used or not any(bool(slope.any()) for slope in used):
            raise Wrong(
                "The penalty does not depend on the weights of the discriminator.", subject.at("penalty")
            )
        if not all(bool(torch.isfinite(slope).all()) for slope in used):
            raise Wrong(
                "The gradient of the penalty is not finite. The root of a sum of squares has none at "
                "zero: add "
                "1e-12 below the root.",
                subject.at("penalty"),
            )
    return "The discriminator can be trained to lower it."


def limits(subject: RegularizerSubject) -> str:
    """Check what is done after an update, and that it does anything at all."""
    network = discriminator_of(torch.zeros(_SHAPES[0]))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(100)
    before = copy.deepcopy(network.state_dict())
    own = dict(network.named_parameters())
    subject.regularizer.after_update(network)
    after = dict(network.named_parameters())
    if any(after.get(name) is not parameter for name, parameter in own.items()):
        raise Wrong(
            "after_update puts other parameters in the place of the discriminator's, which its optimizer "
            "does not "
            "know. Change them in place, under torch.no_grad().",
            subject.at("after_update"),
        )
    if not all(bool(torch.isfinite(p).all()) for p in after.values()):
        raise Wrong("after_update makes weights that are not finite.", subject.at("after_update"))
    moved = any(not torch.equal(before[name], p) for name, p in after.items())
    if not moved and all(value is None for _, value in subject.penalties):
        raise Wrong(
            f"{subject.cls.__name__} neither returns a penalty nor changes weights, so it does nothing.",
            subject.at("penalty"),
        )
    return "Weights are limited after each update." if moved else "Weights are left alone after an update."


def every(subject: RegularizerSubject) -> str:
    """Check that a setting called ``every`` holds, and that ``gradients_at`` says what it can."""
    wrong = set(subject.cls.gradients_at) - {"real", "fake"}
    if wrong:
        raise Wrong(f"gradients_at may name real and fake; it names {', '.join(sorted(wrong))}.")
    if "every" not in subject.cls.Settings.model_fields:
        given: Any = subject.regularizer.every
        if not isinstance(given, int) or given < 1:
            raise Wrong(
                f"every is {given!r}; it is a whole number of steps, at least 1.", subject.at("every")
            )
        return f"It is computed at every {given}. step." if given > 1 else "It is computed at every step."
    told: Any = subject.made(every=4).every
    if told != 4:
        raise Wrong(f"With its setting every = 4 it is computed at every {told}. step.", subject.at("every"))
    return "Its setting every is what is done."


CHECKS: tuple[Check[RegularizerSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check("penalty", "The penalty is a finite scalar, or None.", penalty, ("settings",)),
    Check(
        "differentiable",
        "The penalty has a finite gradient at the discriminator's weights.",
        differentiable,
        ("penalty",),
    ),
    Check(
        "limits",
        "after_update changes weights in place, and the class does something at all.",
        limits,
        ("penalty",),
    ),
    Check(
        "every", "A setting called every is honoured; gradients_at names real and fake.", every, ("settings",)
    ),
)
