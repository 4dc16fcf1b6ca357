"""Branch checkpoints: the checkpoints of a run as a list to choose one from.

It knows what a history says of them, and nothing of what is done with the one that is chosen.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ganstudio.gui import theme
from ganstudio.gui.panels import branch_words

if TYPE_CHECKING:
    from ganstudio.runs.history import History

_COLUMNS = ("Step", "Kept", "Size", "Why")
_NUMBERS = (0, 2)


class BranchCheckpoints(QTableWidget):
    """A row for each checkpoint, the newest first; one is always chosen where there are any.

    Signals:
        chosen: the user chose another; its step.
        activated: the user pressed Enter on one, or clicked it twice.
    """

    chosen = Signal(int)
    activated = Signal()

    def __init__(self, history: "History", parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        kept = sorted(history.checkpoints, key=lambda each: -each.step)
        self._steps = [each.step for each in kept]
        times = branch_words.times(history)
        self.setRowCount(len(kept))
        self.setHorizontalHeaderLabels(_COLUMNS)
        for row, each in enumerate(kept):
            for column, text in enumerate(branch_words.row(each, times.get(each.step))):
                self.setItem(row, column, _item(text, column in _NUMBERS))
        self._behave()
        self.itemSelectionChanged.connect(self._tell)
        self.itemDoubleClicked.connect(lambda _: self.activated.emit())

    def step(self) -> int | None:
        """Return the step of the one that is chosen, or ``None`` where there is none."""
        rows = self.selectionModel().selectedRows()
        return self._steps[rows[0].row()] if rows else None

    def choose(self, step: int | None) -> None:
        """Choose the checkpoint of a step, or the newest where there is none of that step."""
        if self._steps:
            self.selectRow(self._steps.index(step) if step in self._steps else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the chosen one on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.step() is not None:
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        step = self.step()
        if step is not None:
            self.chosen.emit(step)

    def _behave(self) -> None:
        self.setAccessibleName("Checkpoints")
        self.setFont(theme.sized_font(0))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)


def _item(text: str, number: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    if number:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
