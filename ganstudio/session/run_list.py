"""The list of runs as the window follows it: read on a thread of its own, and live for the run that trains.

What people do with runs (notes, delete, restore) goes the same way, so that no slow disk ever holds the
window. It knows nothing of widgets, and never loads torch.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.api.events import (
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    PreviewReady,
    ScoreRecord,
    Started,
    StepRecord,
)
from ganstudio.failures import describe_failure
from ganstudio.runs.entry import Entry, with_scores
from ganstudio.runs.library import Library, Trashed

CALM_MS = 1000
"""The running run's row changes at most this often."""

WATCH_MS = 3000
"""While somebody looks, what other processes do is looked for this often, or rarer where that costs much."""
_WATCH_SHARE = 0.03

_WHILE, _TOLD = 0.5, 0.1
"""Seconds after which it is told how far the reading is, and then this often."""

_FEW = 50
"""Up to so many changed runs are told one by one, which spares the list's reader all others."""


class _Cancelled(Exception):  # noqa: N818 - it is no error
    """Nobody waits for the list any more."""


@dataclass(frozen=True)
class _Job:
    """What the thread is to do: one of its methods, and what that is given."""

    what: str
    given: tuple[Any, ...]


class RunList(QObject):
    """Keeps the entries of a library at hand.

    Signals:
        changed: all entries, the newest first, as a list; runs came, went, or many have changed.
        entryChanged: one entry that has changed.
        progressed: how many runs are read, of how many, where that takes a while; at the end, 0 of 0.
        deleted: what was moved to the trash just now, as a list of ``Trashed``.
        trashChanged: how many runs lie in the trash.
        failed: why something could not be done, in a sentence.
    """

    changed = Signal(list)
    entryChanged = Signal(object)  # noqa: N815 - Qt's way of naming
    progressed = Signal(int, int)
    deleted = Signal(list)
    trashChanged = Signal(int)  # noqa: N815
    failed = Signal(str)
    _work = Signal(object)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.entries: dict[str, Entry] = {}
        """What is known so far, by folder, the newest first."""
        self._waiting = 0
        self._stale = False
        self._live = _Live()
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._show_live)
        self._watch = QTimer(self, singleShot=True, interval=WATCH_MS)
        self._watch.timeout.connect(self.refresh)
        self._watching = False
        self._thread = QThread()
        self._thread.setObjectName("run list")
        self._keeper = _Keeper(library)
        self._keeper.moveToThread(self._thread)
        self._work.connect(self._keeper.do)
        self._keeper.progressed.connect(self.progressed)
        self._keeper.listed.connect(self._take_list)
        self._keeper.updated.connect(self._take_entry)
        self._keeper.deleted.connect(self.deleted)
        self._keeper.trash_counted.connect(self.trashChanged)
        self._keeper.failed.connect(self.failed)
        self._keeper.done.connect(self._take_done)

    # --- What the window asks for ------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._waiting > 0

    @Slot()
    def refresh(self) -> None:
        """Read what has changed on disk; asked again meanwhile, it is read once more."""
        if self.busy:
            self._stale = True
            return
        self._ask("refresh")

    def watch(self, on: bool) -> None:
        """Look for what other processes do, as long as somebody looks at the list."""
        self._watching = on
        if not on:
            self._watch.stop()
        elif not self.busy:
            self._watch.start()

    def note(self, path: Path, **changes: Any) -> None:
        """Change the name, tags, text or star of a run."""
        self._ask("note", path, changes)

    def delete(self, paths: Iterable[Path]) -> None:
        """Move runs to the trash; each that cannot be is told of."""
        self._ask("delete", list(paths))

    def restore(self, trashed: Iterable[Trashed]) -> None:
        """Take runs out of the trash again."""
        self._ask("restore", list(trashed))

    def empty_trash(self) -> None:
        """Remove for good what lies in the trash."""
        self._ask("empty_trash")

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self._watching = False
        self._watch.stop()
        self._calm.stop()
        self._keeper.cancelled.set()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    # --- The run that trains here ------------------------------------------------------------------

    def follow(self, run: str) -> None:
        """Take the events that come for those of this run, which has started already."""
        self._live.begin(run)

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Follow the events of the run that trains in this window."""
        for event in events:
            self._live.take(event)
            if isinstance(event, Started | Finished | Failed):
                self.refresh()
        if self._live.news and not self._calm.isActive():
            self._calm.start()

    @Slot()
    def _show_live(self) -> None:
        entry = self.entries.get(self._live.run)
        if entry is not None and self._live.news:
            self._take_entry(self._live.applied(entry))

    # --- What the thread says ----------------------------------------------------------------------

    @Slot(list)
    def _take_list(self, entries: list[Entry]) -> None:
        self.entries = {entry.folder: entry for entry in entries}
        self.changed.emit(entries)

    @Slot(object)
    def _take_entry(self, entry: Entry) -> None:
        if entry.folder in self.entries:
            self.entries[entry.folder] = entry
            self.entryChanged.emit(entry)

    @Slot(float)
    def _take_done(self, seconds: float) -> None:
        self._waiting -= 1
        if self._stale and not self.busy:
            self._stale = False
            self.refresh()
        elif self._watching and not self.busy:
            self._watch.start(max(WATCH_MS, round(1000 * seconds / _WATCH_SHARE)))

    def _ask(self, what: str, *given: Any) -> None:
        if not self._thread.isRunning():
            self._thread.start()
        self._watch.stop()
        self._waiting += 1
        self._work.emit(_Job(what, given))


class _Live:
    """What the events of a run say that its entry does not show yet."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, run: str) -> None:
        """Follow another run."""
        self.run = run
        self.changes: dict[str, Any] = {}
        self.scores: list[ScoreRecord] = []
        self.picture = ""
        self.checkpoints = 0

    @property
    def news(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.changes)

    def take(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Started():
                self.begin(event.run)
                self.changes = {"total_steps": event.total_steps, "state": "running"}
            case StepRecord():
                self.changes["seconds"] = event.seconds
            case ScoreRecord():
                self.scores.append(event)
            case PreviewReady(kept=True, first=True, source=source) if source != "real":
                self.picture = f"samples/{event.step:09d}.png"
            case CheckpointSaved():
                # How many there are is known at the next look; that there is one counts.
                self.checkpoints = 1
            case Finished():
                self.changes["state"] = "finished" if event.reason == "done" else "stopped"
            case Failed():
                self.changes |= {"state": "failed", "sentence": event.message}
            case _:
                return
        self.changes["step"] = event.step

    def applied(self, entry: Entry) -> Entry:
        """Return the entry with all of it, which is then no news any more."""
        entry = replace(entry, **self.changes, checkpoints=max(entry.checkpoints, self.checkpoints))
        if self.picture:
            entry = replace(entry, thumbnail=entry.path / self.picture)
        for record in self.scores:
            entry = with_scores(entry, record.values, record.lower)
        self.changes, self.scores = {}, []
        return entry


class _Keeper(QObject):
    """Lives on the thread.

    Signals:
        listed, updated, deleted, trash_counted, progressed, failed: as those of the list.
        done: how many seconds a job took.
    """

    listed = Signal(list)
    updated = Signal(object)
    deleted = Signal(list)
    trash_counted = Signal(int)
    progressed = Signal(int, int)
    failed = Signal(str)
    done = Signal(float)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.cancelled = threading.Event()
        self._library = library
        self._last: list[Entry] | None = None
        self._began = self._told = 0.0

    @Slot(object)
    def do(self, job: _Job) -> None:
        """Do one thing; a failure is told and ends no more than that."""
        self._began = time.monotonic()
        try:
            getattr(self, job.what)(*job.given)
        except _Cancelled:
            pass
        except StudioError as error:
            self.failed.emit(str(error))
        except Exception as error:
            sentence, _details = describe_failure(error)
            self.failed.emit(sentence)
        if self._told > self._began:
            self.progressed.emit(0, 0)
        self.done.emit(time.monotonic() - self._began)

    def refresh(self) -> None:
        """Read the list, and tell what is new."""
        before, now = self._last, self._library.entries(self._tell)
        self._last = now
        if before is None or [one.folder for one in before] != [one.folder for one in now]:
            self.listed.emit(now)
            self.trash_counted.emit(len(self._library.trash()))
            return
        news = [entry for entry, old in zip(now, before, strict=True) if entry != old]
        if len(news) > _FEW:
            self.listed.emit(now)
            return
        for entry in news:
            self.updated.emit(entry)

    def note(self, path: Path, changes: dict[str, Any]) -> None:
        """Change notes."""
        self.updated.emit(self._library.note(path, **changes))

    def delete(self, paths: list[Path]) -> None:
        """Move runs to the trash, and tell of those that cannot be."""
        gone = self._each(paths, self._library.delete)
        self._look_again()
        if gone:
            self.deleted.emit(gone)

    def restore(self, trashed: list[Trashed]) -> None:
        """Take runs out of the trash."""
        self._each(trashed, self._library.restore)
        self._look_again()

    def empty_trash(self) -> None:
        """Remove what lies in the trash."""
        try:
            self._library.empty_trash()
        finally:
            self.trash_counted.emit(len(self._library.trash()))

    def _each(self, things: list[Any], work: Callable[[Any], Any]) -> list[Any]:
        done, failures = [], []
        for thing in things:
            try:
                done.append(work(thing))
            except StudioError as error:
                failures.append(str(error))
        if failures:
            self.failed.emit("\n".join(failures))
        return done

    def _look_again(self) -> None:
        self.trash_counted.emit(len(self._library.trash()))
        self.refresh()

    def _tell(self, done: int, of: int) -> None:
        if self.cancelled.is_set():
            raise _Cancelled
        now = time.monotonic()
        if now - self._began > _WHILE and now - self._told > _TOLD:
            self._told = now
            self.progressed.emit(done, of)
