"""Class points: points of the plane in the colours of their classes; one class can be brought to the front.

It is given arrays and paints them. It knows nothing of where they come from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.points_paint import class_colours, extent, paint_points, to_screen

_RADIUS = 1.6


class ClassPoints(QWidget):
    """Shows points [N, D] by their first two numbers, at the same scale on both axes."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.placeholder = placeholder
        self.points: NDArray[np.float32] | None = None
        self._labels: NDArray[np.int64] | None = None
        self._front: NDArray[np.float32] | None = None
        self._front_label = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 48)
        self.setAccessibleName("Points of the data")
        theme.notifier.changed.connect(self.update)

    def show_points(self, points: NDArray[Any] | None, labels: Sequence[int] = ()) -> None:
        """Show these points with the number of the class of each, or the placeholder for ``None``.

        Raises ``ValueError`` for an array that holds no points of the plane.
        """
        self.points = None if points is None else _plane(points)
        self._labels = np.asarray(labels, np.int64) if len(labels) else None
        self._front = None
        count = "no" if self.points is None else len(self.points)
        self.setAccessibleDescription(f"{count} points")
        self.update()

    def bring_to_front(self, points: NDArray[Any] | None, label: int = 0) -> None:
        """Paint these points of one class over all others, which step back; ``None`` ends that."""
        self._front = None if points is None else _plane(points)
        self._front_label = label
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(456, 456)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the points class by class, or the placeholder."""
        painter = QPainter(self)
        tokens = theme.current()
        painter.fillRect(self.rect(), QColor(tokens.panel))
        if self.points is None:
            painter.setPen(QColor(tokens.quiet))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self.placeholder)
            return
        for label, points in self._by_class():
            colour = self._colour(label)
            if self._front is not None:
                colour = mix(tokens.panel, tokens.text, 0.18)
            self._paint(painter, points, colour)
        if self._front is not None:
            self._paint(painter, self._front, self._colour(self._front_label))

    def _paint(self, painter: QPainter, points: NDArray[np.float32], colour: str) -> None:
        centre, reach = extent(self.points)
        places = to_screen(points, self.size(), centre, reach)
        paint_points(painter, places, self.size(), self.devicePixelRatio(), colour, _RADIUS)

    def _by_class(self) -> list[tuple[int, NDArray[np.float32]]]:
        assert self.points is not None
        if self._labels is None:
            return [(-1, self.points)]
        return [(int(label), self.points[self._labels == label]) for label in np.unique(self._labels)]

    def _colour(self, label: int) -> str:
        tokens = theme.current()
        colours = class_colours(tokens)
        return tokens.real if label < 0 else colours[label % len(colours)]


def _plane(points: NDArray[Any]) -> NDArray[np.float32]:
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError(f"Points are given as [N, 2], not {list(points.shape)}.")
    return np.ascontiguousarray(points[:, :2], np.float32)
