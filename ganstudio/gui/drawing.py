"""Drawing: points of the plane that a person sprays and erases, with a way back. Plain arrays, no Qt.

The plane is the square from -1 to 1; what is sprayed beyond its edge is lost.
"""

import csv
import io

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 50_000
_KEPT = 200
"""Strokes that can be undone."""

State = tuple[NDArray[np.float32], NDArray[np.int64]]


class Drawing:
    """``points`` [N, 2] in -1..1, and ``labels`` [N]: the class of each."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng()
        self._done: list[State] = []
        self._undone: list[State] = []
        self.points: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self.labels: NDArray[np.int64] = np.empty(0, np.int64)

    @property
    def full(self) -> bool:
        """Whether there is no room for a further point."""
        return len(self.points) >= MOST_POINTS

    def begin(self) -> None:
        """Begin a stroke: what follows is undone in one."""
        self._done = [*self._done[-_KEPT:], (self.points, self.labels)]
        self._undone = []

    def spray(self, x: float, y: float, radius: float, count: int, label: int = 0) -> None:
        """Put ``count`` points of a class anywhere in the disc of ``radius`` about a place."""
        count = min(count, MOST_POINTS - len(self.points))
        angle = self._chance.uniform(0, 2 * np.pi, count)
        # The square root makes every part of the disc as likely as any other.
        far = radius * np.sqrt(self._chance.uniform(0, 1, count))
        new = np.stack([x + far * np.cos(angle), y + far * np.sin(angle)], 1).astype(np.float32)
        new = new[(np.abs(new) <= 1).all(1)]
        self.points = np.concatenate([self.points, new])
        self.labels = np.concatenate([self.labels, np.full(len(new), label, np.int64)])

    def erase(self, x: float, y: float, radius: float) -> None:
        """Take away every point in the disc of ``radius`` about a place."""
        kept = np.hypot(self.points[:, 0] - x, self.points[:, 1] - y) > radius
        self.points, self.labels = self.points[kept], self.labels[kept]

    def clear(self) -> None:
        """Take away all points, as a stroke of its own."""
        self.begin()
        self.points, self.labels = np.empty((0, 2), np.float32), np.empty(0, np.int64)

    def can_undo(self) -> bool:
        """Say whether there is a stroke to undo."""
        return bool(self._done)

    def can_redo(self) -> bool:
        """Say whether a stroke was undone."""
        return bool(self._undone)

    def undo(self) -> None:
        """Go back to before the last stroke."""
        self._move(self._done, self._undone)

    def redo(self) -> None:
        """Make the stroke again that was undone last."""
        self._move(self._undone, self._done)

    def to_csv(self) -> str:
        """Return the points as a table with a header; with classes where there is more than one."""
        labelled = len(np.unique(self.labels)) > 1
        lines = ["x,y,label" if labelled else "x,y"]
        for (x, y), label in zip(self.points.tolist(), self.labels.tolist(), strict=True):
            lines.append(f"{x:.5f},{y:.5f},{label}" if labelled else f"{x:.5f},{y:.5f}")
        return "\n".join(lines) + "\n"

    def read_csv(self, text: str) -> bool:
        """Take up points that :meth:`to_csv` wrote; return ``False``, and take nothing, for anything else."""
        rows = list(csv.reader(io.StringIO(text)))
        try:
            points = np.array([[float(row[0]), float(row[1])] for row in rows[1:]], np.float32)
            labels = np.array([int(row[2]) if len(row) > 2 else 0 for row in rows[1:]], np.int64)
        except (ValueError, IndexError):
            return False
        if not len(points) or len(points) > MOST_POINTS or not (np.abs(points) <= 1).all():
            return False
        self.points, self.labels = points, labels
        self._done, self._undone = [], []
        return True

    def _move(self, source: list[State], target: list[State]) -> None:
        if source:
            target.append((self.points, self.labels))
            self.points, self.labels = source.pop()
