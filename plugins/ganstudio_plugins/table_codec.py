"""Table codec: rows of a table as a generator makes them, and back again.

Mode-specific normalisation (Xu et al., 2019, arXiv:1907.00503, section 4.2): a continuous value is one of the
modes of its column, one-hot, and how far it is from its centre; a category is one-hot. It knows nothing of
networks.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ganstudio.api import TableColumn, TableSpec

_REACH = 4.0
"""A value within so many spreads of its mode is -1..1 (section 4.2 of the paper)."""
_CLIP = 0.99
_NEVER = -1e9


class Rows(NamedTuple):
    """Rows as choices and offsets.

    ``choices`` ``int64`` [N, S]: which mode or category each column has, the last mode standing for an empty
    cell where there are such. ``offsets`` [N, A] in [-1, 1]: how far from its mode each continuous one is.
    """

    choices: Tensor
    offsets: Tensor


@dataclass(frozen=True)
class Blocks:
    """Where the one-hot blocks of some columns lie. ``starts`` and ``sizes`` [S], in the order of columns.

    ``widths``: the sizes as plain numbers.
    """

    starts: Tensor
    sizes: Tensor
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """Numbers of all blocks together."""
        return sum(self.widths)

    def place(self, choices: Tensor) -> Tensor:
        """Return where the one of each choice [..., S] is."""
        return choices + self.starts

    def one_hot(self, choices: Tensor) -> Tensor:
        """Return choices [N, S] as ones and zeros [N, width]."""
        made = torch.zeros(len(choices), self.width, device=choices.device)
        return made.scatter_(1, self.place(choices), 1.0)

    def padded(self, values: Tensor, fill: float) -> Tensor:
        """Return values [..., width] with a row for each block, [..., S, the largest]."""
        within = torch.arange(max(self.widths, default=0), device=self.sizes.device)
        index = (self.starts[:, None] + within).clamp_max(max(self.width - 1, 0))
        return torch.where(within < self.sizes[:, None], values[..., index], fill)

    @classmethod
    def of(cls, sizes: list[int], device: torch.device) -> "Blocks":
        """Return blocks of these sizes, one after another."""
        of_each = torch.tensor(sizes, dtype=torch.int64, device=device)
        return cls(of_each.cumsum(0) - of_each, of_each, tuple(sizes))


class TableCodec:
    """Turns rows ``float32`` [N, C] into :class:`Rows` and back.

    What a generator makes is [N, width]: an offset for each continuous column, then a one-hot block for each
    column.
    """

    def __init__(self, spec: TableSpec, device: torch.device | str = "cpu") -> None:
        device = torch.device(device)
        self.columns = spec.columns
        self.blocks = Blocks.of([_size(column) for column in spec.columns], device)
        self.continuous = _places(spec, False, device)
        self.categorical = _places(spec, True, device)
        modes = [spec.columns[place].modes for place in self.continuous.tolist()]
        largest = max((len(own) for own in modes), default=0)
        table = torch.tensor(
            [[*own, *[(0.0, 1.0, 0.0)] * (largest - len(own))] for own in modes], device=device
        ).view(len(modes), largest, 3)
        self._centres, self._spreads = table[..., 0], table[..., 1]
        self._log_weights = table[..., 2].log().clamp_min(_NEVER) - self._spreads.log()
        self._empty = torch.tensor([len(own) for own in modes], dtype=torch.int64, device=device)
        """What stands for an empty cell, of each continuous column."""

    @property
    def offsets(self) -> int:
        """How many offsets there are."""
        return len(self.continuous)

    @property
    def width(self) -> int:
        """Numbers of a row as a generator makes it."""
        return self.offsets + self.blocks.width

    def encode(self, rows: Tensor) -> Rows:
        """Return rows [N, C]; of a continuous value the mode is drawn by how likely it is."""
        values = rows[:, self.continuous]
        missing = values.isnan()
        apart = (values.nan_to_num()[..., None] - self._centres) / self._spreads  # [N, A, K]
        chances = self._log_weights - 0.5 * apart.square()
        # The largest of logits with Gumbel noise is drawn by their softmax.
        noise = -torch.empty_like(chances).exponential_().log()
        modes = (chances + noise).argmax(2) if self.offsets else torch.zeros_like(values, dtype=torch.int64)
        offsets = apart.gather(2, modes[..., None])[..., 0] / _REACH if self.offsets else values
        offsets = offsets.clamp(-_CLIP, _CLIP).masked_fill(missing, 0.0)
        choices = rows.nan_to_num().long()
        choices[:, self.continuous] = torch.where(missing, self._empty, modes)
        return Rows(choices, offsets)

    def joined(self, rows: Rows) -> Tensor:
        """Return rows as a generator makes them, [N, width]."""
        return torch.cat([rows.offsets, self.blocks.one_hot(rows.choices)], 1)

    def decode(self, rows: Rows) -> Tensor:
        """Return rows ``float32`` [N, C]."""
        made = rows.choices.float()
        if self.offsets:
            chosen = rows.choices[:, self.continuous]
            modes = torch.minimum(chosen, self._empty - 1)
            centres, spreads = (_of_modes(table, modes) for table in (self._centres, self._spreads))
            values = centres + _REACH * spreads * rows.offsets.clamp(-1, 1)
            made[:, self.continuous] = torch.where(chosen == self._empty, torch.nan, values)
        return made


def _size(column: TableColumn) -> int:
    if column.categorical:
        return len(column.categories)
    return len(column.modes) + (1 if column.missing else 0)


def _places(spec: TableSpec, categorical: bool, device: torch.device) -> Tensor:
    places = [place for place, column in enumerate(spec.columns) if column.categorical == categorical]
    return torch.tensor(places, dtype=torch.int64, device=device)


def _of_modes(table: Tensor, modes: Tensor) -> Tensor:
    """Return what a table [A, K] says of the mode of each value, [N, A]."""
    return table.expand(modes.shape[0], -1, -1).gather(2, modes[..., None])[..., 0]
