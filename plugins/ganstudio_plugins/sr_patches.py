"""Patches cut at random from large images and their small versions, at the same places.

It knows nothing of files, nor of how an image is made small.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ganstudio.api import InputError
from ganstudio_plugins.sr_degradation import Pixels

_LARGEST = 8 * 2**30
"""Bytes of patches that may be held in memory."""


class Patches:
    """Room for ``count`` pairs of patches: ``side`` pixels large, and ``scale`` times as small.

    Raises ``InputError`` when that is more than memory should hold.
    """

    def __init__(self, count: int, channels: int, side: int, scale: int) -> None:
        self._side, self._scale = side // scale, scale
        size = count * channels * (side**2 + self._side**2)
        if size > _LARGEST:
            raise InputError(
                f"The patches would take {size / 2**30:.1f} GiB of memory; no more than {_LARGEST >> 30} are "
                "taken. Set Patches or Patch to less."
            )
        self._small, self._large = (
            torch.empty(count, channels, own, own, dtype=torch.uint8) for own in (self._side, side)
        )
        self._filled = 0

    def cut(self, small: Pixels, large: Pixels, count: int, chance: np.random.Generator) -> None:
        """Cut ``count`` patches from one image, at places that ``chance`` draws."""
        given, wanted = (torch.from_numpy(pixels.copy()) for pixels in (small, large))
        highest = [length - self._side + 1 for length in small.shape[1:]]
        for top, left in chance.integers(0, highest, (count, 2)):
            self._small[self._filled] = _square(given, top, left, self._side, 1)
            self._large[self._filled] = _square(wanted, top, left, self._side, self._scale)
            self._filled += 1

    def done(self) -> tuple[Tensor, Tensor]:
        """Return the small and the large patches that were cut, ``uint8`` [N, C, H, W] each."""
        return self._small[: self._filled], self._large[: self._filled]


def shared_out(total: int, sizes: Sequence[int]) -> list[int]:
    """Return how many of ``total`` each gets: in proportion to its size, but one at least."""
    whole = sum(sizes)
    ends = np.floor(np.cumsum([0, *sizes], dtype=np.float64) / whole * total + 0.5).astype(int)
    return [max(int(count), 1) for count in np.diff(ends)]


def _square(image: Tensor, top: int, left: int, side: int, scale: int) -> Tensor:
    rows, columns = (slice(scale * start, scale * (start + side)) for start in (top, left))
    return image[:, rows, columns]
