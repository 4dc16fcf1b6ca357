"""Samples: keeping previews as pictures, and points as numbers beside them. It knows nothing of runs."""

import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.runs import pictures
from ganstudio.runs.atomic import write_bytes
from ganstudio.runs.preview_files import REAL
from ganstudio.runs.refusals import explained


def keep(
    folder: Path, name: str, array: NDArray[Any], columns: int = 0, captions: Sequence[str] = ()
) -> Path:
    """Keep samples as the picture ``folder``/``name``.png and return its path.

    Images ``uint8`` [N, H, W, C] become a grid; points [N, D] a scatter, with the numbers as ``.npy`` beside
    it. Raises ``DiskError`` with a sentence when the disk refuses.
    """
    with explained(folder):
        folder.mkdir(exist_ok=True)
    if array.ndim == 4:
        picture = pictures.tile(array, columns)
    else:
        file = io.BytesIO()
        np.save(file, array.astype(np.float32), allow_pickle=False)
        write_bytes(folder / f"{name}.npy", file.getvalue())
        picture = pictures.scatter(array, _limits(folder, name, array))
    path = folder / f"{name}.png"
    write_bytes(path, pictures.png(picture, pictures.tiling(array, columns, captions)))
    return path


def _limits(folder: Path, name: str, array: NDArray[Any]) -> pictures.Limits | None:
    """Return the part of the plane to show: that of the real points, so that pictures compare."""
    if name != REAL:
        with suppress(OSError, ValueError, EOFError):
            array = np.load(folder / f"{REAL}.npy", allow_pickle=False)
    return pictures.limits_of(array)
