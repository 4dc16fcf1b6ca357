"""Decimation: which points of a long curve to draw so that none of its extremes is lost.

It knows arrays and indices, and nothing of curves, plots and Qt.
"""

from typing import Any

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
    return lowest_of(everything, y, size, start), highest_of(everything, y, size, start)


def lowest_of(candidates: Indices, values: Values, size: int, start: int = 0) -> Indices:
    """Return the candidate with the lowest finite value of each run of ``size``; see :func:`extremes`.

    ``values`` [n] belong to ``candidates`` [n].
    """
    return _choose(candidates, np.where(np.isfinite(values), values, np.inf), size, start)


def highest_of(candidates: Indices, values: Values, size: int, start: int = 0) -> Indices:
    """Return the candidate with the highest finite value of each run of ``size``; see :func:`extremes`."""
    return _choose(candidates, np.where(np.isfinite(values), -values, np.inf), size, start)


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


def _choose(candidates: Indices, costs: Values, size: int, start: int) -> Indices:
    """Return the candidate of the least cost in each run."""
    if not len(candidates):
        return candidates
    table = _runs(costs, size, start)  # [buckets, size]
    chosen: Indices = _runs(candidates, size, start)[np.arange(len(table)), table.argmin(1)]
    return chosen


def _runs(row: NDArray[Any], size: int, start: int) -> NDArray[Any]:
    """Fold a row into [buckets, size]; what is missing at both ends repeats the end."""
    before = start % size
    after = -(before + len(row)) % size
    if before or after:
        ends = np.repeat(row[[0, -1]], (before, after))
        row = np.concatenate([ends[:before], row, ends[before:]])
    return row.reshape(-1, size)
