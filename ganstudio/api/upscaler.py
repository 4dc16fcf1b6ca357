"""What an architecture has that can enlarge images of any size. It knows nothing of files."""

from typing import Protocol, runtime_checkable

from torch import Tensor


@runtime_checkable
class Upscaler(Protocol):
    """An architecture that enlarges images: one that has all of these can be asked to enlarge files."""

    @property
    def scale(self) -> int:
        """How many times as large the images become."""

    @property
    def reach(self) -> int:
        """How many pixels of the input, to each side, a pixel of the output depends on."""

    def upscale(self, images: Tensor) -> Tensor:
        """Return images in [-1, 1] [N, C, h, w] of any size, ``scale`` times as large."""
