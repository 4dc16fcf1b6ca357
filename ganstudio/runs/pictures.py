"""Pictures: samples as one image, a grid of images or a scatter of points. It knows nothing of runs."""

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

GAP = 1
"""Pixels between two images of a grid."""
GAP_GREY = 128
SIDE = 512
"""Pixels of a scatter's side."""
_DOT = ((0, 0), (0, 1), (1, 0), (1, 1))
_INK = (31, 95, 168)


@dataclass(frozen=True)
class Limits:
    """The square of the plane that a scatter shows: its middle, and half its side (above 0)."""

    x: float
    y: float
    reach: float


def tile(array: NDArray[np.uint8], columns: int = 0) -> NDArray[np.uint8]:
    """Return images ``uint8`` [N, H, W, C], N ≥ 1, as one grid ``uint8`` [H', W', C] with narrow gaps.

    The grid is as near to a square as goes, unless ``columns`` (above 0) says otherwise. Raises
    ``ValueError`` for another shape, or no image.
    """
    if array.ndim != 4 or not len(array):
        raise ValueError(f"A grid is made of images [N, H, W, C], not of an array {list(array.shape)}.")
    count, height, width, channels = array.shape
    columns = min(count, columns or math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + GAP, width + GAP, channels), GAP_GREY, np.uint8)
    cells[:count, :height, :width] = array
    grid = cells.reshape(rows, columns, height + GAP, width + GAP, channels).swapaxes(1, 2)
    whole = grid.reshape(rows * (height + GAP), columns * (width + GAP), channels)
    return np.ascontiguousarray(whole[:-GAP, :-GAP])


def scatter(points: NDArray[Any], limits: Limits | None = None) -> NDArray[np.uint8]:
    """Return points [N, D] as a picture ``uint8`` [512, 512, 3]; their first two dimensions are shown.

    What lies outside of ``limits`` or is not finite is left out; without ``limits`` all points fit.
    """
    plane = _plane(points)
    limits = limits or limits_of(points)
    scaled = (plane - (limits.x, limits.y)) / (2 * limits.reach) + 0.5
    # Upwards is up: the first row of a picture is its highest.
    columns, rows = scaled[:, 0] * (SIDE - 2), (1 - scaled[:, 1]) * (SIDE - 2)
    inside = (columns >= 0) & (columns <= SIDE - 2) & (rows >= 0) & (rows <= SIDE - 2)
    rows, columns = rows[inside].astype(np.intp), columns[inside].astype(np.intp)
    picture = np.full((SIDE, SIDE, 3), 255, np.uint8)
    for down, right in _DOT:
        picture[rows + down, columns + right] = _INK
    return picture


def limits_of(points: NDArray[Any]) -> Limits:
    """Return a square that holds all finite points [N, D], with a margin of a tenth."""
    plane = _plane(points)
    if not len(plane):
        return Limits(0.0, 0.0, 1.0)
    low, high = plane.min(0), plane.max(0)
    x, y = (low + high) / 2
    return Limits(float(x), float(y), float((high - low).max()) * 0.55 or 1.0)


def png(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture ``uint8`` [H, W, C], with C 1 (grey), 3 (RGB) or 4 (RGBA), as a PNG file.

    Raises ``ValueError`` for other channels.
    """
    from PIL import Image

    if picture.shape[2] not in (1, 3, 4):
        raise ValueError(f"A picture has 1, 3 or 4 channels, not {picture.shape[2]}.")
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    file = io.BytesIO()
    # Samples hardly compress; the lightest level takes half the time of the usual one for a like size.
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _plane(points: NDArray[Any]) -> NDArray[np.float64]:
    """Return the finite points in the plane, [N, 2]; points on a line lie at height 0."""
    plane = np.asarray(points, np.float64)[:, :2]
    if plane.shape[1] < 2:
        plane = np.pad(plane, ((0, 0), (0, 2 - plane.shape[1])))
    return plane[np.isfinite(plane).all(1)]
