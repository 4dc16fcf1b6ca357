"""Vital signs of a training on images, as a metric: what the health panel looks at, at every preview.

It knows nothing of what the figures are taken for; how each is computed is in ``vital_signs``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from ganstudio.api import DataSpec, ImageSpec, LoadedData, Metric, hookimpl
from ganstudio_plugins import vital_signs as signs

KNOWN = 8192
"""Training images, at most, among which the nearest is looked for; of data fed mirrored, twice as many."""
FEWEST = 8
"""Real images, at least, to tell anything; and samples, at least, of a class."""
VALUES = 200_000_000
"""Values of images, at most, that are read for it."""
_SEED = 0
_AT_ONCE = 512


@dataclass(frozen=True)
class _Real:
    """What is known of the real side, once for a run. ``vectors``: of the sample that is held against."""

    count: int
    mean: Tensor
    vectors: Tensor
    spread: float
    threshold: float
    radii: Tensor
    nyquist: float
    clipped: float
    known: Tensor
    squares: Tensor
    apart: float
    class_spread: Mapping[int, float]


class VitalSigns(Metric):
    """Figures of a few hundred samples that tell collapse, copies and artefacts, at every preview.

    Distances are of small copies of the images. They are signs of trouble, not scores to compare by.
    """

    title = "Vital signs"
    count: ClassVar[int] = 256
    lower: ClassVar[tuple[str, ...]] = ("vitals/repeats", "vitals/nyquist", "vitals/clipped")

    def __init__(self, settings: Metric.Settings | None = None) -> None:
        super().__init__(settings)
        self._of: LoadedData | None = None
        self._side: _Real | None = None

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images alone."""
        return isinstance(data, ImageSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return the signs of ``samples`` [N, C, H, W] in [-1, 1], without those of classes."""
        return self.score_labelled(samples, None, real)

    def score_labelled(self, samples: Tensor, labels: Tensor | None, real: LoadedData) -> Mapping[str, float]:
        """Return the signs; nothing where there are too few real images, or samples are not finite.

        ``vitals/diversity``: mean distance of two samples, over that of real images. ``vitals/repeats``: the
        share of samples nearer to another one than all but 1 % of real images. ``vitals/coverage``: the share
        of real images with a sample within the radius of their five nearest others. ``vitals/nyquist``: the
        share of energy at the highest frequency, over that of real images. ``vitals/clipped``: the share of
        values that are black or white, less that of real images. ``vitals/nearest``: median distance to the
        nearest training image, over that of a training image to its nearest other: 1 is like data held out,
        near 0 is a copy. ``vitals/class_diversity``: as diversity within a class, the least of all classes.
        """
        side = self._real(real)
        if side is None or not samples.isfinite().all():
            return {}
        samples = samples[: side.count]
        vectors = signs.small(samples) - side.mean
        figures = {
            "diversity": signs.spread(vectors) / side.spread,
            "repeats": float((signs.nearest_others(vectors) < side.threshold).float().mean()),
            "coverage": float((torch.cdist(side.vectors, vectors).amin(1) <= side.radii).float().mean()),
            "nyquist": signs.nyquist_share(samples) / side.nyquist,
            "clipped": signs.clipped_share(samples) - side.clipped,
            "nearest": float(signs.nearest_in(vectors, side.known, side.squares).median()) / side.apart,
        }
        if labels is not None and (within := self._within(vectors, labels[: side.count], side)):
            figures["class_diversity"] = min(within)
        return {f"vitals/{name}": value for name, value in figures.items()}

    def _within(self, vectors: Tensor, labels: Tensor, side: _Real) -> list[float]:
        """Return the diversity of each class of which there are enough samples."""
        classes = {one: vectors[labels == one] for one in side.class_spread}
        return [
            signs.spread(members) / side.class_spread[one]
            for one, members in classes.items()
            if len(members) >= FEWEST
        ]

    def _real(self, data: LoadedData) -> _Real | None:
        if self._of is not data:
            self._of, self._side = data, _real_side(data, self.count)
        return self._side


def _real_side(data: LoadedData, count: int) -> _Real | None:
    """Return what is known of the real side, or ``None`` where all real images are alike or few."""
    if len(data) < FEWEST:
        return None
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(_SEED))
    order = order[: max(min(KNOWN, VALUES // data.values[0].numel()), count)]
    known, mirrored = _small_copies(data, order)
    # Near the middle of the data, products of vectors keep more digits of their differences.
    mean = known.mean(0)
    known -= mean
    squares = known.square().sum(1)
    held = torch.arange(min(count, len(order)))
    vectors, images = known[held], real_images(data, order[held])
    own = [held, held + len(order)] if mirrored else [held]
    spread, apart = signs.spread(vectors), float(signs.nearest_other_in(known, squares, own).median())
    if not spread or not apart:
        return None
    return _Real(
        count=len(held),
        mean=mean,
        vectors=vectors,
        spread=spread,
        threshold=signs.repeat_threshold(vectors),
        radii=signs.nearest_others(vectors, min(signs.NEIGHBOURS, len(held) - 1)),
        nyquist=max(signs.nyquist_share(images), signs.LEAST_NYQUIST),
        clipped=signs.clipped_share(images),
        known=known,
        squares=squares,
        apart=apart,
        class_spread=_class_spreads(known, data.labels[order] if data.labels is not None else None),
    )


def _small_copies(data: LoadedData, order: Tensor) -> tuple[Tensor, bool]:
    """Return small copies of images, and of their mirror images behind them where they are fed mirrored."""
    parts, turned = [], []
    for index in torch.split(order, _AT_ONCE):
        images = real_images(data, index)
        parts.append(signs.small(images))
        if data.flip:
            turned.append(signs.small(images.flip(3)))
    return torch.cat(parts + turned), data.flip


def _class_spreads(known: Tensor, labels: Tensor | None) -> dict[int, float]:
    """Return the mean distance of two real images of each class, of those that vary at all."""
    if labels is None:
        return {}
    members = {one: known[: len(labels)][labels == one][:_AT_ONCE] for one in torch.unique(labels).tolist()}
    spreads = {one: signs.spread(vectors) for one, vectors in members.items() if len(vectors) >= FEWEST}
    return {one: value for one, value in spreads.items() if value > 0}


def real_images(data: LoadedData, index: Tensor) -> Tensor:
    """Return images in [-1, 1] [N, C, H, W]; the middle of those that are fed in squares cut from them."""
    assert isinstance(data.spec, ImageSpec)
    values = data.values[index]
    top, left = (values.shape[2] - data.spec.height) // 2, (values.shape[3] - data.spec.width) // 2
    values = values[:, :, top : top + data.spec.height, left : left + data.spec.width]
    return values.float().mul_(2 / 255).sub_(1)


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer the vital signs."""
    return [VitalSigns]
