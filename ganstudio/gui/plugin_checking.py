"""Plugin checking: the conformance tests of one plugin, in a process of their own, beside the window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ganstudio import places
from ganstudio.api.errors import InputError
from ganstudio.catalogue import PluginState
from ganstudio.gui.errand import Errand

if TYPE_CHECKING:
    from ganstudio.testing.report import Finding, Report

_NOT_AGREED = "It is not as you agreed to it any more. Read what changed and agree to it first."


class PluginChecking(QObject):
    """Checks one plugin at a time.

    Signals:
        changed: the source of the plugin that is being checked, empty once it is over.
        found: the plugin's source, the ``Report`` so far, and whether the check goes on.
        failed: a few words on what failed, and the sentence.
    """

    changed = Signal(str)
    found = Signal(str, object, bool)
    failed = Signal(str, str)
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plugin: PluginState | None = None
        self._check = object()
        """Stands for the check that goes on: what others still tell is not heard."""
        self._report: Report | None = None
        self._errand = Errand(self)
        self._errand.done.connect(self._take)
        self._errand.failed.connect(self._fail)
        self._told.connect(self._take_finding, Qt.ConnectionType.QueuedConnection)

    def check(self, plugin: PluginState) -> None:
        """Begin to check a plugin, in place of the one before."""
        from ganstudio.testing.report import Report

        self.cancel()
        this = self._check = object()
        self._plugin, self._report = plugin, Report(plugin.name)

        def work(_told: object, cancelled: Callable[[], bool]) -> "Report":
            from ganstudio.checking import run_check

            _make_sure(plugin)
            target, told = plugin.path or plugin.name, self._told
            return run_check(target, cancelled=cancelled, tell=lambda finding: told.emit(this, finding))

        self._errand.start(work, "plugin check")
        self.changed.emit(plugin.source)

    def cancel(self) -> None:
        """End the check that goes on, and its process with it."""
        if self._errand.busy:
            self._errand.cancel()
            self.changed.emit("")

    @Slot(object, object)
    def _take_finding(self, check: object, finding: "Finding") -> None:
        if check is self._check and self._errand.busy and self._plugin and self._report:
            self._report = self._report.plus(finding)
            self.found.emit(self._plugin.source, self._report, True)

    @Slot(object)
    def _take(self, report: "Report") -> None:
        assert self._plugin is not None
        self.changed.emit("")
        self.found.emit(self._plugin.source, replace(report, target=self._plugin.name), False)

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        assert self._plugin is not None
        self.changed.emit("")
        self.failed.emit(f"{self._plugin.name} was not checked.", sentence)


def _make_sure(plugin: PluginState) -> None:
    """Raise ``InputError`` where a file is not what the user agreed to: a check executes it."""
    from ganstudio.discovery.trust import Trust

    if plugin.kind == "file" and Trust(places.trust()).state(Path(plugin.path)) != "trusted":
        raise InputError(_NOT_AGREED)
