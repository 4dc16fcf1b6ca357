"""Sample inspector: one sample, enlarged, and the training images nearest to it.

It is told both, and knows nothing of how nearest images are found.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.gui import neighbour_words
from ganstudio.gui.widgets.pixel_view import PixelView

if TYPE_CHECKING:
    from ganstudio.evaluation.neighbours import Neighbours

NEAREST = 3
_SIDE, _SMALL = 232, 88
_GAP = 8


class SampleInspector(QWidget):
    """The sample above, its nearest training images in a row below, and a sentence on them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PixelView(_SIDE, self)
        self.facts = _label(self, "quiet")
        self.heading = _label(self, "title")
        self.heading.setText("Nearest training images")
        self.nearest = tuple(PixelView(_SMALL, self, lines=3) for _ in range(NEAREST))
        self.verdict = _label(self, "quiet")
        self._lay_out()

    def show_sample(self, image: NDArray[np.uint8], name: str, facts: str) -> None:
        """Show a sample ``uint8`` [H, W, C]; what was found of another stays until :meth:`show_found`."""
        self.picture.show_image(image)
        self.picture.setAccessibleName(name)
        self.facts.setText(facts)

    def forget_found(self) -> None:
        """Show no training images."""
        for view in self.nearest:
            view.show_image(None)
            view.set_text("")
        self.verdict.setToolTip("")
        self._say("", "quiet")

    def show_found(self, found: "Neighbours") -> None:
        """Show the nearest training images and what there is to say of them."""
        for place, view in enumerate(self.nearest):
            each = found.nearest[place] if place < len(found.nearest) else None
            view.show_image(each.image if each else None)
            view.set_text(neighbour_words.neighbour(each) if each else "")
        self._say(*neighbour_words.verdict(found))
        self.verdict.setToolTip(neighbour_words.how(found))

    def show_progress(self, text: str) -> None:
        """Say what is being done to find them."""
        self._say(text, "quiet")

    def show_failure(self, sentence: str) -> None:
        """Say why they cannot be had."""
        self.forget_found()
        self._say(sentence, "watch")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sample what the rest leaves, and share the width among the nearest."""
        super().resizeEvent(event)
        room = self.width() - (NEAREST - 1) * _GAP
        self.picture.resize_side(max(min(self.width(), self.height() - 248), 96))
        for view in self.nearest:
            view.resize_side(max(min(room // NEAREST, 128), 48))

    def _say(self, text: str, role: str) -> None:
        self.verdict.setText(text)
        if self.verdict.property("role") != role:
            self.verdict.setProperty("role", role)
            self.verdict.style().unpolish(self.verdict)
            self.verdict.style().polish(self.verdict)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        for view in self.nearest:
            row.addWidget(view)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.facts)
        column.addWidget(self.heading)
        column.addLayout(row)
        column.addWidget(self.verdict)
        column.addStretch(1)


def _label(parent: QWidget, role: str) -> QLabel:
    label = QLabel(parent)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
