"""Menus: the menu bar, made from what the window can do. Nothing stands in a menu that does not work."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ganstudio.gui.run_bar import RunBar


@dataclass(frozen=True)
class Doings:
    """What the menus do: the window's own functions."""

    open_experiment: Callable[[], None]
    save_experiment: Callable[[], None]
    find_setting: Callable[[], None]
    change_theme: Callable[[], None]
    reset_layout: Callable[[], None]
    full_screen: Callable[[], None]
    open_run_folder: Callable[[], None]
    show_data: Callable[[], None]
    show_plugins: Callable[[], None]
    help_on_field: Callable[[], None]
    show_keys: Callable[[], None]
    show_log_file: Callable[[], None]
    about: Callable[[], None]


class Menus:
    """The menu bar of a window; ``open_run`` is the one entry that is not always possible."""

    def __init__(self, window: QMainWindow, doings: Doings, bar: RunBar, docks: list[QAction]) -> None:
        self._window = window
        menu = self._menu("&File")
        self._add(menu, "&Open experiment…", doings.open_experiment, "Ctrl+O")
        self._add(menu, "&Save experiment as…", doings.save_experiment, "Ctrl+S")
        menu.addSeparator()
        self._add(menu, "&Quit", window.close, "Ctrl+Q")

        menu = self._menu("&Edit")
        self._add(menu, "&Find a setting", doings.find_setting, "Ctrl+F")

        menu = self._menu("&View")
        self._add(menu, "&Data", doings.show_data, "Ctrl+D")
        menu.addSeparator()
        menu.addActions(docks)
        menu.addSeparator()
        self._add(menu, "Change &theme", doings.change_theme)
        self._add(menu, "&Reset layout", doings.reset_layout)
        self._add(menu, "&Full screen", doings.full_screen, "F11")

        menu = self._menu("&Run")
        menu.addActions([bar.train, bar.pause, bar.step, bar.stop])
        menu.addSeparator()
        self.open_run = self._add(menu, "&Open run folder", doings.open_run_folder)
        self.open_run.setEnabled(False)

        menu = self._menu("&Plugins")
        self._add(menu, "&Show plugins", doings.show_plugins)

        menu = self._menu("&Help")
        self._add(menu, "Help on the &field", doings.help_on_field, "F1")
        self._add(menu, "&Keys", doings.show_keys)
        self._add(menu, "Open the &log file", doings.show_log_file)
        self._add(menu, "&About GAN Studio", doings.about)

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
