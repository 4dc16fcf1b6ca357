"""Pixel view: one image, or a part of it, every pixel a whole square where there is room, and words below.

It is given an array and paints it. It knows nothing of where it comes from.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


class PixelView(QWidget):
    """Shows one ``uint8`` image [H, W, C], grey, RGB or RGBA, as large as ``side`` logical pixels allow.

    Signals:
        pointed: the mouse is over the image: how far right and down in what is shown of it, 0..1.
    """

    pointed = Signal(float, float)

    def __init__(self, side: int, parent: QWidget | None = None, lines: int = 0) -> None:
        super().__init__(parent)
        self._side, self._lines = side, lines
        self._image: QImage | None = None
        self._part = QRectF()
        self._text = ""
        self._marked: QRectF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.notifier.changed.connect(self.update)

    def show_image(self, image: NDArray[np.uint8] | None, part: QRect | None = None) -> None:
        """Show an image, or a part of it in its own pixels; nothing for ``None``."""
        self._image = None if image is None else _qimage(image)
        whole = QRectF() if self._image is None else QRectF(self._image.rect())
        self._part = QRectF(part) if part is not None else whole
        self.update()

    def set_text(self, text: str) -> None:
        """Write words below, a line each."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text.replace("\n", ", "))
            self.update()

    def mark(self, part: QRectF | None) -> None:
        """Draw a frame around a part, in pixels of the image; or none."""
        self._marked = part
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the image and its words."""
        return QSize(self._side, self._side + self._lines * self._line())

    def resize_side(self, side: int) -> None:
        """Take another side."""
        if side != self._side:
            self._side = side
            self.updateGeometry()

    def place(self) -> QRectF:
        """Return where the image is, in logical pixels: at a whole factor where there is room for one."""
        if self._part.isEmpty():
            return QRectF()
        scale = self.devicePixelRatio()
        fits = min(self._side * scale / self._part.width(), self._side * scale / self._part.height())
        factor = (int(fits) if fits >= 1 else fits) / scale
        width, height = self._part.width() * factor, self._part.height() * factor
        left = int((self.width() - width) / 2 * scale) / scale
        top = int((self._side - height) / 2 * scale) / scale
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint image, frame and words."""
        painter = QPainter(self)
        place = self.place()
        if self._image is not None and not place.isEmpty():
            smooth = place.width() < self._part.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, self._image, self._part)
            if self._marked is not None:
                self._paint_mark(painter, place, self._marked)
        painter.setPen(QColor(theme.current().quiet))
        room = self.rect().adjusted(0, self._side + 2, 0, 0)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
        for line in self._text.split("\n")[: self._lines]:
            text = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(flags), text)
            room.translate(0, self._line())
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse is in the image."""
        super().mouseMoveEvent(event)
        place, point = self.place(), event.position()
        if place.contains(point):
            self.pointed.emit(*_share(place, point))

    def _paint_mark(self, painter: QPainter, place: QRectF, marked: QRectF) -> None:
        factor = place.width() / self._part.width()
        corner = place.topLeft() + (marked.topLeft() - self._part.topLeft()) * factor
        pen = QPen(QColor(theme.current().accent), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(QRectF(corner, marked.size() * factor))

    def _line(self) -> int:
        return self.fontMetrics().height()


def _share(place: QRectF, point: QPointF) -> tuple[float, float]:
    return (point.x() - place.left()) / place.width(), (point.y() - place.top()) / place.height()


def _qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Return a picture of its own memory; raises ``ValueError`` for other arrays."""
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or pixels.shape[2] not in _FORMATS:
        raise ValueError(f"The view takes uint8 images [H, W, 1, 3 or 4], not {pixels.dtype} {pixels.shape}.")
    height, width, channels = pixels.shape
    whole = np.ascontiguousarray(pixels)
    return QImage(whole.data, width, height, width * channels, _FORMATS[channels]).copy()
