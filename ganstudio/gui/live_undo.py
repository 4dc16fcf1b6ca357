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
    group: int = 0
    """Changes with the same number, unless that is 0, are taken back together."""
    title: str = ""
    """What they are together."""


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
        self._expected: dict[str, tuple[int, str]] = {}
        """Settings whose next change belongs to a group: its number and what it is."""
        self._groups = 0

    def undo_text(self) -> str:
        """Return the setting that would be taken back, or nothing."""
        return _name(self._done)

    def redo_text(self) -> str:
        """Return the setting that would be changed again, or nothing."""
        return _name(self._undone)

    def expect(self, title: str, paths: Iterable[str]) -> None:
        """Take the next changes of these settings as one, which is called ``title``."""
        self._groups += 1
        self._expected = dict.fromkeys(paths, (self._groups, title))

    def undo(self) -> None:
        """Give the setting changed last the value it had; of several changed as one, all of them."""
        for change in _last(self._done):
            self._undone.append(change)
            self._want(change.path, change.before)

    def redo(self) -> None:
        """Change again what was taken back last."""
        for change in _last(self._undone):
            self._done.append(replace(change, when=0.0))
            self._want(change.path, change.after)

    def clear(self) -> None:
        """Forget everything: the run is over."""
        self._done, self._undone, self._own = [], [], 0
        self._expected = {}
        self.changed.emit()

    def take(self, events: Iterable[Event]) -> None:
        """Follow what becomes of the settings."""
        for event in events:
            match event:
                case Started():
                    self.clear()
                case SettingChanged(again=False) | SettingRefused(again=False) if self._own:
                    self._own -= 1
                case SettingRefused(again=False):
                    self._expected.pop(event.path, None)
                case SettingChanged(again=False):
                    group = self._expected.pop(event.path, (0, ""))
                    now = time.monotonic()
                    self._note(_Change(event.path, event.before, event.value, now, *group))

    def _note(self, change: _Change) -> None:
        last = self._done[-1] if self._done else None
        dragged = last and last.path == change.path and last.group == change.group == 0
        if last and dragged and change.when - last.when < TOGETHER_SECONDS:
            self._done[-1] = replace(change, before=last.before)
        else:
            self._done.append(change)
        self._undone = []
        self.changed.emit()

    def _want(self, path: str, value: Any) -> None:
        self._own += 1
        self.wanted.emit(path, value)
        self.changed.emit()


def _name(changes: list[_Change]) -> str:
    """Return what the last change is called: the setting, or what several changed as one are together."""
    if not changes:
        return ""
    return f"“{changes[-1].title}”" if changes[-1].title else changes[-1].path


def _last(changes: list[_Change]) -> list[_Change]:
    """Take the last change away and return it, with those that were made as one with it; the last first."""
    taken = [changes.pop()] if changes else []
    while taken and taken[-1].group and changes and changes[-1].group == taken[-1].group:
        taken.append(changes.pop())
    return taken
