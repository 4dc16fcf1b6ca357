"""Points view: points in the plane, the generated ones over the real ones.

It is given arrays and paints them. It knows nothing of where they come from.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.points_paint import extent, paint_points, to_screen

Points = NDArray[np.float32]

_ROOM = 0.1
"""Beyond the real points, as a share of their extent, for generated ones that stray."""


class PointsView(QWidget):
    """Shows points [N, 2]: real ones quietly behind, generated ones in the generator's colour.

    The scale is the same on both axes and depends on the real points alone, so that it stands still.
    """

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.placeholder = placeholder
        self.text = ""
        self.real: Points | None = None
        self.generated: Points | None = None
        self._behind: QPixmap | None = None
        self._made_for: tuple[Any, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 48)
        self.setAccessibleName("Points")
        theme.notifier.changed.connect(self.update)

    def set_real(self, points: NDArray[Any] | None) -> None:
        """Show these real points [N, D], by their first two numbers; raises ``ValueError`` for D < 2."""
        self.real = None if points is None else _plane(points)
        self._behind = None
        self.update()

    def set_generated(self, points: NDArray[Any] | None) -> None:
        """Show these generated points [N, D] in place of the ones before."""
        self.generated = None if points is None else _plane(points)
        self.update()

    def set_text(self, text: str) -> None:
        """Show a short text in the corner: the latest scores."""
        self.text = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(456, 456)

    def on_screen(self, points: Points) -> NDArray[np.float64]:
        """Return where points [N, 2] lie in the widget, [N, 2] in logical pixels."""
        centre, reach = self._extent()
        return to_screen(points, self.size(), centre, reach)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint real points, generated points and the scores."""
        painter = QPainter(self)
        tokens = theme.current()
        painter.fillRect(self.rect(), QColor(tokens.panel))
        if self.real is None and self.generated is None:
            self._paint_placeholder(painter)
            return
        painter.drawPixmap(0, 0, self._real_pixmap())
        if self.generated is not None:
            self._paint_points(painter, self.generated, tokens.generator, 1.2)
        self._paint_text(painter)

    def _extent(self) -> tuple[NDArray[np.float64], float]:
        """Return the middle of what is shown and half its side, in the units of the data."""
        return extent(self.real if self.real is not None else self.generated, _ROOM)

    def _real_pixmap(self) -> QPixmap:
        scale, tokens = self.devicePixelRatio(), theme.current()
        wanted = (self.size().toTuple(), scale, tokens.name)
        if self._behind is None or self._made_for != wanted:
            self._behind, self._made_for = QPixmap(self.size() * scale), wanted
            self._behind.setDevicePixelRatio(scale)
            self._behind.fill(QColor(tokens.panel))
            painter = QPainter(self._behind)
            if self.real is not None:
                self._paint_points(painter, self.real, mix(tokens.panel, tokens.real, 0.5), 3.5)
            painter.end()
        return self._behind

    def _paint_points(self, painter: QPainter, points: Points, colour: str, radius: float) -> None:
        paint_points(painter, self.on_screen(points), self.size(), self.devicePixelRatio(), colour, radius)

    def _paint_text(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.current().text))
        painter.setFont(theme.sized_font(0))
        room = QRectF(self.rect()).adjusted(12, 8, -12, -8)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, self.text)

    def _paint_placeholder(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.current().quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self.placeholder)


def _plane(points: NDArray[Any]) -> Points:
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError(f"Points are given as [N, 2], not {list(points.shape)}.")
    return np.ascontiguousarray(points[:, :2], np.float32)
