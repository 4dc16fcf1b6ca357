"""Field numbers: what the playground counts from the points it is shown. Plain arrays, no Qt."""

from collections import deque
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
        self._points = points
        self._kept: deque[Points] = deque(maxlen=looks)
        self._step = -1

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self._step = -1

    def add(self, step: int, points: Points) -> None:
        """Take a look at a step; the same step once more adds nothing, an earlier one begins anew."""
        if step < self._step:
            self.clear()
        if step > self._step:
            self._step = step
            self._kept.append(points[: self._points])

    def segments(self) -> NDArray[np.float64]:
        """Return from where to where each point went, [looks − 1, points, 4], the oldest first."""
        if len(self._kept) < 2:
            return np.empty((0, 0, 4))
        places = np.stack(self._kept).astype(np.float64)
        return np.concatenate([places[:-1], places[1:]], 2)


def grid_segments(manifold: NDArray[Any]) -> NDArray[np.float64]:
    """Return the lines of a grid [rows, columns, 2] between its neighbours, [S, 4]."""
    along = np.concatenate([manifold[:, :-1], manifold[:, 1:]], 2).reshape(-1, 4)
    across = np.concatenate([manifold[:-1], manifold[1:]], 2).reshape(-1, 4)
    return np.concatenate([along, across]).astype(np.float64)


def arrow_segments(places: NDArray[Any], ways: NDArray[Any], head: float) -> NDArray[np.float64]:
    """Return arrows [3 · N, 4] that begin at ``places`` [N, 2] and go ``ways`` [N, 2], with heads."""
    length = np.hypot(ways[:, 0], ways[:, 1])[:, None]
    along = np.divide(ways, length, out=np.zeros_like(ways), where=length > 0)
    side = np.stack([-along[:, 1], along[:, 0]], 1)
    tip = places + ways
    size = np.minimum(head, length)
    barbs = [tip - size * (along + turn * side * 0.6) for turn in (1, -1)]
    return np.concatenate([np.concatenate([places, tip], 1), *(np.concatenate([tip, b], 1) for b in barbs)])


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
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        low, high = (float(value) for value in np.quantile(finite, (0.02, 0.98)))
        share = self._calm if self._begun else 1.0
        self.low += share * (low - self.low)
        self.high += share * (high - self.high)
        self._begun = True

    def shares(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return where values lie, 0..1 from the low to the high end; what is no number at the low end."""
        reach = self.high - self.low
        found = (values - self.low) / reach if reach > 0 else np.full(values.shape, 0.5)
        return np.clip(np.nan_to_num(found, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)


def probabilities(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return the logistic function of ``logits``."""
    found: NDArray[np.float64] = 0.5 * (1 + np.tanh(0.5 * logits.astype(np.float64)))
    return found
