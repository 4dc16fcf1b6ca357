"""Table pairs: a field for every two columns, by how otherwise they go together than in real rows.

It is given two tables of associations and paints their difference. It knows nothing of rows.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets import table_legend

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMES = 0.24
"""Share of the width for the names of the rows."""
_FULL = 0.4
"""A difference from which on a field has its full colour."""
_LARGEST = 44
"""Pixels of a field's side, at most."""


class TablePairs(QWidget):
    """Fields of a symmetric table below its diagonal; a tip says what each holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.real: NDArray[Any] | None = None
        self.made: NDArray[Any] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Pairs of columns")
        theme.notifier.changed.connect(self.update)

    def show_pairs(self, names: Sequence[str], real: "NDArray[Any]", made: "NDArray[Any] | None") -> None:
        """Show the difference of two tables [C, C] of -1..1; without the second the first itself."""
        self.names, self.real, self.made = tuple(names), real, made
        worst = self._worst()
        self.setAccessibleDescription("" if worst is None else self._tip(*worst))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(400, 400)

    def value(self, row: int, column: int) -> float:
        """Return what the field of two columns shows: the difference, or how the real ones go together."""
        assert self.real is not None
        shown = self.real if self.made is None else self.made - self.real
        return float(shown[row, column])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the names and the fields."""
        painter = QPainter(self)
        tokens = theme.current()
        if self.real is None:
            return
        painter.setFont(theme.sized_font(-1))
        left, side = self._left(), self._side()
        metrics = painter.fontMetrics()
        ground = mix(tokens.panel, tokens.text, 0.05)
        for row, name in enumerate(self.names):
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(left) - 8)
            painter.setPen(QColor(tokens.quiet))
            aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, row * side, left - 6, side), aligned, shown)
            for column in range(row):
                share = min(abs(self.value(row, column)) / _FULL, 1.0)
                hue = (table_legend.less if self.value(row, column) < 0 else table_legend.more)(tokens)
                colour = QColor(mix(ground, hue, share))
                painter.fillRect(QRectF(left + column * side, row * side, side - 1, side - 1), colour)
            own = QRectF(left + row * side + 4, row * side, self.width() - left - row * side - 4, side)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(own.width()))
            painter.drawText(own, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def event(self, event: QEvent) -> bool:
        """Say in a tip what the field under the mouse holds."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(*place) if place else "", self)
            return True
        return super().event(event)

    def at(self, point: QPoint) -> tuple[int, int] | None:
        """Return the two columns of the field at a point, if there is one."""
        side = self._side()
        row, column = int(point.y() // side), int((point.x() - self._left()) // side)
        return (row, column) if 0 <= column < row < len(self.names) else None

    def _left(self) -> float:
        return self.width() * _NAMES

    def _side(self) -> float:
        count = max(len(self.names), 1)
        return max(min((self.width() - self._left()) / count, self.height() / count, _LARGEST), 1.0)

    def _worst(self) -> tuple[int, int] | None:
        if self.made is None or len(self.names) < 2:
            return None
        pairs = [(row, column) for row in range(len(self.names)) for column in range(row)]
        return max(pairs, key=lambda pair: abs(self.value(*pair)))

    def _tip(self, row: int, column: int) -> str:
        assert self.real is not None
        of_made = "" if self.made is None else f", generated {words.number(float(self.made[row, column]), 2)}"
        together = words.number(float(self.real[row, column]), 2)
        return f"{self.names[row]} and {self.names[column]}: real {together}{of_made}"
