"""Columns pane: the columns of a table, what each is treated as, and a way back.

It is told rows and says what the user wishes; it knows nothing of where these wishes are kept.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui import data_words
from ganstudio.gui.data_words import ColumnRow
from ganstudio.gui.widgets.column_table import ColumnTable

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class ColumnsPane(QFrame):
    """The table of columns, below its title and buttons.

    Signals:
        undoAsked, redoAsked: the last choice is to be taken back, or made again.
        resetAsked: every column is to be treated as it was found.
    """

    undoAsked = Signal()  # noqa: N815 - Qt's way of naming
    redoAsked = Signal()  # noqa: N815
    resetAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.table = ColumnTable(self)
        self.sentence = QLabel(self)
        self.remarks = QLabel(self)
        """What is odd about the column that was reached, in full."""
        self.undo = self._button("Undo", "Take the last choice of a treatment back (Ctrl+Z)")
        self.redo = self._button("Redo", "Make it again (Ctrl+Y)")
        self.reset = self._button("All as found", "Treat every column as it was found")
        self._lay_out()
        self.table.currentCellChanged.connect(self._show_remarks)
        self.undo.clicked.connect(self.undoAsked)
        self.redo.clicked.connect(self.redoAsked)
        self.reset.clicked.connect(self.resetAsked)
        self.show_ways(back=False, again=False, reset=False)

    def show_rows(self, rows: Sequence[ColumnRow]) -> None:
        """Show these columns."""
        self.sentence.setText(data_words.columns_sentence(rows))
        self.table.show_rows(rows)
        self._show_remarks(self.table.currentRow())

    def show_ways(self, back: bool, again: bool, reset: bool) -> None:
        """Say what can be taken back, made again, and reset."""
        for button, usable in ((self.undo, back), (self.redo, again), (self.reset, reset)):
            button.setEnabled(usable)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that undo and redo from the rest of the window while the keyboard is in here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_way(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo or redo the last choice."""
        if event.matches(_UNDO):
            self.undo.click()
        elif event.matches(_REDO):
            self.redo.click()
        else:
            super().keyPressEvent(event)

    def _show_remarks(self, number: int) -> None:
        row = self.table.rows[number] if 0 <= number < len(self.table.rows) else None
        self.remarks.setText(f"{row.name}: {row.remarks}" if row is not None and row.remarks else "")
        # Its line is kept while rows have remarks, so that the table does not move under the keyboard.
        self.remarks.setMinimumHeight(self.remarks.fontMetrics().lineSpacing())
        self.remarks.setVisible(any(row.remarks for row in self.table.rows))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        heading = QLabel("Columns", self)
        heading.setProperty("role", "title")
        self.sentence.setProperty("role", "quiet")
        header = QHBoxLayout()
        header.setSpacing(4)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addSpacing(4)
        header.addWidget(self.sentence, 1)
        for button in (self.undo, self.redo, self.reset):
            header.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self.table, 1)
        self.remarks.setWordWrap(True)
        self.remarks.setTextFormat(Qt.TextFormat.PlainText)
        self.remarks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remarks.setContentsMargins(4, 0, 4, 0)
        column.addWidget(self.remarks)


def _is_way(event: QKeyEvent) -> bool:
    """Say whether these are the keys of undo or redo."""
    return event.matches(_UNDO) or event.matches(_REDO)
