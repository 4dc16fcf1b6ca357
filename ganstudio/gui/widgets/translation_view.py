"""Translation view: an image beside what was made of it, every pixel a whole square where there is room.

It is given arrays and paints them. It knows nothing of where they come from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme

_GAP, _PAD, _LARGEST = 16, 12, 16
_WHOLE_SHARE = 0.6
"""A whole factor is taken where it is at least this share of what would fit."""
_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}


@dataclass(frozen=True)
class Plan:
    """Where two images of one shape stand: side by side or one above the other, at ``factor``."""

    beside: bool
    factor: float


def plan(width: int, height: int, room: tuple[int, int], gap: int, above: int) -> Plan:
    """Return how two images of ``width`` × ``height`` fill ``room`` best, with ``above`` over each.

    All are device pixels. Factors above 1 are whole where not too much room is lost by that.
    """
    factors = {
        True: min((room[0] - gap) / 2 / width, (room[1] - above) / height),
        False: min(room[0] / width, ((room[1] - gap) / 2 - above) / height),
    }
    beside = factors[True] >= factors[False]
    factor = max(min(factors[beside], _LARGEST), 0.0)
    whole = int(factor)
    return Plan(beside, whole if whole >= max(1, _WHOLE_SHARE * factor) else factor)


class TranslationView(QWidget):
    """Shows ``uint8`` images [H, W, C], grey or RGB; the second may be larger than the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.given: QImage | None = None
        self.made: QImage | None = None
        self._names = ("", "")
        self._placeholder = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Image and its translation")
        theme.notifier.changed.connect(self.update)

    def show_images(self, given: NDArray[np.uint8], made: NDArray[np.uint8], names: tuple[str, str]) -> None:
        """Show an image and its translation, each with its name above."""
        self.given, self.made = _image(given), _image(made)
        self._names, self._placeholder = names, ""
        size = f"{self.made.width()} × {self.made.height()}"
        self.setAccessibleDescription(f"{names[0]} and its translation to {names[1]}, {size} pixels")
        self.update()

    def say(self, text: str) -> None:
        """Show a text in place of images."""
        self.given = self.made = None
        self._placeholder = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for two small images."""
        return QSize(480, 280)

    def plan(self) -> Plan | None:
        """Return how the images stand at the present size, or ``None`` where there are none."""
        if self.given is None:
            return None
        scale = self.devicePixelRatio()
        room = (int((self.width() - 2 * _PAD) * scale), int((self.height() - 2 * _PAD) * scale))
        gap, above = int(_GAP * scale), int(self._above() * scale)
        return plan(self.given.width(), self.given.height(), room, gap, above)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both images in the middle, or the text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        given, made, chosen = self.given, self.made, self.plan()
        if given is None or made is None or chosen is None:
            painter.setPen(QColor(theme.current().quiet))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 16, -24, -16), int(flags), self._placeholder)
            return
        scale = self.devicePixelRatio()
        size = QSize(int(given.width() * chosen.factor), int(given.height() * chosen.factor))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, chosen.factor % 1 > 0)
        for place, image, name in zip(
            self._places(QRectF(0, 0, size.width() / scale, size.height() / scale), chosen),
            (given, made),
            self._names,
            strict=True,
        ):
            painter.drawImage(place, image, QRectF(image.rect()))
            self._write(painter, name, place)
        painter.end()

    def _places(self, size: QRectF, chosen: Plan) -> tuple[QRectF, QRectF]:
        """Return where both images stand, in logical pixels that begin at device pixels."""
        above, wide, high = self._above(), size.width(), size.height()
        if chosen.beside:
            left, top = (self.width() - 2 * wide - _GAP) / 2, (self.height() - high + above) / 2
            corners = (QPointF(left, top), QPointF(left + wide + _GAP, top))
        else:
            left, top = (self.width() - wide) / 2, (self.height() - 2 * high - _GAP) / 2 + above / 2
            corners = (QPointF(left, top), QPointF(left, top + high + _GAP + above / 2))
        scale = self.devicePixelRatio()
        snapped = (QPointF(int(p.x() * scale) / scale, int(p.y() * scale) / scale) for p in corners)
        first, second = (QRectF(corner, size.size()) for corner in snapped)
        return first, second

    def _write(self, painter: QPainter, name: str, place: QRectF) -> None:
        above = self._above()
        line = QRect(
            int(place.left()) - _GAP // 2, int(place.top()) - above, int(place.width()) + _GAP, above
        )
        text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, line.width())
        painter.setPen(QColor(theme.current().quiet))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)

    def _above(self) -> int:
        """Return the logical pixels that a name takes above its image."""
        return self.fontMetrics().height() + 6


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """Return a picture of its own memory; raises ``ValueError`` for other arrays."""
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or pixels.shape[2] not in _FORMATS:
        raise ValueError(f"The view takes uint8 images [H, W, 1 or 3], not {pixels.dtype} {pixels.shape}.")
    height, width, channels = pixels.shape
    whole = np.ascontiguousarray(pixels)
    return QImage(whole.data, width, height, width * channels, _FORMATS[channels]).copy()
