"""Table rows: the first rows of a table as text. It knows nothing of where they come from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from ganstudio.api.table_columns import TableColumn
from ganstudio.gui import theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN = 50
"""Rows that are shown at most."""


class TableRows(QTableWidget):
    """Cells as they are written, numbers at the right; a tip on each heading says what its column is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.setFont(theme.tabular(theme.sized_font(-1)))
        self.columns: tuple[TableColumn, ...] = ()

    def show_rows(self, columns: Sequence[TableColumn], rows: "NDArray[Any] | None") -> None:
        """Show the first rows of ``float32`` [N, C], or none."""
        changed = tuple(columns) != self.columns
        if changed:
            self._show_columns(columns)
        if rows is None:
            self.setRowCount(0)
            return
        self.setRowCount(min(len(rows), SHOWN))
        for place, column in enumerate(columns):
            for row, cell in enumerate(column.cells(rows[:SHOWN, place])):
                self._write(row, place, cell, column)
        if changed:
            self.resizeColumnsToContents()

    def _show_columns(self, columns: Sequence[TableColumn]) -> None:
        self.columns = tuple(columns)
        self.setColumnCount(len(columns))
        for place, column in enumerate(columns):
            heading = QTableWidgetItem(column.name)
            heading.setToolTip(f"{column.name}: {column.described()}")
            self.setHorizontalHeaderItem(place, heading)

    def _write(self, row: int, place: int, cell: str, column: TableColumn) -> None:
        item = self.item(row, place)
        if item is None:
            item = QTableWidgetItem()
            side = Qt.AlignmentFlag.AlignLeft if column.categorical else Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, place, item)
        item.setText(cell or "–")
