"""Pairs of images on their way into two tensors, and what can be made of one image to pair it with.

It knows nothing of files or folders.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganstudio.api import ImageSpec, InputError, LoadedData, resize_images
from ganstudio_plugins.image_folder import changes_told
from ganstudio_plugins.pictures import UnreadableError

Both = tuple[Tensor, Tensor]
"""An input and its target, ``uint8`` [C, H, W] each."""
LeftOut = Sequence[tuple[str, str]]
"""Names of pictures that are not used, each with the reason in a few words."""

_NAMED = 3
"""Pictures that a sentence names."""


class Pairs:
    """Room for ``count`` pairs of one size. What cannot be read, or has another size, is told apart."""

    def __init__(self, count: int, place: Path, resize: int) -> None:
        self.unreadable: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.changes = Counter[str]()
        """What had to be done to the pictures, and to how many."""
        self._count, self._place, self._resize = count, place, resize
        self._broken: list[tuple[str, str]] = []
        self._rooms: list[Tensor] = []
        self._filled = 0

    def leave_out(self, pictures: LeftOut) -> None:
        """Tell apart pictures that make no pair."""
        self.unreadable += pictures

    def add(self, name: str, made: Callable[[], Both]) -> None:
        """Add a pair; raises ``InputError`` when it has another size than those before it."""
        try:
            both = made()
        except UnreadableError as reason:
            self._broken.append((name, str(reason)))
            return
        if not self._rooms:
            self._rooms = [torch.empty(self._count, *image.shape, dtype=torch.uint8) for image in both]
        for room, image in zip(self._rooms, both, strict=True):
            if room.shape[1:] != image.shape:
                height, width = image.shape[1:]
                raise InputError(
                    f"{name} is {width} × {height} pixels, and those before it are {room.shape[3]} × "
                    f"{room.shape[2]}. Set Resize to bring all of them to one size."
                )
            room[self._filled] = image
        self._filled += 1

    def done(self) -> tuple[LoadedData, LoadedData]:
        """Return the inputs, with all notes, and the targets; raises ``InputError`` when there is none."""
        named = ", ".join(f"{name} ({reason})" for name, reason in self._broken[:_NAMED])
        if not self._filled:
            raise InputError(f"None of the {self._count} pairs in {self._place} can be read: {named}.")
        first, second = (room[: self._filled] for room in self._rooms)
        if self._broken:
            more = len(self._broken) - _NAMED
            named += f" and {more} more" if more > 0 else ""
            self.notes.append(f"Of {self._count} pairs are left out, as they cannot be read: {named}.")
        self.notes += changes_told(self.changes)
        unreadable = [*self.unreadable, *self._broken]
        return (
            LoadedData(ImageSpec(*first.shape[1:]), first, notes=self.notes, unreadable=unreadable),
            LoadedData(ImageSpec(*second.shape[1:]), second),
        )


def halves(pixels: NDArray[np.uint8]) -> Both:
    """Return the left and the right half of an image ``uint8`` [C, H, W]; raises ``UnreadableError``."""
    width = pixels.shape[2]
    if width < 2 or width % 2:
        raise UnreadableError(f"it is {width} pixels wide and cannot be halved")
    whole = torch.from_numpy(pixels)
    return whole[:, :, : width // 2], whole[:, :, width // 2 :]


def brought_to(both: tuple[Tensor | NDArray[np.uint8], ...], side: int, crop: bool) -> Both:
    """Return both images scaled to squares of ``side`` pixels: of their middle, or of the whole, distorted.

    0 leaves them as they are.
    """
    first, second = (_square(torch.as_tensor(image), side, crop) for image in both)
    return first, second


def outlines(images: Tensor) -> Tensor:
    """Return where images ``uint8`` [N, C, H, W] change: black lines on white, ``uint8`` [N, 1, H, W].

    The length of Sobel's gradient of the mean of their colours, black from a quarter of its highest on.
    """
    grey = images.float().mean(1, keepdim=True)
    slope = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    both = torch.stack([slope, slope.T]).unsqueeze(1)
    gradient = functional.conv2d(functional.pad(grey, (1, 1, 1, 1), "replicate"), both)
    length = gradient.square().sum(1, keepdim=True).sqrt()
    highest = length.amax((2, 3), keepdim=True).clamp(min=1)
    return ((1 - (4 * length / highest).clamp(max=1)) * 255).round().to(torch.uint8)


def _square(image: Tensor, side: int, crop: bool) -> Tensor:
    if not side:
        return image
    if crop:
        height, width = image.shape[1:]
        least = min(height, width)
        top, left = (height - least) // 2, (width - least) // 2
        image = image[:, top : top + least, left : left + least]
    return resize_images(image.unsqueeze(0), side)[0]
