"""Neighbours: which training images lie nearest to a sample, and how near real images lie to each other.

Images are compared in grey and at 16 pixels at most, by the root of the mean square of their differences:
what is alike to the eye is near, and all of a data set is searched in a moment. It knows nothing of where
samples come from, nor of who asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganstudio.api import ImageSpec, InputError, LoadedData, Report

SIDE = 16
"""Pixels of the longer side at which images are compared, at most."""
REFERENCES = 512
"""Real images whose own nearest ones say what is near."""
COPIED = 0.01
"""A sample that is nearer than all but this share of real images are is perhaps a copy."""

_AT_ONCE = 4096
_MIDDLE = 128.0


@dataclass(frozen=True)
class Neighbour:
    """A training image: its number, counted from 0, and ``image`` ``uint8`` [H, W, C] as it was stored.

    ``distance``: to the sample, 0..1 of the range of brightness. ``mirrored``: whether that is of the mirror
    image, where the data is mirrored in training.
    """

    index: int
    distance: float
    image: NDArray[np.uint8] = field(repr=False)
    label: str = ""
    mirrored: bool = False


@dataclass(frozen=True)
class Neighbours:
    """The nearest training images of a sample, the nearest one first.

    ``nearer``: the share of real images, 0..1, that lie nearer to another real one than the sample lies to
    its nearest. ``same``: whether sample and nearest image are equal, value by value.
    """

    nearest: tuple[Neighbour, ...]
    nearer: float
    same: bool
    count: int
    """How many training images were searched."""

    @property
    def copied(self) -> bool:
        """Whether the sample is nearer to a training image than all but a few real ones are to each other."""
        return self.same or self.nearer <= COPIED


class Neighbourhood:
    """The images of one data set, made ready to be searched; a quarter of a kilobyte for each."""

    def __init__(self, data: LoadedData, report: Report) -> None:
        """Look at all images once. Raises ``InputError`` for data whose images are no samples themselves.

        ``report`` is called now and then; what it raises ends the work.
        """
        if not isinstance(data.spec, ImageSpec):
            raise InputError(
                "Nearest training images are shown of models that draw images from latents. This one was "
                f"trained on {data.spec.describe()}."
            )
        self._data = data
        height, width = data.values.shape[2:]
        longer = max(height, width)
        scale = min(1.0, SIDE / longer)
        self._size = max(1, round(height * scale)), max(1, round(width * scale))
        self._codes = torch.cat(list(self._coded(report)))
        self._usual = self._usual_distances(report)

    def find(self, image: NDArray[np.uint8], count: int = 3) -> Neighbours:
        """Return the ``count`` nearest training images of one ``uint8`` [H, W, C], or all there are."""
        given = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None]
        squares = self._squares(_codes(given, self._size))[0]
        mirrored = torch.zeros(len(squares), dtype=torch.bool)
        if self._data.flip:
            turned = self._squares(_codes(given.flip(3), self._size))[0]
            mirrored = turned < squares
            squares = torch.minimum(squares, turned)
        distances, places = squares.sqrt().topk(min(count, len(squares)), largest=False)
        found = tuple(
            self._neighbour(place, distance, bool(mirrored[place]))
            for place, distance in zip(places.tolist(), distances.tolist(), strict=True)
        )
        nearer = float((self._usual < distances[0]).float().mean()) if len(self._usual) else 1.0
        return Neighbours(found, nearer, _equal(found[0], image), len(squares))

    def _neighbour(self, place: int, distance: float, mirrored: bool) -> Neighbour:
        image = self._data.values[place].permute(1, 2, 0).contiguous().numpy().copy()
        return Neighbour(place, distance / 255, image, self._label(place), mirrored)

    def _label(self, place: int) -> str:
        if self._data.labels is None:
            return ""
        label, names = int(self._data.labels[place]), getattr(self._data.spec, "classes", ())
        return names[label] if label < len(names) else str(label)

    def _coded(self, report: Report) -> Iterator[Tensor]:
        values = self._data.values
        for start in range(0, len(values), _AT_ONCE):
            report("Looking at the training images", start / len(values))
            part = values[start : start + _AT_ONCE]
            yield _codes(part, self._size).round().to(torch.uint8)

    def _usual_distances(self, report: Report) -> Tensor:
        """Return how far real images lie from their nearest other ones, sorted; of some taken at random."""
        count = len(self._codes)
        if count < 2:
            return torch.zeros(0)
        chance = torch.Generator().manual_seed(0)
        chosen = torch.randperm(count, generator=chance)[:REFERENCES]
        nearest = []
        for number, part in enumerate(torch.split(chosen, 64)):
            report("Measuring how near real images are to each other", 64 * number / len(chosen))
            squares = self._squares(self._codes[part].float())
            squares[torch.arange(len(part)), part] = torch.inf
            nearest.append(squares.amin(1).sqrt())
        return torch.cat(nearest).sort().values

    def _squares(self, codes: Tensor) -> Tensor:
        """Return the mean squares of the differences of codes [M, D] to those of all images, [M, N]."""
        # |a − b|² = |a|² + |b|² − 2 a·b, with values about 0 so that little is lost by it.
        codes = codes - _MIDDLE
        own = codes.square().sum(1, keepdim=True)
        parts = []
        for part in torch.split(self._codes, _AT_ONCE):
            theirs = part.float() - _MIDDLE
            parts.append(own + theirs.square().sum(1) - 2 * codes @ theirs.T)
        return torch.cat(parts, 1).clamp_(min=0) / codes.shape[1]


def _codes(images: Tensor, size: tuple[int, int]) -> Tensor:
    """Return images ``uint8`` [N, C, H, W] in grey and small, 0..255: [N, pixels]."""
    grey = images.float().mean(1, keepdim=True)
    return functional.adaptive_avg_pool2d(grey, size).flatten(1)


def _equal(nearest: Neighbour, image: NDArray[np.uint8]) -> bool:
    theirs = nearest.image[:, ::-1] if nearest.mirrored else nearest.image
    return theirs.shape == image.shape and bool(np.array_equal(theirs, image))
