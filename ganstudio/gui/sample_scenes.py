"""Sample scenes: how the images of previews are arranged to be looked at: one grid, or several to compare.

Plain arrays. It knows nothing of widgets, nor of where previews come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.events import PreviewReady
from ganstudio.gui import words

REAL = "real"
MOST_GROUPED = 6
"""Columns that can be looked at in step, at most."""
GIVEN = frozenset(("low", "input"))
"""Captions of images that others are made from."""
WANTED = frozenset(("original", "target"))
"""Captions of images that others are to be like."""
_HEAT = ((0, 0, 4), (66, 15, 117), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164))
"""From no change to the largest: even steps in lightness, told apart without colour too (inferno)."""

Images = NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """One grid: ``array`` ``uint8`` [N, H, W, C] in the order shown, and for each image its sample's number.

    ``numbers``: empty where the images are no samples that could be picked.
    """

    array: Images = field(repr=False)
    title: str = ""
    columns: int = 0
    captions: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scene:
    """One to three grids side by side. ``said``: what there is to say of them beyond their titles."""

    views: tuple[View, ...]
    said: str = ""


def plain(preview: PreviewReady, title: str = "") -> View:
    """Return a preview as it was made."""
    numbers = () if preview.source == REAL else tuple(range(len(preview.array)))
    return View(preview.array, title, preview.columns, preview.captions, numbers=numbers)


def has_classes(preview: PreviewReady, classes: Sequence[str]) -> bool:
    """Say whether each sample is of the next class in turn, as those at fixed latents are.

    Their columns are those of the classes then, or there are none because the classes are too many.
    """
    if len(classes) < 2 or preview.source == REAL or preview.kind != "images":
        return False
    return preview.captions == tuple(classes) if preview.columns else not preview.captions


def free(preview: PreviewReady, classes: Sequence[str]) -> bool:
    """Say whether its samples may stand in any columns: one is not made from, or shown with, another."""
    return preview.kind == "images" and (not preview.columns or has_classes(preview, classes))


def loose(preview: PreviewReady, title: str = "") -> View:
    """Return a preview in as many columns as there is room for."""
    return replace(plain(preview, title), columns=0, captions=())


def by_class(preview: PreviewReady, classes: Sequence[str], title: str = "") -> View:
    """Return samples with a row for each class, all equally long; what is left over is left out."""
    count = len(preview.array) // len(classes)
    if not count:
        return plain(preview, title)
    numbers = tuple(np.arange(count * len(classes)).reshape(count, len(classes)).T.ravel().tolist())
    return View(preview.array[list(numbers)], title, count, rows=tuple(classes), numbers=numbers)


def beside(real: PreviewReady, made: PreviewReady) -> Scene:
    """Return real samples, and generated ones of like number."""
    return Scene((loose(real, "Real"), loose(made, "Generated")))


def comparable(one: PreviewReady, other: PreviewReady) -> bool:
    """Say whether two previews show the same samples, image by image."""
    return one.source == other.source and one.array.shape == other.array.shape and one.kind == "images"


def compared(then: View, now: View) -> Scene:
    """Return the same samples at two steps, and how much each pixel changed, brightest where most did."""
    change = np.abs(then.array.astype(np.int16) - now.array).mean(3)
    largest = float(change.max())
    mean = words.number(100 * float(change.mean()) / 255, 2)
    said = f"{mean}{words.THIN}% changed on average, {words.share(largest / 255)} at most"
    difference = View(heat(change, largest), "Difference", now.columns, now.captions, now.rows, now.numbers)
    return Scene((then, now, difference), said)


def heat(values: NDArray[np.floating], largest: float) -> Images:
    """Return numbers of 0..``largest`` [N, H, W] as colours, from dark to bright: ``uint8`` [N, H, W, 3]."""
    anchors = np.array(_HEAT, np.float64)
    places = np.linspace(0, 255, len(anchors))
    table = np.stack([np.interp(np.arange(256), places, anchors[:, one]) for one in range(3)], 1)
    scaled = np.rint(values * (255 / largest if largest else 0.0)).astype(np.uint8)
    colours: Images = np.rint(table).astype(np.uint8)[scaled]
    return colours


def grouped(preview: PreviewReady, classes: Sequence[str] = ()) -> int:
    """Return how many images belong together, each in a column with a caption of its own; 0 where none do."""
    captions = () if has_classes(preview, classes) else preview.captions
    for count in range(2, min(len(captions), MOST_GROUPED) + 1):
        repeated = captions[:count] * (len(captions) // count) == captions
        if repeated and len(set(captions[:count])) == count and preview.columns == len(captions):
            return count
    return 0
