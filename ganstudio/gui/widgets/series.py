"""Series: one growing curve, made to be drawn often at any length and any zoom.

Appending costs two stores. What takes time is done once for each point and kept: running sums, for means
over any window, and the extremes of each block of points, for decimation. It knows nothing of Qt.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ganstudio.gui.widgets.decimate import (
    BUCKETS,
    Indices,
    Values,
    bucket_size,
    extremes,
    highest_of,
    in_order,
    lowest_of,
    without_repeats,
)

BLOCK = 64
"""Points whose extremes are found once and kept."""


@dataclass(frozen=True)
class Line:
    """What to draw of a curve: ``x`` [n], rising, and ``y`` [n], NaN where the line breaks."""

    x: Values
    y: Values


class Column:
    """A row of numbers that grows at its end; the room is doubled when it is used up."""

    def __init__(self, dtype: type[np.generic] = np.float64) -> None:
        self._room: NDArray[Any] = np.empty(256, dtype)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    @property
    def view(self) -> NDArray[Any]:
        """What is there, without a copy; good until the next change."""
        return self._room[: self._used]

    def append(self, value: float) -> None:
        """Add one number."""
        if self._used == len(self._room):
            self._grow(self._used + 1)
        self._room[self._used] = value
        self._used += 1

    def extend(self, values: NDArray[Any]) -> None:
        """Add a row of numbers."""
        needed = self._used + len(values)
        if needed > len(self._room):
            self._grow(needed)
        self._room[self._used : needed] = values
        self._used = needed

    def cut(self, length: int) -> None:
        """Forget what lies behind the first ``length`` numbers."""
        self._used = min(self._used, length)

    def _grow(self, needed: int) -> None:
        room = np.empty(max(needed, 2 * len(self._room)), self._room.dtype)
        room[: self._used] = self.view
        self._room = room


class Series:
    """A curve over steps. ``x`` rises strictly; ``y`` is finite, or NaN where there is no value."""

    def __init__(self) -> None:
        self._x, self._y = Column(), Column()
        self._lowest, self._highest, self._least_positive = (Column(np.int64) for _ in range(3))
        self._sums, self._counts = Column(), Column(np.int64)
        self._sums.append(0)
        self._counts.append(0)

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Values:
        """The steps [n], as a view that is good until the next change."""
        return self._x.view

    @property
    def y(self) -> Values:
        """The values [n], as a view that is good until the next change."""
        return self._y.view

    def append(self, x: float, y: float) -> None:
        """Add a point. One at or before the last takes the place of all from there on: the run went back."""
        if len(self) and x <= self._x.view[-1]:
            self.truncate(x)
        self._x.append(x)
        self._y.append(y if math.isfinite(y) else math.nan)

    def extend(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add many points at once, [n] each; raises ``ValueError`` where ``x`` does not rise strictly.

        Points from the first of them on are replaced, as in :meth:`append`.
        """
        xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if xs.shape != ys.shape or not np.all(np.diff(xs) > 0):
            raise ValueError("A curve takes as many values as steps, and its steps rise.")
        if len(xs) and len(self) and xs[0] <= self._x.view[-1]:
            self.truncate(float(xs[0]))
        self._x.extend(xs)
        self._y.extend(np.where(np.isfinite(ys), ys, np.nan))
        self._catch_up()

    def truncate(self, x: float) -> None:
        """Forget the points at ``x`` and behind it."""
        length = int(np.searchsorted(self.x, x))
        for column in (self._x, self._y):
            column.cut(length)
        for column in (self._lowest, self._highest, self._least_positive):
            column.cut(length // BLOCK)
        for column in (self._sums, self._counts):
            column.cut(length + 1)

    def nearest(self, x: float) -> tuple[float, float] | None:
        """Return the point whose step is nearest to ``x``, or ``None`` of an empty curve."""
        if not len(self):
            return None
        right = min(int(np.searchsorted(self.x, x)), len(self) - 1)
        left = max(right - 1, 0)
        index = left if x - self.x[left] <= self.x[right] - x else right
        return float(self.x[index]), float(self.y[index])

    def thinned(
        self,
        left: float = -math.inf,
        right: float = math.inf,
        positive: bool = False,
        buckets: int = BUCKETS,
    ) -> Line:
        """Return what to draw between two steps, with one point beyond each: all points where they are few,
        else the extremes of at most ``buckets`` + 2 runs, and the first and last point.

        ``positive`` leaves out what a logarithmic axis cannot show.
        """
        self._catch_up()
        first, end = self._between(left, right)
        indices = self._indices(first, end, positive, buckets)
        x, y = self.x[indices], self.y[indices]
        if positive:
            shown = y > 0
            return Line(x[shown], y[shown])
        return Line(x, y)

    def smoothed(
        self,
        window: int,
        left: float = -math.inf,
        right: float = math.inf,
        buckets: int = BUCKETS,
    ) -> Line:
        """Return means over ``window`` points around each of at most ``buckets`` + 2 places.

        Points without a value are left out of the means. At both ends the window is cut.
        """
        self._catch_up()
        first, end = self._between(left, right)
        size = bucket_size(end - first, buckets)
        inner = np.arange(-(-first // size) * size, end, size, dtype=np.int64)
        places = _with_ends(inner, first, end)
        half = max(window, size) // 2
        start, stop = np.maximum(places - half, 0), np.minimum(places + half + 1, len(self))
        sums, counts = self._sums.view, self._counts.view
        count = counts[stop] - counts[start]
        means = np.where(count > 0, (sums[stop] - sums[start]) / np.maximum(count, 1), np.nan)
        return Line(self.x[places], means)

    def _between(self, left: float, right: float) -> tuple[int, int]:
        first = max(int(np.searchsorted(self.x, left)) - 1, 0)
        return first, min(int(np.searchsorted(self.x, right, side="right")) + 1, len(self))

    def _indices(self, first: int, end: int, positive: bool, buckets: int) -> Indices:
        if end - first <= 2 * buckets:
            return np.arange(first, end)
        size = bucket_size(end - first, buckets)
        pieces = self._by_blocks if size > BLOCK else self._by_points
        return _with_ends(in_order(*pieces(first, end, positive, size)), first, end)

    def _by_points(self, first: int, end: int, positive: bool, size: int) -> tuple[Indices, Indices]:
        y = self.y[first:end]
        lowest, highest = extremes(_positive(y) if positive else y, size, start=first)
        return lowest + first, highest + first

    def _by_blocks(self, first: int, end: int, positive: bool, size: int) -> tuple[Indices, Indices]:
        start, stop = -(-first // BLOCK), end // BLOCK
        lowest = (self._least_positive if positive else self._lowest).view[start:stop]
        highest = self._highest.view[start:stop]
        least = _positive(self.y[lowest]) if positive else self.y[lowest]
        head = self._by_points(first, start * BLOCK, positive, size)
        body = (
            lowest_of(lowest, least, size // BLOCK, start),
            highest_of(highest, self.y[highest], size // BLOCK, start),
        )
        tail = self._by_points(stop * BLOCK, end, positive, size)
        low, high = (np.concatenate(rows) for rows in zip(head, body, tail, strict=True))
        return low, high

    def _catch_up(self) -> None:
        """Bring sums and extremes up to the last point."""
        new = self.y[len(self._sums) - 1 :]
        if len(new):
            finite = np.isfinite(new)
            self._sums.extend(self._sums.view[-1] + np.cumsum(np.where(finite, new, 0.0)))
            self._counts.extend(self._counts.view[-1] + np.cumsum(finite))
        done = len(self._lowest) * BLOCK
        whole = self.y[done : len(self) // BLOCK * BLOCK]
        if len(whole):
            lowest, highest = extremes(whole, BLOCK)
            self._lowest.extend(lowest + done)
            self._highest.extend(highest + done)
            self._least_positive.extend(extremes(_positive(whole), BLOCK)[0] + done)


def _positive(y: Values) -> Values:
    return np.where(y > 0, y, np.nan)


def _with_ends(indices: Indices, first: int, end: int) -> Indices:
    """Add the first and the last index of a range, each index once."""
    if first >= end:
        return indices[:0]
    return without_repeats(np.concatenate([[first], indices, [end - 1]]))
