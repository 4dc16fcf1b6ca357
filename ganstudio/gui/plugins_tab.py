"""Plugins tab: the page of plugins with what drives it: the session and the plugin folder."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio import places
from ganstudio.catalogue import PluginState
from ganstudio.gui.panels import plugin_words
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.panels.plugins_page import PluginsPage
from ganstudio.gui.plugin_doings import PluginDoings
from ganstudio.gui.plugin_scan import PluginScan, Seen, listed
from ganstudio.session.plugin_watch import PluginWatch
from ganstudio.session.session import Session


class PluginsTab(QWidget):
    """The page, up to date with what lies in the plugin folder.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        marked: how many plugins failed, and how many wait for the user to agree to them.
        automaticChanged: whether plugins are loaded anew on save; by the user's doing.
    """

    said = Signal(str)
    failed = Signal(str, str)
    marked = Signal(int, int)
    automaticChanged = Signal(bool)  # noqa: N815 - Qt's way of naming

    def __init__(self, session: Session, form: ExperimentPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._form = session, form
        self._put_off: set[tuple[str, str]] = set()
        self._waiting = 0
        self._awaited = ""
        """The path of what was just made or agreed to, to be shown once it is loaded."""
        self._done = ""
        """The path of what the page says it was loaded."""
        self._usable: PluginState | None = None
        self.page = PluginsPage(self)
        self.doings = PluginDoings(self.page.details, self)
        self.scan = PluginScan(self)
        self.watch = PluginWatch(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()
        self._show()
        self._take_loading("")

    # --- What the window asks for ------------------------------------------------------------------

    def set_automatic(self, automatic: bool) -> None:
        """Load plugins anew on save, or not; without reporting it."""
        self.page.automatic.setChecked(automatic)

    def mark(self) -> None:
        """Say anew how many plugins there are to look at."""
        self.marked.emit(self.page.failed_count(), self._waiting)

    @Slot()
    def reload(self) -> None:
        """Load every plugin anew, at once or when the run that goes on has ended."""
        self._session.reload_plugins()

    @Slot()
    def new(self) -> None:
        """Ask for a new plugin, where plugins are loaded."""
        if self._session.ready:
            self.doings.making.ask()

    def shutdown(self, timeout_ms: int) -> bool:
        """End what goes on beside the window; return that nothing has to be waited for."""
        self.watch.stop()
        self.scan.cancel()
        self.doings.give_up_check()
        return True

    # --- What the session and the folder say -------------------------------------------------------

    @Slot()
    def _take_catalogue(self) -> None:
        self._show()
        self._tell_awaited()
        self._look()

    @Slot(str)
    def _take_loading(self, what: str) -> None:
        self.page.show_ready(self._session.ready)
        if self._session.ready and not what:
            self._look()

    @Slot(str, str)
    def _fail_to_reload(self, sentence: str, _details: str) -> None:
        self.failed.emit("The plugins stayed as they were: they could not be loaded anew.", sentence)

    def _look(self) -> None:
        """Read the places anew, and watch them from now on."""
        if not self._session.ready:
            return
        if self.scan.seen is None:
            self._begin_watch()
        self.scan.look()

    def _begin_watch(self) -> None:
        try:
            places.plugins().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.said.emit(f"The plugin folder cannot be made: {error}.")
        own = [plugin.path for plugin in self._session.catalogue.plugins if plugin.kind == "session"]
        self.watch.watch([places.plugins(), *map(Path, own)])

    @Slot(list, bool)
    def _take_seen(self, _seen: list[Seen], other: bool) -> None:
        self._show()
        if other and self.page.automatic.isChecked():
            self._session.reload_plugins()
        self.page.show_unloaded([] if self.page.automatic.isChecked() else self._unloaded())

    def _unloaded(self) -> list[str]:
        """Return the names of files that may be loaded and are not loaded as they are now."""
        loaded = {(plugin.path, plugin.digest) for plugin in self._session.catalogue.plugins}
        seen = self.scan.seen or []
        return [
            Path(each.path).name for each in seen if not each.state and (each.path, each.digest) not in loaded
        ]

    def _show(self) -> None:
        plugins = listed(self._session.catalogue.plugins, self.scan.seen)
        self.page.show_plugins(plugins)
        waiting = [plugin for plugin in plugins if self._waits(plugin)]
        self.page.show_waiting(waiting)
        if not any(plugin.path == self._done and plugin.state == "loaded" for plugin in plugins):
            self._say_done("", "")
        self._waiting = len(waiting)
        self.mark()

    def _waits(self, plugin: PluginState) -> bool:
        return plugin.state in plugin_words.TO_AGREE and (plugin.path, plugin.digest) not in self._put_off

    def _tell_awaited(self) -> None:
        """Show what was made or agreed to, now that it has been loaded."""
        plugin = self._at(self._awaited) if self._awaited else None
        if plugin is None or plugin.state in plugin_words.TO_AGREE:
            return
        self._awaited = ""
        self.page.select(plugin.name, plugin.path)
        if plugin.state == "loaded":
            from ganstudio.gui.plugin_making import parts_of

            self._usable = plugin if any(parts_of(plugin, self._session.catalogue)) else None
            self._say_done(plugin.path, f"{plugin.name} is loaded. {plugin_words.sentence(plugin)}")

    def _say_done(self, path: str, sentence: str) -> None:
        """Say what has become of what lies at a path; nothing for an empty sentence."""
        self._done = path
        self.page.show_done(sentence, self._usable is not None)

    def _at(self, path: str) -> PluginState | None:
        return next((plugin for plugin in self._session.catalogue.plugins if plugin.path == path), None)

    # --- What the user wants -----------------------------------------------------------------------

    @Slot()
    def _look_at_waiting(self) -> None:
        plugin = next((plugin for plugin in self.page.plugins() if self._waits(plugin)), None)
        if plugin is not None:
            self.page.select(plugin.name, plugin.path)
            self.doings.ask(plugin)

    @Slot(str, bool)
    def _take_agreement(self, path: str, follow: bool) -> None:
        if follow:
            self.scan.followed.add(path)
        self._awaited = path
        self._say_done("", "")
        self._session.reload_plugins()

    @Slot(str, str)
    def _take_put_off(self, path: str, digest: str) -> None:
        self._put_off.add((path, digest))
        self._show()

    @Slot(str)
    def _take_withdrawal(self, path: str) -> None:
        self.scan.followed.discard(path)
        self._session.reload_plugins()

    @Slot(str)
    def _take_package(self, path: str) -> None:
        self._usable = None
        self.page.show_done(f"The package was written to {path}. Install it: pip install -e {path}", False)

    @Slot()
    def _use(self) -> None:
        """Choose in the form what was loaded last."""
        from ganstudio.gui.plugin_making import parts_of, with_entry

        experiment, catalogue = self._form.experiment(), self._session.catalogue
        if self._usable is None or experiment is None:
            return
        for part, entry in parts_of(self._usable, catalogue):
            experiment = with_entry(experiment, part, entry, catalogue)
        self._form.set_experiment(experiment, self._form.baseline_name())
        self._say_done("", "")

    # --- Inside ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        page, session = self.page, self._session
        session.catalogueChanged.connect(self._take_catalogue)
        session.loadingChanged.connect(self._take_loading)
        session.reloadingChanged.connect(page.show_reloading)
        session.reloadFailed.connect(self._fail_to_reload)
        self.watch.changed.connect(self._look)
        self.scan.found.connect(self._take_seen)
        self.scan.failed.connect(self.said)
        page.newAsked.connect(self.new)
        page.reloadAsked.connect(self.reload)
        page.automaticChanged.connect(self.automaticChanged)
        page.lookAsked.connect(self._look_at_waiting)
        page.useAsked.connect(self._use)
        doings = self.doings
        doings.said.connect(self.said)
        doings.failed.connect(self.failed)
        doings.agreed.connect(self._take_agreement)
        doings.putOff.connect(self._take_put_off)
        doings.withdrawn.connect(self._take_withdrawal)
        doings.packaged.connect(self._take_package)
        doings.switched.connect(self._session.reload_plugins)
