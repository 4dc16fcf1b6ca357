"""Column table: what was found in each column of a table, and a list of treatments to choose from.

It is told rows and which treatments are asked for, and says what the user wishes. It knows nothing of data
sources and settings.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ganstudio.api.table_treatments import LEAVE_OUT, TREATMENTS, FoundColumn, Treatment
from ganstudio.gui import theme
from ganstudio.gui.data_words import ColumnRow
from ganstudio.gui.widgets.editors import CalmCombo

_TITLES = ("Column", "Holds", "Empty", "Different", "Treated as", "Becomes", "Remarks")
_TIPS = (
    "The name of the column",
    "What its cells are",
    "Share of the rows in which it is empty",
    "How many different cells it has, empty ones aside",
    "What it is treated as; choose to change the setting Treat",
    "What the networks are given of it",
    "What is odd about it, or was changed",
)
_AT_THE_RIGHT = (2, 3)
_LIST, _REMARKS = 4, 6
_WIDEST, _NARROW = 180, 80
_AT_ONCE = 30
"""Lists that are made at once: a list takes milliseconds."""
_BESIDE, _ABOVE = 8, 4
"""Pixels that the style sheet leaves round what stands in a cell."""
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F2)


class ColumnTable(QTableWidget):
    """A row for each column of the table.

    Signals:
        chosen: the user wants another treatment; the name of the column, and the treatment, or nothing where
            it is to be as it was found.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_TITLES), parent)
        self.rows: tuple[ColumnRow, ...] = ()
        self._asked: Mapping[str, Treatment] | None = None
        self._reason = ""
        self._ready = 0
        """So many rows have their lists; of a wide table the others come while nothing else is to be done."""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._show_lists)
        self._look()
        for place, (title, tip) in enumerate(zip(_TITLES, _TIPS, strict=True)):
            heading = QTableWidgetItem(title)
            heading.setToolTip(tip)
            heading.setTextAlignment(_side(place))
            self.setHorizontalHeaderItem(place, heading)

    def show_rows(self, rows: Sequence[ColumnRow]) -> None:
        """Show these in place of those before; of like columns the place in the table stays."""
        same = [row.name for row in rows] == [row.name for row in self.rows]
        self.rows, self._asked, self._ready = tuple(rows), None, 0
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            cells = (row.name, row.holds, row.empty, row.different, "", row.becomes, row.remarks)
            for place, text in enumerate(cells):
                self._write(number, place, text, bold=place == 0 and row.target)
        if not same:
            self.scrollToTop()
        self._share_width()
        self._show_lists()

    def show_asked(self, asked: Mapping[str, Treatment], reason: str = "") -> None:
        """Show what is asked for by column, what was found for the rest; ``reason``: why none can be."""
        self._asked, self._reason = asked, reason
        for number in range(self._ready):
            self._show_choice(number)

    def list_of(self, row: int) -> "TreatmentList | None":
        """Return the list of treatments in a row, if there is one."""
        widget = self.cellWidget(row, _LIST)
        return widget if isinstance(widget, TreatmentList) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list of the row that the keyboard has reached."""
        offered = self.list_of(self.currentRow())
        if event.key() in _OPENS and offered is not None and offered.isEnabled():
            offered.setFocus(Qt.FocusReason.OtherFocusReason)
            offered.showPopup()
        else:
            super().keyPressEvent(event)

    def _show_lists(self) -> None:
        """Make the lists of some rows more."""
        numbers = range(self._ready, min(self._ready + _AT_ONCE, len(self.rows)))
        self._ready = numbers.stop
        for number in numbers:
            self._show_list(number, self.rows[number].found)
            self._show_choice(number)
        sizes = [offered.sizeHint() for offered in map(self.list_of, numbers) if offered]
        if sizes:
            widest = max(size.width() for size in sizes) + 2 * _BESIDE
            self.setColumnWidth(_LIST, max(self.columnWidth(_LIST), widest))
            self.verticalHeader().setDefaultSectionSize(sizes[0].height() + 2 * _ABOVE)
        if self._ready < len(self.rows):
            self._timer.start()

    def _show_choice(self, number: int) -> None:
        """Show in a list what is asked for, once that is known, and whether anything can be."""
        offered, row = self.list_of(number), self.rows[number]
        if offered is None or row.found is None:
            return
        if self._asked is not None:
            offered.show_treatment(self._asked.get(row.name) or row.found.usual)
        offered.setEnabled(not self._reason)
        offered.setToolTip(self._reason or _TIPS[_LIST])

    def _show_list(self, number: int, found: FoundColumn | None) -> None:
        if found is None:
            self.removeCellWidget(number, _LIST)
            return
        offered = self.list_of(number)
        if offered is None:
            offered = TreatmentList(self)
            offered.chosen.connect(self.chosen)
            offered.reached.connect(self._scroll_to)
            self.setCellWidget(number, _LIST, offered)
        offered.show_column(found, target=self.rows[number].target)

    def _scroll_to(self, name: str) -> None:
        row = next((number for number, row in enumerate(self.rows) if row.name == name), -1)
        if row >= 0:
            self.setCurrentCell(row, 0)
            self.scrollTo(self.model().index(row, _LIST))

    def _write(self, row: int, place: int, text: str, bold: bool) -> None:
        item = self.item(row, place)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(_side(place))
            self.setItem(row, place, item)
        item.setText(text)
        item.setToolTip(text)
        item.setFont(theme.tabular(theme.sized_font(0, bold=bold)))

    def _share_width(self) -> None:
        """Give every column what it needs within bounds, and remarks what is left."""
        self.resizeColumnsToContents()
        for place in range(_REMARKS):
            self.setColumnWidth(place, _NARROW if place == _LIST else min(self.columnWidth(place), _WIDEST))

    def _look(self) -> None:
        self.setProperty("role", "plain")
        self.setAccessibleName("Columns of the table, and how each is treated")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget(self))
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setStretchLastSection(True)
        across.setMinimumSectionSize(40)


class TreatmentList(CalmCombo):
    """The treatments of one column; what cannot be is greyed.

    Signals:
        chosen: the user wants another treatment; name and treatment, nothing where that is the usual one.
        reached: the keyboard has come here; the name of the column.
    """

    chosen = Signal(str, str)
    reached = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column: FoundColumn | None = None
        self.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        for treatment in TREATMENTS:
            self.addItem(treatment, treatment)
        self.activated.connect(self._tell)

    def show_column(self, column: FoundColumn, target: bool) -> None:
        """Offer what suits the column."""
        self._column = column
        self.ensurePolished()
        self.setAccessibleName(f"{column.name}: treated as")
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for place, treatment in enumerate(TREATMENTS):
            self.setItemText(place, f"{treatment}, as found" if treatment == column.usual else treatment)
            reason = _why_not(column, treatment, target)
            model.item(place).setEnabled(not reason)
            self.setItemData(place, reason, Qt.ItemDataRole.ToolTipRole)
        self.show_treatment(column.treatment)

    def show_treatment(self, treatment: Treatment) -> None:
        """Show a treatment without reporting it."""
        self.setCurrentIndex(TREATMENTS.index(treatment))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard has come here."""
        super().focusInEvent(event)
        if self._column is not None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.reached.emit(self._column.name)

    def _tell(self, place: int) -> None:
        column = self._column
        if column is not None:
            self.chosen.emit(column.name, "" if TREATMENTS[place] == column.usual else TREATMENTS[place])


def _why_not(column: FoundColumn, treatment: Treatment, target: bool) -> str:
    """Return why a column cannot be treated so, or nothing."""
    if target and treatment == LEAVE_OUT:
        return "It is the target; choose another target first."
    if treatment in column.possible:
        return ""
    if column.holds == "nothing":
        return "It holds nothing to learn."
    return "It holds no dates." if treatment == "date" else "It holds no numbers."


def _side(place: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if place in _AT_THE_RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
