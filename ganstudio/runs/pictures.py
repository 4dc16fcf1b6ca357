"""Pictures: samples as one image, a grid of images or a scatter of points, and back again.

How the samples lie in it stands in a text chunk of the PNG, so that each can be cut out. It knows nothing
of runs.
"""

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.errors import StudioError
from ganstudio.api.table_columns import TableColumn
from ganstudio.runs import table_pictures

if TYPE_CHECKING:
    from PIL import Image

GAP = 1
"""Pixels between two images of a grid."""
GAP_GREY = 128
SIDE = 512
"""Pixels of a scatter's side."""
CHUNK = "ganstudio"
"""Of the PNG's text, what says how the samples lie in it, as JSON."""
_DOT = ((0, 0), (0, 1), (1, 0), (1, 1))
_INK = (31, 95, 168)


@dataclass(frozen=True)
class PreviewPicture:
    """The samples of a kept picture.

    ``kind``: ``images``, ``uint8`` [N, H, W, C], ``points``, ``float32`` [N, D], or ``table``, rows
    ``float32`` [N, C] of the columns ``table``. ``columns``: how many are to stand side by side, 0 as it
    looks best; ``captions``: words above each column.
    """

    kind: str
    array: NDArray[Any]
    columns: int = 0
    captions: tuple[str, ...] = ()
    table: tuple[TableColumn, ...] = ()


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


def png(picture: NDArray[np.uint8], about: Mapping[str, Any] | None = None) -> bytes:
    """Return a picture ``uint8`` [H, W, C], with C 1 (grey), 3 (RGB) or 4 (RGBA), as a PNG file.

    ``about`` goes with it, for :func:`read`. Raises ``ValueError`` for other channels.
    """
    from PIL import Image, PngImagePlugin

    if picture.shape[2] not in (1, 3, 4):
        raise ValueError(f"A picture has 1, 3 or 4 channels, not {picture.shape[2]}.")
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    text = PngImagePlugin.PngInfo()
    if about is not None:
        text.add_text(CHUNK, json.dumps(about))
    file = io.BytesIO()
    # Samples hardly compress; the lightest level takes half the time of the usual one for a like size.
    image.save(file, "PNG", compress_level=1, pnginfo=text)
    return file.getvalue()


def tiling(array: NDArray[Any], columns: int = 0, captions: Sequence[str] = ()) -> dict[str, Any]:
    """Return what :func:`png` keeps about a picture of samples, so that :func:`read` finds each again."""
    images = array.ndim == 4
    height, width = array.shape[1:3] if images else (SIDE, SIDE)
    return {
        "kind": "images" if images else "points",
        "count": len(array),
        "height": height,
        "width": width,
        "columns": columns,
        "captions": [str(caption) for caption in captions],
    }


def read(path: Path) -> PreviewPicture:
    """Return the samples of a kept preview, or of any other picture, which then counts as one image.

    Points lie in an ``.npy`` beside their picture, rows of a table in an ``.npz``; where that is missing or
    torn, the picture itself is the one image. Raises ``StudioError`` with a sentence where there is no
    picture.
    """
    rows = table_pictures.unpack(path.with_suffix(table_pictures.SUFFIX))
    if rows is not None:
        return PreviewPicture("table", rows[0], table=rows[1])
    points = _read_points(path.with_suffix(".npy"))
    if points is not None:
        return PreviewPicture("points", points)
    pixels, about = _read_png(path)
    try:
        return _cut(pixels, about)
    except (KeyError, TypeError, ValueError, OverflowError):
        # Its text is not ours, or does not fit the picture: a picture it still is.
        return PreviewPicture("images", pixels[None])


def _read_points(path: Path) -> NDArray[np.float32] | None:
    try:
        with path.open("rb") as file:
            points = np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError, OverflowError):
        return None
    if points.ndim != 2 or points.dtype.kind not in "fiu":
        return None
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(points, np.float32)


def _read_png(path: Path) -> tuple[NDArray[np.uint8], Any]:
    """Return the pixels [H, W, C] of a picture and what its text says about it (``None`` for nothing)."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            return _pixels(image), _about(image.info.get(CHUNK))
    except FileNotFoundError as error:
        raise StudioError(f"There is no picture {path}.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StudioError(f"{path} cannot be shown: it is no picture, or it is damaged.") from error


def _pixels(image: "Image.Image") -> NDArray[np.uint8]:
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    pixels = np.array(image, np.uint8)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _about(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _cut(pixels: NDArray[np.uint8], about: Any) -> PreviewPicture:
    """Cut a grid into its images; raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is none."""
    count, height, width, columns = (int(about[name]) for name in ("count", "height", "width", "columns"))
    if about["kind"] != "images" or min(count, height, width) < 1:
        raise ValueError("This is no grid of images.")
    high, wide = height + GAP, width + GAP
    down, across = pixels.shape[0] + GAP, pixels.shape[1] + GAP
    if down % high or across % wide or not 0 <= down // high * (across // wide) - count < across // wide:
        raise ValueError("The images would not make this grid.")
    whole = np.pad(pixels, ((0, GAP), (0, GAP), (0, 0)))
    cells = whole.reshape(down // high, high, across // wide, wide, -1).swapaxes(1, 2)
    images = cells[:, :, :height, :width].reshape(-1, height, width, pixels.shape[2])[:count]
    captions = tuple(str(caption) for caption in about["captions"])
    return PreviewPicture("images", np.ascontiguousarray(images), max(0, columns), captions)


def _plane(points: NDArray[Any]) -> NDArray[np.float64]:
    """Return the finite points in the plane, [N, 2]; points on a line lie at height 0."""
    plane = np.asarray(points, np.float64)[:, :2]
    if plane.shape[1] < 2:
        plane = np.pad(plane, ((0, 0), (0, 2 - plane.shape[1])))
    return plane[np.isfinite(plane).all(1)]
