"""Sorted bars: many figures from the largest to the smallest, as bars beside each other.

It knows numbers, and nothing of what they are.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme, words

_TOP, _BOTTOM, _LEFT = 24, 18, 54


class SortedBars(QWidget):
    """Bars on a scale from zero. ``noun``: what each stands for, ``unit``: of the figures."""

    def __init__(self, title: str, noun: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.noun, self.unit = title, noun, unit
        self.values: NDArray[np.float32] = np.empty(0, np.float32)
        """From the largest to the smallest."""
        self._which: NDArray[np.int64] = np.empty(0, np.int64)
        self._note = ""
        self.setFont(theme.sized_font(-1))
        self.setMouseTracking(True)
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        """Return a calm size."""
        return QSize(320, 160)

    def show_values(self, values: NDArray[np.float32], note: str) -> None:
        """Show these figures [n]; ``note`` stands at the right of the title."""
        order = np.argsort(-np.nan_to_num(values), kind="stable")
        self.values, self._which, self._note = np.nan_to_num(values)[order], order, note
        self.setAccessibleDescription(note)
        self.update()

    def sentence(self, place: int) -> str:
        """Return what the bar at a place says: ``latent 7 · 1.23 nats``."""
        return f"{self.noun} {self._which[place] + 1} · {words.number(float(self.values[place]))} {self.unit}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title, note and bars."""
        painter, tokens = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.sized_font(0, bold=True))
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(4, 0, self.width(), _TOP), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.quiet))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, 0, self.width() - 8, _TOP), right, self._note)
        if len(self.values):
            self._paint_bars(painter, tokens)
        painter.end()

    def _paint_bars(self, painter: QPainter, tokens: theme.Tokens) -> None:
        room, top = self._room(), max(float(self.values[0]), 1e-9)
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, room.top() - 4, _LEFT - 6, 20), right, words.number(top))
        painter.drawText(QRectF(0, room.bottom() - 12, _LEFT - 6, 20), right, "0")
        below = QRectF(room.left(), room.bottom() + 1, room.width(), _BOTTOM)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{len(self.values)} {self.noun}s, largest first")
        wide = room.width() / len(self.values)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.generator))
        gap = 1.0 if wide >= 4 else 0.0
        for place, value in enumerate(self.values.tolist()):
            height = max(room.height() * value / top, 1.0)
            left = room.left() + place * wide
            painter.drawRect(QRectF(left, room.bottom() - height, max(wide - gap, 0.5), height))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the mouse points at."""
        room = self._room()
        inside = len(self.values) and room.left() <= event.position().x() < room.right()
        place = int((event.position().x() - room.left()) / room.width() * len(self.values)) if inside else -1
        text = self.sentence(place) if place >= 0 else self._note
        self.setToolTip(text)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP + 4, -12, -_BOTTOM)
