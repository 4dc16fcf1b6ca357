"""Compare picker: a button that opens a list to tick things in, with a box to find them by typing.

It knows texts and what they stand for, and nothing of what that is.
"""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme

Option = tuple[Any, str]
"""What is meant, and what it is called."""

_SIZE = (280, 320)
_MEANT = Qt.ItemDataRole.UserRole


class ComparePicker(QToolButton):
    """A button with a list below it.

    Signals:
        ticked: what was ticked or not, and whether it is now.
        opened: the list is about to show.
    """

    ticked = Signal(object, bool)
    opened = Signal()

    def __init__(self, text: str, icon: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(hint)
        self.setIcon(theme.icon(icon, "quiet"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.popup = _Popup(text, self)
        self.popup.list.itemChanged.connect(self._tell)
        self.clicked.connect(lambda: self.open())

    def set_options(self, options: Sequence[Option], chosen: Collection[Any], most: int = 0) -> None:
        """Offer these, some of them ticked; once ``most`` are (0: any number), no more can be."""
        self.popup.fill(options, chosen, most)

    def say(self, text: str) -> None:
        """Say something in the place of an empty list."""
        self.popup.note.setText(text)
        self.popup.note.setVisible(bool(text))

    def open(self, below: QWidget | None = None) -> None:
        """Show the list below the button or another widget, as far as the screen allows."""
        self.opened.emit()
        anchor = below or self
        popup = self.popup
        popup.resize(*_SIZE)
        place = anchor.mapToGlobal(QPoint(0, anchor.height() + 2))
        room = self.screen().availableGeometry()
        place.setX(max(room.left(), min(place.x(), room.right() - popup.width())))
        place.setY(max(room.top(), min(place.y(), room.bottom() - popup.height())))
        popup.move(place)
        popup.search.clear()
        popup.show()
        popup.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _tell(self, item: QListWidgetItem) -> None:
        self.ticked.emit(item.data(_MEANT), item.checkState() == Qt.CheckState.Checked)


class _Popup(QFrame):
    """The list and the box above it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.search = _Search(self)
        self.search.setPlaceholderText("Find")
        self.search.setAccessibleName(f"Find among: {name}")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.note = QLabel(self)
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self.note.hide()
        self.list = QListWidget(self)
        self.list.setProperty("role", "plain")
        self.list.setAccessibleName(name)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.search.textChanged.connect(self._filter)
        self.search.down.connect(self._go_down)
        self.search.returnPressed.connect(self._tick_first)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        for widget in (self.search, self.note, self.list):
            column.addWidget(widget)

    def fill(self, options: Sequence[Option], chosen: Collection[Any], most: int) -> None:
        """Show these in place of those before."""
        wanted = [(meant, text, meant in chosen) for meant, text in options]
        full = bool(most) and sum(ticked for _, _, ticked in wanted) >= most
        items = [self.list.item(row) for row in range(self.list.count())]
        self.list.blockSignals(True)
        # Where only ticks differ the items stay, so that the list neither jumps nor loses the focus.
        if [(item.data(_MEANT), item.text()) for item in items] != [(m, t) for m, t, _ in wanted]:
            self.list.clear()
            items = [QListWidgetItem(text, self.list) for _, text, _ in wanted]
        for item, (meant, text, ticked) in zip(items, wanted, strict=True):
            item.setData(_MEANT, meant)
            item.setToolTip(text)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            able = ticked or not full
            flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags | Qt.ItemFlag.ItemIsEnabled if able else flags)
        self.list.blockSignals(False)
        self._filter(self.search.text())

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().lower() for word in words))

    def _go_down(self) -> None:
        first = next((item for item in self._items() if not item.isHidden()), None)
        if first is not None:
            self.list.setCurrentItem(first)
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _tick_first(self) -> None:
        """Tick what was found, as soon as it is one thing alone."""
        found = [item for item in self._items() if not item.isHidden()]
        if len(found) == 1 and found[0].flags() & Qt.ItemFlag.ItemIsEnabled:
            ticked = found[0].checkState() == Qt.CheckState.Checked
            found[0].setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]


class _Search(QLineEdit):
    """A box from which the arrow down leads into the list.

    Signals:
        down: the user goes on to the list.
    """

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the list."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)
