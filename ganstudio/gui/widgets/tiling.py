"""Tiling: how many images stand side by side, and at what whole factor. Plain arithmetic, no Qt."""

from dataclasses import dataclass
from functools import lru_cache

_ENOUGH = 16
"""So many images at full size are shown rather than all of them shrunk."""

_WHOLE_SHARE = 0.75
"""In given columns, a whole factor is taken where it is at least this share of what would fit."""


@dataclass(frozen=True)
class Tiling:
    """``rows`` × ``columns`` places for images at ``factor``: whole, but where they are shrunk, or where
    their columns are given and a whole factor would leave much of the room empty.
    """

    rows: int
    columns: int
    factor: float

    @property
    def places(self) -> int:
        """How many images there is room for."""
        return self.rows * self.columns


@lru_cache(maxsize=64)
def fit(
    count: int, tile: tuple[int, int], room: tuple[int, int], gap: int, least: int = 0, columns: int = 0
) -> Tiling | None:
    """Return how ``count`` images of ``tile`` (width, height) fill ``room`` best; all in device pixels.

    With ``least``, only so many images are counted as fit with their longer side at least that long, as long
    as those are enough. With ``columns``, so many stand side by side, whatever fills the room best.

    The largest whole factor wins, then the fewest empty places, then the squarest shape. Where not even the
    factor 1 will do, some images are shown at that factor if they are enough, else all of them shrunk.
    ``None`` where there is nothing to see.
    """
    if count < 1 or min(tile) < 1 or min(room) < 1:
        return None
    if columns:
        return _in_columns(count, columns, tile, room, gap)
    if least:
        whole = -(-least // max(tile))
        places = [(r + gap) // (t * whole + gap) for r, t in zip(room, tile, strict=True)]
        if places[0] * places[1] >= min(count, _ENOUGH):
            count = min(count, places[0] * places[1])
    shapes = [(-(-count // columns), columns) for columns in range(1, count + 1)]
    best = max(shapes, key=lambda shape: _merit(shape, count, tile, room, gap))
    factor = _factor(best, tile, room, gap)
    if factor >= 1:
        return Tiling(*best, int(factor))
    across, down = ((r + gap) // (t + gap) for r, t in zip(room, tile, strict=True))
    if across * down >= min(count, _ENOUGH):
        return Tiling(down, across, 1)
    return Tiling(*best, factor) if factor > 0 else None


def _in_columns(
    count: int, columns: int, tile: tuple[int, int], room: tuple[int, int], gap: int
) -> Tiling | None:
    shape = (-(-count // columns), columns)
    factor = _factor(shape, tile, room, gap)
    whole = int(factor) if int(factor) >= _WHOLE_SHARE * factor else factor
    return Tiling(*shape, whole) if factor > 0 else None


def _merit(
    shape: tuple[int, int], count: int, tile: tuple[int, int], room: tuple[int, int], gap: int
) -> tuple[float, int, float]:
    rows, columns = shape
    factor = _factor(shape, tile, room, gap)
    skew = abs(columns * tile[0] / (rows * tile[1]) - room[0] / room[1])
    return (int(factor) if factor >= 1 else factor), -(rows * columns - count), -skew


def _factor(shape: tuple[int, int], tile: tuple[int, int], room: tuple[int, int], gap: int) -> float:
    """Return the largest factor at which the shape fits; zero or less where it cannot."""
    rows, columns = shape
    across = (room[0] - gap * (columns - 1)) / (columns * tile[0])
    down = (room[1] - gap * (rows - 1)) / (rows * tile[1])
    return min(across, down)
