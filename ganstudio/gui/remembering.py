"""Remembering: what of a window is kept for the next start, and how it comes back."""

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from ganstudio.gui import theme
from ganstudio.gui.window_memory import WindowMemory

if TYPE_CHECKING:
    from ganstudio.gui.main_window import MainWindow
    from ganstudio.gui.panels.live_panel import LivePanel
    from ganstudio.gui.playground_tab import PlaygroundTab
    from ganstudio.gui.plugins_tab import PluginsTab
    from ganstudio.gui.runs_tab import RunsTab


class Remembering:
    """Moves choices between a window and its memory; what does not fit gets a line in the log instead."""

    def __init__(self, memory: WindowMemory, window: "MainWindow") -> None:
        self._memory, self._window = memory, window
        self._restored = False

    def restore_layout(self) -> None:
        """Put the window where it was, as it was, with the device it had."""
        window, memory = self._window, self._memory
        geometry, layout = memory.data("geometry"), memory.data("layout")
        if not geometry.isEmpty() and not window.restoreGeometry(geometry):
            window.log.say("The window's remembered place is unreadable and was passed over.", "watch")
        if not layout.isEmpty() and not window.restoreState(layout):
            window.log.say("The window's remembered layout is unreadable and was passed over.", "watch")
        window.bar.want_device(memory.text("device"))

    def restore_plugins(self, plugins: "PluginsTab") -> None:
        """Load plugins anew on save, as was chosen."""
        plugins.set_automatic(self._memory.text("reload_on_save") != "no")
        plugins.automaticChanged.connect(self._keep_automatic)

    def restore_plots(self, live: "LivePanel") -> None:
        """Give the plots the looks they had."""
        try:
            live.restore(json.loads(self._memory.text("live") or "{}"))
        except (ValueError, TypeError, AttributeError) as error:
            self._window.log.say(f"The remembered plots were passed over: {error}.", "watch")

    def restore_runs(self, runs: "RunsTab") -> None:
        """Give the table of runs the looks it had."""
        try:
            runs.page.restore(json.loads(self._memory.text("runs") or "{}"))
        except (ValueError, TypeError, AttributeError) as error:
            self._window.log.say(f"The remembered table of runs was passed over: {error}.", "watch")

    def restore_playground(self, playground: "PlaygroundTab") -> None:
        """Show the layers that were shown."""
        try:
            playground.page.restore(json.loads(self._memory.text("playground") or "{}"))
        except (ValueError, TypeError, AttributeError) as error:
            self._window.log.say(f"The remembered playground was passed over: {error}.", "watch")

    def restore_experiment(self) -> None:
        """Show the last experiment, once, as soon as there is a form; or the hint of the first start."""
        form, memory = self._window.experiment, self._memory
        if self._restored or form.form is None:
            return
        self._restored = True
        last = memory.last_experiment()
        if last is not None:
            form.set_experiment(last, memory.text("preset"))
        form.welcome(last is None and not memory.text("welcomed"))
        for complaint in memory.complaints:
            self._window.log.say(complaint, "watch")

    def _keep_automatic(self, automatic: bool) -> None:
        self._memory.remember({"reload_on_save": "yes" if automatic else "no"})

    def keep_welcomed(self) -> None:
        """Do not show the hint of the first start again."""
        self._memory.remember({"welcomed": "yes"})

    def keep_theme(self) -> None:
        """Keep the theme in force."""
        self._memory.remember({"theme": theme.current().name})

    def keep_experiment(self) -> None:
        """Keep what is in the form."""
        experiment = self._window.experiment.experiment()
        if experiment is not None:
            self._memory.remember({"preset": self._window.experiment.baseline_name()})
            self._memory.remember_experiment(experiment)

    def keep_everything(self) -> None:
        """Keep all of it, as the window closes."""
        window = self._window
        values: dict[str, str | QByteArray] = {
            "geometry": window.saveGeometry(),
            "layout": window.saveState(),
            "theme": theme.current().name,
        }
        if window.tabs.is_made("Live"):
            values["live"] = json.dumps(window.live_panel().state())
        if window.tabs.is_made("Runs"):
            values["runs"] = json.dumps(window.tabs.runs().page.state())
        if window.tabs.is_made("Playground"):
            values["playground"] = json.dumps(window.tabs.playground().page.state())
        if window.bar.device.currentData():
            values["device"] = window.bar.chosen_device()
        self._memory.remember(values)
        self.keep_experiment()
