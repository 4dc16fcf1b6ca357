"""Feed: an endless stream of batches from data in memory, whose place can be kept and found again.

The order of an epoch depends on the seed and the epoch's number alone, so a place is two numbers.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from ganstudio.api import Batch, ImageSpec, LoadedData

RESIDENT_SHARE = 0.25
"""Data up to this share of a GPU's free memory is moved there whole."""


class Feed(Iterator[Batch]):
    """Shuffled batches, on ``device``: images as ``float32`` in [-1, 1], points as they are."""

    def __init__(self, data: LoadedData, batch_size: int, seed: int, device: torch.device) -> None:
        self.epoch = 0
        self.position = 0
        """Samples of this epoch that were given."""
        self._batch_size = batch_size
        self._seed = seed
        self._device = device
        self._images = isinstance(data.spec, ImageSpec)
        resident = device.type != "cpu" and _fits(data.values, device)
        self._values = data.values.to(device) if resident else data.values
        self._labels = data.labels if data.labels is None or not resident else data.labels.to(device)
        self._order = self._shuffle()

    def __next__(self) -> Batch:
        """Return the next ``batch_size`` samples, across the end of an epoch where need be."""
        index = self._next_index()
        labels = None if self._labels is None else self._move(self._labels[index])
        return Batch(self.convert(self._values[index]), labels)

    def convert(self, values: Tensor) -> Tensor:
        """Bring stored values to the device, in the form that networks see."""
        values = self._move(values)
        return values.float().mul_(2 / 255).sub_(1) if self._images else values

    def place(self) -> dict[str, int]:
        """Return where in the stream this is."""
        return {"epoch": self.epoch, "position": self.position}

    def go_to(self, place: dict[str, int]) -> None:
        """Continue at a place that :meth:`place` returned."""
        self.epoch, self.position = place["epoch"], place["position"]
        self._order = self._shuffle()

    def _next_index(self) -> Tensor:
        end = self.position + self._batch_size
        index = self._order[self.position : end]
        self.position = end
        while len(index) < self._batch_size:
            self.epoch += 1
            self._order = self._shuffle()
            self.position = min(self._batch_size - len(index), len(self._order))
            index = torch.cat([index, self._order[: self.position]])
        return index

    def _shuffle(self) -> Tensor:
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + self.epoch)
        order = torch.randperm(len(self._values), generator=generator)
        return order.to(self._values.device)

    def _move(self, values: Tensor) -> Tensor:
        """Copy to the device without waiting for it: from pinned memory where that is another device."""
        if values.device == self._device:
            return values
        if self._device.type == "cuda":
            values = values.pin_memory()
        return values.to(self._device, non_blocking=True)


def _fits(values: Tensor, device: torch.device) -> bool:
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return values.nbytes <= RESIDENT_SHARE * free
