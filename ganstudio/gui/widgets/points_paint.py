"""Points paint: where points of the plane lie in a widget, and many of them painted at once.

It knows arrays and painters, and nothing of what the points stand for.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter

from ganstudio.gui.tokens import Tokens
from ganstudio.gui.widgets.splat import splat

Places = NDArray[np.float64]

MARGIN = 16
"""Pixels that stay free around what is shown."""


def extent(points: NDArray[Any] | None, room: float = 0.1) -> tuple[Places, float]:
    """Return the middle of points [N, 2] and half the side of the square that holds them, in their units.

    ``room`` is added on every side, as a share of the side. What is not finite is passed over.
    """
    finite = points[np.isfinite(points).all(1)] if points is not None else np.empty((0, 2))
    if not len(finite):
        return np.zeros(2), 1.0
    low, high = finite.min(0).astype(np.float64), finite.max(0).astype(np.float64)
    reach = float((high - low).max()) / 2 * (1 + 2 * room)
    return (low + high) / 2, reach if reach > 0 else 1.0


def to_screen(points: NDArray[Any], size: QSize, centre: Places, reach: float) -> Places:
    """Return where points [N, 2] lie in a widget, [N, 2] in logical pixels; upwards is up."""
    offset = (points.astype(np.float64) - centre) * _scale(size, reach)
    middle = np.array([size.width() / 2, size.height() / 2])
    found: Places = middle + offset * np.array([1.0, -1.0])
    return found


def from_screen(places: Places, size: QSize, centre: Places, reach: float) -> Places:
    """Return the points that lie at these places [N, 2] of a widget."""
    offset = (places - np.array([size.width() / 2, size.height() / 2])) * np.array([1.0, -1.0])
    found: Places = centre + offset / _scale(size, reach)
    return found


def paint_points(
    painter: QPainter, places: Places, size: QSize, scale: float, colour: str, radius: float
) -> None:
    """Paint discs of ``radius`` logical pixels at ``places``; ``scale`` is the device pixel ratio."""
    width, height = int(size.width() * scale), int(size.height() * scale)
    if not len(places) or width < 1 or height < 1:
        return
    cover = splat(places * scale, (width, height), radius * scale)
    image = QImage(cover.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([QColor(colour).rgb() & 0xFFFFFF | alpha << 24 for alpha in range(256)])
    image.setDevicePixelRatio(scale)
    painter.drawImage(0, 0, image)


def class_colours(tokens: Tokens) -> tuple[str, ...]:
    """Return colours that tell classes apart, also for the colour-blind; they begin anew after the last."""
    return (tokens.generator, tokens.discriminator, tokens.real, tokens.score, *tokens.others)


def _scale(size: QSize, reach: float) -> float:
    """Return logical pixels for each unit of the points."""
    return max(1.0, min(size.width(), size.height()) - 2.0 * MARGIN) / (2 * reach)
