"""Table columns: what each column of a table is, and how its numbers are turned back into cells.

A table is ``float32`` [N, C] everywhere: of a categorical column the number of the category, of a continuous
one the value in spreads from the mean (NaN where it is missing). It knows nothing of how tables are read, and
loads neither torch nor, before it is asked for cells, NumPy.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from ganstudio.api import table_dates
from ganstudio.api.table_numbers import AS_NEEDED, PLAIN, NumberMarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

Holds = Literal["whole numbers", "numbers", "text", "dates"]


@dataclass(frozen=True)
class TableColumn:
    """A column of a table.

    ``holds``: what its cells are. ``categories`` with how often each occurs, ``counts``; of an empty cell the
    category is ``""``. Of a continuous column: ``mean`` and ``spread`` (above 0) of its values, in which its
    numbers are counted, ``low`` and ``high`` as values, the ``decimals`` and ``marks`` it is written with; of
    dates, in days since 1970, the ``form`` they are written in, as ``table_dates`` has it. ``modes``: a
    mixture of Gaussians that it resembles, each with centre, spread and weight, in its numbers; the weights
    add up to 1.
    ``missing``: the share of empty cells, 0..1. ``treated``: what was done to it, in a few words.
    """

    name: str
    kind: Literal["continuous", "categorical"]
    holds: Holds = "numbers"
    categories: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    mean: float = 0.0
    spread: float = 1.0
    low: float = 0.0
    high: float = 0.0
    decimals: int = AS_NEEDED
    marks: NumberMarks = PLAIN
    form: str = ""
    modes: tuple[tuple[float, float, float], ...] = ((0.0, 1.0, 1.0),)
    missing: float = 0.0
    treated: str = ""

    @property
    def categorical(self) -> bool:
        """Whether its numbers are categories."""
        return self.kind == "categorical"

    @property
    def shares(self) -> tuple[float, ...]:
        """How often each category occurs, 0..1."""
        total = sum(self.counts) or 1
        return tuple(count / total for count in self.counts)

    def values(self, codes: "NDArray[Any]") -> "NDArray[Any]":
        """Return the numbers [N] of a continuous column as values, ``float64``; NaN where there is none.

        They lie between the lowest and the highest there were, and have as many decimals as these.
        """
        import numpy as np

        values = np.clip(codes.astype(np.float64) * self.spread + self.mean, self.low, self.high)
        return values if self.decimals == AS_NEEDED else values.round(self.decimals)

    def cells(self, codes: "NDArray[Any]") -> list[str]:
        """Return the numbers [N] of this column as they are written in a table of text."""
        if self.categorical:
            return [self.categories[place] for place in self.places(codes)]
        return [self._written(value) for value in self.values(codes).tolist()]

    def typed(self, codes: "NDArray[Any]") -> list[Any]:
        """Return the numbers [N] as whole numbers, numbers, dates and texts, ``None`` where there is none."""
        if self.holds == "text":
            return [cell or None for cell in self.cells(codes)]
        if self.holds == "dates":
            made = self.values(codes).tolist()
            return [None if value != value else table_dates.date_of(value) for value in made]
        # A number may be a category too: it is written as it was found.
        as_number = int if self.holds == "whole numbers" else float
        return [_number(self.marks.value(cell), as_number) for cell in self.cells(codes)]

    def places(self, codes: "NDArray[Any]") -> list[int]:
        """Return which category each number of a categorical column stands for."""
        import numpy as np

        rounded = np.rint(np.nan_to_num(codes)).clip(0, len(self.categories) - 1)
        places: list[int] = rounded.astype(int).tolist()
        return places

    def described(self) -> str:
        """Return what it is in a few words: ``numbers, 3 modes, 2 % missing``."""
        if self.categorical:
            count = len(self.categories)
            what = f"{count} {'category' if count == 1 else 'categories'}"
        else:
            count = len(self.modes)
            what = f"{self.holds}, {count} {'mode' if count == 1 else 'modes'}"
        missing = f", {max(self.missing, 0.01):.0%} missing".replace("%", " %") if self.missing else ""
        return what + missing + (f"; {self.treated}" if self.treated else "")

    def _written(self, value: float) -> str:
        if value != value:
            return ""
        if self.holds == "dates":
            return table_dates.written(value, self.form)
        return self.marks.written(value, self.decimals)


def columns_to_plain(columns: Sequence[TableColumn]) -> list[dict[str, Any]]:
    """Return columns as plain values, as files and other threads take them."""
    return [asdict(column) for column in columns]


def columns_from_plain(values: Sequence[Mapping[str, Any]]) -> tuple[TableColumn, ...]:
    """Return the columns that :func:`columns_to_plain` wrote; raises ``TypeError`` for anything else."""
    return tuple(
        TableColumn(**{name: _taken(name, value) for name, value in each.items()}) for each in values
    )


def _taken(name: str, value: Any) -> Any:
    return NumberMarks(*value) if name == "marks" else _tuples(value)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list | tuple) else value


def _number(value: float, kind: type[int] | type[float]) -> int | float | None:
    # It is none of an empty cell, and of the category that rare ones were joined to.
    return kind(value) if math.isfinite(value) else None
