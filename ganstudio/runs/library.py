"""Library: all runs in a folder, as a list that is there at once; their notes, their families, their trash.

It trains nothing, and knows nothing of Qt. Other processes may write the runs and the library meanwhile.
"""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ganstudio.api.errors import InputError, StudioError
from ganstudio.runs import lock
from ganstudio.runs.entry import Entry
from ganstudio.runs.index import Known, mark_of, read_index, stamp_of, write_index
from ganstudio.runs.notes import change_notes
from ganstudio.runs.summary import read_summary
from ganstudio.runs.trash import Trash, Trashed

__all__ = ["Entry", "Library", "Trashed", "family_of", "in_families"]

Told = Callable[[int, int], None]
"""Takes how many runs are read, of how many; whatever it raises ends the reading."""


class Library:
    """The runs in the folder ``root``, one folder each; it need not exist yet.

    Every method may be called on any thread.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._trash = Trash(root)
        self._guard = threading.Lock()
        self._known: dict[str, Known] = {}
        self._mark: tuple[int, ...] = ()

    # --- The list ----------------------------------------------------------------------------------

    def entries(self, told: Told | None = None) -> list[Entry]:
        """Return all runs, the newest first; a damaged one is an entry that says so.

        What has not changed since it was last read, by this or another process, comes from the index.
        Raises ``StudioError`` when the folder cannot be read.
        """
        with self._guard:
            self._take_index()
            found, changed = self._refresh(self._folders(), told or _nobody)
            if changed:
                write_index(self.root, found)
                self._mark = mark_of(self.root)
        return sorted(
            (_running_if_written(known.entry) for known in found.values()), key=_newness, reverse=True
        )

    def entry(self, path: Path) -> Entry:
        """Return one run as it is now; raises ``InputError`` where there is none."""
        read = read_summary(path)
        if read is None:
            raise InputError(f"There is no run {path.name} in {path.parent}.")
        return _running_if_written(read[0])

    def interrupted(self) -> list[Entry]:
        """Return the killed runs: without an end, written by nobody, with a checkpoint to go on from."""
        return [one for one in self.entries() if one.state == "interrupted" and one.checkpoints]

    def family(self, path: Path) -> list[Entry]:
        """Return the run in ``path`` with all it descends from and all its branches, parents first."""
        return family_of(path.name, self.entries())

    def find(self, name: str) -> Path:
        """Return the folder of the run that people call ``name``: by its path, its folder, or its notes.

        Raises ``InputError`` naming the runs that come near, or those that share the name.
        """
        path = Path(name)
        if len(path.parts) > 1 or path.is_dir():
            return path.absolute()
        entries = self.entries()
        named = [one for one in entries if one.folder == name] or [one for one in entries if one.name == name]
        if len(named) == 1:
            return named[0].path
        raise InputError(_not_found(name, named, entries, self.root))

    # --- What people do with runs ------------------------------------------------------------------

    def note(self, path: Path, **changes: Any) -> Entry:
        """Change the name, tags, text or star of a run, and return it; raises ``StudioError``."""
        if not path.is_dir():
            raise InputError(f"{path} is not there any more, so nothing can be noted of it.")
        change_notes(path, **changes)
        return self.entry(path)

    def delete(self, path: Path) -> Trashed:
        """Move a run to the trash of the library; its branches have all they need and stay as they are.

        Raises ``InputError`` when the run is just being written, ``StudioError`` when the disk refuses.
        """
        return self._trash.take(path)

    def restore(self, trashed: Trashed) -> Path:
        """Take a run out of the trash again and return its folder; raises ``InputError`` when that fails."""
        return self._trash.put_back(trashed)

    def trash(self) -> list[Trashed]:
        """Return the deleted runs, the newest first."""
        return self._trash.runs()

    def empty_trash(self) -> int:
        """Remove the deleted runs for good and return how many; raises ``StudioError``."""
        return self._trash.empty()

    # --- Inside ------------------------------------------------------------------------------------

    def _take_index(self) -> None:
        """Read the index where another process, or nobody yet, has written it."""
        mark = mark_of(self.root)
        if mark != self._mark:
            self._mark = mark
            self._known = {**self._known, **read_index(self.root)}

    def _folders(self) -> list[str]:
        try:
            with os.scandir(self.root) as found:
                return [each.name for each in found if not each.name.startswith(".") and each.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StudioError(
                f"The runs in {self.root} cannot be listed: {error.strerror or error}."
            ) from error

    def _refresh(self, names: Iterable[str], told: Told) -> tuple[dict[str, Known], bool]:
        """Return what is known of these runs now, and whether that is news."""
        names, root = list(names), f"{self.root}{os.sep}"
        found: dict[str, Known] = {}
        news = False
        try:
            for number, name in enumerate(names):
                before, stamp = self._known.get(name), stamp_of(root + name)
                if before is not None and stamp and before.stamp == stamp and before.tally.whole:
                    found[name] = before
                    continue
                told(number, len(names))
                read = read_summary(self.root / name, before.tally if before else None)
                if read is not None:
                    # What is amiss may be mended without a trace, such as a right to read.
                    found[name] = Known("" if read[0].state == "damaged" else stamp, *read)
                    news |= _is_news(before, found[name])
        except BaseException:
            # What was read of many is not read again next time.
            write_index(self.root, {**self._known, **found})
            raise
        news |= self._known.keys() != found.keys()
        self._known = found
        return found, news


def family_of(folder: str, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entry of that folder's name with its whole family, parents before their branches."""
    rows = in_families(entries)
    start = next((row for row, (one, _depth) in enumerate(rows) if one.folder == folder), None)
    if start is None:
        return []
    while rows[start][1]:
        start -= 1
    end = next((row for row in range(start + 1, len(rows)) if not rows[row][1]), len(rows))
    return [one for one, _depth in rows[start:end]]


def in_families(entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Return entries with their depth, each branch below its parent; else in the order given.

    A branch whose parent is not among them stands for itself.
    """
    entries = list(entries)
    there = {one.folder for one in entries}
    branches: dict[str, list[Entry]] = {}
    for one in entries:
        branches.setdefault(one.parent if one.parent in there else "", []).append(one)
    rows: list[tuple[Entry, int]] = []
    placed: set[str] = set()
    # What is left when the roots are done claims to descend from itself.
    for root in [*branches.get("", []), *entries]:
        waiting = [(root, 0)]
        while waiting:
            one, depth = waiting.pop()
            if one.folder not in placed:
                placed.add(one.folder)
                rows.append((one, depth))
                waiting.extend((each, depth + 1) for each in reversed(branches.get(one.folder, [])))
    return rows


def _is_news(before: Known | None, now: Known) -> bool:
    """Say whether the index is worth writing: a run that is training would be news all the time."""
    if not now.stamp or (now.entry.state == "interrupted" and lock.is_held(now.entry.path)):
        return False
    return before is None or before.stamp != now.stamp


def _running_if_written(entry: Entry) -> Entry:
    if entry.state == "interrupted" and lock.is_held(entry.path):
        return replace(entry, state="running")
    return entry


def _newness(entry: Entry) -> tuple[str, str]:
    return entry.folder if not entry.began else entry.began, entry.folder


def _not_found(name: str, named: list[Entry], entries: list[Entry], root: Path) -> str:
    import difflib

    if named:
        folders = ", ".join(one.folder for one in named)
        return f"{len(named)} runs are called {name}: {folders}. Name the folder of the one that is meant."
    known = {text: text for one in entries for text in (one.folder, one.name)}
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " `ganstudio runs` lists what there is."
    return f"There is no run {name} in {root}.{hint}"


def _nobody(_done: int, _of: int) -> None:
    """Tell nobody."""
