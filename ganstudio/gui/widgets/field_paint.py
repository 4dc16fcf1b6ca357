"""Field paint: heat, lines, dots and rings, very many at once.

It knows arrays and colours, and nothing of what they stand for. Places are in pixels of the device.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ganstudio.gui.tokens import Tokens, channels, mix
from ganstudio.gui.widgets.ink import Ink
from ganstudio.gui.widgets.stamp import stamp

LEVELS = 256
_FAR = 1e5
"""Pixels; what lies further off is not painted."""


@lru_cache(maxsize=8)
def heat_colours(tokens: Tokens) -> NDArray[np.uint32]:
    """Return the colours of the discriminator's surface from low to high, as 0xAARRGGBB, [256].

    They go from the panel to the discriminator's own colour, evenly darker or evenly lighter, so that they
    are read without telling hues apart.
    """
    low = mix(tokens.panel, tokens.window, 0.6)
    high = mix(tokens.panel, tokens.discriminator, 0.78 if tokens.dark else 0.72)
    one, other = np.array(channels(low)), np.array(channels(high))
    share = np.linspace(0, 1, LEVELS)[:, None]
    red, green, blue = np.rint(255 * (one + (other - one) * share)).astype(np.uint32).T
    return np.ascontiguousarray(0xFF000000 | red << 16 | green << 8 | blue, np.uint32)


def heat_picture(shares: NDArray[np.float64], tokens: Tokens) -> NDArray[np.uint32]:
    """Return ``shares`` [rows, columns] in 0..1 as colours 0xAARRGGBB."""
    return heat_colours(tokens).take((shares * (LEVELS - 1) + 0.5).astype(np.intp))


def draw_dots(ink: Ink, places: NDArray[Any], radius: float, colour: QColor, rim: QColor) -> None:
    """Draw discs at ``places`` [N, 2], with a rim one pixel wide where they do not touch."""
    stamp(radius, colour.rgba(), rim.rgba()).draw(ink, places)


def room_for_dots(radius: float) -> int:
    """Return the edge that a picture needs for discs of a radius."""
    return math.ceil(radius + 1) + 2


def draw_rings(
    ink: Ink, places: NDArray[Any], radius: float, colour: QColor, width: float, dashed: bool
) -> None:
    """Draw circles about ``places`` [N, 2]; what is far off is left out."""
    rows, columns = ink.canvas.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(ink.canvas.data, columns, rows, 4 * columns, kind)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, width)
    if dashed:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    with np.errstate(invalid="ignore"):
        near = places[(np.abs(places) < _FAR).all(1)]
    for x, y in near + ink.edge:
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.end()


def faint(colour: str, share: float) -> QColor:
    """Return a colour that lets through what is behind it, ``share`` being how much it covers."""
    made = QColor(colour)
    made.setAlphaF(share)
    return made
