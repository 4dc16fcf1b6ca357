"""Table pictures: the columns of a table's rows as one picture, a small chart for each, and rows in a file.

The picture stands for the rows where there is no room for them, such as in a list of runs or a film. It knows
nothing of runs.
"""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.table_columns import TableColumn, columns_from_plain, columns_to_plain

if TYPE_CHECKING:
    from PIL import ImageDraw

SUFFIX = ".npz"
BARS = 24
"""Bars of the chart of a continuous column, and of a categorical one at most."""
_WIDE, _HIGH, _TITLE, _GAP = 176, 72, 18, 12
_GROUND, _INK, _QUIET, _LINE = "#FFFFFF", "#1F5FA8", "#5C6675", "#DDE1E7"
_REAL = "#94D6BE"


def shares(codes: NDArray[Any], column: TableColumn, edges: NDArray[Any]) -> NDArray[np.float64]:
    """Return the share of rows [N] in each bar of a column's chart, and that of empty cells at the end.

    ``edges``: from :func:`edges_of` for this column.
    """
    if column.categorical:
        counts = np.bincount(column.places(codes), minlength=len(column.categories))
        return counts[:BARS] / max(len(codes), 1)
    # As they are written: of whole numbers, none lies between two.
    written = (column.values(codes[~np.isnan(codes)]) - column.mean) / column.spread
    there = np.clip(written, edges[0], edges[-1])
    counts = np.histogram(there, edges)[0]
    empty = [int(np.isnan(codes).sum())] if column.missing else []
    return np.array([*counts, *empty]) / max(len(codes), 1)


def edges_of(column: TableColumn) -> NDArray[np.float64]:
    """Return the edges of the bars of a continuous column, in its numbers: its range without outliers."""
    if column.categorical:
        return np.zeros(0)
    low, high = ((value - column.mean) / column.spread for value in (column.low, column.high))
    low, high = max(low, -4.0), min(high, 4.0)
    return np.linspace(low, high if high > low else low + 1e-6, BARS + 1)


def draw(
    rows: NDArray[Any], columns: Sequence[TableColumn], real: NDArray[Any] | None = None
) -> NDArray[np.uint8]:
    """Return rows [N, C] as a picture ``uint8`` [H, W, 3]: bars of each column over those of ``real``."""
    from PIL import Image, ImageDraw

    across = min(len(columns), 4 if len(columns) > 6 else 3)
    down = -(-len(columns) // across)
    size = across * (_WIDE + _GAP) + _GAP, down * (_HIGH + _TITLE + _GAP) + _GAP
    image = Image.new("RGB", size, _GROUND)
    pencil = ImageDraw.Draw(image)
    for place, column in enumerate(columns):
        row, cell = divmod(place, across)
        left, top = _GAP + cell * (_WIDE + _GAP), _GAP + row * (_HIGH + _TITLE + _GAP)
        own = None if real is None else real[:, place]
        _chart(pencil, left, top, column, rows[:, place], own)
    return np.asarray(image)


def pack(rows: NDArray[Any], columns: Sequence[TableColumn]) -> bytes:
    """Return rows [N, C] and what their numbers stand for as an ``.npz`` file."""
    file = BytesIO()
    about = np.frombuffer(json.dumps(columns_to_plain(columns)).encode(), np.uint8)
    np.savez_compressed(file, rows=rows.astype(np.float32), columns=about)
    return file.getvalue()


def unpack(path: Path) -> tuple[NDArray[np.float32], tuple[TableColumn, ...]] | None:
    """Return the rows and columns in a file that :func:`pack` made, or ``None`` where there are none."""
    try:
        # Opened here: what NumPy opens itself stays open where the archive is torn.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            rows = np.ascontiguousarray(file["rows"], np.float32)
            columns = columns_from_plain(json.loads(file["columns"].tobytes()))
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, MemoryError, BadZipFile):
        return None
    return (rows, columns) if rows.ndim == 2 and rows.shape[1] == len(columns) else None


def _chart(
    pencil: "ImageDraw.ImageDraw",
    left: int,
    top: int,
    column: TableColumn,
    codes: NDArray[Any],
    real: NDArray[Any] | None,
) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(12)
    pencil.text((left, top), column.name[:26], _QUIET, font)
    top += _TITLE
    pencil.line((left, top + _HIGH, left + _WIDE, top + _HIGH), _LINE)
    edges = edges_of(column)
    made = shares(codes, column, edges)
    behind = None if real is None else shares(real, column, edges)
    highest = max(float(part.max()) for part in (made, behind) if part is not None) or 1.0
    wide = _WIDE / len(made)
    for place, share in enumerate(made):
        x, right = left + place * wide, left + (place + 1) * wide - 1
        base = top + _HIGH
        if behind is not None:
            pencil.rectangle((x, base - behind[place] / highest * (_HIGH - 2), right, base), _REAL)
        level = base - share / highest * (_HIGH - 2)
        inset = wide * 0.25
        pencil.rectangle((x + inset, level, right - inset, base), _INK)
