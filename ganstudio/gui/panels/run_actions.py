"""Run actions: what can be done with the selected runs, when, and why not. It does none of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme
from ganstudio.runs.entry import Entry

Refusal = Callable[[Sequence[Entry]], str]
"""Says why something cannot be done with these runs; an empty text where it can."""


@dataclass(frozen=True)
class _Kind:
    key: str
    text: str
    tip: str
    refusal: Refusal
    icon: str = ""
    keys: str = ""


class RunActions(QObject):
    """The actions by their keys, each with the reason it cannot be used as its tip.

    Signals:
        wanted: the key of an action that was triggered.
    """

    wanted = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.by_key: dict[str, QAction] = {}
        self._busy = ""
        for kind in _KINDS:
            action = QAction(kind.text, owner)
            # Qt would leave out the dots on a button.
            action.setIconText(kind.text)
            if kind.icon:
                action.setIcon(theme.icon(kind.icon))
            if kind.keys:
                action.setShortcut(QKeySequence(kind.keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, key=kind.key: self.wanted.emit(key))
            self.by_key[kind.key] = action
        self.show_selected([])

    def set_busy(self, reason: str) -> None:
        """Say why no run can be resumed just now; an empty text allows it again."""
        self._busy = reason

    def show_selected(self, entries: Sequence[Entry]) -> None:
        """Allow what can be done with these."""
        for kind in _KINDS:
            reason = kind.refusal(entries)
            if kind.key == "resume" and not reason:
                reason = self._busy
            action = self.by_key[kind.key]
            action.setEnabled(not reason)
            keys = f" ({kind.keys})" if kind.keys and not reason else ""
            action.setToolTip(reason or f"{kind.tip}{keys}")
        self.by_key["star"].setText(_STARS[bool(entries) and all(entry.starred for entry in entries)])


_STARS = {False: "Star", True: "Take the star away"}


def _one(entries: Sequence[Entry]) -> str:
    return "" if len(entries) == 1 else "Select one run."


def _some(entries: Sequence[Entry]) -> str:
    return "" if entries else "Select a run."


def _two(entries: Sequence[Entry]) -> str:
    return "" if len(entries) > 1 else "Select two runs or more."


def _readable(entries: Sequence[Entry]) -> str:
    return _one(entries) or (entries[0].sentence if entries[0].state == "damaged" else "")


def _comparable(entries: Sequence[Entry]) -> str:
    return _two(entries) or next((entry.sentence for entry in entries if entry.state == "damaged"), "")


def _resumable(entries: Sequence[Entry]) -> str:
    refused = _readable(entries)
    if not refused and entries[0].state == "running":
        return "It is training."
    return refused or ("" if entries[0].checkpoints else "It has no checkpoint to go on from.")


def _branchable(entries: Sequence[Entry]) -> str:
    refused = _readable(entries)
    return refused or ("" if entries[0].checkpoints else "It has no checkpoint to branch at.")


def _deletable(entries: Sequence[Entry]) -> str:
    running = [entry.name for entry in entries if entry.state == "running"]
    return _some(entries) or (f"{running[0]} is training; stop it first." if running else "")


_KINDS = (
    _Kind("open", "Open", "Show the run in Live (Enter)", _readable),
    _Kind(
        "resume",
        "Resume",
        "Go on from its newest checkpoint; one that is done, for more steps",
        _resumable,
        "train",
    ),
    _Kind("branch", "Branch…", "Begin a new run at one of its checkpoints", _branchable, "branch"),
    _Kind("compare", "Compare", "Hold the selected runs beside each other", _comparable, "compare"),
    _Kind("settings", "Duplicate settings", "Put its settings into the form", _readable, "copy"),
    _Kind("export", "Export…", "Write settings, curves or weights to files", _readable, "export"),
    _Kind("rename", "Rename", "Give it another name to show; its folder keeps its own", _one, "", "F2"),
    _Kind("tags", "Edit tags", "Write tags, with commas between", _some, "", "Ctrl+T"),
    _Kind("notes", "Write notes", "Write down what you think of it", _one, "", "Ctrl+Shift+N"),
    _Kind("star", "Star", "Mark it as one to come back to", _some, "star", "Ctrl+Shift+D"),
    _Kind("reveal", "Show its folder", "Open its folder on the desktop", _one, "folder"),
    _Kind("path", "Copy path", "Copy the path of its folder", _some, "copy"),
    _Kind("delete", "Delete", "Move to the trash of the library", _deletable, "trash", "Del"),
)
