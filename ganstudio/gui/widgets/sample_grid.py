"""Sample grid: images side by side, every pixel a whole square, on the colour of the panel.

It is given arrays and paints them. It knows nothing of where they come from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.picture_file import ask_and_write, write_png
from ganstudio.gui.widgets.tiling import Tiling, fit

Images = NDArray[np.uint8]

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


class SampleGrid(QWidget):
    """Shows ``uint8`` images [N, H, W, C], grey, RGB or RGBA.

    ``least_side``: logical pixels that the longer side of an image takes at least; the images for which
    there is no room then are left out, unless all but a few would be.
    """

    def __init__(self, placeholder: str = "", parent: QWidget | None = None, least_side: int = 0) -> None:
        super().__init__(parent)
        self.placeholder = placeholder
        self._least_side = least_side
        self.images: Images | None = None
        self._columns = 0
        self._captions: tuple[str, ...] = ()
        self._pixmap: QPixmap | None = None
        self._made_for: tuple[Any, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 48)
        self.setAccessibleName("Samples")
        theme.notifier.changed.connect(self.update)

    def set_images(self, images: Images | None, columns: int = 0, captions: Sequence[str] = ()) -> None:
        """Show these images, or the placeholder for ``None``; raises ``ValueError`` for other arrays.

        ``columns``: how many stand side by side; 0 fills the room as well as can be. ``captions``: words
        above each column.
        """
        if images is not None:
            images = _checked(images)
        self.images, self._columns = images, columns
        self._captions = tuple(captions[:columns])
        self._pixmap = None
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for 8 × 8 digits at factor 2."""
        return QSize(456, 456)

    def tiling(self) -> Tiling | None:
        """Return how the images are laid out at the present size, or ``None`` where there are none."""
        if self.images is None:
            return None
        count, height, width, _ = self.images.shape
        scale = self.devicePixelRatio()
        room = (int(self.width() * scale), int((self.height() - self._above()) * scale))
        least = int(self._least_side * scale)
        return fit(count, (width, height), room, _gap(scale), least, self._columns)

    def picture(self, factor: int = 1) -> QImage:
        """Return all images as one picture at a whole factor, with gaps of 1 pixel; null where none are."""
        if self.images is None:
            return QImage()
        columns = self._columns or int(np.ceil(np.sqrt(len(self.images))))
        tiling = Tiling(-(-len(self.images) // columns), columns, factor)
        return _compose(self.images, tiling, 1).toImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the images in the middle, or the placeholder."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        pixmap = self._current()
        if pixmap is None:
            self._paint_placeholder(painter)
            return
        scale = self.devicePixelRatio()
        above = self._above()
        left = int((self.width() * scale - pixmap.width()) / 2) / scale
        top = int(((self.height() + above) * scale - pixmap.height()) / 2) / scale
        painter.drawPixmap(QPointF(left, top), pixmap)
        if self._captions:
            width = (pixmap.width() + _gap(scale)) / scale / self._columns
            self._paint_captions(painter, QRectF(left, top - above, width, above))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy or save the images."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(theme.icon("copy"), "&Copy image", self._copy)
        save = menu.addAction(theme.icon("export"), "&Save PNG…", self._save)
        for action in (copy, save):
            action.setEnabled(self.images is not None)
        menu.popup(event.globalPos())

    def _current(self) -> QPixmap | None:
        tiling = self.tiling()
        if self.images is None or tiling is None:
            return None
        scale = self.devicePixelRatio()
        wanted = (tiling, scale, theme.current().panel)
        if self._pixmap is None or self._made_for != wanted:
            self._pixmap, self._made_for = _compose(self.images, tiling, _gap(scale)), wanted
            self._pixmap.setDevicePixelRatio(scale)
        return self._pixmap

    def _above(self) -> int:
        """Return the logical pixels that captions take above the images."""
        return self.fontMetrics().height() + 2 if self._captions else 0

    def _paint_captions(self, painter: QPainter, place: QRectF) -> None:
        """Write a caption above each column; ``place`` is that of the first."""
        painter.setPen(QColor(theme.current().quiet))
        for caption in self._captions:
            text = self.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
            place.translate(place.width(), 0)

    def _paint_placeholder(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.current().quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self.placeholder)

    def _describe(self) -> None:
        if self.images is None:
            self.setAccessibleDescription(self.placeholder)
            return
        count, height, width, channels = self.images.shape
        colour = "grey" if channels == 1 else "colour"
        self.setAccessibleDescription(f"{count} {colour} images of {width} × {height} pixels")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.picture(2))

    def _save(self) -> None:
        picture = self.picture()
        ask_and_write(self, "Save samples", "samples.png", "png", lambda path: write_png(picture, path))


def _checked(images: NDArray[Any]) -> Images:
    if images.ndim != 4 or images.dtype != np.uint8 or images.shape[3] not in _FORMATS:
        raise ValueError(
            f"A grid takes uint8 images [N, H, W, 1, 3 or 4], not {images.dtype} {images.shape}."
        )
    return np.ascontiguousarray(images)


def _gap(scale: float) -> int:
    return max(1, round(scale))


def _compose(images: Images, tiling: Tiling, gap: int) -> QPixmap:
    """Paint as many images as there are places for, in rows; sizes and gap in device pixels."""
    _, height, width, channels = images.shape
    wide, high = max(1, int(width * tiling.factor)), max(1, int(height * tiling.factor))
    pixmap = QPixmap(tiling.columns * (wide + gap) - gap, tiling.rows * (high + gap) - gap)
    pixmap.fill(QColor(theme.current().panel))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, tiling.factor % 1 > 0)
    for index, image in enumerate(images[: tiling.places]):
        row, column = divmod(index, tiling.columns)
        place = QRect(QPoint(column * (wide + gap), row * (high + gap)), QSize(wide, high))
        painter.drawImage(place, QImage(image.data, width, height, width * channels, _FORMATS[channels]))
    painter.end()
    return pixmap
