"""Feed: an endless stream of batches from loaded data, whose place can be kept and found again.

The order of an epoch, and which of its images are mirrored or cut where, depend on the seed and the epoch's
number alone, so a place is two numbers; of unpaired data four, as each domain has epochs of its own. It knows
nothing of where the data lies: in memory or in a mapped file.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from ganstudio.api import Batch, LoadedData, UnpairedSpec
from ganstudio.training.walk import Drawn, Walk, cut, cut_middle

RESIDENT_SHARE = 0.25
"""Data up to this share of a GPU's free memory is moved there whole."""
_OTHER_SEED = 500_009
"""What the seed of the second domain differs by, so that both do not go in step."""


class Feed(Iterator[Batch]):
    """Shuffled batches, on ``device``: images as ``float32`` in [-1, 1], points as they are."""

    def __init__(self, data: LoadedData, batch_size: int, seed: int, device: torch.device) -> None:
        self.spec = data.spec
        self._device = device
        self._images = data.values.dtype == torch.uint8
        self._crop = data.crop
        held = sum(tensor.nbytes for tensor in (data.values, data.other) if tensor is not None)
        resident = device.type != "cpu" and _fits(held, device)
        self._values = data.values.to(device) if resident else data.values
        self._labels, self._other = (
            tensor.to(device) if resident and tensor is not None else tensor
            for tensor in (data.labels, data.other)
        )
        changed = data.flip and self._images, bool(data.crop)
        self._walk = Walk(len(data), batch_size, seed * 1_000_003, *changed)
        self._other_walk: Walk | None = None
        if data.other is not None and isinstance(data.spec, UnpairedSpec):
            self._other_walk = Walk(len(data.other), batch_size, seed * 1_000_003 + _OTHER_SEED, *changed)

    @property
    def epoch(self) -> int:
        """How often all samples, of the first domain where there are two, were given."""
        return self._walk.epoch

    @property
    def position(self) -> int:
        """Samples of this epoch that were given."""
        return self._walk.position

    def __next__(self) -> Batch:
        """Return the next ``batch_size`` samples, across the end of an epoch where need be."""
        drawn = next(self._walk)
        labels = None if self._labels is None else self._move(self._taken(self._labels, drawn.index))
        other = None
        if self._other is not None:
            # Of pairs, what belongs to a sample is mirrored and cut as that is.
            other = self._given(self._other, next(self._other_walk) if self._other_walk else drawn)
        return Batch(self._given(self._values, drawn), labels, other)

    def convert(self, values: Tensor) -> Tensor:
        """Bring stored values to the device, in the form that networks see; the middle of what is cut."""
        if self._crop:
            values = cut_middle(values, self._crop, self._scale(values))
        return self._seen(values)

    def place(self) -> dict[str, int]:
        """Return where in the stream this is."""
        place = {"epoch": self._walk.epoch, "position": self._walk.position}
        if self._other_walk:
            place |= {"other_epoch": self._other_walk.epoch, "other_position": self._other_walk.position}
        return place

    def go_to(self, place: dict[str, int]) -> None:
        """Continue at a place that :meth:`place` returned."""
        self._walk.go_to(place["epoch"], place["position"])
        if self._other_walk:
            self._other_walk.go_to(place["other_epoch"], place["other_position"])

    def _given(self, values: Tensor, drawn: Drawn) -> Tensor:
        """Return the samples that were drawn, in the form that networks see."""
        if drawn.corners is None:
            values = self._taken(values, drawn.index)
        else:
            values = cut(values, drawn.index, drawn.corners, self._crop, self._scale(values))
        if drawn.mirrored is not None:
            mirrored = drawn.mirrored.to(values.device)
            values[mirrored] = values[mirrored].flip(-1)
        return self._seen(values)

    def _scale(self, values: Tensor) -> int:
        """Return how many times as large as inputs these images are; domains are cut to one size."""
        return 1 if self._other_walk else values.shape[2] // self._values.shape[2]

    def _seen(self, values: Tensor) -> Tensor:
        values = self._move(values)
        return values.float().mul_(2 / 255).sub_(1) if self._images else values

    def _taken(self, values: Tensor, index: Tensor) -> Tensor:
        return values[index.to(values.device)]

    def _move(self, values: Tensor) -> Tensor:
        """Copy to the device without waiting for it: from pinned memory where that is another device."""
        if values.device == self._device:
            return values
        if self._device.type == "cuda":
            values = values.pin_memory()
        return values.to(self._device, non_blocking=True)


def _fits(size: int, device: torch.device) -> bool:
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return size <= RESIDENT_SHARE * free
