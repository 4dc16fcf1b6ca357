"""Film frames: kept previews painted one by one as pictures of one size, with the step written on them.

It knows nothing of the formats that films are written in, nor of runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.runs import table_pictures
from ganstudio.runs.pictures import SIDE, Limits, PreviewPicture, limits_of, scatter, tile

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_GROUND, _INK, _QUIET = "#FFFFFF", "#1B1F27", "#5C6675"
_LINE = "#DDE1E7"
_REAL_INK = (148, 214, 190)
_STEP_FONT, _COLUMN_FONT = 14, 12
_BAND, _COLUMN_BAND = 24, 18
"""Pixels above the samples for the step, and for words above each column."""
_MARGIN = 6


@dataclass(frozen=True)
class Look:
    """How a frame looks. ``scale``: pixels for each of an image's; points always take 512.

    ``caption``: whether the step and the words above columns are written. ``limits``: the part of the plane
    that points are shown in, and ``real`` the real points or rows behind them, [N, D].
    """

    scale: int = 2
    caption: bool = True
    limits: Limits | None = None
    real: NDArray[Any] | None = None


def paint(step: int, picture: PreviewPicture, look: Look) -> "Image.Image":
    """Return one frame, grey (``L``) where its samples are, else ``RGB``."""
    samples = _SAMPLES[picture.kind](picture, look)
    if not look.caption:
        return samples
    from PIL import Image, ImageDraw

    columns = _columns(picture) if picture.captions and picture.kind == "images" else 0
    above = _BAND + (_COLUMN_BAND if columns else 0)
    text = f"step {step:,}".replace(",", " ")
    width = max(samples.width, round(_font(_STEP_FONT).getlength(text)) + 2 * _MARGIN)
    frame = Image.new(samples.mode, (width, above + samples.height), _GROUND)
    frame.paste(samples, (0, above))
    draw = ImageDraw.Draw(frame)
    draw.text((_MARGIN, _BAND / 2), text, _INK, _font(_STEP_FONT), anchor="lm")
    if columns:
        _write_columns(draw, picture.captions, columns, samples.width)
    return frame


def fit(frame: "Image.Image", size: tuple[int, int], mode: str) -> "Image.Image":
    """Return a frame at a size (width, height), cut or in the middle of empty ground, in a mode."""
    from PIL import Image

    frame = frame if frame.mode == mode else frame.convert(mode)
    if frame.size == size:
        return frame
    placed = Image.new(mode, size, _GROUND)
    placed.paste(frame, ((size[0] - frame.width) // 2, (size[1] - frame.height) // 2))
    return placed


def side_by_side(frames: Sequence["Image.Image"], columns: int) -> "Image.Image":
    """Return frames of one size as one picture, row by row."""
    from PIL import Image

    width, height = frames[0].size
    rows = -(-len(frames) // columns)
    gap = 2 * _MARGIN
    size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
    whole = Image.new(frames[0].mode, size, _GROUND)
    for number, frame in enumerate(frames):
        row, column = divmod(number, columns)
        whole.paste(frame, (column * (width + gap), row * (height + gap)))
    return whole


def _points(picture: PreviewPicture, look: Look) -> "Image.Image":
    from PIL import Image, ImageDraw

    limits = look.limits or limits_of(picture.array)
    pixels = np.full((SIDE, SIDE, 3), 255, np.uint8)
    if look.real is not None:
        behind = (scatter(look.real, limits) != 255).any(-1)
        # Somewhat larger than the generated ones, so that they are seen under them.
        for axis in (0, 1):
            behind = behind | np.roll(behind, 1, axis) | np.roll(behind, -1, axis)
        pixels[behind] = _REAL_INK
    dots = scatter(picture.array, limits)
    image = Image.fromarray(np.where(dots == 255, pixels, dots))
    ImageDraw.Draw(image).rectangle((0, 0, SIDE - 1, SIDE - 1), outline=_LINE)
    return image


def _table(picture: PreviewPicture, look: Look) -> "Image.Image":
    from PIL import Image

    real = look.real if look.real is not None and look.real.shape[1] == len(picture.table) else None
    return Image.fromarray(table_pictures.draw(picture.array, picture.table, real))


def _images(picture: PreviewPicture, look: Look) -> "Image.Image":
    from PIL import Image

    large = picture.array.repeat(look.scale, 1).repeat(look.scale, 2)
    grid = tile(large, picture.columns)
    if grid.shape[2] == 1:
        return Image.fromarray(grid[:, :, 0])
    image = Image.fromarray(grid)
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, _GROUND)
    return Image.alpha_composite(ground, image).convert("RGB")


_SAMPLES = {"points": _points, "table": _table, "images": _images}


def _columns(picture: PreviewPicture) -> int:
    return min(len(picture.array), picture.columns)


def _write_columns(draw: Any, captions: Sequence[str], columns: int, width: int) -> None:
    font, each = _font(_COLUMN_FONT), width / columns
    for number, caption in enumerate(captions[:columns]):
        text = _shortened(caption, font, each - 4)
        place = ((number + 0.5) * each, _BAND + _COLUMN_BAND / 2)
        draw.text(place, text, _QUIET, font, anchor="mm")


def _shortened(text: str, font: Any, room: float) -> str:
    """Return a text as far as there is room for it."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…" if text else ""


@cache
def _font(size: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)
