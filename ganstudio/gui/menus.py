"""Menus: the menu bar, made from what the window can do. Nothing stands in a menu that does not work."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ganstudio.gui.journeys import Journeys
from ganstudio.gui.run_bar import RunBar
from ganstudio.gui.run_state import ACTIVE
from ganstudio.session.session import Session


@dataclass(frozen=True)
class Doings:
    """What the menus do: with the session, with the run that is shown, and with the window."""

    session: Session
    journeys: Journeys
    open_experiment: Callable[[], None]
    save_experiment: Callable[[], None]
    find_setting: Callable[[], None]
    change_theme: Callable[[], None]
    reset_layout: Callable[[], None]
    full_screen: Callable[[], None]
    show_page: Callable[[str], None]
    new_plugin: Callable[[], None]
    undo: Callable[[], None]
    redo: Callable[[], None]
    help_on_field: Callable[[], None]
    show_keys: Callable[[], None]
    show_log_file: Callable[[], None]
    about: Callable[[], None]


class Menus:
    """The menu bar of a window."""

    def __init__(self, window: QMainWindow, doings: Doings, bar: RunBar, docks: list[QAction]) -> None:
        self._window = window
        session, journeys = doings.session, doings.journeys
        shown = journeys.with_shown
        menu = self._menu("&File")
        self._add(menu, "&Open experiment…", doings.open_experiment, "Ctrl+O")
        self._add(menu, "&Save experiment as…", doings.save_experiment, "Ctrl+S")
        menu.addSeparator()
        self._add(menu, "Open &run…", journeys.ask_open, "Ctrl+Shift+O")
        self.export = self._add(menu, "&Export the run…", partial(shown, journeys.export))
        self.film = self._add(menu, "Export a &film of its samples…", partial(shown, journeys.film), "Ctrl+E")
        menu.addSeparator()
        self._add(menu, "&Quit", window.close, "Ctrl+Q")

        menu = self._menu("&Edit")
        self.undo = self._add(menu, "&Undo", doings.undo, "Ctrl+Z")
        self.redo = self._add(menu, "&Redo", doings.redo, "Ctrl+Y")
        self.show_undo("", "")
        menu.addSeparator()
        self._add(menu, "&Find a setting", doings.find_setting, "Ctrl+F")

        menu = self._menu("&View")
        for number, name in enumerate(("Live", "Compare", "Runs", "Playground", "Data"), 1):
            keys = "Ctrl+D" if name == "Data" else f"Ctrl+{number}"
            self._add(menu, f"&{name}", partial(doings.show_page, name), keys)
        menu.addSeparator()
        menu.addActions(docks)
        self._panels = menu.addSeparator()
        self._view = menu
        self._add(menu, "Change &theme", doings.change_theme)
        self._add(menu, "&Reset layout", doings.reset_layout)
        self._add(menu, "&Full screen", doings.full_screen, "F11")

        menu = self._menu("&Run")
        menu.addActions([bar.train, bar.pause, bar.step, bar.stop])
        menu.addSeparator()
        self.resume = self._add(
            menu, "R&esume the run that is shown", partial(shown, journeys.resume), "Ctrl+Shift+R"
        )
        self.branch = self._add(menu, "&Branch…", partial(shown, journeys.branch), "Ctrl+B")
        self.checkpoint = self._add(menu, "&Checkpoint now", session.checkpoint_now, "Ctrl+Shift+S")
        self.preview = self._add(menu, "Pre&view now", session.request_preview, "F9")
        self.score = self._add(menu, "S&cores now", session.score_now, "Shift+F9")
        menu.addSeparator()
        self.folder = self._add(menu, "&Open run folder", partial(shown, journeys.reveal))
        self.show_state("idle", False)

        menu = self._menu("&Plugins")
        self._add(menu, "&New from template…", doings.new_plugin)
        self._add(menu, "&Reload", session.reload_plugins, "Ctrl+Shift+L")
        menu.addSeparator()
        self._add(menu, "&Show plugins", partial(doings.show_page, "Plugins"))

        menu = self._menu("&Help")
        self._add(menu, "Help on the &field", doings.help_on_field, "F1")
        self._add(menu, "&Keys", doings.show_keys)
        self._add(menu, "Open the &log file", doings.show_log_file)
        self._add(menu, "&About GAN Studio", doings.about)

    def add_panels(self, panels: QMenu) -> None:
        """Put the menu of the plugins' panels below the docks."""
        self._view.insertMenu(self._panels, panels)

    def show_state(self, state: str, run: bool) -> None:
        """Let every entry tell the truth; ``run``: whether a run is shown that has a folder."""
        for action in (self.branch, self.folder, self.export, self.film):
            action.setEnabled(run)
        self.resume.setEnabled(run and state not in ACTIVE)
        for action in (self.checkpoint, self.preview, self.score):
            action.setEnabled(state in ("running", "paused"))

    def show_undo(self, undo: str, redo: str) -> None:
        """Offer to take back, and to make again, the change of a live setting; nothing for an empty text."""
        for action, word, path in ((self.undo, "&Undo", undo), (self.redo, "&Redo", redo)):
            action.setText(f"{word} the change of {path}" if path else word)
            action.setEnabled(bool(path))

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        return menu

    def _add(self, menu: QMenu, text: str, do: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(text, self._window)
        # A triggered action hands over whether it is checked, which none of these has a use for.
        action.triggered.connect(lambda _checked=False: do())
        if keys:
            action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action
