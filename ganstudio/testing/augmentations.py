"""The checks of augmentations: on samples of every kind that they accept."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor

from ganstudio.api import Augmentation, DataSpec, ImageSpec, PointSpec
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong

_COUNT = 6
_IMAGES = ((1, 16, 16), (3, 16, 24), (6, 16, 16))
"""Six channels: two colour images of a pair, or two packed ones."""


class AugmentationSubject:
    """An augmentation class under check."""

    def __init__(self, cls: type[Augmentation], settings: Mapping[str, Any] | None = None) -> None:
        self.cls = cls
        self._settings = dict(settings or {})

    def made(self) -> Augmentation:
        """Return a new one; of one that adapts, at full strength."""
        made = cast(Augmentation, common.made(self.cls, self.cls.Settings(**self._settings)))
        if made.strength is not None:
            made.strength = torch.ones_like(made.strength)
        return made

    @cached_property
    def samples(self) -> list[Tensor]:
        """Samples to change."""
        shapes: list[tuple[int, ...]] = []
        if _takes(self.cls, PointSpec):
            shapes += [(2,), (3,)]
        if not shapes or any(not issubclass(kind, PointSpec) for kind in self.cls.accepts):
            shapes += _IMAGES
        generator = torch.Generator().manual_seed(0)
        return [torch.rand(_COUNT, *shape, generator=generator) * 2 - 1 for shape in shapes]

    @property
    def place(self) -> where.Place:
        """Where ``augment`` is."""
        return where.of_method(self.cls, "augment")


def _takes(cls: type[Augmentation], kind: type[DataSpec]) -> bool:
    return any(issubclass(kind, accepted) for accepted in cls.accepts)


def shape(subject: AugmentationSubject) -> str:
    """Check that what comes out has the shape of what went in, which is left as it was."""
    for samples in subject.samples:
        kept = samples.clone()
        changed: Any = subject.made().augment(samples)
        told = (
            f"augment gives {list(changed.shape) if isinstance(changed, Tensor) else type(changed).__name__}"
        )
        if not isinstance(changed, Tensor) or changed.shape != samples.shape:
            raise Wrong(f"{told} for samples {list(samples.shape)}; the shape is to stay.", subject.place)
        if changed.dtype != samples.dtype:
            raise Wrong(f"augment gives {changed.dtype} for {samples.dtype}.", subject.place)
        if not bool(torch.isfinite(changed).all()):
            raise Wrong(f"augment gives values that are not finite for {list(samples.shape)}.", subject.place)
        if not torch.equal(samples, kept):
            raise Wrong(
                "augment changes the samples it is given; return changed ones instead.", subject.place
            )
    return "Shapes stay, values are finite: " + ", ".join(str(list(s.shape)) for s in subject.samples) + "."


def differentiable(subject: AugmentationSubject) -> str:
    """Check that gradients flow through it to the generator."""
    for samples in subject.samples:
        given = samples.clone().requires_grad_()
        changed = subject.made().augment(given)
        slope = (
            torch.autograd.grad(changed.sum(), given, allow_unused=True)[0] if changed.requires_grad else None
        )
        if slope is None:
            raise Wrong(
                "No gradient flows through augment, so the generator could not learn through it. Make it "
                "of tensor "
                "operations alone, without detach, numpy or rounding.",
                subject.place,
            )
        if not bool(torch.isfinite(slope).all()) or not bool(slope.any()):
            raise Wrong("The gradient through augment is zero everywhere, or not finite.", subject.place)
    return "Gradients flow through it."


def seeded(subject: AugmentationSubject) -> str:
    """Check that its randomness is torch's own."""
    changed = []
    for _time in range(2):
        torch.manual_seed(0)
        changed.append([subject.made().augment(samples) for samples in subject.samples])
    if not all(torch.equal(one, other) for one, other in zip(*changed, strict=True)):
        raise Wrong(
            "augment gives other samples with the same seed: draw from torch.rand and its kin.", subject.place
        )
    return "The same seed gives the same change."


def adapts(subject: AugmentationSubject) -> str:
    """Check what it makes of the discriminator's logits."""
    made = cast(Augmentation, common.made(subject.cls, subject.cls.Settings()))
    place = where.of_method(subject.cls, "adapt")
    for logits in (torch.full((_COUNT, 1), 5.0), torch.full((_COUNT, 1), -5.0)):
        for _time in range(3):
            made.adapt(logits)
            strength: Any = made.strength
            if strength is not None and (not isinstance(strength, Tensor) or strength.numel() != 1):
                raise Wrong("strength is to be a tensor of one number, or None.", place)
            if strength is not None and not bool(torch.isfinite(strength)):
                raise Wrong("strength is not finite once it has adapted.", place)
    return (
        "It does not adapt."
        if made.strength is None
        else f"It adapts; its strength is {float(made.strength):.3g}."
    )


def kinds(subject: AugmentationSubject) -> str:
    """Check that ``accepts`` names kinds of data."""
    accepts: Any = subject.cls.accepts
    if not accepts or not all(isinstance(kind, type) and issubclass(kind, DataSpec) for kind in accepts):
        raise Wrong(
            f"{subject.cls.__name__}.accepts is to name kinds of data, such as ({ImageSpec.__name__},)."
        )
    return "It changes " + ", ".join(kind.__name__ for kind in accepts) + "."


CHECKS: tuple[Check[AugmentationSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check("kinds", "accepts names the kinds of data it changes.", kinds, ("settings",)),
    Check("shape", "Samples keep their shape, stay finite, and are not changed in place.", shape, ("kinds",)),
    Check("differentiable", "Gradients flow through it to the generator.", differentiable, ("shape",)),
    Check("seeded", "The same seed gives the same change.", seeded, ("shape",)),
    Check("adapts", "Its strength stays a finite number when it adapts.", adapts, ("kinds",)),
)
