"""Taken list: the images that are to be translated, each with a sign of what became of it.

It knows nothing of how they are translated.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from ganstudio.gui import theme

if TYPE_CHECKING:
    from ganstudio.session.translating import Taken

_KEY = Qt.ItemDataRole.UserRole
_SIGNS = {
    "working": ("live", "accent"),
    "translated": ("check", "quiet"),
    "saved": ("check", "good"),
    "failed": ("warning", "bad"),
}
_WORDS = {
    "waiting": "waits",
    "working": "being translated",
    "translated": "translated",
    "saved": "translated and saved",
    "failed": "not translated",
}


class TakenList(QListWidget):
    """The images from top to bottom; any number may be selected, one is looked at.

    Signals:
        looked: the image that is looked at, by its key; 0 for none.
        removed: the keys of images that are wanted out.
    """

    looked = Signal(int)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Images")
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._rows: dict[int, QListWidgetItem] = {}
        self._signs = {state: theme.icon(*sign) for state, sign in _SIGNS.items()}
        # An empty one keeps the names in line.
        empty = QPixmap(self.iconSize())
        empty.fill(Qt.GlobalColor.transparent)
        self._no_sign = QIcon(empty)
        self.currentItemChanged.connect(self._tell_looked)

    def show_taken(self, taken: Sequence["Taken"]) -> None:
        """Show these; the first is looked at where none was."""
        if list(self._rows) != [one.key for one in taken]:
            self._refill(taken)
        for one in taken:
            self.update_taken(one)
        if self.currentItem() is None and self.count():
            self.setCurrentRow(0)

    def update_taken(self, taken: "Taken") -> None:
        """Show what became of one of them."""
        item = self._rows.get(taken.key)
        if item is None:
            return
        shown = "saved" if taken.saved and taken.state == "translated" else taken.state
        item.setIcon(self._signs.get(shown, self._no_sign))
        item.setText(taken.name)
        told = [str(taken.place or taken.name), _WORDS[shown].capitalize(), taken.sentence]
        told += [f"Saved as {taken.saved}"] if taken.saved else []
        item.setToolTip("\n".join(text for text in told if text))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{taken.name}, {_WORDS[shown]}")

    def current_key(self) -> int:
        """Return the image that is looked at, 0 for none."""
        item = self.currentItem()
        return int(item.data(_KEY)) if item is not None else 0

    def selected_keys(self) -> list[int]:
        """Return what is selected, from top to bottom."""
        return [key for key, item in self._rows.items() if item.isSelected()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes out what is selected; copying and pasting are left to the page."""
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Paste):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected_keys():
            self.removed.emit(self.selected_keys())
        else:
            super().keyPressEvent(event)

    def _refill(self, taken: Sequence["Taken"]) -> None:
        current, row = self.current_key(), self.currentRow()
        self.blockSignals(True)
        self.clear()
        self._rows = {}
        for one in taken:
            item = QListWidgetItem(one.name, self)
            item.setData(_KEY, one.key)
            self._rows[one.key] = item
        if current in self._rows:
            self.setCurrentItem(self._rows[current])
        self.blockSignals(False)
        if current not in self._rows:
            if taken and row >= 0:
                self.setCurrentRow(min(row, len(taken) - 1))
            elif current:
                self.looked.emit(0)

    def _tell_looked(self) -> None:
        self.looked.emit(self.current_key())
