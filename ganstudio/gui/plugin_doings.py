"""Plugin doings: what the user does with one plugin: agree, check, open, switch off, begin a new one.

It tells what was done. It loads nothing and does not know the session.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganstudio import places
from ganstudio.api.errors import StudioError
from ganstudio.catalogue import PluginState
from ganstudio.gui.editor import open_in_editor
from ganstudio.gui.files import show_on_desktop
from ganstudio.gui.panels.plugin_details import PluginDetails

if TYPE_CHECKING:
    from ganstudio.gui.plugin_agreeing import PluginAgreeing
    from ganstudio.gui.plugin_checking import PluginChecking
    from ganstudio.gui.plugin_making import PluginMaking

_NO_EDITOR = "No editor opened the file; it is {}. The environment variable GANSTUDIO_EDITOR can name one."


class PluginDoings(QObject):
    """Does what the details of a plugin ask for. What takes a dialog is made when it is first needed.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        agreed: the user agreed to what is at a path; and whether to every later save of it as well.
        putOff: the user would not agree now; the path and the hash of what it was about.
        withdrawn: the path of what is not agreed to any more.
        packaged: a package was written, which has to be installed; its folder.
        switched: a plugin was disabled or enabled.
    """

    said = Signal(str)
    failed = Signal(str, str)
    agreed = Signal(str, bool)
    putOff = Signal(str, str)  # noqa: N815 - Qt's way of naming
    withdrawn = Signal(str)
    packaged = Signal(str)
    switched = Signal()

    def __init__(self, details: PluginDetails, window: QWidget) -> None:
        super().__init__(window)
        self._details, self._window = details, window
        details.agreeAsked.connect(self.ask)
        details.withdrawAsked.connect(self._withdraw)
        details.disableAsked.connect(self._disable)
        details.enableAsked.connect(self._enable)
        details.checkAsked.connect(self._check)
        details.giveUpAsked.connect(self.give_up_check)
        details.revealAsked.connect(self._reveal)
        details.editAsked.connect(self.open)

    @cached_property
    def agreeing(self) -> "PluginAgreeing":
        """What asks whether a file may run."""
        from ganstudio.gui.plugin_agreeing import PluginAgreeing

        made = PluginAgreeing(self._window)
        made.agreed.connect(self.agreed)
        made.putOff.connect(self.putOff)
        made.failed.connect(self.failed)
        return made

    @cached_property
    def making(self) -> "PluginMaking":
        """What writes new plugins."""
        from ganstudio.gui.plugin_making import PluginMaking

        made = PluginMaking(self._window)
        made.written.connect(self._take_written)
        made.packaged.connect(self._take_package)
        return made

    @cached_property
    def checking(self) -> "PluginChecking":
        """What runs the checks."""
        from ganstudio.gui.plugin_checking import PluginChecking

        made = PluginChecking(self)
        made.changed.connect(self._details.show_checking)
        made.found.connect(self._details.show_report)
        made.failed.connect(self.failed)
        return made

    @Slot(object)
    def ask(self, plugin: PluginState) -> None:
        """Show what a plugin says, and ask whether it may run."""
        self.agreeing.ask(plugin.path)

    @Slot(str, int)
    def open(self, path: str, line: int = 0) -> None:
        """Open a file, or the first file of a folder, in the editor."""
        place = Path(path)
        if not open_in_editor(place / "__init__.py" if place.is_dir() else place, line):
            self.said.emit(_NO_EDITOR.format(f"{path}, line {line}" if line else path))

    @Slot()
    def give_up_check(self) -> None:
        """End the check that goes on."""
        if "checking" in self.__dict__:
            self.checking.cancel()

    @Slot(object)
    def _withdraw(self, plugin: PluginState) -> None:
        if self.agreeing.withdraw(plugin.path):
            self.withdrawn.emit(plugin.path)

    @Slot(object)
    def _disable(self, plugin: PluginState) -> None:
        self._switch(plugin, off=True)

    @Slot(object)
    def _enable(self, plugin: PluginState) -> None:
        self._switch(plugin, off=False)

    def _switch(self, plugin: PluginState, off: bool) -> None:
        from ganstudio.discovery.trust import Trust

        trust = Trust(places.trust())
        try:
            if off:
                trust.disable(plugin.source)
            else:
                # The command line may have disabled it by its name.
                trust.enable(plugin.source)
                trust.enable(plugin.name)
        except (StudioError, OSError) as error:
            self.failed.emit(f"{plugin.name} is as it was.", str(error))
        else:
            self.switched.emit()

    @Slot(object)
    def _check(self, plugin: PluginState) -> None:
        self.checking.check(plugin)

    @Slot(object)
    def _reveal(self, plugin: PluginState) -> None:
        path = Path(plugin.path)
        self._reveal_folder(path if path.is_dir() else path.parent)

    @Slot(str)
    def _take_written(self, path: str) -> None:
        self.said.emit(f"A new plugin was written: {path}")
        self.open(path)
        # Whoever begins a plugin writes it: what they save is what they want to run.
        self.agreed.emit(path, True)

    @Slot(str)
    def _take_package(self, path: str) -> None:
        self._reveal_folder(Path(path))
        self.packaged.emit(path)

    def _reveal_folder(self, folder: Path) -> None:
        if not show_on_desktop(folder):
            self.said.emit(f"The desktop shows no folders; it is {folder}")
