"""Run notices: what the page of runs has to say above the table, one calm line each.

Runs that were interrupted, runs that were deleted just now, a trash that is to be emptied, runs being read.
"""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui import words
from ganstudio.gui.widgets.notice import Notice
from ganstudio.runs.entry import Entry
from ganstudio.runs.library import Trashed

_NAMED = 3


class RunNotices(QWidget):
    """The notices, each of them hidden while it has nothing to say.

    Signals:
        resumeAsked: the path of an interrupted run that is to go on.
        lookAsked: words to filter the table by.
        undoAsked: what was deleted just now, as a list of ``Trashed``.
        emptyTrashAsked: the trash is to be emptied, which was asked twice.
    """

    resumeAsked = Signal(object)  # noqa: N815 - Qt's way of naming
    lookAsked = Signal(str)  # noqa: N815
    undoAsked = Signal(list)  # noqa: N815
    emptyTrashAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dismissed: set[str] = set()
        """The folders of interrupted runs that nobody wishes to be reminded of."""
        self._entries: dict[str, Entry] = {}
        self._trashed: list[Trashed] = []
        self._in_trash = 0
        self._busy = ""
        self.reading = Notice("info", parent=self)
        self.interrupted = Notice("watch", "Resume", closable=True, parent=self)
        self.several = Notice("watch", "Show them", closable=True, parent=self)
        self.deleted = Notice("info", "Undo", closable=True, parent=self)
        self.emptying = Notice("watch", "Delete for good", closable=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        every = (self.reading, self.interrupted, self.several, self.deleted, self.emptying)
        for notice in every:
            layout.addWidget(notice)
        self.interrupted.acted.connect(self._resume)
        self.several.acted.connect(lambda: self.lookAsked.emit("interrupted"))
        for notice in (self.interrupted, self.several):
            notice.dismissed.connect(self._dismiss)
        self.deleted.acted.connect(self._undo)
        self.emptying.acted.connect(self._empty)

    # --- What it is told ---------------------------------------------------------------------------

    def show_entries(self, entries: Iterable[Entry]) -> None:
        """Say which of these runs were interrupted."""
        self._entries = {entry.folder: entry for entry in entries}
        self._show_interrupted()

    def update_entry(self, entry: Entry) -> None:
        """Take in that one run has changed."""
        before = self._entries.get(entry.folder)
        if before is not None:
            self._entries[entry.folder] = entry
            if before.state != entry.state or before.name != entry.name:
                self._show_interrupted()

    def set_busy(self, reason: str) -> None:
        """Say why none can be resumed just now, so that none is offered; an empty text allows it."""
        self._busy = reason
        self._show_interrupted()

    def show_deleted(self, trashed: list[Trashed]) -> None:
        """Offer to take back a deletion."""
        self._trashed = trashed
        runs = trashed[0].home.name if len(trashed) == 1 else f"{len(trashed)} runs"
        verb = "was" if len(trashed) == 1 else "were"
        self.deleted.say(f"{runs} {verb} moved to the trash.")

    def show_trash(self, count: int) -> None:
        """Take in how many runs lie in the trash."""
        self._in_trash = count
        if not count:
            self.emptying.say("")
            self.deleted.say("")

    def ask_to_empty(self) -> None:
        """Ask whether the trash is to be emptied."""
        runs = "one run" if self._in_trash == 1 else f"{words.grouped(self._in_trash)} runs"
        self.emptying.say(f"The trash holds {runs}. Deleted for good, nobody can bring them back.")

    def show_progress(self, done: int, of: int) -> None:
        """Say how far the runs are read; nothing once all are."""
        text = f"Reading the runs: {words.grouped(done)} of {words.grouped(of)}…" if done < of else ""
        self.reading.say(text)

    def waiting(self) -> list[Entry]:
        """Return the interrupted runs that the user may wish to go on with."""
        return [
            entry
            for entry in self._entries.values()
            if entry.state == "interrupted" and entry.checkpoints and entry.folder not in self.dismissed
        ]

    # --- Inside ------------------------------------------------------------------------------------

    def _show_interrupted(self) -> None:
        waiting = [] if self._busy else self.waiting()
        one = waiting[0] if len(waiting) == 1 else None
        self.interrupted.say(
            f"{one.name} was interrupted at {words.step(one.step)} of {words.grouped(one.total_steps)}: "
            "resume it from its newest checkpoint?"
            if one
            else ""
        )
        named = ", ".join(entry.name for entry in waiting[:_NAMED])
        more = f" and {words.grouped(len(waiting) - _NAMED)} more" if len(waiting) > _NAMED else ""
        text = f"{words.grouped(len(waiting))} runs were interrupted and can be resumed: {named}{more}."
        self.several.say(text if len(waiting) > 1 else "")

    def _resume(self) -> None:
        for entry in self.waiting():
            self.resumeAsked.emit(entry.path)

    def _dismiss(self) -> None:
        self.dismissed |= {entry.folder for entry in self.waiting()}

    def _undo(self) -> None:
        self.deleted.say("")
        self.undoAsked.emit(self._trashed)

    def _empty(self) -> None:
        self.emptying.say("")
        self.deleted.say("")
        self.emptyTrashAsked.emit()
