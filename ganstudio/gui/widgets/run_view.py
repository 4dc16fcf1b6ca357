"""Run view: the table of runs itself: rows, columns that may be hidden and moved, keys, selection.

It knows the model and nothing of what is done with the runs.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStyleOptionViewItem, QTreeView, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.run_columns import BEGAN, COLUMNS, KEYS, NAME, STAR
from ganstudio.gui.widgets.run_delegate import Pictures, RunDelegate
from ganstudio.gui.widgets.run_model import RunModel
from ganstudio.runs.entry import Entry

_INDENT = 20
_SORT = (BEGAN, Qt.SortOrder.DescendingOrder)


class RunView(QTreeView):
    """Rows of runs, several of which can be selected.

    Signals:
        chosen: a run was double-clicked, or Enter was pressed on it.
        starred: the star of a run was clicked.
        typed: a character was typed, which is the begin of a filter.
        menuAsked: where a menu for the selected runs is to open, on the screen.
        selectionMoved: other runs are selected.
    """

    chosen = Signal(object)
    starred = Signal(object)
    typed = Signal(str)
    menuAsked = Signal(QPoint)  # noqa: N815 - Qt's way of naming
    selectionMoved = Signal()  # noqa: N815

    def __init__(self, model: RunModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = model
        self.setModel(model)
        self.delegate = RunDelegate(pictures, self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Runs")
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(_INDENT)
        self.setTreePosition(NAME)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self._set_up_header()
        self.doubleClicked.connect(self._choose)
        self.clicked.connect(self._click)
        self.selectionModel().selectionChanged.connect(self.selectionMoved)

    # --- Selection ---------------------------------------------------------------------------------

    def selected(self) -> list[Entry]:
        """Return the selected runs, from the first row to the last."""
        selection = self.selectionModel().selection()
        return self.runs.within([selection.at(place) for place in range(selection.count())])

    def select(self, folders: Iterable[str], current: str = "") -> None:
        """Select runs by their folders' names, as far as they are shown."""
        selection = self.selectionModel()
        flag = type(selection).SelectionFlag
        selection.clearSelection()
        for folder in folders:
            index = self.runs.index_of(folder)
            if index.isValid():
                selection.select(index, flag.Select | flag.Rows)
                current = current or folder
        index = self.runs.index_of(current, NAME) if current else QModelIndex()
        if index.isValid():
            selection.setCurrentIndex(index, flag.NoUpdate)

    def kept(self) -> "_Place":
        """Return what is selected and where the view stands, to be given back after the rows were changed."""
        return _Place(self)

    def edit_cell(self, column: int) -> None:
        """Let the user write into the current run's name or tags."""
        index = self.currentIndex()
        if index.isValid():
            self.setColumnHidden(column, False)
            cell = index.siblingAtColumn(column)
            self.scrollTo(cell)
            self.edit(cell)

    @property
    def editing(self) -> bool:
        """Whether the user writes into a cell just now."""
        return self.state() == QAbstractItemView.State.EditingState

    # --- Columns -----------------------------------------------------------------------------------

    def columns_menu(self, menu: QMenu) -> None:
        """Fill a menu with the columns, ticked where they are shown."""
        menu.clear()
        for number, column in enumerate(COLUMNS):
            if number == NAME:
                continue
            action = QAction(column.title, menu, checkable=True, checked=not self.isColumnHidden(number))
            action.toggled.connect(partial(self._show_column, number))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Reset columns", self.reset_columns)

    def reset_columns(self) -> None:
        """Show the columns as they are at first."""
        for number, column in enumerate(COLUMNS):
            self.header().moveSection(self.header().visualIndex(number), number)
            self.setColumnHidden(number, not column.shown)
            self.setColumnWidth(number, column.width)
        self.sortByColumn(*_SORT)

    def columns(self) -> dict[str, Any]:
        """Return order, widths, hidden ones and sorting, as JSON holds them."""
        header = self.header()
        return {
            "order": [KEYS[header.logicalIndex(place)] for place in range(len(KEYS))],
            "widths": {
                key: header.sectionSize(n) for n, key in enumerate(KEYS) if not self.isColumnHidden(n)
            },
            "hidden": [key for number, key in enumerate(KEYS) if self.isColumnHidden(number)],
            "sort": KEYS[header.sortIndicatorSection()] if header.sortIndicatorSection() < len(KEYS) else "",
            "falling": header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        }

    def restore_columns(self, state: Mapping[str, Any]) -> None:
        """Show the columns as :meth:`columns` said; what is not known any more is passed over.

        Raises ``TypeError``, ``ValueError`` or ``AttributeError`` for what it never said.
        """
        for place, key in enumerate(key for key in state.get("order", ()) if key in KEYS):
            self.header().moveSection(self.header().visualIndex(KEYS.index(key)), place)
        for key, width in state.get("widths", {}).items():
            if key in KEYS:
                self.setColumnWidth(KEYS.index(key), min(max(int(width), 24), 2000))
        for key in state.get("hidden", ()):
            if key in KEYS and key != "name":
                self.setColumnHidden(KEYS.index(key), True)
        if state.get("sort") in KEYS:
            order = Qt.SortOrder.DescendingOrder if state.get("falling") else Qt.SortOrder.AscendingOrder
            self.sortByColumn(KEYS.index(state["sort"]), order)

    # --- What Qt asks ------------------------------------------------------------------------------

    def drawRow(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row, its selection through the indentation too."""
        if self.runs.by_family and self.selectionModel().isRowSelected(index.row(), index.parent()):
            tokens = theme.current()
            painter.fillRect(QRect(option.rect), QColor(mix(tokens.panel, tokens.accent, 0.2)))
        super().drawRow(painter, option, index)
        if self._is_current(index) and self.hasFocus():
            painter.save()
            painter.setPen(QColor(theme.current().accent))
            painter.drawRect(QRect(option.rect).adjusted(0, 0, -1, -1))
            painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter, begin a filter with a letter, move with all other keys."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        elif self._is_text(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; beside all rows, select none."""
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: under the mouse, or by the key beside the current run."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menuAsked.emit(place)

    # --- Inside ------------------------------------------------------------------------------------

    def _set_up_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
            self.setColumnHidden(number, not column.shown)
        self.setSortingEnabled(True)
        self.sortByColumn(*_SORT)

    def _header_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.columns_menu(menu)
        menu.popup(self.header().mapToGlobal(place))

    def _show_column(self, number: int, shown: bool) -> None:
        self.setColumnHidden(number, not shown)
        if shown and self.columnWidth(number) < 24:
            self.setColumnWidth(number, COLUMNS[number].width)

    def _choose(self, index: QModelIndex) -> None:
        entry = self.runs.entry(index)
        if entry is not None and index.column() != STAR:
            self.chosen.emit(entry)

    def _click(self, index: QModelIndex) -> None:
        entry = self.runs.entry(index)
        if entry is not None and index.column() == STAR:
            self.starred.emit(entry)

    def _is_current(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        return index.internalId() == self.currentIndex().internalId()

    def _is_text(self, event: QKeyEvent) -> bool:
        held = (
            Qt.KeyboardModifier.ControlModifier
            | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier
        )
        return bool(event.text().strip()) and event.text().isprintable() and not event.modifiers() & held


class _Place:
    """What is selected in a view, and where it stands."""

    def __init__(self, view: RunView) -> None:
        self._view = view
        self._folders = [entry.folder for entry in view.selected()]
        shown = [entry.folder for entry in view.runs.shown()]
        last = shown.index(self._folders[-1]) if self._folders else len(shown)
        self._next = shown[last + 1 :] + shown[:last][::-1]
        """What may take the place of the selected ones, the nearest first."""
        current = view.runs.entry(view.currentIndex())
        self._current = current.folder if current else ""
        self._down, self._right = view.verticalScrollBar().value(), view.horizontalScrollBar().value()

    def give_back(self) -> None:
        """Select it again and stand there again."""
        folders = [name for name in self._folders if self._view.runs.index_of(name).isValid()]
        if self._folders and not folders:
            near = (name for name in self._next if self._view.runs.index_of(name).isValid())
            folders = [name for name in (next(near, ""),) if name]
        self._view.select(folders, self._current)
        self._view.verticalScrollBar().setValue(self._down)
        self._view.horizontalScrollBar().setValue(self._right)
