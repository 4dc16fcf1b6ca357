"""Vector store: figures that belong together, such as one for each layer, over the steps of a run.

It keeps no more than a picture can show, whatever the length of the run. It knows nothing of what the figures
say, and nothing of Qt.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.events import VectorRecord

MOST = 600
"""Records of one name that are kept; beyond, every other one is let go, but never the newest."""

Figures = NDArray[np.float32]


@dataclass(frozen=True)
class Table:
    """``values`` [rows, columns]: one column for each place along the steps. NaN where there is nothing.

    ``steps`` [columns]: the step whose figures a column has; ``edges``: the first and the last of all steps.
    """

    values: NDArray[np.float64]
    steps: NDArray[np.int64]
    labels: tuple[str, ...]
    edges: tuple[int, int]


class VectorStore:
    """Rows of figures by name and step."""

    def __init__(self) -> None:
        self._steps: dict[str, list[int]] = {}
        self._figures: dict[str, list[Figures]] = {}
        self._numbers: dict[str, list[int]] = {}
        """Of each record that is kept, how many came before it."""
        self._every: dict[str, int] = {}
        self._labels: dict[str, tuple[str, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return bool(self._steps.get(name))

    @property
    def names(self) -> list[str]:
        """What there are figures of, as they came."""
        return [name for name, steps in self._steps.items() if steps]

    def add(self, record: VectorRecord) -> None:
        """Take figures. Where a step was passed already, the run went back: what was there is forgotten."""
        self._labels |= record.labels
        for name, values in record.values.items():
            steps = self._steps.setdefault(name, [])
            if steps and record.step <= steps[-1]:
                self._cut(name, record.step - 1)
            self._append(name, record.step, np.array(values, np.float32))

    def add_past(self, records: Iterable[VectorRecord]) -> None:
        """Take what came before the first figures that are here already."""
        here = self._all()
        first = min((record.step for record in here), default=None)
        self.clear()
        for record in records:
            if first is None or record.step < first:
                self.add(record)
            else:
                self._labels |= record.labels
        for record in here:
            self.add(record)

    def cut(self, step: int) -> None:
        """Forget what lies behind a step."""
        for name in list(self._steps):
            self._cut(name, step)

    def clear(self) -> None:
        """Forget everything."""
        self._steps.clear()
        self._figures.clear()
        self._numbers.clear()
        self._every.clear()
        self._labels.clear()

    def at(self, name: str, step: float | None) -> tuple[int, Figures] | None:
        """Return the figures nearest to a step and their own step; the newest for ``None``."""
        steps = self._steps.get(name)
        if not steps:
            return None
        place = len(steps) - 1 if step is None else _nearest(steps, step)
        return steps[place], self._figures[name][place]

    def labels(self, name: str) -> tuple[str, ...]:
        """Return what each figure of a name stands for, as far as that was told."""
        return self._labels.get(name, ())

    def table(self, name: str, columns: int) -> Table | None:
        """Return a name's figures over all steps in at most so many columns, evenly along the steps."""
        steps = self._steps.get(name)
        if not steps:
            return None
        wanted = np.linspace(steps[0], steps[-1], min(columns, len(steps)))
        places = [_nearest(steps, step) for step in wanted]
        rows = max(len(self._figures[name][place]) for place in places)
        values = np.full((rows, len(places)), np.nan)
        for column, place in enumerate(places):
            figures = self._figures[name][place]
            values[: len(figures), column] = figures
        told = self.labels(name)
        labels = tuple(_label(told[row] if row < len(told) else str(row + 1)) for row in range(rows))
        return Table(values, np.array([steps[place] for place in places]), labels, (steps[0], steps[-1]))

    def _append(self, name: str, step: int, figures: Figures) -> None:
        """Add figures behind all others; all but the newest stay evenly spaced."""
        numbers, every = self._numbers.setdefault(name, []), self._every.setdefault(name, 1)
        rows: tuple[list[Any], ...] = (self._steps[name], self._figures.setdefault(name, []), numbers)
        number = numbers[-1] + 1 if numbers else 0
        if numbers and numbers[-1] % every:
            for row in rows:
                row.pop()
        for row, value in zip(rows, (step, figures, number), strict=True):
            row.append(value)
        if len(numbers) > MOST:
            self._every[name] = 2 * every
            kept = [place for place, each in enumerate(numbers) if each % (2 * every) == 0 or each == number]
            for row in rows:
                row[:] = [row[place] for place in kept]

    def _cut(self, name: str, step: int) -> None:
        kept = bisect_right(self._steps[name], step)
        del self._steps[name][kept:], self._figures[name][kept:], self._numbers[name][kept:]

    def _all(self) -> list[VectorRecord]:
        """Return what is here as records, by step."""
        by_step: dict[int, dict[str, tuple[float, ...]]] = {}
        for name, steps in self._steps.items():
            for step, figures in zip(steps, self._figures[name], strict=True):
                by_step.setdefault(step, {})[name] = tuple(figures.tolist())
        labels: Mapping[str, tuple[str, ...]] = dict(self._labels)
        return [VectorRecord(step, by_step[step], labels) for step in sorted(by_step)]


def _label(name: str) -> str:
    """Return a name; layers in a row are numbered, which says too little by itself."""
    return f"layer {name}" if name.isdecimal() else name


def _nearest(steps: list[int], step: float) -> int:
    right = min(bisect_left(steps, step), len(steps) - 1)
    left = max(right - 1, 0)
    return left if step - steps[left] <= steps[right] - step else right
