"""Table conditions: which category of which column a row is asked to have.

Training by sampling (Xu et al., 2019, arXiv:1907.00503, section 4.3): a column is drawn evenly, one of its
categories by the logarithm of how often it occurs, and a real row that has it. It knows nothing of networks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ganstudio.api import InputError, TableColumn, TableSpec
from ganstudio_plugins.table_codec import Blocks

_NAMED = 30
"""Categories that a sentence names at most."""


class Asked(NamedTuple):
    """What each of N rows is asked for: ``column``, a place among those to choose from, and ``category``."""

    column: Tensor
    category: Tensor


class TableConditions:
    """The categorical columns of a table that have more than one category, and what is asked of them."""

    def __init__(self, spec: TableSpec, device: torch.device | str = "cpu") -> None:
        device = torch.device(device)
        found = _choosable(spec.columns)
        self.columns = torch.tensor([place for place, _ in found], dtype=torch.int64, device=device)
        """Their places in the table."""
        self.blocks = Blocks.of([len(column.categories) for _, column in found], device)
        counts = torch.tensor(
            [n for _, c in found for n in (c.counts or (1,) * len(c.categories))], device=device
        )
        counts = self.blocks.padded(counts.double(), 0.0)  # [S, K]
        share = counts / counts.sum(1, keepdim=True).clamp_min(1)
        logs = (counts + 1).log() * (counts > 0)
        wanted = logs / logs.sum(1, keepdim=True).clamp_min(1e-12)
        self._edges = share.cumsum(1).float()
        self._pull = torch.where(share > 0, wanted / share.clamp_min(1e-12), 0.0).float()
        """How many times as often a row of a category is to come than by itself, [S, K]."""

    @property
    def width(self) -> int:
        """Numbers of a condition as a network is given it."""
        return self.blocks.width

    def pulls(self, rows: Tensor) -> Tensor:
        """Return, for rows [N, C], how much each column asks for the category they have, [N, S].

        Drawing a row by the sum of these, and then a column by their shares, is the same as drawing column,
        category and row in that order.
        """
        categories = rows[:, self.columns].long()
        return self._pull.expand(len(rows), -1, -1).gather(2, categories[..., None])[..., 0]

    def of_rows(self, rows: Tensor) -> Asked:
        """Draw, for rows [N, C] that were drawn by their pulls, the column each stands for."""
        column = torch.multinomial(self.pulls(rows), 1)
        return Asked(column[:, 0], rows[:, self.columns].long().gather(1, column)[:, 0])

    def as_often(self, shares: Tensor) -> Asked:
        """Return conditions for two numbers in 0..1 each, [N, 2]: as often as they occur in the data."""
        count = len(self.columns)
        column = (shares[:, 0] * count).long().clamp_max(count - 1)
        below = self._edges[column] <= shares[:, 1:]
        return Asked(column, torch.minimum(below.sum(1), self.blocks.sizes[column] - 1))

    def one_hot(self, asked: Asked) -> Tensor:
        """Return conditions as ones and zeros, [N, width]."""
        made = torch.zeros(asked.column.shape[0], self.width, device=asked.column.device)
        return made.scatter_(1, (self.blocks.starts[asked.column] + asked.category)[:, None], 1.0)


def parted(text: str, columns: Sequence[TableColumn]) -> tuple[str, str]:
    """Return the column and the category that ``column=category`` names; either may hold ``=`` itself."""
    names = {column.name for column in columns}
    places = [place for place, sign in enumerate(text) if sign == "="]
    found = next((place for place in places if text[:place].strip() in names), next(iter(places), len(text)))
    return text[:found].strip(), text[found + 1 :].strip()


def named_category(columns: Sequence[TableColumn], column: str, category: str) -> tuple[int, int]:
    """Return the place of a column among those to choose from, and that of the category in it.

    Raises ``InputError``, with those there are, where there is no such column or category.
    """
    found = [own for _place, own in _choosable(columns)]
    names = [own.name for own in found]
    if column not in names:
        there = ", ".join(names) or "none"
        raise InputError(f"No category of {column!r} can be asked for. Columns with categories: {there}.")
    own = found[names.index(column)].categories
    if category not in own:
        more = f" and {len(own) - _NAMED} more" if len(own) > _NAMED else ""
        there = ", ".join(each or "(empty)" for each in own[:_NAMED])
        raise InputError(f"Column {column} has no category {category!r}. It has: {there}{more}.")
    return names.index(column), own.index(category)


def _choosable(columns: Sequence[TableColumn]) -> list[tuple[int, TableColumn]]:
    """Return the columns with a choice of categories, each with its place in the table."""
    return [(p, c) for p, c in enumerate(columns) if c.categorical and len(c.categories) > 1]
