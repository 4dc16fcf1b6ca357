"""Compare table: the settings in which runs differ, a row for each setting, a column for each run.

It is told rows and shows them; it compares nothing itself.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.differences import Row
from ganstudio.gui import theme
from ganstudio.gui.panels import compare_words
from ganstudio.gui.panels.compare_runs import ComparedRun

_TITLE_WIDTH, _LEAST, _MOST = 148, 72, 260


class CompareTable(QFrame):
    """A sentence, the table, and a button to copy it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._runs: list[ComparedRun] = []
        self._rows: list[Row] = []
        self.sentence = QLabel(self)
        self.copy = QToolButton(self)
        self.table = _Table(self)
        self._lay_out()
        self.copy.clicked.connect(self.copy_all)
        self.set_rows([], [], 0)

    def set_rows(self, runs: Sequence[ComparedRun], rows: Sequence[Row], equal: int) -> None:
        """Show the rows of these runs; ``equal``: how many settings are not shown because they are."""
        self._runs, self._rows = list(runs), list(rows)
        self.sentence.setText(compare_words.settings_sentence(len(runs), len(rows), equal))
        self.copy.setEnabled(bool(rows))
        self.table.setVisible(bool(rows))
        self.table.show_rows(self._runs, self._rows)

    def wanted_height(self) -> int:
        """Return the pixels at which every row shows."""
        bare = self.sizeHint().height() - self.table.sizeHint().height() if self._rows else 0
        return bare + self.table.wanted_height() if self._rows else self.minimumSizeHint().height()

    def copy_all(self) -> None:
        """Put the whole table on the clipboard, to be pasted into a sheet or a text."""
        QGuiApplication.clipboard().setText(compare_words.table_text(self._runs, self._rows))

    def _lay_out(self) -> None:
        heading = QLabel("Settings", self)
        heading.setProperty("role", "title")
        self.sentence.setProperty("role", "quiet")
        self.copy.setIcon(theme.icon("copy", "quiet"))
        self.copy.setToolTip("Copy the table")
        self.copy.setAccessibleName("Copy the table of settings")
        self.copy.setProperty("compact", True)
        header = QHBoxLayout()
        header.setSpacing(8)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addWidget(self.sentence, 1)
        header.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self.table, 1)
        column.addStretch(0)


class _Table(QTableWidget):
    """The settings and their values, which can be selected and copied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(0, 0, parent)
        self.setProperty("role", "plain")
        self.setAccessibleName("Settings that differ")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setCornerWidget(QWidget(self))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_rows(self, runs: Sequence[ComparedRun], rows: Sequence[Row]) -> None:
        """Show these rows in place of those before; what is selected stays where it can."""
        self.setColumnCount(1 + len(runs))
        self.setRowCount(len(rows))
        for column, run in enumerate(runs, 1):
            item = QTableWidgetItem(f"{run.letter}  {compare_words.short_name(run.name)}")
            item.setToolTip(run.name)
            self.setHorizontalHeaderItem(column, item)
        self.setHorizontalHeaderItem(0, QTableWidgetItem("Setting"))
        for number, row in enumerate(rows):
            self._show_row(number, row)
        self._share_width(runs)

    def wanted_height(self) -> int:
        """Return the pixels at which every row shows, with a scroll bar below them."""
        bar = self.horizontalScrollBar().sizeHint().height()
        return self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + bar

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what is selected."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_selected()
        else:
            super().keyPressEvent(event)

    def _show_row(self, number: int, row: Row) -> None:
        title = QTableWidgetItem(row.title)
        title.setToolTip(row.path)
        self.setItem(number, 0, title)
        for column, cell in enumerate(row.cells, 1):
            text = compare_words.cell(cell, row.unit)
            item = QTableWidgetItem(text)
            item.setFont(theme.sized_font(0))
            item.setToolTip(f"{row.path}: {text}")
            self.setItem(number, column, item)

    def _share_width(self, runs: Sequence[ComparedRun]) -> None:
        """Give values the room they need, and names of runs what is left."""
        header = self.horizontalHeader()
        self.resizeColumnsToContents()
        for column in range(1, self.columnCount()):
            needed = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            header.resizeSection(column, min(max(needed, _LEAST), _MOST))
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(0, min(max(self.sizeHintForColumn(0), _LEAST), _TITLE_WIDTH + 40))
        header.setStretchLastSection(bool(runs))

    def _copy_selected(self) -> None:
        chosen = sorted((index.row(), index.column()) for index in self.selectedIndexes())
        lines: dict[int, list[str]] = {}
        for row, column in chosen:
            item = self.item(row, column)
            lines.setdefault(row, []).append(item.text() if item else "")
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))
