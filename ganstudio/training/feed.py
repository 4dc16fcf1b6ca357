"""Feed: an endless stream of batches from loaded data, whose place can be kept and found again.

The order of an epoch, and which of its images are mirrored, depend on the seed and the epoch's number alone,
so a place is two numbers. It knows nothing of where the data lies: in memory or in a mapped file.
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
        self.spec = data.spec
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
        self._flip = data.flip and self._images
        self._order, self._mirrored = self._shuffle()

    def __next__(self) -> Batch:
        """Return the next ``batch_size`` samples, across the end of an epoch where need be."""
        index, mirrored = self._next_index()
        values = self._values[index]
        if mirrored is not None:
            values[mirrored] = values[mirrored].flip(-1)
        labels = None if self._labels is None else self._move(self._labels[index])
        return Batch(self.convert(values), labels)

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
        self._order, self._mirrored = self._shuffle()

    def _next_index(self) -> tuple[Tensor, Tensor | None]:
        """Return the numbers of the next samples, and which of them are mirrored."""
        end = self.position + self._batch_size
        taken = [self._taken(self.position, end)]
        missing = self._batch_size - len(taken[0][0])
        self.position = end
        while missing:
            self.epoch += 1
            self._order, self._mirrored = self._shuffle()
            self.position = min(missing, len(self._order))
            taken.append(self._taken(0, self.position))
            missing -= self.position
        index = torch.cat([order for order, _ in taken]) if len(taken) > 1 else taken[0][0]
        mirrored = [part for _, part in taken if part is not None]
        return index, torch.cat(mirrored) if mirrored else None

    def _taken(self, start: int, end: int) -> tuple[Tensor, Tensor | None]:
        mirrored = None if self._mirrored is None else self._mirrored[start:end]
        return self._order[start:end], mirrored

    def _shuffle(self) -> tuple[Tensor, Tensor | None]:
        """Return the epoch's order, and for each place in it whether that image is mirrored."""
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + self.epoch)
        device, count = self._values.device, len(self._values)
        order = torch.randperm(count, generator=generator)
        # Drawn after the order, which is thus the same with flips and without.
        mirrored = torch.rand(count, generator=generator) < 0.5 if self._flip else None
        return order.to(device), None if mirrored is None else mirrored.to(device)

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
