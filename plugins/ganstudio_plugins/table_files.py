"""Table files: the cells of a CSV or Parquet file, as text. It knows nothing of what the cells are."""

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ganstudio.api import InputError, RawTable, Report

PARQUET = (".parquet", ".pq")
_DELIMITERS = ",;\t|"
_SAMPLE = 64 << 10
"""Characters that the delimiter is found out by."""
_TOLD = 50_000


def read_csv(path: Path, delimiter: str, report: Report) -> RawTable:
    """Return the table in a file of text; ``delimiter``: what stands between cells, or nothing to find out.

    The first line names the columns, unless it holds numbers. Lines with too few or too many cells are left
    out and named. Raises ``InputError`` where the file cannot be read.
    """
    notes: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            delimiter = delimiter or _delimiter(file.read(_SAMPLE))
            file.seek(0)
            raw = _gathered(path, csv.reader(file, delimiter=delimiter), notes, report)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except csv.Error as error:
        raise InputError(f"{path} is no table of text: {error}.") from error
    if len(raw.names) == 1 and len(raw.columns[0]) > 1:
        raw.notes.append(
            f"{path.name} has one column, with {delimiter!r} between cells; set Delimiter if it has more."
        )
    return raw


def _delimiter(text: str) -> str:
    """Return the mark that cuts most of the first lines into equally many cells, more than one."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    found = {}
    for mark in _DELIMITERS:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) for line in lines]
        usual = max(set(counts), key=counts.count, default=1)
        found[mark] = (counts.count(usual) if usual > 1 else 0, usual)
    return max(found, key=lambda mark: found[mark])


def _gathered(path: Path, lines: "Iterator[list[str]]", notes: list[str], report: Report) -> RawTable:
    names: list[str] = []
    columns: list[list[str]] = []
    unreadable: list[tuple[str, str]] = []
    for number, cells in enumerate(lines, 1):
        if number % _TOLD == 0:
            report(f"Reading {path.name}: {number:,} lines".replace(",", " "), None)
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names, is_data = _header(path, cells, notes)
            columns = [[] for _name in names]
            if not is_data:
                continue
        if len(cells) != len(names):
            unreadable.append((f"line {number}", f"it has {len(cells)} cells, not {len(names)}"))
            continue
        for column, cell in zip(columns, cells, strict=True):
            # Equal cells share their memory.
            column.append(sys.intern(cell.strip()))
    if not names:
        raise InputError(f"{path} is empty. A table has a line with the names of its columns, and rows.")
    if unreadable:
        name, reason = unreadable[0]
        count = len(unreadable)
        notes.append(
            f"{count} {'line is' if count == 1 else 'lines are'} left out of {path.name}: {name}, {reason}."
        )
    return RawTable(names, columns, notes, unreadable)


def _header(path: Path, cells: list[str], notes: list[str]) -> tuple[list[str], bool]:
    """Return the names of the columns, and whether the first line is a row like any other."""
    if any(_is_number(cell) for cell in cells):
        notes.append(f"The first line of {path.name} holds numbers, so columns are called by their place.")
        return [f"column {place}" for place in range(1, len(cells) + 1)], True
    return [cell.strip() for cell in cells], False


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def read_parquet(path: Path, report: Report) -> RawTable:
    """Return the table in a Parquet file; raises ``InputError`` where it, or what reads it, is not there.

    Columns of lists and tables are left out.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            f"Reading {path.name} takes PyArrow, which is not installed: pip install 'ganstudio[tables]', or "
            "save the table as CSV."
        ) from error
    report(f"Reading {path.name}", None)
    try:
        table = parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}.") from error
    names, columns, notes = [], [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pyarrow.types.is_nested(column.type):
            notes.append(f"Column {name} holds lists or tables within a cell and is left out.")
            continue
        report(f"Reading column {name}", None)
        names.append(name)
        columns.append([_cell(value) for value in column.to_pylist()])
    return RawTable(names, columns, notes)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
