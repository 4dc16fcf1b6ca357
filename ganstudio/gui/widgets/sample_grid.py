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

_WIDEST = 112
"""Logical pixels that the name of a row may take."""
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
        self.least_side = least_side
        self.images: Images | None = None
        self._columns = 0
        self._captions: tuple[str, ...] = ()
        self._rows: tuple[str, ...] = ()
        self._pixmap: QPixmap | None = None
        self._made_for: tuple[Any, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 48)
        self.setAccessibleName("Samples")
        theme.notifier.changed.connect(self.update)

    def set_images(
        self,
        images: Images | None,
        columns: int = 0,
        captions: Sequence[str] = (),
        rows: Sequence[str] = (),
    ) -> None:
        """Show these images, or the placeholder for ``None``; raises ``ValueError`` for other arrays.

        ``columns``: how many stand side by side; 0 fills the room as well as can be. ``captions``: words
        above each column; ``rows``: words beside each row. Both need given columns.
        """
        if images is not None:
            images = _checked(images)
        self.images, self._columns = images, columns
        self._captions = tuple(captions[:columns])
        self._rows = tuple(rows) if columns else ()
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
        room = int((self.width() - self._beside()) * scale), int((self.height() - self._above()) * scale)
        least = int(self.least_side * scale)
        return fit(count, (width, height), room, _gap(scale), least, self._columns)

    def place(self, index: int) -> QRectF | None:
        """Return where an image is, in logical pixels; ``None`` for one that is not to be seen."""
        tiling = self.tiling()
        if self.images is None or tiling is None or not 0 <= index < min(len(self.images), tiling.places):
            return None
        scale, gap = self.devicePixelRatio(), _gap(self.devicePixelRatio())
        _, height, width, _ = self.images.shape
        wide, high = _size(width, height, tiling)
        row, column = divmod(index, tiling.columns)
        corner = self._corner(tiling)
        return QRectF(
            corner.x() + column * (wide + gap) / scale,
            corner.y() + row * (high + gap) / scale,
            wide / scale,
            high / scale,
        )

    def index_at(self, point: QPointF) -> int | None:
        """Return which image is at a point, in logical pixels, or ``None``."""
        tiling, first = self.tiling(), self.place(0)
        if tiling is None or first is None or self.images is None:
            return None
        gap = _gap(self.devicePixelRatio()) / self.devicePixelRatio()
        across = (point.x() - first.left()) / (first.width() + gap)
        down = (point.y() - first.top()) / (first.height() + gap)
        if not (0 <= across < tiling.columns and 0 <= down < tiling.rows):
            return None
        index = int(down) * tiling.columns + int(across)
        return index if index < min(len(self.images), tiling.places) else None

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
        scale, above, beside = self.devicePixelRatio(), self._above(), self._beside()
        tiling = self.tiling()
        assert tiling is not None
        corner = self._corner(tiling)
        painter.drawPixmap(corner, pixmap)
        if self._captions:
            width = (pixmap.width() + _gap(scale)) / scale / self._columns
            self._paint_captions(painter, QRectF(corner.x(), corner.y() - above, width, above))
        if self._rows:
            height = (pixmap.height() + _gap(scale)) / scale / tiling.rows
            self._paint_rows(painter, QRectF(corner.x() - beside, corner.y(), beside - 6, height))

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

    def _beside(self) -> int:
        """Return the logical pixels that the names of rows take beside the images."""
        if not self._rows:
            return 0
        return min(max(self.fontMetrics().horizontalAdvance(name) for name in self._rows), _WIDEST) + 8

    def _corner(self, tiling: Tiling) -> QPointF:
        """Return where the first image begins, on a device pixel, so that all stand in the middle."""
        assert self.images is not None
        scale, gap = self.devicePixelRatio(), _gap(self.devicePixelRatio())
        wide, high = _size(self.images.shape[2], self.images.shape[1], tiling)
        width, height = tiling.columns * (wide + gap) - gap, tiling.rows * (high + gap) - gap
        left = int(((self.width() + self._beside()) * scale - width) / 2) / scale
        top = int(((self.height() + self._above()) * scale - height) / 2) / scale
        return QPointF(left, top)

    def _paint_rows(self, painter: QPainter, place: QRectF) -> None:
        """Write a name beside each row; ``place`` is that of the first."""
        painter.setPen(QColor(theme.current().quiet))
        for name in self._rows:
            text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
            place.translate(0, place.height())

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


def _size(width: int, height: int, tiling: Tiling) -> tuple[int, int]:
    """Return width and height of an image as it is shown, in device pixels."""
    return max(1, int(width * tiling.factor)), max(1, int(height * tiling.factor))


def _compose(images: Images, tiling: Tiling, gap: int) -> QPixmap:
    """Paint as many images as there are places for, in rows; sizes and gap in device pixels."""
    _, height, width, channels = images.shape
    wide, high = _size(width, height, tiling)
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
