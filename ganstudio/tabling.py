"""Tabling: rows of a table that a run makes, written as CSV or Parquet, as many as are asked for.

They are made and written a part at a time, so that their number is bounded by the disk alone.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ganstudio.api import InputError, TableColumn
from ganstudio.api.table_dates import has_times
from ganstudio.runs.atomic import explained, sync_file, sync_folder, temporary_beside

AT_ONCE = 10_000
"""Rows that are in memory at a time."""
PARQUET = (".parquet", ".pq")

_Write = Callable[[NDArray[Any]], None]


def write_rows(path: Path, columns: Sequence[TableColumn], parts: Iterator[NDArray[Any]]) -> int:
    """Write rows ``float32`` [N, C], a part at a time, and return how many there were.

    The ending of ``path`` says how: ``.csv``, ``.tsv``, or ``.parquet`` where PyArrow is installed. The file
    is there whole or not at all. Raises ``InputError`` for another ending, or where it cannot be written.
    """
    count = 0
    with explained(path.parent, InputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _whole(path) as temporary, _writer(path, temporary, columns) as write:
            for rows in parts:
                write(rows)
                count += len(rows)
    return count


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Lend a place to write to, which becomes ``path`` once all is written."""
    temporary = temporary_beside(path)
    try:
        yield temporary
        sync_file(temporary)
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _writer(path: Path, temporary: Path, columns: Sequence[TableColumn]) -> Iterator[_Write]:
    """Lend what writes a part into ``temporary``."""
    ending = path.suffix.lower()
    if ending in PARQUET:
        with _parquet(path, temporary, columns) as write:
            yield write
    elif ending in (".csv", ".tsv"):
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t" if ending == ".tsv" else ",", lineterminator="\n")
            writer.writerow(column.name for column in columns)

            def write(rows: NDArray[Any]) -> None:
                cells = (column.cells(rows[:, place]) for place, column in enumerate(columns))
                writer.writerows(zip(*cells, strict=True))

            yield write
    else:
        raise InputError(f"Rows of a table are written as .csv, .tsv or .parquet, not as {path.name}.")


@contextmanager
def _parquet(path: Path, temporary: Path, columns: Sequence[TableColumn]) -> Iterator[_Write]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            f"Writing {path.name} takes PyArrow, which is not installed: pip install 'ganstudio[tables]', or "
            "write a .csv file."
        ) from error
    kinds = {
        "whole numbers": pyarrow.int64(),
        "numbers": pyarrow.float64(),
        "text": pyarrow.string(),
        "truths": pyarrow.bool_(),
        "days": pyarrow.date32(),
        "dates": pyarrow.timestamp("s"),
    }
    schema = pyarrow.schema([(column.name, kinds[_kind(column)]) for column in columns])
    with parquet.ParquetWriter(temporary, schema) as writer:

        def write(rows: NDArray[Any]) -> None:
            arrays = [
                pyarrow.array(_plain(column.typed(rows[:, place]), _kind(column)), schema.field(place).type)
                for place, column in enumerate(columns)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

        yield write


def _kind(column: TableColumn) -> str:
    """Return which type the cells of a column have in a file with types."""
    if column.holds == "text" and {"True", "False"} <= set(column.categories) <= {"True", "False", ""}:
        return "truths"
    if column.holds == "dates" and not has_times(column.form):
        return "days"
    return column.holds


def _plain(values: list[Any], kind: str) -> list[Any]:
    if kind == "truths":
        return [None if value is None else value == "True" for value in values]
    if kind == "days":
        return [None if value is None else value.date() for value in values]
    if kind == "dates":
        return [None if value is None else value.replace(tzinfo=None) for value in values]
    return values
