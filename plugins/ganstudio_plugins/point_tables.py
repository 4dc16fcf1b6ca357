"""Points in a file: a table of text, or NumPy arrays. It knows nothing of what becomes of them."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib import format as npy
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import InputError, Report
from ganstudio_plugins.npz_arrays import NpzFile, broken_is_told

HOW = "A line holds x and y, and a class as third column if you like: 0.5,-1.25"


@dataclass
class Points:
    """What a file holds: ``points`` ``float64`` [N, 2], ``labels`` ``int64`` [N], and what was left out."""

    points: Tensor
    labels: Tensor | None = None
    classes: tuple[str, ...] = ()
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def read_table(path: Path, report: Report) -> Points:
    """Return the points in a table of text, with ``,``, ``;``, tabs or blanks between its columns.

    The first line may be a header. Lines that hold no point are left out and named. Raises ``InputError``
    when no line holds one.
    """
    points: list[tuple[float, float]] = []
    labels: list[str] = []
    bad: list[tuple[str, str]] = []
    columns = 0
    for number, cells in _lines(path, report):
        problem = _problem(cells, columns)
        if problem and not columns and not bad and _is_header(cells):
            continue
        if problem:
            bad.append((f"line {number}", problem))
            continue
        columns = columns or len(cells)
        points.append((float(cells[0]), float(cells[1])))
        labels += cells[2:]
    if not points:
        first = f" {bad[0][0].capitalize()}: {bad[0][1]}." if bad else ""
        raise InputError(f"There are no points in {path}.{first} {HOW}.")
    return _classed(torch.tensor(points, dtype=torch.float64), np.array(labels) if labels else None, bad)


def _lines(path: Path, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of each line that is not empty nor a remark (``#``), with its number from 1."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            for number, line in enumerate(file, 1):
                if number % 100_000 == 0:
                    report(f"Reading {path.name}: {number} lines", None)
                if line.strip() and not line.lstrip().startswith("#"):
                    yield number, _cells(line.strip())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def _cells(line: str) -> list[str]:
    between = next((mark for mark in (",", ";", "\t") if mark in line), None)
    if between is None:
        return line.split()
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=between))]
    except csv.Error:
        return [line]


def _problem(cells: list[str], columns: int) -> str:
    """Return why a line holds no point, in a few words, or nothing when it does."""
    if len(cells) not in (2, 3):
        return f"it has {len(cells)} {'column' if len(cells) == 1 else 'columns'}, not 2 or 3"
    if columns and len(cells) != columns:
        return f"it has {len(cells)} columns, the lines before it have {columns}"
    for cell in cells[:2]:
        if not math.isfinite(_number(cell)):
            return f"{cell[:40]!r} is no number" if cell else "a number is missing"
    return "" if cells[-1] else "its class is missing"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _is_header(cells: list[str]) -> bool:
    """Say whether a first line holds names of columns: words, and not one number."""
    return len(cells) in (2, 3) and all(cell and math.isnan(_number(cell)) for cell in cells[:2])


def read_arrays(path: Path, report: Report) -> Points:
    """Return the points in a ``.npy`` file, or in ``points`` (and ``labels``) of a ``.npz``.

    Points that are not finite are left out and named. Raises ``InputError`` when there are none.
    """
    points, labels = _from_npz(path) if path.suffix.lower() == ".npz" else (_from_npy(path), None)
    if points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "iuf":
        shape = " × ".join(map(str, points.shape)) or "one value"
        raise InputError(
            f"The array in {path} is {shape} of {points.dtype.name}. Points are numbers, count × 2: x and y."
        )
    values = torch.from_numpy(points.astype(np.float64))
    finite = values.isfinite().all(1)
    if not finite.any():
        raise InputError(f"There are no points in {path} whose coordinates are numbers.")
    bad = [(f"point {int(i)}", "it is not finite") for i in (~finite).nonzero()]
    return _classed(values[finite], None if labels is None else labels[finite.numpy()], bad)


def _from_npy(path: Path) -> NDArray[Any]:
    with broken_is_told(path, ".npy"), path.open("rb") as file:
        array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
    return array


def _from_npz(path: Path) -> tuple[NDArray[Any], NDArray[Any] | None]:
    with NpzFile.opened(path) as arrays:
        fit = [
            header for header in arrays.headers.values() if len(header.shape) == 2 and header.shape[1] == 2
        ]
        named = [header for header in fit if header.name == "points"] or fit
        if len(named) != 1:
            raise InputError(
                f"{path} holds {arrays.described()}. Name the array of points, count × 2, points."
            )
        (found,) = named
        labels = arrays.headers.get("labels")
        one_each = labels is not None and labels.shape == found.shape[:1] and labels.dtype.kind in "iuUS"
        return arrays.whole(found.name), arrays.whole("labels") if one_each else None


def _classed(points: Tensor, labels: NDArray[Any] | None, bad: list[tuple[str, str]]) -> Points:
    if labels is None:
        return Points(points, unreadable=bad)
    names, index = np.unique(labels, return_inverse=True)
    classes = tuple(str(name) for name in names)
    return Points(points, torch.from_numpy(index.astype(np.int64)), classes, bad)
