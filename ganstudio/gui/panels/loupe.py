"""Loupe: one place of images that belong together, magnified in step, and how near each is to the original.

It is given the images and their names. It knows nothing of what made them.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.gui.image_quality import luma, psnr, ssim
from ganstudio.gui.sample_scenes import GIVEN, MOST_GROUPED, WANTED
from ganstudio.gui.widgets.kind_row import KindRow
from ganstudio.gui.widgets.pixel_view import PixelView

FACTORS = (2, 3, 4, 6, 8)
_OVERVIEW, _GAP, _HINT = 88, 8, "Move the mouse over a sample, or Shift and the arrows, to move the place."
_STEP = 0.1
_MOVES = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class Loupe(QWidget):
    """A small whole image with a frame around the place, and below it that place of every image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: NDArray[np.uint8] | None = None
        self._captions: tuple[str, ...] = ()
        self._factor = 4
        self._place = (0.5, 0.5)
        self.overview = PixelView(_OVERVIEW, self)
        self.overview.setAccessibleName("Where the place is")
        self.factors = KindRow(self)
        self.views = tuple(PixelView(_OVERVIEW, self, lines=2) for _ in range(MOST_GROUPED))
        self._hint = QLabel(_HINT, self)
        for factor in FACTORS:
            self.factors.add(str(factor), f"×{factor}", f"Each pixel {factor} pixels wide and high")
        self._lay_out()
        self.factors.chosen.connect(lambda factor: self.magnify(int(factor)))
        self.overview.pointed.connect(self.look_at)
        self.magnify(self._factor)

    @property
    def factor(self) -> int:
        """How many logical pixels a pixel of an image is wide and high."""
        return self._factor

    def show_images(self, images: NDArray[np.uint8], captions: tuple[str, ...]) -> None:
        """Show images ``uint8`` [N, H, W, C] that belong together, each with its caption."""
        self._images, self._captions = images, captions
        wanted = next((place for place, name in enumerate(captions) if name in WANTED), None)
        for place, view in enumerate(self.views):
            view.setVisible(place < len(images))
            if place < len(images):
                judged = wanted is not None and place != wanted and captions[place] not in GIVEN
                figures = judgement(images[place], images[wanted]) if judged and wanted is not None else ""
                view.set_text(f"{captions[place]}\n{figures}")
        shown = wanted if wanted is not None else 0
        self.overview.show_image(images[shown])
        self._arrange()

    def look_at(self, across: float, down: float) -> None:
        """Magnify this place, 0..1 to the right and downwards."""
        self._place = min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0)
        self._show_place()

    def magnify(self, factor: int) -> None:
        """Make each pixel so many logical pixels wide and high."""
        self._factor = factor
        self.factors.show_choice(str(factor), True)
        self._show_place()

    def part(self) -> QRect:
        """Return what is magnified, in pixels of the images: inside them, and as large as there is room."""
        if self._images is None:
            return QRect()
        _, height, width, _ = self._images.shape
        side = max(self.views[0].sizeHint().width() // self._factor, 1)
        wide, high = min(side, width), min(side, height)
        left = min(max(round(self._place[0] * width - wide / 2), 0), width - wide)
        top = min(max(round(self._place[1] * height - high / 2), 0), height - high)
        return QRect(left, top, wide, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the place with Shift and the arrows."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.look_at(self._place[0] + move[0], self._place[1] + move[1])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give all views the largest side at which they have room, and show the place."""
        if self._images is None:
            return
        count, across = len(self._images), columns(len(self._images))
        for place, view in enumerate(self.views[:count]):
            self._grid.addWidget(view, place // across, place % across)
        rows = math.ceil(count / across)
        words = 2 * self.fontMetrics().height() + _GAP
        wide = (self.width() - (across - 1) * _GAP) // across
        high = (self.height() - _OVERVIEW - 40 - rows * words) // rows
        for view in self.views:
            view.resize_side(max(min(wide, high), 48))
        self._show_place()

    def _show_place(self) -> None:
        if self._images is None:
            return
        part = self.part()
        for image, view in zip(self._images, self.views, strict=False):
            view.show_image(image, part)
        self.overview.mark(QRectF(part))

    def _lay_out(self) -> None:
        self._hint.setProperty("role", "quiet")
        self._hint.setWordWrap(True)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(self.factors, 0, Qt.AlignmentFlag.AlignLeft)
        beside.addWidget(self._hint)
        beside.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.overview)
        top.addLayout(beside, 1)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addLayout(self._grid)
        column.addStretch(1)


def columns(count: int) -> int:
    """Return how many of so many images stand side by side."""
    return 1 if count == 1 else 2 if count <= 4 else 3


def judgement(made: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> str:
    """Return PSNR and SSIM of an image on brightness, whole: ``PSNR 31.2 dB · SSIM 0.912``."""
    one, other = luma(made), luma(wanted)
    parts = [f"PSNR {psnr(one, other):.1f} dB"]
    if not math.isnan(alike := ssim(one, other)):
        parts.append(f"SSIM {alike:.3f}")
    return " · ".join(parts)
