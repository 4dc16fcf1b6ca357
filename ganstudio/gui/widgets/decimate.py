"""Decimation: which points of a long curve to draw so that none of its extremes is lost.

It knows arrays and indices, and nothing of curves, plots and Qt.
"""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Values = NDArray[np.float64]

BUCKETS = 300
"""At most so many buckets cross a plot: about one for two pixels, two points in each."""


def bucket_size(count: int, buckets: int = BUCKETS) -> int:
    """Return how many of ``count`` points share a bucket: a power of two, so that buckets seldom change."""
    needed = -(-count // buckets)
    return 1 << max(0, needed - 1).bit_length()


def extremes(y: Values, size: int, start: int = 0) -> tuple[Indices, Indices]:
    """Return the indices of the lowest and the highest finite value of each bucket of ``size`` points.

    Bucket edges lie at multiples of ``size`` counted from ``-start``; the first and the last bucket may be
    short. A bucket with no finite value gives the index of one of its points.
    """
    everything = np.arange(len(y), dtype=np.int64)
    return reduce_extremes(y, everything, everything, size, start)


def reduce_extremes(
    y: Values, lowest: Indices, highest: Indices, size: int, start: int = 0
) -> tuple[Indices, Indices]:
    """Do as :func:`extremes` does, over candidates: runs of ``size`` among ``lowest`` and ``highest``.

    ``lowest`` and ``highest`` hold indices into ``y`` and are equally long.
    """
    if not len(lowest):
        return lowest, highest
    low = _runs(lowest, size, start)  # [buckets, size]
    high = _runs(highest, size, start)
    return _choose(low, _else(y[low], np.inf).argmin(1)), _choose(high, _else(y[high], -np.inf).argmax(1))


def in_order(lowest: Indices, highest: Indices) -> Indices:
    """Merge both ends of every bucket into one rising row of indices, each index once."""
    pairs = np.empty(2 * len(lowest), np.int64)
    np.minimum(lowest, highest, out=pairs[::2])
    np.maximum(lowest, highest, out=pairs[1::2])
    return without_repeats(pairs)


def without_repeats(indices: Indices) -> Indices:
    """Return a row that does not fall, each index once."""
    keep = np.ones(len(indices), bool)
    np.greater(indices[1:], indices[:-1], out=keep[1:])
    return indices[keep]


def _runs(indices: Indices, size: int, start: int) -> Indices:
    """Fold a row into [buckets, size]; what is missing at both ends repeats the end."""
    before = start % size
    after = -(before + len(indices)) % size
    if before or after:
        ends = np.repeat(indices[[0, -1]], (before, after))
        indices = np.concatenate([ends[:before], indices, ends[before:]])
    return indices.reshape(-1, size)


def _else(values: Values, instead: float) -> Values:
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, instead)


def _choose(table: Indices, columns: NDArray[np.intp]) -> Indices:
    return table[np.arange(len(table)), columns]
