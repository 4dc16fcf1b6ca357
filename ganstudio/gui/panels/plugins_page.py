"""PluginsPage: every plugin that was found, what it brings, and why one failed.

It shows plugin states as the catalogue holds them. It loads nothing.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalogue import PluginState
from ganstudio.gui import theme

_COLUMNS = ("State", "Plugin", "Brings", "Source", "Version", "Load time")
_BRINGS = 2


class PluginsPage(QWidget):
    """A table of plugins, and below it what there is to say about the selected one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plugins: tuple[PluginState, ...] = ()
        self.summary = QLabel("Loading plugins…", self)
        self.summary.setProperty("role", "quiet")
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName("Filter the plugins")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setMaximumWidth(240)
        self.filter.textChanged.connect(self._filter)
        self.table = _table(self)
        self.table.itemSelectionChanged.connect(self._show_selected)
        self.details = _Details(self)
        self._lay_out()

    def show_plugins(self, plugins: Iterable[PluginState]) -> None:
        """Show these, the failed ones first."""
        self._plugins = tuple(sorted(plugins, key=lambda plugin: not plugin.failed))
        self.table.setRowCount(len(self._plugins))
        for row, plugin in enumerate(self._plugins):
            for column, item in enumerate(_items(plugin)):
                self.table.setItem(row, column, item)
        self.table.resizeColumnsToContents()
        self._summarise()
        self._filter(self.filter.text())
        self.details.clear()

    def failed_count(self) -> int:
        """Return how many plugins could not be loaded."""
        return sum(bool(plugin.failed) for plugin in self._plugins)

    def select(self, name: str) -> None:
        """Select a plugin by name, where it is there."""
        for row, plugin in enumerate(self._plugins):
            if plugin.name == name:
                self.table.selectRow(row)

    def _summarise(self) -> None:
        count, failed = len(self._plugins), self.failed_count()
        loaded = f"{count - failed} loaded"
        self.summary.setText(
            f"{loaded}, {failed} failed" if failed else loaded if count else "No plugins were found."
        )

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for row, plugin in enumerate(self._plugins):
            state = "failed" if plugin.failed else "loaded"
            searched = " ".join((plugin.name, plugin.source, state, *plugin.brings)).lower()
            self.table.setRowHidden(row, not all(word in searched for word in words))

    def _show_selected(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        if rows:
            self.details.show_plugin(self._plugins[min(rows)])
        else:
            self.details.clear()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self.filter)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([320, 220])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(split, 1)


class _Details(QWidget):
    """What the selected plugin brings, or what went wrong with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.traceback = QPlainTextEdit(self)
        self.traceback.setReadOnly(True)
        self.traceback.setFont(theme.mono_font())
        self.traceback.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.traceback.setAccessibleName("Traceback of the plugin")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.sentence)
        layout.addWidget(self.traceback, 1)
        layout.addStretch(0)
        self.clear()

    def clear(self) -> None:
        """Say what to do here."""
        self._say("Select a plugin to read what it brings, or why it failed.", "quiet", "")

    def show_plugin(self, plugin: PluginState) -> None:
        """Show the sentence and the traceback of a failure, or what a plugin brings."""
        if plugin.failed:
            self._say(f"{plugin.name} failed to load. {plugin.failed}", "bad", plugin.traceback)
        else:
            brings = ", ".join(plugin.brings) or "nothing"
            self._say(f"{plugin.name} brings {brings}.", "", "")

    def _say(self, sentence: str, role: str, traceback: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setProperty("role", role)
        self.sentence.style().polish(self.sentence)
        self.traceback.setPlainText(traceback.rstrip())
        self.traceback.setVisible(bool(traceback))


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS), parent)
    table.setHorizontalHeaderLabels(_COLUMNS)
    table.setAccessibleName("Plugins")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setSectionResizeMode(_BRINGS, QHeaderView.ResizeMode.Stretch)
    return table


def _items(plugin: PluginState) -> list[QTableWidgetItem]:
    """Return the cells of a row. A sign and a word tell the state, so that colour need not."""
    icon = theme.icon("cross", "bad") if plugin.failed else theme.icon("check", "good")
    brings = plugin.failed or ", ".join(plugin.brings) or "nothing"
    items = [
        QTableWidgetItem(icon, "failed" if plugin.failed else "loaded"),
        QTableWidgetItem(plugin.name),
        QTableWidgetItem(brings),
        QTableWidgetItem(plugin.source),
        QTableWidgetItem(plugin.version),
        QTableWidgetItem(f"{plugin.seconds:.2f} s"),
    ]
    for item in items:
        item.setToolTip(item.text())
    return items
