"""Ink: very many thin lines as one picture, at a fraction of what a painter takes for them one by one.

It knows arrays of pixels, and nothing of what the lines stand for.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float64]
"""Lines [S, 4], each from x, y to x, y in pixels."""

_FAR = 1e5
"""Pixels; a line that goes further off is left out, as one that is not finite."""
_SHADES = 256
"""Of a colour, from nothing to all of it."""
_BITS = 16
_PART = 1 << _BITS
"""Places across a line are counted in such parts of a pixel."""


class Ink:
    """Lines that are ``breadth`` pixels wide, in a picture and an edge around it.

    ``canvas``: both, ``uint32`` [height + 2 · edge, width + 2 · edge], 0xAARRGGBB, premultiplied. ``edge``:
    pixels around the picture, at least ``breadth`` + 1, so that what lies in part beside it need not be told
    from the rest.
    """

    def __init__(self, canvas: NDArray[np.uint32], breadth: int, edge: int) -> None:
        self.canvas, self.breadth, self.edge = canvas, breadth, edge
        rows, columns = canvas.shape
        self._size = columns - 2 * edge, rows - 2 * edge

    def clear(self) -> None:
        """Take all lines away."""
        self.canvas.fill(0)

    def draw(self, lines: Sequence[tuple[Segments, int]]) -> None:
        """Draw lines of several colours, each 0xAARRGGBB; those that come later lie in front.

        Their edges are smooth. Where lines cross, one is seen and not a mixture of both.
        """
        parts = [part for part, _colour in lines]
        shades = np.concatenate([np.empty(0, np.uint32), *(_shades(colour) for _part, colour in lines)])
        segments, which = _inside(np.concatenate([np.empty((0, 4)), *parts]), self._size)
        colours = np.repeat(np.arange(len(lines), dtype=np.int32), [len(part) for part in parts])[which]
        segments += self.edge
        flat = np.abs(segments[:, 2] - segments[:, 0]) >= np.abs(segments[:, 3] - segments[:, 1])
        stride = self.canvas.shape[1]
        strokes = [
            *self._strokes(segments[flat], colours[flat], 1, stride),
            *self._strokes(segments[~flat][:, [1, 0, 3, 2]], colours[~flat], stride, 1),
        ]
        pixels = self.canvas.reshape(-1)
        # What is faint goes first, so that the edge of one line takes no bite out of another.
        for _order, places, shade in sorted(strokes, key=lambda stroke: stroke[0]):
            pixels[places] = shades.take(shade)

    def _strokes(
        self, segments: Segments, colours: NDArray[np.int32], along: int, across: int
    ) -> list[tuple[int, NDArray[np.intp], NDArray[np.int32]]]:
        """Return which pixels get which shade, each with its place in the order.

        ``segments``: from u, v to u, v, longer in u. ``along``, ``across``: from a pixel to the next in u, v.
        """
        if not len(segments):
            return []
        u, v, colour = _walked(segments, colours * _SHADES)
        v -= (self.breadth - 1) * _PART // 2
        first = (v >> _BITS) * across
        first += u * along
        # How much of the last pixel across is covered, and as much less of the first.
        share = (v >> _BITS - 8) & 255
        over = share >> 7
        rest = share ^ 255
        near = first + over * (self.breadth * across)
        far = first + (1 - over) * (self.breadth * across)
        found = [(0, far.astype(np.intp), colour + np.minimum(share, rest))]
        found.append((1, near.astype(np.intp), colour + np.maximum(share, rest)))
        middle = range(1, self.breadth)
        found += [(2, (first + step * across).astype(np.intp), colour + 255) for step in middle]
        return found


def _walked(
    segments: Segments, colours: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return u, v in parts of a pixel at every whole u on the way along each segment, and its colour."""
    u0, v0, u1, v1 = segments.T
    first, last = np.rint(np.minimum(u0, u1)), np.rint(np.maximum(u0, u1))
    slope = np.divide(v1 - v0, u1 - u0, out=np.zeros(len(u0)), where=u1 != u0)
    counts = (last - first).astype(np.intp) + 1
    begins = np.cumsum(counts) - counts
    steps = np.arange(counts.sum(), dtype=np.int32)
    steps -= np.repeat(begins.astype(np.int32), counts)
    v = np.repeat((slope * _PART).astype(np.int32), counts)
    v *= steps
    v += np.repeat(((v0 + (first - u0) * slope) * _PART).astype(np.int32), counts)
    steps += np.repeat(first.astype(np.int32), counts)
    return steps, v, np.repeat(colours, counts)


def _inside(segments: Segments, size: tuple[int, int]) -> tuple[Segments, NDArray[np.intp]]:
    """Return the parts of lines that lie in the picture, and of which line each is a part."""
    top = np.array([*size, *size]) - 1
    with np.errstate(invalid="ignore"):
        known = (np.abs(segments) < _FAR).all(1)
        within = ((segments >= 0) & (segments <= top)).all(1)
    whole, beyond = np.nonzero(within)[0], np.nonzero(known & ~within)[0]
    if not len(beyond):
        return segments[whole], whole
    parts, kept = _cut(segments[beyond], *size)
    # In the order they came.
    which = np.concatenate([whole, beyond[kept]])
    order = which.argsort(kind="stable")
    return np.concatenate([segments[whole], parts])[order], which[order]


def _cut(segments: Segments, width: int, height: int) -> tuple[Segments, NDArray[np.bool_]]:
    """Return what lies in the picture of lines that go beyond it, and of which (Liang and Barsky, 1984)."""
    x, y = segments[:, :2].T
    ways = segments[:, 2:] - segments[:, :2]
    dx, dy = ways.T
    enters, leaves = np.zeros(len(x)), np.ones(len(x))
    for way, room in ((-dx, x), (dx, width - 1 - x), (-dy, y), (dy, height - 1 - y)):
        share = np.divide(room, way, out=np.where(room < 0, -np.inf, np.inf), where=way != 0)
        enters = np.where(way < 0, np.maximum(enters, share), enters)
        leaves = np.where(way < 0, leaves, np.minimum(leaves, share))
    kept = enters <= leaves
    begins, ways = segments[kept, :2], ways[kept]
    return np.concatenate([begins + at[kept, None] * ways for at in (enters, leaves)], 1), kept


def premultiplied(colour: int) -> NDArray[np.float64]:
    """Return alpha, red, green and blue of 0xAARRGGBB, the last three times what the first covers, 0..255."""
    parts = np.array([colour >> place & 0xFF for place in (24, 16, 8, 0)], np.float64)
    parts[1:] *= parts[0] / 255
    return parts


@lru_cache(maxsize=32)
def _shades(colour: int) -> NDArray[np.uint32]:
    """Return a colour from nothing to all of it, premultiplied, [256]."""
    parts = premultiplied(colour)[:, None] * np.linspace(0, 1, _SHADES)
    alpha, red, green, blue = np.rint(parts).astype(np.uint32)
    shades: NDArray[np.uint32] = alpha << 24 | red << 16 | green << 8 | blue
    return shades
