"""Field numbers: what the playground counts from the points it is shown. Plain arrays, no Qt."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]

NEAR = 3.0
"""A point belongs to a mode within so many σ of its centre (Lin et al., 2018, arXiv:1712.04086)."""


@dataclass(frozen=True)
class Modes:
    """How points spread over modes; each array has an entry for each of them.

    ``near``: the share of all points within 3 σ of it. ``nearest``: the share whose nearest centre it is.
    """

    near: NDArray[np.float64]
    nearest: NDArray[np.float64]

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Whether at least one point is near: what the protocol calls covered."""
        return self.near > 0

    @property
    def high_quality(self) -> float:
        """The share of points that is near any mode, 0..1."""
        return float(self.near.sum())


def modes(points: NDArray[Any], centres: NDArray[Any], sigma: float) -> Modes:
    """Count ``points`` [N, 2] by their nearest of ``centres`` [M, 2]; what is not finite is near none."""
    count, number = len(points), len(centres)
    finite = points[np.isfinite(points).all(1)]
    if not count or not number or not len(finite):
        return Modes(np.zeros(number), np.zeros(number))
    distance = np.hypot(*(finite[:, None] - centres[None]).transpose(2, 0, 1))
    nearest = distance.argmin(1)
    near = distance[np.arange(len(finite)), nearest] <= NEAR * sigma
    return Modes(
        np.bincount(nearest[near], minlength=number) / count, np.bincount(nearest, minlength=number) / count
    )


class Trails:
    """Where the first points were in the last looks, the newest last."""

    def __init__(self, points: int = 16, looks: int = 25) -> None:
        self._points, self._looks = points, looks
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self._kept = np.empty((0, self._points, 2), np.float32)
        self._step = -1

    def add(self, step: int, points: Points) -> None:
        """Take a look at a step; the same step once more adds nothing, an earlier one begins anew."""
        if step < self._step:
            self.clear()
        if step > self._step:
            self._step = step
            kept = self._kept[-self._looks + 1 :] if len(self._kept) else self._kept[:, : len(points)]
            self._kept = np.concatenate([kept, points[None, : self._points]])

    @property
    def places(self) -> Points:
        """Where each point was, [looks, points, 2], the oldest first."""
        return self._kept


def trail_segments(places: NDArray[Any]) -> NDArray[Any]:
    """Return the ways between ``places`` [looks, points, 2] of points, [looks − 1, points, 4]."""
    return np.concatenate([places[:-1], places[1:]], 2)


def grid_segments(manifold: NDArray[Any]) -> NDArray[Any]:
    """Return the lines of a grid [rows, columns, 2] between its neighbours, [S, 4]."""
    along = np.concatenate([manifold[:, :-1], manifold[:, 1:]], 2).reshape(-1, 4)
    across = np.concatenate([manifold[:-1], manifold[1:]], 2).reshape(-1, 4)
    return np.concatenate([along, across])


def arrow_ways(pulls: NDArray[Any], longest: float) -> NDArray[np.float64]:
    """Return how arrows go for ``pulls`` [N, 2], downwards positive: 1 long for the ``longest`` and beyond.

    Their lengths grow like square roots; a pull that is no number goes nowhere.
    """
    ways: NDArray[np.float64] = pulls * np.array([1.0, -1.0])
    length = np.hypot(ways[:, 0], ways[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.sqrt(np.minimum(length / longest, 1)) / length
    shares[~((length > 0) & (length < np.inf))] = 0
    ways[shares == 0] = 0
    ways *= shares[:, None]
    return ways


def arrow_segments(places: NDArray[Any], ways: NDArray[Any], head: float) -> NDArray[np.float64]:
    """Return arrows [3 · N, 4] that begin at ``places`` [N, 2] and go ``ways`` [N, 2], with heads."""
    count = len(places)
    length = np.hypot(ways[:, 0], ways[:, 1])
    size = np.minimum(head, length) / np.where(length > 0, length, 1)
    back, side = -ways * size[:, None], ways[:, ::-1] * np.array([0.6, -0.6]) * size[:, None]
    found = np.empty((3 * count, 4))
    found[:count, :2], found[:count, 2:] = places, places + ways
    tips = found[:count, 2:]
    found[count:, :2] = np.concatenate([tips, tips])
    found[count : 2 * count, 2:] = tips + back + side
    found[2 * count :, 2:] = tips + back - side
    return found


class Span:
    """The range of what is shown: that of most values, followed calmly so that colours do not flicker."""

    def __init__(self, calm: float = 0.2) -> None:
        self._calm = calm
        self.low, self.high = 0.0, 1.0
        self._begun = False

    def clear(self) -> None:
        """Begin anew."""
        self._begun = False

    def follow(self, values: NDArray[Any]) -> None:
        """Take new values; what is not finite is passed over."""
        ordered = np.sort(values, axis=None)
        ordered = ordered[: np.searchsorted(ordered, np.inf)]
        ordered = ordered[np.searchsorted(ordered, -np.inf, "right") :]
        if not len(ordered):
            return
        low, high = (float(ordered[round(share * (len(ordered) - 1))]) for share in (0.02, 0.98))
        share = self._calm if self._begun else 1.0
        self.low += share * (low - self.low)
        self.high += share * (high - self.high)
        self._begun = True

    def shares(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return where values lie, 0..1 from the low to the high end; what is no number at the low end."""
        reach = self.high - self.low
        if reach <= 0:
            return np.full(values.shape, 0.5)
        # Of a number and what is none, this maximum is the number.
        return np.minimum(np.fmax((values - self.low) / reach, 0.0), 1.0)


def probabilities(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return the logistic function of ``logits``."""
    found: NDArray[np.float64] = 0.5 * (1 + np.tanh(0.5 * logits.astype(np.float64)))
    return found
