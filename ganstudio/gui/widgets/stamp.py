"""Stamp: a small disc with a rim, as pixels, and very many copies of it at once.

It knows arrays of pixels, and nothing of what the discs stand for.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.gui.widgets.ink import Ink, premultiplied

_PHASES = 4
"""A copy lies where it belongs to so many parts of a pixel."""


class Stamp:
    """A disc of ``radius`` pixels, with a rim one pixel wide; colours are 0xAARRGGBB."""

    def __init__(self, radius: float, colour: int, rim: int) -> None:
        self._reach = math.ceil(radius + 1) + 1
        side = np.arange(-self._reach, self._reach + 1)
        self._down, self._right = (part.ravel() for part in np.meshgrid(side, side, indexing="ij"))
        phases = np.arange(_PHASES) / _PHASES
        y, x = (part.reshape(-1, 1) for part in np.meshgrid(phases, phases, indexing="ij"))
        away = np.hypot(self._down - y, self._right - x)  # [phases, pixels]
        disc, whole = (np.clip(reach + 0.5 - away, 0, 1) for reach in (radius, radius + 1))
        one, other = premultiplied(colour), premultiplied(rim)
        over = disc[..., None] * one
        mixed = over + (1 - over[..., :1] / 255) * whole[..., None] * other
        alpha, red, green, blue = np.rint(mixed).astype(np.uint32).transpose(2, 0, 1)
        shades = alpha << 24 | red << 16 | green << 8 | blue
        # The faint first: where copies touch, the disc of one covers the rim of another.
        order = (2 * disc + whole).argsort(1, kind="stable")
        shades = np.take_along_axis(shades, order, 1)
        # What of it is clear must leave no trace: those pixels take what comes last.
        clear = np.take_along_axis(whole, order, 1) == 0
        used = ~clear.all(0)
        self._places = np.where(clear, order[:, -1:], order)[:, used].T.copy()
        self._shades = np.where(clear, shades[:, -1:], shades)[:, used].T.copy()

    def draw(self, ink: Ink, places: NDArray[Any]) -> None:
        """Copy it to ``places`` [N, 2], x and y in pixels; what lies outside or is no place is left out."""
        rows, columns = ink.canvas.shape
        room = ink.edge - self._reach
        low, high = -room, np.array([columns, rows]) - 2 * ink.edge + room - 1
        with np.errstate(invalid="ignore"):
            kept = places[((places >= low) & (places <= high)).all(1)]
        fine = np.floor(kept * _PHASES + 0.5).astype(np.intp)
        x, y = (fine // _PHASES).T
        phase = (fine[:, 1] % _PHASES) * _PHASES + fine[:, 0] % _PHASES
        offsets = (self._down * columns + self._right)[self._places]
        spots = offsets.take(phase, 1)
        spots += (y + ink.edge) * columns + x + ink.edge
        ink.canvas.reshape(-1)[spots] = self._shades.take(phase, 1)


@lru_cache(maxsize=16)
def stamp(radius: float, colour: int, rim: int) -> Stamp:
    """Return a stamp, the same one for the same wishes."""
    return Stamp(radius, colour, rim)
