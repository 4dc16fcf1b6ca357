"""Table view: rows that were made beside real ones, column by column, in pairs, and as text.

It is given rows and what their columns are. It knows nothing of the training they come from.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.api.table_columns import TableColumn
from ganstudio.api.table_compare import TableComparison
from ganstudio.gui import words
from ganstudio.gui.widgets import table_legend
from ganstudio.gui.widgets.table_charts import TableCharts
from ganstudio.gui.widgets.table_legend import TableLegend
from ganstudio.gui.widgets.table_pairs import TablePairs
from ganstudio.gui.widgets.table_rows import TableRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PAIRS = (
    "How otherwise two columns go together in generated rows than in real ones, by correlation, Cramér's V "
    "or the correlation ratio: orange where more, blue where less"
)
_PAIR_COLOURS = (("goes together less than in real rows", table_legend.less), ("more", table_legend.more))
_SIDE_BY_SIDE = 640
"""Pixels from which on two tables of rows have room beside each other."""


class TableView(QWidget):
    """Three tabs: a chart for each column, a field for each pair of columns, and the first rows as text."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[TableColumn, ...] = ()
        self.real: NDArray[Any] | None = None
        self.generated: NDArray[Any] | None = None
        self.comparison: TableComparison | None = None
        """Of the rows in view, where there are both."""
        self.charts = TableCharts(self)
        self.chart_colours = TableLegend(self)
        self.pairs = TablePairs(self)
        self.pair_colours = TableLegend(self)
        self.real_rows = TableRows("Real rows", self)
        self.made_rows = TableRows("Generated rows", self)
        self.sentence = QLabel(self)
        self.tabs = QTabWidget(self)
        self._empty = QLabel(placeholder, self)
        self._views = QStackedWidget(self)
        self._stale = False
        self._lay_out()
        self.setMinimumSize(48, 48)
        self.setAccessibleName("Rows of a table")
        self.tabs.currentChanged.connect(self._refresh)

    def clear(self) -> None:
        """Show nothing."""
        self.columns, self.real, self.generated, self.comparison = (), None, None, None
        self._views.setCurrentWidget(self._empty)

    def set_real(self, rows: "NDArray[Any]", columns: Sequence[TableColumn]) -> None:
        """Show these real rows ``float32`` [N, C], behind those that are generated."""
        self.real, self.columns = rows, tuple(columns)
        self._changed()

    def set_generated(self, rows: "NDArray[Any] | None", columns: Sequence[TableColumn] = ()) -> None:
        """Show these generated rows ``float32`` [N, C] in place of the ones before; ``None`` for none."""
        if rows is self.generated:
            return
        self.generated = rows
        if rows is not None and tuple(columns) != self.columns:
            # Real rows of other columns cannot stand behind these.
            self.columns, self.real = tuple(columns), None
        self._changed()

    def _changed(self) -> None:
        self._views.setCurrentWidget(self.tabs if self.columns else self._empty)
        self._stale = True
        self._refresh()

    def _refresh(self) -> None:
        """Compute what the tab in view shows."""
        if not self.columns:
            return
        if self._stale:
            self._stale = False
            self.comparison = None
            if self.real is not None and self.generated is not None:
                self.comparison = TableComparison.of(self.generated, self.real, self.columns)
            self.sentence.setText(_summary(self.comparison))
            self.sentence.setVisible(self.comparison is not None)
        shown = self.tabs.currentIndex()
        if shown == 0:
            distances = self.comparison.distances if self.comparison else ()
            self.charts.show_rows(self.columns, self.real, self.generated, distances)
            kinds = (
                ("real rows", table_legend.real, self.real),
                ("generated", table_legend.made, self.generated),
            )
            self.chart_colours.show_entries(
                [(word, colour) for word, colour, rows in kinds if rows is not None]
            )
        elif shown == 1:
            self._show_pairs()
        else:
            self.made_rows.show_rows(self.columns, self.generated)
            self.real_rows.show_rows(self.columns, self.real)
            self._made_box.setVisible(self.generated is not None)

    def _show_pairs(self) -> None:
        from ganstudio.api.table_compare import associations

        names = [column.name for column in self.columns]
        self.pair_colours.setVisible(self.comparison is not None)
        if self.comparison is not None:
            self.pairs.show_pairs(names, self.comparison.real, self.comparison.made)
        else:
            rows = self.real if self.real is not None else self.generated
            assert rows is not None, "there are columns, so there are rows"
            self.pairs.show_pairs(names, associations(rows, self.columns), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put generated and real rows side by side where there is room, else above each other."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        self._rows.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def _lay_out(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidget(self.charts)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pair_colours.show_entries(_PAIR_COLOURS)
        self._rows = rows = QSplitter(Qt.Orientation.Vertical, self)
        rows.setChildrenCollapsible(False)
        self._made_box = _titled("Generated", self.made_rows)
        rows.addWidget(self._made_box)
        rows.addWidget(_titled("Real", self.real_rows))
        for page, name, tip in (
            (
                _below(self.chart_colours, scroll),
                "Columns",
                "How often values occur: generated ones in front of real ones",
            ),
            (_below(self.pair_colours, self.pairs), "Pairs", _PAIRS),
            (rows, "Rows", "The first rows, as they are written"),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(page, name), tip)
        self.tabs.setDocumentMode(True)
        self.tabs.setCornerWidget(self.sentence)
        self.sentence.setMinimumHeight(self.tabs.tabBar().sizeHint().height())
        self.sentence.setProperty("role", "quiet")
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for view in (self._empty, self.tabs):
            self._views.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._views)


def _titled(title: str, table: TableRows) -> QWidget:
    label = QLabel(title)
    label.setProperty("role", "quiet")
    label.setBuddy(table)
    return _below(label, table, 2)


def _below(top: QWidget, widget: QWidget, spacing: int = 4) -> QWidget:
    """Return both as one, ``spacing`` pixels apart; what lies below takes the room."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(spacing)
    column.addWidget(top)
    column.addWidget(widget, 1)
    return page


def _summary(found: TableComparison | None) -> str:
    """Return in a few words what is least alike."""
    if found is None:
        return ""
    worst = found.columns[found.worst].name
    return f"least alike: {worst}, {words.number(found.distances[found.worst], 2)}"
