"""Field paint: heat, many lines and many dots, painted at once.

It knows arrays, colours and painters, and nothing of what they stand for.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from shiboken6 import wrapInstance

from ganstudio.gui.tokens import Tokens, channels, mix

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


def paint_heat(painter: QPainter, shares: NDArray[np.float64], room: QRectF, tokens: Tokens) -> None:
    """Paint ``shares`` [rows, columns] in 0..1 into ``room``, smoothed, the first row on top."""
    picture = heat_colours(tokens)[np.rint(shares * (LEVELS - 1)).astype(np.intp)]
    rows, columns = picture.shape
    image = QImage(picture.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(room, image)


def paint_lines(painter: QPainter, segments: NDArray[np.float64], colour: QColor) -> None:
    """Paint lines [S, 4], each from x, y to x, y in pixels; what is not finite or far off is left out.

    They are one pixel wide: Qt takes many times as long for any other width.
    """
    with np.errstate(invalid="ignore"):
        kept = np.ascontiguousarray(segments[(np.abs(segments) < _FAR).all(1)], np.float64)
    if len(kept):
        painter.setPen(QPen(colour, 1))
        painter.drawLines(_first(kept, QLineF), len(kept))


def paint_dots(
    painter: QPainter, places: NDArray[np.float64], radius: float, colour: QColor, rim: QColor
) -> None:
    """Paint discs at ``places`` [N, 2] in pixels, each with a rim; what is far off is left out."""
    with np.errstate(invalid="ignore"):
        kept = np.ascontiguousarray(places[(np.abs(places) < _FAR).all(1)], np.float64)
    if not len(kept):
        return
    for width, shade in ((2 * radius + 2, rim), (2 * radius, colour)):
        pen = QPen(shade, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(_first(kept, QPointF), len(kept))


def _first(rows: NDArray[np.float64], kind: type) -> Any:
    """Return the first of the objects of Qt that ``rows`` lie in memory as; it lives no longer than they."""
    return wrapInstance(rows.ctypes.data, kind)


def faint(colour: str, share: float) -> QColor:
    """Return a colour that lets through what is behind it, ``share`` being how much it covers."""
    made = QColor(colour)
    made.setAlphaF(share)
    return made
