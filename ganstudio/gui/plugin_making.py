"""Plugin making: a new plugin from a template, at the user's wish, and what was loaded of it into the form.

What it writes, the user has agreed to: it is their own act. It loads nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganstudio import places
from ganstudio.api.errors import StudioError
from ganstudio.catalogue import Catalogue, Entry, PluginState, find
from ganstudio.experiment import Experiment
from ganstudio.gui.panels.plugin_new_dialog import PluginNewDialog, Wish


class PluginMaking(QObject):
    """Asks what to write, and writes it.

    Signals:
        written: a plugin that can be loaded at once was written; its path.
        packaged: a package was written, which has to be installed; its folder.
    """

    written = Signal(str)
    packaged = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: PluginNewDialog | None = None
        """The dialog that is open."""

    def ask(self) -> None:
        """Ask for name and kind."""
        if self.dialog is not None:
            return
        self.dialog = dialog = PluginNewDialog(places.plugins(), Path.home(), self._window)
        dialog.made.connect(self._write)
        dialog.finished.connect(self._close)
        dialog.open()

    @Slot(object)
    def _write(self, wish: Wish) -> None:
        dialog = self.dialog
        assert dialog is not None
        try:
            path = write(wish)
        except (StudioError, OSError) as error:
            dialog.refuse(str(error))
            return
        dialog.accept()
        (self.packaged if wish.package else self.written).emit(str(path))

    @Slot()
    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def write(wish: Wish) -> Path:
    """Write what is wished for and return where; a file is agreed to at once.

    Raises ``StudioError`` where the name cannot be one, or is taken.
    """
    from ganstudio.discovery.trust import Trust
    from ganstudio.templates import new_package, new_plugin

    wish.folder.mkdir(parents=True, exist_ok=True)
    if wish.package:
        return new_package(wish.name, wish.kind, wish.folder)
    path = new_plugin(wish.name, wish.kind, wish.folder)
    Trust(places.trust()).agree(path)
    return path


def parts_of(plugin: PluginState, catalogue: Catalogue) -> Iterator[tuple[str, Entry]]:
    """Give what a plugin brings to an experiment: the part of the form, and the entry."""
    parts = {
        "architecture": catalogue.architectures,
        "loss": catalogue.losses,
        "data": catalogue.data,
        "regularizers": catalogue.regularizers,
        "augmentations": catalogue.augmentations,
    }
    for part, entries in parts.items():
        yield from ((part, entry) for entry in entries if entry.plugin == plugin.source)


def with_entry(experiment: Experiment, part: str, entry: Entry, catalogue: Catalogue) -> Experiment:
    """Return the experiment with an entry chosen, and with data that goes with it where it has other data."""
    if part in ("regularizers", "augmentations"):
        return experiment.with_value(f"{part}.{entry.kind}", {})
    chosen = experiment.with_value(f"{part}.kind", entry.kind)
    if part != "architecture":
        return chosen
    data = find(catalogue.data, chosen.data.kind)
    if data is None or not set(entry.data_kinds) & set(data.data_kinds):
        fitting = next((d for d in catalogue.data if set(entry.data_kinds) & set(d.data_kinds)), None)
        chosen = chosen.with_value("data.kind", fitting.kind) if fitting else chosen
    # Its networks may be called otherwise, and begin with optimizers of their own.
    return replace(chosen, optimizers={})
