"""Live undo: changed settings of a running run, taken back and made again.

Taking one back is a change like any other: it acts at the next step, is recorded, and has its marker.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from ganstudio.api.events import Event, SettingChanged, SettingRefused, Started

TOGETHER_SECONDS = 1.5
"""Changes of one setting that follow each other this closely are one, as when a slider is dragged."""


@dataclass(frozen=True)
class _Change:
    path: str
    before: Any
    after: Any
    when: float


class LiveUndo(QObject):
    """Keeps what was changed in the run that goes on.

    Signals:
        wanted: a setting's path and the value it is to have.
        changed: there is something else to take back or to make again.
    """

    wanted = Signal(str, object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: list[_Change] = []
        self._undone: list[_Change] = []
        self._own = 0
        """Answers awaited to changes that were asked for here."""

    def undo_text(self) -> str:
        """Return the setting that would be taken back, or nothing."""
        return self._done[-1].path if self._done else ""

    def redo_text(self) -> str:
        """Return the setting that would be changed again, or nothing."""
        return self._undone[-1].path if self._undone else ""

    def undo(self) -> None:
        """Give the setting changed last the value it had."""
        if self._done:
            change = self._done.pop()
            self._undone.append(change)
            self._want(change.path, change.before)

    def redo(self) -> None:
        """Change again what was taken back last."""
        if self._undone:
            change = self._undone.pop()
            self._done.append(replace(change, when=0.0))
            self._want(change.path, change.after)

    def clear(self) -> None:
        """Forget everything: the run is over."""
        self._done, self._undone, self._own = [], [], 0
        self.changed.emit()

    def take(self, events: Iterable[Event]) -> None:
        """Follow what becomes of the settings."""
        for event in events:
            match event:
                case Started():
                    self.clear()
                case SettingChanged(again=False) | SettingRefused(again=False) if self._own:
                    self._own -= 1
                case SettingChanged(again=False):
                    self._note(_Change(event.path, event.before, event.value, time.monotonic()))

    def _note(self, change: _Change) -> None:
        last = self._done[-1] if self._done else None
        if last and last.path == change.path and change.when - last.when < TOGETHER_SECONDS:
            self._done[-1] = replace(change, before=last.before)
        else:
            self._done.append(change)
        self._undone = []
        self.changed.emit()

    def _want(self, path: str, value: Any) -> None:
        self._own += 1
        self.wanted.emit(path, value)
        self.changed.emit()
