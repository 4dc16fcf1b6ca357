"""Table sources: the same settings for all of them, and how columns of cells become numbers.

What cells are is found out by ``table_reading``. It knows nothing of files.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import model_validator
from torch import Tensor

from ganstudio.api.data import DataSource, DataSpec, LoadedData, Report, TableSpec
from ganstudio.api.errors import InputError
from ganstudio.api.mixture import fit_modes
from ganstudio.api.settings import Column, FieldError, Range
from ganstudio.api.table_columns import TableColumn
from ganstudio.api.table_reading import recognise
from ganstudio.api.table_treatments import TREATMENTS, FoundColumn, Treatment, asked_treatments

_LEAST_ROWS = 10


@dataclass
class RawTable:
    """A table as it was read: ``names`` of its columns, and the cells of each as text, ``""`` where empty.

    ``notes``: sentences about what was changed while it was read. ``unreadable``: what was left out, and why.
    """

    names: list[str]
    columns: list[list[str]]
    notes: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


class TableSource(DataSource):
    """A data source of a table; what its columns are is found out here, the same for every one."""

    gives: ClassVar[type[DataSpec]] = TableSpec

    class Settings(DataSource.Settings):
        """Settings every source of a table has."""

        target: Annotated[
            str,
            Column,
            "The column that is to be told from the others: scores compare how well that is learned from "
            "samples and from real rows; empty takes none",
        ] = ""
        treat: Annotated[
            str,
            "How columns are treated where that is not as it was found, such as: zip=categorical, "
            "age=continuous, born=date, id=leave out; the Data page has a list for each column",
        ] = ""
        most_categories: Annotated[
            int,
            Range(2, 1000, log=True),
            "Of a column with more categories, the commonest are kept and the others are joined to one",
        ] = 100
        modes: Annotated[
            int, Range(1, 30), "Gaussians that each continuous column is described by, at most"
        ] = 10
        held_out: Annotated[
            float, Range(0.0, 0.5), "Share of the rows that is never trained on, by which scores judge"
        ] = 0.2

        @model_validator(mode="after")
        def _treatments_are_known(self) -> Self:
            """Refuse what is no treatment, before any data is read."""
            _treatments(self.treat)
            return self

    settings: "TableSource.Settings"

    @abstractmethod
    def read(self, report: Report) -> RawTable:
        """Return the table as it is."""

    def load(self, report: Report) -> LoadedData:
        """Read the table and turn its cells into numbers.

        Raises ``InputError`` where it cannot be read, or a column cannot be treated as was asked.
        """
        raw = self.read(report)
        notes = [*raw.notes, *_named_apart(raw)]
        _refuse_small(raw)
        columns, codes, found = self._recognised(raw, notes, report)
        target = self._target(columns)
        values = torch.from_numpy(np.stack(codes, 1)).float()  # [N, C]
        kept, held = _split(len(values), self.settings.held_out)
        spec = TableSpec(tuple(self._measured(columns, values[kept], report)), target)
        held_out = (LoadedData(spec, values[held]),) if len(held) else ()
        return LoadedData(
            spec,
            values[kept].contiguous(),
            notes=notes,
            unreadable=raw.unreadable,
            held_out=held_out,
            columns=tuple(raw.names),
            found=found,
        )

    def _recognised(
        self, raw: RawTable, notes: list[str], report: Report
    ) -> tuple[list[TableColumn], list[NDArray[np.float64]], list[FoundColumn]]:
        asked, target = self._asked(raw.names), self.settings.target
        columns, codes, all_found = [], [], []
        for place, (name, cells) in enumerate(zip(raw.names, raw.columns, strict=True)):
            report(f"Looking at column {name}", place / len(raw.names))
            # The target is what a classifier is to name.
            wanted = asked.get(name, "categorical" if name == target else None)
            done, found = recognise(name, cells, wanted, self.settings.most_categories)
            notes += done.notes
            all_found.append(replace(found, usual="categorical") if name == target else found)
            if done.column is not None and done.codes is not None:
                columns.append(done.column)
                codes.append(done.codes)
        if not columns:
            raise InputError(" ".join(["No column of the table can be learned.", *notes[:3]]))
        return columns, codes, all_found

    def _asked(self, names: Sequence[str]) -> Mapping[str, Treatment]:
        """Return the treatment that is asked for, by column; raises ``InputError`` for one there is not."""
        asked = _treatments(self.settings.treat)
        for name in asked:
            if name not in names:
                raise InputError(
                    f"Treat names a column {name!r} that is not there. There are: {_few(names)}."
                )
        return asked

    def _target(self, columns: Sequence[TableColumn]) -> str:
        target, names = self.settings.target, [column.name for column in columns]
        if target and target not in names:
            raise InputError(f"There is no column {target!r} to be the target. There are: {_few(names)}.")
        return target

    def _measured(
        self, columns: Sequence[TableColumn], values: Tensor, report: Report
    ) -> Iterator[TableColumn]:
        """Return columns with what is known of the rows that are trained on: counts, and modes."""
        for place, column in enumerate(columns):
            report(f"Measuring column {column.name}", place / len(columns))
            numbers = values[:, place]
            if column.categorical:
                counts = torch.bincount(numbers.long(), minlength=len(column.categories))
                yield replace(column, counts=tuple(counts.tolist()))
            else:
                there = numbers[~numbers.isnan()]
                yield (
                    replace(column, modes=fit_modes(there.numpy(), self.settings.modes))
                    if len(there)
                    else column
                )


def _treatments(text: str) -> dict[str, Treatment]:
    """Return treatments by column; raises ``FieldError`` for what is none."""
    asked = {}
    for part, name, treatment in asked_treatments(text):
        if treatment is None:
            raise FieldError(
                "treat",
                f"{part!r} is to be a column and its treatment, such as age=continuous; treatments are "
                f"{', '.join(TREATMENTS)}.",
            )
        asked[name] = treatment
    return asked


def _named_apart(raw: RawTable) -> list[str]:
    """Give every column a name of its own, and return a sentence for each that had none."""
    notes = []
    seen: Counter[str] = Counter()
    taken = set(raw.names)
    for place, name in enumerate(raw.names):
        seen[name] += 1
        if name and seen[name] == 1:
            continue
        new = f"{name} {seen[name]}" if name else f"column {place + 1}"
        while new in taken:
            new = f"{new}'"
        taken.add(new)
        raw.names[place] = new
        notes.append(
            f"There are several columns {name}; one is called {new} here."
            if name
            else f"Column {place + 1} has no name; it is called {new} here."
        )
    return notes


def _refuse_small(raw: RawTable) -> None:
    rows = len(raw.columns[0]) if raw.columns else 0
    if rows < _LEAST_ROWS:
        left = f" {len(raw.unreadable)} were left out." if raw.unreadable else ""
        raise InputError(
            f"The table has {rows} {'row' if rows == 1 else 'rows'} that can be read, and {_LEAST_ROWS} are "
            f"the least to learn from.{left}"
        )


def _split(count: int, share: float) -> tuple[Tensor, Tensor]:
    """Return the places of the rows to train on, and of those that are held out, each in their order."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    held = round(share * count)
    return order[held:].sort().values, order[:held].sort().values


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(names[:20]) + more
