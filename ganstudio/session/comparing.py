"""Comparing: the histories and pictures of several runs, read on a thread of their own.

It knows run folders and what is read from them. It knows nothing of widgets, and writes nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure

if TYPE_CHECKING:
    from ganstudio.runs.history import History
    from ganstudio.runs.pictures import PreviewPicture

AGAIN_MS = 3000
"""A run that is being trained is read anew this often while somebody looks, a long one less often."""

_SHARE = 0.05
"""Of the time, at most so much goes into reading runs anew: the training beside it goes first."""

PICTURE_BYTES = 96 << 20
"""Pictures that were read are kept up to so much, the latest used longest."""

_MOST_RUNS = 500
"""So many of a library's newest runs are offered."""


@dataclass(frozen=True)
class _Wish:
    """A file or folder to read; ``kind``: ``run``, ``picture`` or ``library``."""

    kind: str
    path: Path
    cancelled: threading.Event = field(default_factory=threading.Event)


class Comparing(QObject):
    """Reads runs and their pictures; what nobody waits for any more is passed over.

    Signals:
        arrived: the folder of a run, and its ``History``.
        failed: a path, and why it cannot be read, in a sentence.
        pictured: the path of a preview, and its ``PreviewPicture``.
        listed: the run folders of a library, the newest first.
    """

    arrived = Signal(object, object)
    failed = Signal(object, str)
    pictured = Signal(object, object)
    listed = Signal(object)
    _read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: dict[Path, History | None] = {}
        self._seconds: dict[Path, float] = {}
        """What it took to read each run."""
        self._wishes: dict[tuple[str, Path], _Wish] = {}
        self._pictures = _Pictures(PICTURE_BYTES)
        self._watched = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read_again)
        self._thread = QThread()
        self._thread.setObjectName("comparing")
        self._reader = _Reader()
        self._reader.moveToThread(self._thread)
        self._read.connect(self._reader.read)
        self._reader.done.connect(self._on_done)
        self._reader.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._wishes)

    def set_runs(self, paths: Iterable[Path]) -> None:
        """Read those of these runs that were not read yet, and forget all others."""
        wanted = list(dict.fromkeys(paths))
        for path in [path for path in self._runs if path not in wanted]:
            del self._runs[path]
            self._seconds.pop(path, None)
            self._drop("run", path)
        for path in wanted:
            if path not in self._runs:
                self._runs[path] = None
                self._ask("run", path)
        self._arrange_timer()

    def show_pictures(self, paths: Iterable[Path]) -> None:
        """Read these pictures, and none that was wished for before and is not among them."""
        wanted = list(dict.fromkeys(paths))
        for kind, path in list(self._wishes):
            if kind == "picture" and path not in wanted:
                self._drop(kind, path)
        for path in wanted:
            picture = self._pictures.get(path)
            if picture is None:
                self._ask("picture", path)
            else:
                self.pictured.emit(path, picture)

    def list_runs(self, library: Path) -> None:
        """Find the runs of a library."""
        self._ask("library", library)

    def set_watched(self, watched: bool) -> None:
        """Say whether somebody looks: only then are runs that train read again and again.

        Whoever looks anew sees what has become meanwhile of all the others too.
        """
        if watched and not self._watched:
            for path in self._runs:
                self._ask("run", path)
        self._watched = watched
        self._arrange_timer()

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        for kind, path in list(self._wishes):
            self._drop(kind, path)
        self._watched = False
        self._timer.stop()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    def _ask(self, kind: str, path: Path) -> None:
        if (kind, path) in self._wishes:
            return
        if not self._thread.isRunning():
            self._thread.start()
        wish = self._wishes[kind, path] = _Wish(kind, path)
        self._read.emit(wish)

    def _drop(self, kind: str, path: Path) -> None:
        wish = self._wishes.pop((kind, path), None)
        if wish is not None:
            wish.cancelled.set()

    def _take(self, wish: _Wish) -> bool:
        """Say whether an answer is still waited for; it is not any more then."""
        if self._wishes.get((wish.kind, wish.path)) is not wish:
            return False
        del self._wishes[wish.kind, wish.path]
        return True

    @Slot(object, object, float)
    def _on_done(self, wish: _Wish, found: object, seconds: float) -> None:
        if not self._take(wish):
            return
        if wish.kind == "library":
            self.listed.emit(found)
        elif wish.kind == "picture":
            self._pictures.keep(wish.path, found)  # type: ignore[arg-type]
            self.pictured.emit(wish.path, found)
        else:
            self._runs[wish.path] = found  # type: ignore[assignment]
            self._seconds[wish.path] = seconds
            self._arrange_timer()
            self.arrived.emit(wish.path, found)

    @Slot(object, str)
    def _on_failed(self, wish: _Wish, sentence: str) -> None:
        if self._take(wish):
            self._arrange_timer()
            self.failed.emit(wish.path, sentence)

    def _arrange_timer(self) -> None:
        live = [path for path, run in self._runs.items() if run is not None and run.state == "running"]
        if not (live and self._watched):
            self._timer.stop()
        elif not self._timer.isActive():
            seconds = sum(self._seconds.get(path, 0.0) for path in live)
            self._timer.start(max(AGAIN_MS, round(1000 * seconds / _SHARE)))

    @Slot()
    def _read_again(self) -> None:
        for path, run in self._runs.items():
            if run is not None and run.state == "running":
                self._ask("run", path)


class _Pictures:
    """The pictures that were read last, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Path, PreviewPicture] = OrderedDict()
        self._bytes = 0

    def get(self, path: Path) -> PreviewPicture | None:
        """Return a picture that is kept."""
        picture = self._kept.get(path)
        if picture is not None:
            self._kept.move_to_end(path)
        return picture

    def keep(self, path: Path, picture: PreviewPicture) -> None:
        """Keep a picture, and let go of those that were not asked for longest."""
        before = self._kept.pop(path, None)
        self._bytes += picture.array.nbytes - (before.array.nbytes if before is not None else 0)
        self._kept[path] = picture
        while self._bytes > self._most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.array.nbytes


class _Reader(QObject):
    """Lives on the thread.

    Signals:
        done: the wish, what was read, and the seconds that took.
        failed: the wish, and a sentence.
    """

    done = Signal(object, object, float)
    failed = Signal(object, str)

    @Slot(object)
    def read(self, wish: _Wish) -> None:
        """Fulfil one wish, unless nobody waits for it any more."""
        if wish.cancelled.is_set():
            return
        try:
            began = time.perf_counter()
            found = _READERS[wish.kind](wish.path)
            self.done.emit(wish, found, time.perf_counter() - began)
        except StudioError as error:
            self.failed.emit(wish, str(error))
        except Exception as error:
            sentence, _details = describe_failure(error)
            self.failed.emit(wish, sentence)


def _read_run(path: Path) -> object:
    from ganstudio.runs.history import read_history

    return read_history(path)


def _read_picture(path: Path) -> object:
    from ganstudio.runs import pictures

    return pictures.read(path)


def _list_library(library: Path) -> object:
    from ganstudio.runs.folder import EXPERIMENT

    try:
        with os.scandir(library) as entries:
            names = sorted((entry.name for entry in entries if not entry.name.startswith(".")), reverse=True)
    except OSError:
        # There is no library before the first run.
        return []
    found = (library / name for name in names)
    return [path for path in found if (path / EXPERIMENT).is_file()][:_MOST_RUNS]


_READERS = {"run": _read_run, "picture": _read_picture, "library": _list_library}
