"""Mode bars: how many of the generated points each mode of the data has got, a bar for each mode.

It is told shares and paints them. It knows nothing of points.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.field_numbers import Modes
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.field_paint import faint

_ROW, _MANY = 20, 12
"""Pixels of a row, and modes from which on they stand in two columns."""
_NAME, _SHARE, _GAP = 34.0, 40.0, 12.0
_FULL = 2.0
"""A bar is full at so many times the even share."""


class ModeBars(QWidget):
    """A row for each mode: whether it is covered, and its share of the points.

    The full part of a bar are points within 3 σ, the pale part others whose nearest centre it is; the line
    in it is the even share.

    Signals:
        pointed: the mode under the pointer or the cursor of the keyboard, −1 for none.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modes = Modes(np.zeros(0), np.zeros(0))
        self.row = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Modes")
        self.setToolTip(
            "Generated points by their nearest mode. Full: within 3 σ of its centre; pale: further off. "
            "The line is the even share."
        )
        theme.notifier.changed.connect(self.update)

    def show_modes(self, modes: Modes) -> None:
        """Show other shares."""
        changed = len(modes.near) != len(self.modes.near)
        self.modes = modes
        if changed:
            self._point_at(-1)
            self.updateGeometry()
        covered = int(modes.covered.sum())
        self.setAccessibleDescription(f"{covered} of {len(modes.near)} modes covered")
        self.update()

    def text_of(self, mode: int) -> str:
        """Return the share of a mode in words."""
        near, nearest = self.modes.near[mode], self.modes.nearest[mode]
        state = "covered" if near > 0 else "not covered"
        return f"Mode {mode + 1}, {state}: {near:.1%} of the points within 3 σ, {nearest:.1%} nearest to it"

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(200, self._rows() * _ROW)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(140, self._rows() * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.sized_font(-1))
        for mode in range(len(self.modes.near)):
            self._paint_row(painter, mode, self._room(mode))
        painter.end()

    def _paint_row(self, painter: QPainter, mode: int, room: QRectF) -> None:
        tokens, covered = theme.current(), bool(self.modes.covered[mode])
        if mode == self.row:
            painter.fillRect(room, faint(tokens.accent, 0.14))
        self._paint_mark(painter, QPointF(room.left() + 7, room.center().y()), covered)
        painter.setPen(QColor(tokens.text if covered else tokens.bad))
        middle = Qt.AlignmentFlag.AlignVCenter
        name = QRectF(room.left() + 16, room.top(), _NAME - 16, room.height())
        painter.drawText(name, int(middle | Qt.AlignmentFlag.AlignLeft), str(mode + 1))
        share = QRectF(room.right() - _SHARE, room.top(), _SHARE, room.height())
        painter.drawText(share, int(middle | Qt.AlignmentFlag.AlignRight), _percent(self.modes.near[mode]))
        bar = QRectF(room.left() + _NAME, room.center().y() - 4, room.width() - _NAME - _SHARE - 4, 8)
        self._paint_bar(painter, mode, bar)

    def _paint_bar(self, painter: QPainter, mode: int, bar: QRectF) -> None:
        tokens = theme.current()
        even = 1 / len(self.modes.near)
        painter.fillRect(bar, QColor(mix(tokens.panel, tokens.line, 0.7)))
        for share, colour in (
            (self.modes.nearest[mode], faint(tokens.generator, 0.35)),
            (self.modes.near[mode], QColor(tokens.generator)),
        ):
            width = bar.width() * min(share / (_FULL * even), 1.0)
            painter.fillRect(QRectF(bar.left(), bar.top(), width, bar.height()), colour)
        x = bar.left() + bar.width() / _FULL
        painter.setPen(QPen(QColor(tokens.text), 1))
        painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))

    def _paint_mark(self, painter: QPainter, place: QPointF, covered: bool) -> None:
        """Paint a ring as in the plane: closed where the mode is covered, dashed where it is lost."""
        tokens = theme.current()
        pen = QPen(QColor(tokens.text if covered else tokens.bad), 1.4)
        if not covered:
            pen.setDashPattern([2, 1.6])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, 4.5, 4.5)
        if covered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.generator))
            painter.drawEllipse(place, 2.2, 2.2)

    def _columns(self) -> int:
        return 1 if len(self.modes.near) <= _MANY else 2

    def _rows(self) -> int:
        return -(-len(self.modes.near) // self._columns())

    def _room(self, mode: int) -> QRectF:
        column, row = divmod(mode, max(self._rows(), 1))
        columns = self._columns()
        width = (self.width() - (columns - 1) * _GAP) / columns
        return QRectF(column * (width + _GAP), row * _ROW, width, _ROW)

    # --- Pointing ----------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the mode under the pointer."""
        places = range(len(self.modes.near))
        self._point_at(next((mode for mode in places if self._room(mode).contains(event.position())), -1))

    def leaveEvent(self, event: object) -> None:
        """Point at none."""
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the modes with the arrows."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None or not len(self.modes.near):
            super().keyPressEvent(event)
            return
        self._point_at(min(max(self.row + step, 0), len(self.modes.near) - 1))

    def _point_at(self, mode: int) -> None:
        if mode != self.row:
            self.row = mode
            self.pointed.emit(mode)
            self.update()


def _percent(share: float) -> str:
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"
