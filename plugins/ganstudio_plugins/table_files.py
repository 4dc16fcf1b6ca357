"""Table files: the cells of a CSV or Parquet file, as text. It knows nothing of what the cells are."""

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from ganstudio.api import InputError, RawTable, Report
from ganstudio_plugins.table_text import PLAIN, WESTERN, delimiter_of, encoding_of

PARQUET = (".parquet", ".pq")
_SIGN = b"PAR1"
"""How a Parquet file begins."""
_SAMPLE = 64 << 10
"""Bytes that letters and delimiter are found out by."""
_TOLD = 50_000
_LONGEST = 50
"""Lines that one row may go on for."""


class _Reader(Protocol):
    """What ``csv.reader`` gives: rows, and how many lines were read so far."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def read_csv(path: Path, delimiter: str, report: Report) -> RawTable:
    """Return the table in a file of text; ``delimiter``: what stands between cells, or nothing to find out.

    The first line names the columns, unless it holds numbers. Lines with too few or too many cells are left
    out and named. Letters are UTF-8, UTF-16 or UTF-32, and where they are none of these Windows-1252. Raises
    ``InputError`` where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            encoding = encoding_of(path, file.read(_SAMPLE))
        raw = _read(path, encoding, delimiter, report)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except csv.Error as error:
        raise InputError(f"{path} is no table of text: {error}.") from error
    if encoding not in (PLAIN, "utf-8-sig"):
        raw.notes.insert(0, f"{path.name} is read as {encoding.upper()}.")
    return raw


def _read(path: Path, encoding: str, delimiter: str, report: Report) -> RawTable:
    try:
        return _decoded(path, encoding, delimiter, report)
    except UnicodeDecodeError as error:
        if encoding != PLAIN:
            raise InputError(
                f"{path} begins as {encoding.upper()} and does not go on so. Save it as UTF-8."
            ) from error
    raw = _decoded(path, WESTERN, delimiter, report)
    raw.notes.insert(
        0,
        f"{path.name} is not UTF-8 and is read as Windows-1252, the letters of Western Europe. If letters "
        "look wrong, save it as UTF-8.",
    )
    return raw


def _decoded(path: Path, encoding: str, delimiter: str, report: Report) -> RawTable:
    # Five bytes have no letter in Windows-1252; a table is not refused for one.
    errors = "replace" if encoding == WESTERN else "strict"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        delimiter = delimiter or delimiter_of(file.read(_SAMPLE))
        file.seek(0)
        raw = _gathered(path, csv.reader(file, delimiter=delimiter), report)
    if len(raw.names) == 1 and len(raw.columns[0]) > 1:
        raw.notes.append(
            f"{path.name} has one column, with {delimiter!r} between cells; set Delimiter if it has more."
        )
    return raw


def _gathered(path: Path, lines: "_Reader", report: Report) -> RawTable:
    names: list[str] = []
    columns: list[list[str]] = []
    notes: list[str] = []
    unreadable: list[tuple[str, str]] = []
    before = 0
    for cells in lines:
        first, last = before + 1, lines.line_num
        before = last
        if last // _TOLD > (first - 1) // _TOLD:
            report(f"Reading {path.name}: {last:,} lines".replace(",", " "), None)
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names, is_data = _header(path, cells, notes)
            columns = [[] for _name in names]
            if not is_data:
                continue
        problem = _problem(cells, names, last - first + 1)
        if problem:
            unreadable.append((f"line {first}", problem))
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
            f"{count} {'row is' if count == 1 else 'rows are'} left out of {path.name}: {name}, {reason}."
        )
    return RawTable(names, columns, notes, unreadable)


def _problem(cells: list[str], names: list[str], lines: int) -> str:
    """Return why a row is left out, or nothing."""
    if lines > _LONGEST:
        return f"a cell in quotation marks goes on for {lines} lines, so a mark is missing"
    if len(cells) != len(names):
        count = len(cells)
        return f"it has {count} {'cell' if count == 1 else 'cells'}, not {len(names)}"
    return ""


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


def is_parquet(path: Path) -> bool:
    """Say whether a file is Parquet, by its ending or its beginning; raises ``OSError`` for none to read."""
    if path.suffix.lower() in PARQUET:
        return True
    with path.open("rb") as file:
        return file.read(len(_SIGN)) == _SIGN


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
