"""PluginsPage: every plugin that was found, and what its author does with it: begin, read, check, reload.

It shows plugin states as the catalogue holds them and asks for everything else. It loads nothing.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalogue import PluginState
from ganstudio.gui import theme
from ganstudio.gui.panels import plugin_words
from ganstudio.gui.panels.plugin_details import PluginDetails
from ganstudio.gui.panels.plugin_table import PluginTable
from ganstudio.gui.widgets.notice import Notice

_RELOADING = {
    "waiting": "A run goes on with the code it started with. The plugins are loaded anew when it ends.",
    "reloading": "Loading the plugins anew…",
}
_AUTOMATIC = "Files you agreed to are loaded anew when you save them, or when a run that goes on has ended"

_UNLOADED = "Reload does that; with “Reload on save” it happens by itself."


class PluginsPage(QWidget):
    """A table of plugins, and below it what there is to say about the selected one.

    Signals:
        newAsked: the user wants to begin a plugin of their own.
        reloadAsked: the user wants all plugins loaded anew.
        automaticChanged: whether they are to be loaded anew on save; by the user's doing.
        lookAsked: the user wants to see what waits to be agreed to.
        useAsked: the user wants what was loaded last to be chosen in the form.
    """

    newAsked = Signal()  # noqa: N815 - Qt's way of naming
    reloadAsked = Signal()  # noqa: N815
    automaticChanged = Signal(bool)  # noqa: N815
    lookAsked = Signal()  # noqa: N815
    useAsked = Signal()  # noqa: N815

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
        self.filter.setMaximumWidth(200)
        self.automatic = QCheckBox("Reload on save", self)
        self.automatic.setToolTip(_AUTOMATIC)
        self.automatic.setChecked(True)
        self.new = QPushButton(theme.icon("add"), "New from template…", self)
        self.new.setToolTip("Write a small plugin that trains already, to change it into your own")
        self.reload = QPushButton(theme.icon("reset"), "Reload", self)
        self.reload.setToolTip("Load every plugin anew, without a restart (Ctrl+Shift+L)")
        self.waiting = Notice("watch", action="Look…", parent=self)
        self.reloading = Notice("info", parent=self)
        self.done = Notice("good", action="Choose it in the form", closable=True, parent=self)
        self.unloaded = Notice("info", parent=self)
        self.table = PluginTable(self)
        self.details = PluginDetails(self)
        self._lay_out()
        self._connect()
        self.show_ready(False)

    def show_plugins(self, plugins: Iterable[PluginState]) -> None:
        """Show these; what there is to look at stands first."""
        self._plugins = tuple(plugins)
        self.table.show_plugins(self._plugins)
        self.table.filter(self.filter.text())
        self.summary.setText(plugin_words.summary(self._plugins))

    def plugins(self) -> tuple[PluginState, ...]:
        """Return what is shown."""
        return self._plugins

    def failed_count(self) -> int:
        """Return how many plugins could not be loaded as they are now."""
        return sum(plugin.state in plugin_words.WRONG for plugin in self._plugins)

    def select(self, name: str, path: str = "") -> bool:
        """Select a plugin by name, and by where it lies where given; return whether it is there."""
        return self.table.select(name, path)

    def show_ready(self, ready: bool) -> None:
        """Allow what needs plugins to be loaded, or not yet."""
        for button in (self.new, self.reload):
            button.setEnabled(ready)

    @Slot(str)
    def show_reloading(self, state: str) -> None:
        """Say that a reload waits for the end of a run or goes on; an empty state ends it."""
        self.reloading.say(_RELOADING.get(state, ""))
        self.reload.setEnabled(not state)

    def show_waiting(self, plugins: list[PluginState]) -> None:
        """Say that these wait for the user to agree to them; say nothing for none."""
        self.waiting.say(plugin_words.waiting(plugins))

    def show_unloaded(self, names: list[str]) -> None:
        """Say that files of these names are not loaded as they are now; say nothing for none."""
        verb = "are" if len(names) > 1 else "is"
        self.unloaded.say(f"{', '.join(names)} {verb} not loaded as saved. {_UNLOADED}" if names else "")

    def show_done(self, sentence: str, usable: bool) -> None:
        """Say what was made or loaded; ``usable``: whether it can be chosen in the form."""
        self.done.say(sentence)
        self.done.show_button(usable)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.summary, 1)
        for widget in (self.filter, self.automatic, self.reload, self.new):
            top.addWidget(widget)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([200, 340])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        for notice in (self.waiting, self.unloaded, self.reloading, self.done):
            layout.addWidget(notice)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self.table.filter)
        self.table.picked.connect(self.details.show_plugin)
        self.new.clicked.connect(self.newAsked)
        self.reload.clicked.connect(self.reloadAsked)
        self.automatic.clicked.connect(self.automaticChanged)
        self.waiting.acted.connect(self.lookAsked)
        self.done.acted.connect(self.useAsked)
