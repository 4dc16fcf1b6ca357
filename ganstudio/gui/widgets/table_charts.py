"""Table charts: for each column of a table a small chart, rows that were made over real ones.

It is given rows and what their columns are, and paints shares of them. It knows nothing of where they come
from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.api.table_columns import TableColumn
from ganstudio.gui import theme, words
from ganstudio.gui.widgets import table_legend

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST, _BARS, _TITLE, _GAP = 140, 56, 34, 12
"""Pixels: the least width of a chart, the height of its bars, of what stands above, and between two."""
_FAR = 0.1
"""A column whose distance is larger than this is marked."""


@dataclass(frozen=True)
class _Chart:
    """One chart: shares of the real rows and of those that were made, and how far apart they are."""

    column: TableColumn
    real: "NDArray[Any] | None"
    made: "NDArray[Any] | None"
    distance: float | None


class TableCharts(QWidget):
    """Charts side by side, as many as there is room for; the distance of each stands beside its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.charts: tuple[_Chart, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Columns")
        theme.notifier.changed.connect(self.update)

    def show_rows(
        self,
        columns: Sequence[TableColumn],
        real: "NDArray[Any] | None",
        made: "NDArray[Any] | None",
        distances: Sequence[float] = (),
    ) -> None:
        """Show rows ``float32`` [N, C] of each kind, and how far apart each column is, where known."""
        from ganstudio.runs.table_pictures import edges_of, shares

        charts = []
        for place, column in enumerate(columns):
            edges = edges_of(column)
            own = [None if rows is None else shares(rows[:, place], column, edges) for rows in (real, made)]
            charts.append(_Chart(column, own[0], own[1], distances[place] if distances else None))
        self.charts = tuple(charts)
        self.setAccessibleDescription(", ".join(_told(chart) for chart in self.charts))
        self.setMinimumHeight(self.heightForWidth(max(self.width(), _LEAST)))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """Return the height that all charts need below each other."""
        across = self._across(width)
        return -(-len(self.charts) // across) * (_TITLE + _BARS + _GAP)

    def sizeHint(self) -> QSize:
        """Return the size of three charts in a row."""
        return QSize(3 * _LEAST, self.heightForWidth(3 * _LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every chart that is in view."""
        painter = QPainter(self)
        for place, chart in enumerate(self.charts):
            room = self._room(place)
            if room.intersects(event.rect()):
                _paint(painter, room, chart)

    def resizeEvent(self, event: Any) -> None:
        """Ask for the height that this width takes."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def event(self, event: QEvent) -> bool:
        """Say in a tip what the chart under the mouse shows."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = [c for place, c in enumerate(self.charts) if self._room(place).contains(event.pos())]
            QToolTip.showText(event.globalPos(), _tip(found[0]) if found else "", self)
            return True
        return super().event(event)

    def _across(self, width: int) -> int:
        return max(1, (width + _GAP) // (_LEAST + _GAP))

    def _room(self, place: int) -> QRect:
        across = self._across(self.width())
        row, cell = divmod(place, across)
        wide = (self.width() + _GAP) // across
        return QRect(cell * wide, row * (_TITLE + _BARS + _GAP), wide - _GAP, _TITLE + _BARS)


def _paint(painter: QPainter, room: QRect, chart: _Chart) -> None:
    tokens = theme.current()
    far = chart.distance is not None and chart.distance > _FAR
    painter.setFont(theme.sized_font(-1))
    apart = "" if chart.distance is None else words.number(chart.distance, 2)
    metrics = painter.fontMetrics()
    line = metrics.height()
    painter.setPen(QColor(tokens.watch if far else tokens.quiet))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    painter.drawText(room, right, apart)
    painter.setPen(QColor(tokens.text))
    wide = room.width() - metrics.horizontalAdvance(apart) - 8
    name = metrics.elidedText(chart.column.name, Qt.TextElideMode.ElideRight, wide)
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
    painter.setPen(QColor(tokens.quiet))
    below = room.adjusted(0, line, 0, 0)
    span = metrics.elidedText(_span(chart.column), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, span)
    base = QRectF(room.left(), room.bottom() - _BARS, room.width(), _BARS)
    painter.fillRect(QRectF(base.left(), base.bottom(), base.width(), 1), QColor(tokens.line))
    parts = [part for part in (chart.real, chart.made) if part is not None]
    highest = max((float(part.max()) for part in parts), default=0.0) or 1.0
    if chart.real is not None:
        _bars(painter, base, chart.real / highest, table_legend.real(tokens), 0.0)
    if chart.made is not None:
        _bars(painter, base, chart.made / highest, table_legend.made(tokens), 0.25)


def _bars(painter: QPainter, base: QRectF, heights: "NDArray[Any]", colour: str, inset: float) -> None:
    wide = base.width() / len(heights)
    for place, height in enumerate(heights.tolist()):
        left, tall = base.left() + (place + inset) * wide, height * base.height()
        gap = min(1.0, wide / 4)
        painter.fillRect(
            QRectF(left, base.bottom() - tall, wide * (1 - 2 * inset) - gap, tall), QColor(colour)
        )


def _span(column: TableColumn) -> str:
    """Return from where to where a chart goes."""
    if column.categorical:
        return ", ".join(name or "(empty)" for name in column.categories)
    from ganstudio.runs.table_pictures import edges_of

    low, high = column.cells(edges_of(column)[[0, -1]])
    return f"{low} – {high}"


def _tip(chart: _Chart) -> str:
    column = chart.column
    lines = [f"{column.name}: {column.described()}"]
    if column.categorical:
        shown = zip(column.categories[:12], range(12), strict=False)
        lines += [f"{name or '(empty)'}: {_shares(chart, place)}" for name, place in shown]
    if chart.distance is not None:
        what = "total variation distance" if column.categorical else "largest distance of distributions"
        lines.append(f"{what} {words.number(chart.distance, 2)}, 0 where alike")
    return "\n".join(lines)


def _shares(chart: _Chart, place: int) -> str:
    named = [("real", chart.real), ("generated", chart.made)]
    return ", ".join(f"{name} {words.share(float(part[place]))}" for name, part in named if part is not None)


def _told(chart: _Chart) -> str:
    return chart.column.name if chart.distance is None else f"{chart.column.name} {chart.distance:.2f}"
