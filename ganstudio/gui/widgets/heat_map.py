"""Heat map: a row for each of many figures, a column for each step, on a logarithmic scale of colour.

The picture is made when it is told something new, and only put on the screen when that is painted. It knows
numbers, names and steps, and nothing of layers.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.tokens import channels, sequential
from ganstudio.gui.vector_store import Table

_BOTTOM, _RIGHT, _TOP = 22, 62, 4
"""Pixels for the steps, for the scale, and above."""
_NAMES = 0.36
"""Names take at most this share of the width."""
_SHADES = 256


def log_range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the powers of ten that a scale of these values spans; what is not above zero does not count.

    The lowest hundredth is left below the scale: one layer that starts at nothing would take all its shades.
    """
    there = values[np.isfinite(values) & (values > 0)]
    if not len(there):
        return -1.0, 0.0
    low, high = float(np.log10(np.quantile(there, 0.01))), float(np.log10(there.max()))
    low = max(low, high - 8)
    return (low, high) if high - low > 1e-6 else (low - 0.5, high + 0.5)


def shades(values: NDArray[np.float64], scale: tuple[float, float]) -> NDArray[np.uint8]:
    """Return the place of each value on a scale, 1..255; 0 where there is no value."""
    low, high = scale
    with np.errstate(divide="ignore", invalid="ignore"):
        place = (np.log10(values) - low) / (high - low)
    known = np.isfinite(values)
    place = np.where(known, np.nan_to_num(np.clip(place, 0, 1)), 0)
    return np.where(known, 1 + np.round(place * (_SHADES - 2)), 0).astype(np.uint8)


def colour_table(tokens: theme.Tokens) -> list[int]:
    """Return 256 colours as Qt has them; the first is that of nothing."""
    stops = np.array([channels(colour) for colour in sequential(tokens)])
    along = np.linspace(0, len(stops) - 1, _SHADES - 1)
    mixed = np.stack([np.interp(along, range(len(stops)), stops[:, c]) for c in range(3)], 1)
    colours = np.round(255 * mixed).astype(int).tolist()
    return [QColor(tokens.panel).rgb(), *(QColor(*colour).rgb() for colour in colours)]


class HeatMap(QWidget):
    """Rows with names at the left, steps below, the scale at the right.

    Signals:
        pointed: a sentence on what the mouse or the keys point at; empty where that is nothing.
        chosen: the step that was pressed.
    """

    pointed = Signal(str)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.scale = (-1.0, 0.0)
        """The powers of ten at both ends of the scale of colours."""
        self.image: QImage | None = None
        self._shades: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._cell: tuple[int, int] | None = None
        self._step: float | None = None
        self.setFont(theme.sized_font(-1))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.notifier.changed.connect(self._make)

    def sizeHint(self) -> QSize:
        """Return a calm size."""
        return QSize(320, 240)

    def show_table(self, table: Table | None) -> None:
        """Show figures in place of those before."""
        self.table = table
        if table is not None:
            self.scale = log_range(table.values)
            self._shades = np.ascontiguousarray(shades(table.values, self.scale))
        self._make()

    def show_step(self, step: float | None) -> None:
        """Keep a line at a step, or none."""
        if step != self._step:
            self._step = step
            self.update()

    def _make(self) -> None:
        """Make the picture, of one pixel a figure."""
        if self.table is None:
            self.image = None
        else:
            rows, columns = self._shades.shape
            indexed = QImage(self._shades.data, columns, rows, columns, QImage.Format.Format_Indexed8)
            indexed.setColorTable(colour_table(theme.current()))
            self.image = indexed.convertToFormat(QImage.Format.Format_RGB32)
        self.update()

    # --- Painting ----------------------------------------------------------------------------------

    def room(self) -> QRectF:
        """Return where the picture is drawn."""
        names = 0
        if self.table is not None:
            widest = max(map(self.fontMetrics().horizontalAdvance, self.table.labels), default=0)
            names = round(min(widest + 8, _NAMES * self.width()))
        return QRectF(self.rect()).adjusted(names + 4, _TOP, -_RIGHT, -_BOTTOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names, picture, steps and scale."""
        painter, tokens = QPainter(self), theme.current()
        if self.table is not None and self.image is not None:
            room = self.room()
            painter.drawImage(room, self.image)
            painter.setPen(QColor(tokens.quiet))
            self._paint_names(painter, room, self.table)
            self._paint_steps(painter, room, self.table)
            self._paint_scale(painter, room, tokens)
            self._paint_marks(painter, room, tokens)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_names(self, painter: QPainter, room: QRectF, table: Table) -> None:
        """Write as many names as there is height for, evenly."""
        metrics, height = painter.fontMetrics(), room.height() / len(table.labels)
        every = max(1, math.ceil((metrics.height() - 2) / max(height, 0.1)))
        for row in range(0, len(table.labels), every):
            middle = room.top() + (row + 0.5) * height
            place = QRectF(0, middle - metrics.height() / 2, room.left() - 6, metrics.height())
            name = metrics.elidedText(table.labels[row], Qt.TextElideMode.ElideMiddle, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_steps(self, painter: QPainter, room: QRectF, table: Table) -> None:
        below = QRectF(room.left(), room.bottom() + 2, room.width(), _BOTTOM - 2)
        first, last = table.edges
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, words.step(first))
        if last > first:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, words.grouped(last))

    def _paint_scale(self, painter: QPainter, room: QRectF, tokens: theme.Tokens) -> None:
        """Draw the colours from much to little, with a number at each power of ten and at both ends."""
        bar = QRectF(room.right() + 10, room.top(), 8, room.height())
        colours = colour_table(tokens)
        image = QImage(1, _SHADES - 1, QImage.Format.Format_RGB32)
        for place, colour in enumerate(reversed(colours[1:])):
            image.setPixel(0, place, colour)
        painter.drawImage(bar, image)
        height = painter.fontMetrics().height()
        for power, text in scale_marks(self.scale, int(bar.height() // (1.6 * height))):
            share = (power - self.scale[0]) / (self.scale[1] - self.scale[0])
            y = min(max(bar.bottom() - share * bar.height() - height / 2, bar.top()), bar.bottom() - height)
            beside = QRectF(bar.right() + 4, y, self.width() - bar.right() - 4, height)
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_marks(self, painter: QPainter, room: QRectF, tokens: theme.Tokens) -> None:
        """Draw the line at the step of the cursor, and a frame round what is pointed at."""
        assert self.table is not None
        first, last = self.table.edges
        if self._step is not None and first <= self._step <= last:
            share = (self._step - first) / (last - first) if last > first else 0.5
            x = room.left() + share * room.width()
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if self._cell is not None:
            row, column = self._cell
            rows, columns = self.table.values.shape
            wide, high = room.width() / columns, room.height() / rows
            painter.setPen(QPen(QColor(tokens.text), 1))
            painter.drawRect(QRectF(room.left() + column * wide, room.top() + row * high, wide, high))

    # --- What the user does ------------------------------------------------------------------------

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column at a place in the widget, or ``None`` beside the picture."""
        room = self.room()
        if self.table is None or not room.contains(place):
            return None
        rows, columns = self.table.values.shape
        row = int((place.y() - room.top()) / room.height() * rows)
        column = int((place.x() - room.left()) / room.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def sentence(self, row: int, column: int) -> str:
        """Return what one figure says: ``conv1 weight · step 1 200 · 0.132``."""
        assert self.table is not None
        value = float(self.table.values[row, column])
        step = words.step(int(self.table.steps[column]))
        return f"{self.table.labels[row]} · {step} · {words.number(value)}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the mouse points at."""
        self._point(self.cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the step that is pressed."""
        cell = self.cell_at(event.position())
        if cell is not None and self.table is not None and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(int(self.table.steps[cell[1]]))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the figures with the arrow keys, and choose a step with the enter key."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if self.table is None or (key not in moves and key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            event.ignore()
            return
        rows, columns = self.table.values.shape
        row, column = self._cell or (0, columns)
        if key in moves:
            down, right = moves[key]
            self._point((min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)))
        elif self._cell is not None:
            self.chosen.emit(int(self.table.steps[column]))

    def _point(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self._cell = cell
            text = "" if cell is None else self.sentence(*cell)
            self.setToolTip(text)
            self.setAccessibleDescription(text)
            self.pointed.emit(text)
            self.update()


def scale_marks(scale: tuple[float, float], most: int) -> list[tuple[float, str]]:
    """Return powers of ten to be written beside a scale, with their numbers: whole ones, or both ends."""
    low, high = scale
    whole = list(range(math.ceil(low), math.floor(high) + 1))
    if len(whole) < 2:
        return [(power, words.number(10.0**power, 2)) for power in (low, high)]
    every = max(1, math.ceil(len(whole) / max(most, 1)))
    return [(float(power), _power(power)) for power in whole[::every]]


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -4 < exponent < 5 else f"1e{exponent}".replace("-", "\N{MINUS SIGN}")
