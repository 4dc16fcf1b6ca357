"""Tiles: an image of any size through a network part by part, so that memory is bounded and no seam is seen.

It knows nothing of files, of runs, or of what the network is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ganstudio.api import Upscaler
from ganstudio.training.previews import to_uint8

SIDE = 256
"""Pixels of a tile's sides: features of usual widths then stay within what is allocated quickly."""


@dataclass(frozen=True)
class Tile:
    """A part of an image, in pixels: what is made of it, and the larger part that this is made from."""

    rows: slice
    columns: slice
    seen_rows: slice
    seen_columns: slice

    def within(self, scale: int) -> tuple[slice, slice]:
        """Return where, in what is made of the larger part, the tile lies."""
        return _inner(self.rows, self.seen_rows, scale), _inner(self.columns, self.seen_columns, scale)


def tiles(height: int, width: int, side: int, reach: int) -> Iterator[Tile]:
    """Yield tiles of at most ``side`` pixels that cover an image; each sees ``reach`` pixels around it."""
    for rows in _parts(height, side):
        for columns in _parts(width, side):
            yield Tile(rows, columns, _wider(rows, reach, height), _wider(columns, reach, width))


def upscaled(model: Upscaler, pixels: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Return an image ``uint8`` [H, W, C] enlarged by ``model``, tile by tile.

    As each tile sees all that its pixels depend on, the result is that of the whole image at once, but for
    the rounding of floats. Beside the images themselves, memory for one tile is needed.
    """
    height, width, channels = pixels.shape
    scale = model.scale
    made = np.empty((scale * height, scale * width, channels), np.uint8)
    with torch.inference_mode():
        for tile in tiles(height, width, side, model.reach):
            seen = pixels[tile.seen_rows, tile.seen_columns].copy()
            images = torch.from_numpy(seen).permute(2, 0, 1).unsqueeze(0).float().mul_(2 / 255).sub_(1)
            rows, columns = tile.within(scale)
            made[_scaled(tile.rows, scale), _scaled(tile.columns, scale)] = to_uint8(
                model.upscale(images)[:, :, rows, columns]
            )[0]
    return made


def _parts(length: int, side: int) -> Iterator[slice]:
    """Yield parts of about the same length, none longer than ``side``."""
    count = -(-length // side)
    for index in range(count):
        yield slice(index * length // count, (index + 1) * length // count)


def _wider(part: slice, reach: int, length: int) -> slice:
    return slice(max(part.start - reach, 0), min(part.stop + reach, length))


def _inner(part: slice, seen: slice, scale: int) -> slice:
    return slice(scale * (part.start - seen.start), scale * (part.stop - seen.start))


def _scaled(part: slice, scale: int) -> slice:
    return slice(scale * part.start, scale * part.stop)
