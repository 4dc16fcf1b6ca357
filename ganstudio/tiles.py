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
        yield from _tiles_of(rows, height, width, side, reach)


def bands(
    model: Upscaler, pixels: NDArray[np.uint8], side: int = SIDE
) -> Iterator[tuple[slice, NDArray[np.uint8]]]:
    """Yield an image ``uint8`` [H, W, C] enlarged by ``model`` from top to bottom, ``side`` rows at a time.

    Each band comes with its rows in the image. As each tile sees all that its pixels depend on, the result is
    that of the whole image at once, but for the rounding of floats. Memory is needed for one tile and a band.
    """
    height, width, channels = pixels.shape
    scale = model.scale
    for rows in _parts(height, side):
        made = np.empty((scale * (rows.stop - rows.start), scale * width, channels), np.uint8)
        for tile in _tiles_of(rows, height, width, side, model.reach):
            inner = tile.within(scale)
            made[:, _scaled(tile.columns, scale)] = _made(model, pixels, tile)[inner]
        yield rows, made


def upscaled(model: Upscaler, pixels: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Return an image ``uint8`` [H, W, C] enlarged by ``model``, tile by tile: all bands in one."""
    height, width, channels = pixels.shape
    scale = model.scale
    whole = np.empty((scale * height, scale * width, channels), np.uint8)
    for rows, made in bands(model, pixels, side):
        whole[_scaled(rows, scale)] = made
    return whole


def _made(model: Upscaler, pixels: NDArray[np.uint8], tile: Tile) -> NDArray[np.uint8]:
    """Return what the network makes of a tile and its surroundings, ``uint8`` [H, W, C]."""
    seen = pixels[tile.seen_rows, tile.seen_columns].copy()
    with torch.inference_mode():
        images = torch.from_numpy(seen).permute(2, 0, 1).unsqueeze(0).float().mul_(2 / 255).sub_(1)
        made: NDArray[np.uint8] = to_uint8(model.upscale(images))[0]
    return made


def _tiles_of(rows: slice, height: int, width: int, side: int, reach: int) -> Iterator[Tile]:
    """Yield the tiles of some rows, from left to right."""
    for columns in _parts(width, side):
        yield Tile(rows, columns, _wider(rows, reach, height), _wider(columns, reach, width))


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
