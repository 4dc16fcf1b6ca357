"""Plugin table: a row for each plugin, found by typing. It knows nothing of what can be done with one."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ganstudio.catalogue import PluginState
from ganstudio.gui import theme
from ganstudio.gui.panels import plugin_words

_COLUMNS = ("State", "Plugin", "Brings", "Source", "Version", "Load time")
_BRINGS, _VERSION = 2, 4
_MOST, _GAP = 200, 12


class PluginTable(QTableWidget):
    """The rows stand in the order of :func:`plugin_words.in_order`.

    Signals:
        picked: another plugin is selected, or none; a ``PluginState`` or ``None``.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self._plugins: list[PluginState] = []
        self.setHorizontalHeaderLabels(_COLUMNS)
        self.setAccessibleName("Plugins")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_BRINGS, QHeaderView.ResizeMode.Stretch)
        self.itemSelectionChanged.connect(self._tell)

    def show_plugins(self, plugins: Iterable[PluginState]) -> None:
        """Show these; the one of the same name and place as the selected one stays selected."""
        before = self.selected()
        self._plugins = plugin_words.in_order(plugins)
        self.blockSignals(True)
        self.setRowCount(len(self._plugins))
        for row, plugin in enumerate(self._plugins):
            for column, item in enumerate(_items(plugin)):
                self.setItem(row, column, item)
        self._fit_columns()
        self.setCurrentCell(-1, -1)
        self.blockSignals(False)
        if before is None or not self.select(before.name, before.path):
            self._tell()

    def selected(self) -> PluginState | None:
        """Return the plugin of the selected row."""
        rows = {index.row() for index in self.selectedIndexes()}
        return self._plugins[min(rows)] if rows and min(rows) < len(self._plugins) else None

    def select(self, name: str, path: str = "") -> bool:
        """Select a plugin by name, and by where it lies where that is given; return whether it is there."""
        for row, plugin in enumerate(self._plugins):
            if plugin.name == name and path in ("", plugin.path):
                self.selectRow(row)
                self.scrollTo(self.model().index(row, 0))
                return True
        return False

    def filter(self, text: str) -> None:
        """Show the rows in which every word occurs, in whatever column."""
        words = text.lower().split()
        for row, plugin in enumerate(self._plugins):
            searched = " ".join((*plugin_words.cells(plugin), *plugin.brings, plugin.path)).lower()
            self.setRowHidden(row, not all(word in searched for word in words))

    @Slot()
    def _tell(self) -> None:
        self.picked.emit(self.selected())

    def _fit_columns(self) -> None:
        self.resizeColumnsToContents()
        for column in range(len(_COLUMNS)):
            self.setColumnWidth(column, min(self.columnWidth(column) + _GAP, _MOST))
        self.setColumnHidden(_VERSION, not any(plugin.version for plugin in self._plugins))


def _items(plugin: PluginState) -> list[QTableWidgetItem]:
    """Return the cells of a row. A sign and a word tell the state, so that colour need not."""
    look = plugin_words.look(plugin)
    items = [QTableWidgetItem(text) for text in plugin_words.cells(plugin)]
    items[0].setIcon(theme.icon(look.icon, look.token))
    for item in items:
        item.setToolTip(item.text())
    return items
