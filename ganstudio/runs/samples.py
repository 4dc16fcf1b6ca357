"""Samples: keeping previews as pictures, and points and rows as numbers beside them. It knows no runs."""

import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.table_columns import TableColumn
from ganstudio.runs import pictures, table_pictures
from ganstudio.runs.atomic import write_bytes
from ganstudio.runs.preview_files import REAL
from ganstudio.runs.refusals import explained


def keep(
    folder: Path,
    name: str,
    array: NDArray[Any],
    columns: int = 0,
    captions: Sequence[str] = (),
    table: Sequence[TableColumn] = (),
) -> Path:
    """Keep samples as the picture ``folder``/``name``.png and return its path.

    Images ``uint8`` [N, H, W, C] become a grid; points [N, D] a scatter, with the numbers as ``.npy`` beside
    it; rows [N, C] of a ``table`` a chart for each column, with rows and columns as ``.npz``. Raises
    ``DiskError`` with a sentence when the disk refuses.
    """
    with explained(folder):
        folder.mkdir(exist_ok=True)
    if array.ndim == 4:
        picture = pictures.tile(array, columns)
    elif table:
        write_bytes(folder / f"{name}{table_pictures.SUFFIX}", table_pictures.pack(array, table))
        picture = table_pictures.draw(array, table, _real_rows(folder, name, len(table)))
    else:
        file = io.BytesIO()
        np.save(file, array.astype(np.float32), allow_pickle=False)
        write_bytes(folder / f"{name}.npy", file.getvalue())
        picture = pictures.scatter(array, _limits(folder, name, array))
    path = folder / f"{name}.png"
    write_bytes(path, pictures.png(picture, pictures.tiling(array, columns, captions)))
    return path


def _real_rows(folder: Path, name: str, columns: int) -> NDArray[Any] | None:
    """Return the real rows that are kept, to be drawn behind those that are made."""
    found = None if name == REAL else table_pictures.unpack(folder / f"{REAL}{table_pictures.SUFFIX}")
    return found[0] if found is not None and found[0].shape[1] == columns else None


def _limits(folder: Path, name: str, array: NDArray[Any]) -> pictures.Limits | None:
    """Return the part of the plane to show: that of the real points, so that pictures compare."""
    if name != REAL:
        with suppress(OSError, ValueError, EOFError):
            array = np.load(folder / f"{REAL}.npy", allow_pickle=False)
    return pictures.limits_of(array)
