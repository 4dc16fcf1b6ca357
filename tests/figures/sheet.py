"""The contact sheet: samples of every preset at its last step, side by side, with names and times."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from ganstudio.runs.pictures import scatter, tile
from tests.figures.trainings import REGISTRY

SIDE, CAPTION, MARGIN, COLUMNS = 264, 40, 14, 6
GROUND, INK, QUIET = (255, 255, 255), (27, 31, 39), (92, 102, 117)


def write(samples: Mapping[str, Path], out: Path) -> None:
    """Write the samples of all presets that were trained as one picture, named and with their time."""
    trained = {name: np.load(path) for name, path in samples.items() if path.exists()}
    cards = {name: REGISTRY.presets[name] for name in trained}
    join([panel(array, name, _words(cards[name])) for name, array in trained.items()], out)


def _words(preset: Mapping[str, Any]) -> str:
    return f"{preset['training']['steps']} steps, {preset['preset']['minutes']:g} min on two cores"


def panel(array: np.ndarray, name: str, words: str) -> Image.Image:
    """Return the picture of one preset: a grid of images or points, with its caption."""
    # A hundred are of ten classes, one in each column; 36 are translations, two of three in a row.
    columns = {100: 10, 36: 6}.get(len(array), 8)
    picture = tile(array[: columns**2], columns) if array.ndim == 4 else scatter(array)
    if picture.shape[2] == 1:
        picture = picture.repeat(3, 2)
    found = Image.new("RGB", (SIDE, SIDE + CAPTION), GROUND)
    fitted = ImageOps.pad(Image.fromarray(picture), (SIDE, SIDE), Image.Resampling.LANCZOS, GROUND)
    found.paste(fitted, (0, 0))
    draw = ImageDraw.Draw(found)
    draw.text((0, SIDE + 5), name, INK, ImageFont.load_default(14))
    draw.text((0, SIDE + 22), words, QUIET, ImageFont.load_default(12))
    return found


def join(panels: Sequence[Image.Image], out: Path) -> None:
    """Write all panels as one picture."""
    rows = -(-len(panels) // COLUMNS)
    wide, high = SIDE + MARGIN, SIDE + CAPTION + MARGIN
    sheet = Image.new("RGB", (COLUMNS * wide + MARGIN, rows * high + MARGIN), GROUND)
    for index, picture in enumerate(panels):
        place = (MARGIN + index % COLUMNS * wide, MARGIN + index // COLUMNS * high)
        sheet.paste(picture, place)
    sheet.save(out, optimize=True)
