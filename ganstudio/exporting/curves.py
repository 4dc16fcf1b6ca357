"""Curves of a run as a table for other programs: one row a step, one column a curve.

However long a run is, it is read as a stream. It knows nothing of what the curves mean.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ganstudio.runs.atomic import explained, sync_folder, temporary_beside
from ganstudio.runs.folder import METRICS
from ganstudio.runs.history import read_history
from ganstudio.runs.lines import LineReader

Progress = Callable[[str, float | None], None]
"""Called with what is being done, and the share that is done (``None`` when unknown)."""

FIXED = ("step", "seconds", "images_seen")
_TOLD_ROWS = 50_000


@dataclass
class Row:
    """All that was recorded of one step. ``seconds`` of training, pauses left out."""

    step: int
    seconds: float | None = None
    images_seen: int | None = None
    values: dict[str, float | None] = field(default_factory=dict)
    """By curve; ``None`` for a number that was not finite."""


def rows(path: Path) -> Iterator[Row]:
    """Give the rows of the run in a folder by step, those of its ancestors before its branch first.

    Raises ``InputError`` where there is no run and ``StudioError`` when it cannot be read.
    """
    for folder, until in _line(path):
        yield from _rows_in(LineReader(folder / METRICS), until)


def write_csv(path: Path, out: Path, progress: Progress) -> Path:
    """Write the curves of the run in the folder ``path`` as the file ``out`` and return it.

    The columns are ``step``, ``seconds`` and ``images_seen``, then every curve by its name in the order in
    which they first occur. A cell is blank where a curve has no point, and ``nan`` where its value was not
    finite. Raises as :func:`rows` does; the file appears whole or not at all.
    """
    with explained(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        body, whole = temporary_beside(out), temporary_beside(out)
        try:
            with body.open("x+", encoding="utf-8", newline="") as file:
                columns, widths = _write_body(file, path, progress)
                file.seek(0)
                with whole.open("x", encoding="utf-8", newline="") as target:
                    _write_whole(target, file, columns, widths)
                    target.flush()
                    os.fsync(target.fileno())
            os.replace(whole, out)
        finally:
            body.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)
        sync_folder(out.parent)
    return out


def _line(path: Path) -> list[tuple[Path, int | None]]:
    """Return the folders a run's past is in, the oldest first, each with the step it counts until."""
    line: list[tuple[Path, int | None]] = [(path, None)]
    parent = read_history(path, ancestors=False).parent
    while parent is not None and parent.path is not None and parent.path not in [each for each, _ in line]:
        line.insert(0, (parent.path, parent.step))
        parent = read_history(parent.path, ancestors=False).parent
    return line


def _rows_in(records: Iterator[dict[str, Any]], until: int | None) -> Iterator[Row]:
    """Give a row for each step; the report of a step and its scores are lines of their own."""
    row: Row | None = None
    for record in records:
        step = record.get("step")
        if not isinstance(step, int) or (until is not None and step > until):
            continue
        if row is None or row.step != step:
            if row is not None:
                yield row
            row = Row(step)
        if "values" in record:
            row.seconds, row.images_seen = record.get("seconds"), record.get("images_seen")
        for part in ("values", "scores"):
            if isinstance(record.get(part), dict):
                row.values.update(record[part])
    if row is not None:
        yield row


def _write_body(file: IO[str], path: Path, progress: Progress) -> tuple[list[str], list[tuple[int, int]]]:
    """Write rows with the columns known so far; return all columns, and how many from which row on."""
    places: dict[str, int] = {}
    widths: list[tuple[int, int]] = []
    for number, row in enumerate(rows(path)):
        known = len(places)
        for name in row.values:
            places.setdefault(name, len(places))
        if len(places) != known or not number:
            widths.append((number, len(places)))
        cells = [""] * len(places)
        for name, value in row.values.items():
            cells[places[name]] = "nan" if value is None else repr(value)
        file.write(",".join([str(row.step), _cell(row.seconds), _cell(row.images_seen), *cells]) + "\n")
        if number % _TOLD_ROWS == 0:
            progress("Writing the curves", None)
    return list(places), widths


def _write_whole(target: IO[str], body: IO[str], columns: list[str], widths: list[tuple[int, int]]) -> None:
    """Write the header, and every row filled up with blanks to its width."""
    target.write(",".join([*FIXED, *(_quoted(name) for name in columns)]) + "\n")
    following = [*widths[1:], (-1, 0)]
    segments = iter(zip(widths, following, strict=True)) if widths else iter(())
    blanks, until = "", 0
    for number, line in enumerate(body):
        if number == until:
            (_start, width), (until, _next) = next(segments)
            blanks = "," * (len(columns) - width)
        target.write(line if not blanks else line[:-1] + blanks + "\n")


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)


def _quoted(name: str) -> str:
    """Return a name as a header cell: a plugin may call a curve anything."""
    if any(sign in name for sign in ',"\n\r'):
        return '"' + name.replace('"', '""') + '"'
    return name
