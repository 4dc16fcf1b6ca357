"""Table comparison: how far the rows of one table are from those of another, column by column and pairwise.

Plain arrays; it loads no torch and knows nothing of who made the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.api.table_columns import TableColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class TableComparison:
    """What rows that were made have in common with real ones.

    ``distances`` [C]: for each column, 0 (alike) to 1: of a categorical one the total variation distance of
    its frequencies, of a continuous one the largest distance of the distribution functions (Kolmogorov and
    Smirnov), or the difference of the shares of empty cells where that is larger. ``gap``: the largest
    difference in how often any category occurs, 0..1. ``real`` and ``made`` [C, C]: how columns go together,
    see :func:`associations`.
    """

    columns: tuple[TableColumn, ...]
    distances: tuple[float, ...]
    gap: float
    real: "NDArray[Any]"
    made: "NDArray[Any]"

    @classmethod
    def of(
        cls, made: "NDArray[Any]", real: "NDArray[Any]", columns: Sequence[TableColumn]
    ) -> "TableComparison":
        """Compare rows [N, C] and [M, C] of like columns, N and M ≥ 1."""
        distances, gap = [], 0.0
        for place, column in enumerate(columns):
            if column.categorical:
                apart = abs(frequencies(made[:, place], column) - frequencies(real[:, place], column))
                gap = max(gap, float(apart.max()))
                distances.append(float(apart.sum()) / 2)
            else:
                distances.append(_distance(column.values(made[:, place]), column.values(real[:, place])))
        return cls(
            tuple(columns), tuple(distances), gap, associations(real, columns), associations(made, columns)
        )

    @property
    def worst(self) -> int:
        """The place of the column that is least alike."""
        return max(range(len(self.distances)), key=self.distances.__getitem__)

    def mean_of(self, categorical: bool) -> float | None:
        """Return the mean distance of the categorical or of the continuous columns, if there are any."""
        found = [d for d, c in zip(self.distances, self.columns, strict=True) if c.categorical == categorical]
        return sum(found) / len(found) if found else None

    @property
    def association_gap(self) -> float:
        """The mean difference of how two columns go together, over all pairs; 0 of a single column."""
        count = len(self.columns)
        apart: float = abs(self.made - self.real).sum()
        return float(apart) / max(count * (count - 1), 1)


def frequencies(codes: "NDArray[Any]", column: TableColumn) -> "NDArray[Any]":
    """Return how often each category occurs among the numbers [N] of a column, 0..1."""
    import numpy as np

    return np.bincount(column.places(codes), minlength=len(column.categories)) / max(len(codes), 1)


def associations(rows: "NDArray[Any]", columns: Sequence[TableColumn]) -> "NDArray[Any]":
    """Return how columns of rows [N, C] go together, [C, C], 1 on the diagonal.

    Of two continuous ones Pearson's correlation, -1..1; of two categorical ones Cramér's V and of one of each
    the correlation ratio, both 0..1. 0 where a column never changes; empty cells count as the mean.
    """
    import numpy as np

    found = np.eye(len(columns))
    blocks = [_whitened(rows[:, place], column) for place, column in enumerate(columns)]
    for one in range(len(columns)):
        for other in range(one):
            both = blocks[one].T @ blocks[other] / len(rows)
            if columns[one].categorical and columns[other].categorical:
                # χ² / N is the squared Frobenius norm of what is left of the whitened table of counts.
                least = min(blocks[one].shape[1], blocks[other].shape[1]) - 1
                value = np.sqrt((both**2).sum() / max(least, 1))
            elif columns[one].categorical or columns[other].categorical:
                value = np.sqrt((both**2).sum())
            else:
                value = both[0, 0]
            found[one, other] = found[other, one] = np.clip(value, -1, 1)
    return found


def _whitened(codes: "NDArray[Any]", column: TableColumn) -> "NDArray[Any]":
    """Return a column with a mean of 0: in spreads [N, 1], or 1/√frequency of its category, [N, K]."""
    import numpy as np

    if not column.categorical:
        values = np.nan_to_num(codes.astype(np.float64) - np.nanmean(codes) if _any(codes) else codes * 0)
        spread = values.std()
        made: NDArray[Any] = (values / spread if spread > 1e-9 else values * 0)[:, None]
        return made
    places = np.asarray(column.places(codes))
    share = np.bincount(places, minlength=len(column.categories)) / len(codes)
    there = np.flatnonzero(share)
    one_hot = (places[:, None] == there) - share[there]
    whitened: NDArray[Any] = one_hot / np.sqrt(share[there])
    return whitened


def _distance(made: "NDArray[Any]", real: "NDArray[Any]") -> float:
    import numpy as np

    missing = abs(float(np.isnan(made).mean()) - float(np.isnan(real).mean()))
    one, other = (np.sort(codes[~np.isnan(codes)]) for codes in (made, real))
    if not len(one) or not len(other):
        return missing
    at = np.concatenate([one, other])
    below = [np.searchsorted(each, at, side="right") / len(each) for each in (one, other)]
    return max(missing, float(abs(below[0] - below[1]).max()))


def _any(codes: "NDArray[Any]") -> bool:
    import numpy as np

    return bool((~np.isnan(codes)).any())
