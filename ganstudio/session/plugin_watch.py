"""Watching the places plugins lie in: one signal when anything in them was written, renamed or taken away.

It knows nothing of what a plugin is, whether it is agreed to, or who loads it.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

SETTLE_MS = 250
"""Editors write a file in several steps: what follows within this time is one change."""

_MOST_FILES = 2000
"""Beyond so many files a place is no folder of plugins: those past it are not looked at."""

Signature = dict[str, tuple[int, int, int]]


class PluginWatch(QObject):
    """Watches folders, and files of their own, with everything in them that is source.

    Editors that write a new file and rename it over the old one are followed: the folder tells of it, and the
    new file is watched in place of the one that is gone.

    Signals:
        changed: something is other than it was; the paths given to :meth:`watch` that it concerns.
    """

    changed = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[Path] = []
        self._known: dict[Path, Signature] = {}
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._wait)
        self._watcher.directoryChanged.connect(self._wait)

    def watch(self, places: Iterable[Path]) -> None:
        """Watch these places from now on, in place of those before."""
        self._places = [Path(place).absolute() for place in places]
        self._known = {place: signature(place) for place in self._places}
        self._follow()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._settle.stop()
        self._places = []
        self._follow()

    @Slot(str)
    def _wait(self, _path: str) -> None:
        self._settle.start()

    @Slot()
    def _look(self) -> None:
        now = {place: signature(place) for place in self._places}
        concerned = [place for place in self._places if now[place] != self._known[place]]
        self._known = now
        self._follow()
        if concerned:
            self.changed.emit(concerned)

    def _follow(self) -> None:
        """Watch what is there now; a path whose file was replaced is no longer watched by itself."""
        wanted = {str(path) for place in self._places for path in _watched(place)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(sorted(wanted - watched))


def signature(place: Path) -> Signature:
    """Return what tells one state of a place from another: size, time and number of each of its files."""
    found: Signature = {}
    for path in _files(place):
        try:
            state = path.stat()
        except OSError:
            # It went away between being listed and being looked at.
            continue
        found[str(path)] = (state.st_size, state.st_mtime_ns, state.st_ino)
    return found


def _watched(place: Path) -> Iterator[Path]:
    """Give the files of a place and the folders they lie in; the nearest folder where it is not there."""
    yield from _files(place)
    if place.is_dir():
        yield from _folders(place)
    else:
        yield next((parent for parent in place.parents if parent.is_dir()), Path(place.anchor))


def _folders(place: Path) -> Iterator[Path]:
    for folder, below, _names in os.walk(place):
        below[:] = [name for name in below if not _beside(name)]
        yield Path(folder)


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    found: list[Path] = []
    for folder in _folders(place) if place.is_dir() else ():
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        found += [folder / name for name in names if not _beside(name) and (folder / name).is_file()]
        if len(found) > _MOST_FILES:
            break
    return found[:_MOST_FILES]


def _beside(name: str) -> bool:
    """Say whether a name is what Python and editors keep beside a source file."""
    return name.startswith(".") or name.endswith(("~", ".pyc", ".swp", ".tmp")) or name in _BESIDE


_BESIDE = {"__pycache__", "4913"}
"""4913 is what Vim writes to try whether it may."""
