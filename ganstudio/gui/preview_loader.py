"""Preview loader: reads pictures of previews on a thread of its own, and keeps the latest in memory.

It knows nothing of runs, nor of who shows the pictures.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure

if TYPE_CHECKING:
    from ganstudio.runs.pictures import PreviewPicture

BUDGET = 64 << 20
"""Bytes of pictures that are kept in memory."""


class PreviewLoader(QObject):
    """Gives pictures, at once where it has them, else soon.

    Signals:
        loaded: a path, and the ``PreviewPicture`` it holds.
        failed: a path, and why it cannot be shown, in a sentence.
    """

    loaded = Signal(object, object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, PreviewPicture] = OrderedDict()
        self._size = 0
        self._reader = _Reader()
        self._reader.read.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def clear(self) -> None:
        """Forget every picture and every wish."""
        self._kept.clear()
        self._size = 0
        self._reader.wish(())
        self._reader.renew()

    def read(self, path: Path) -> None:
        """Read a picture anew, whatever else is wished for meanwhile."""
        self._reader.need(path)

    def wish(self, path: Path, ahead: Sequence[Path] = ()) -> "PreviewPicture | None":
        """Return a picture that is in memory, or ``None`` and tell of it soon.

        Those that are probably wished for next, ``ahead``, are read after it. Whatever was wished for before
        and not yet begun with is forgotten.
        """
        self._reader.wish([each for each in (path, *ahead) if each not in self._kept])
        if path in self._kept:
            self._kept.move_to_end(path)
        return self._kept.get(path)

    @Slot(object, object, str, int)
    def _take(self, path: Path, picture: "PreviewPicture | None", sentence: str, age: int) -> None:
        if age != self._reader.age:
            return
        if picture is None:
            self.failed.emit(path, sentence)
            return
        self._keep(path, picture)
        self.loaded.emit(path, picture)

    def _keep(self, path: Path, picture: "PreviewPicture") -> None:
        before = self._kept.pop(path, None)
        self._size += picture.array.nbytes - (before.array.nbytes if before else 0)
        self._kept[path] = picture
        while self._size > BUDGET and len(self._kept) > 1:
            _path, oldest = self._kept.popitem(last=False)
            self._size -= oldest.array.nbytes


class _Reader(QObject):
    """Reads on a thread that ends as soon as nothing is wished for, so that nobody need end it.

    Signals:
        read: a path, its picture or ``None``, why not, and the age of the wish.
    """

    read = Signal(object, object, str, int)

    def __init__(self) -> None:
        # Without a parent: the thread may outlive whoever wished for something.
        super().__init__()
        self.age = 0
        """Counts how often everything was forgotten."""
        self._lock = threading.Lock()
        self._needed: list[Path] = []
        self._wished: list[Path] = []
        self._reading: Path | None = None
        self._runs = False

    def renew(self) -> None:
        """Let what was asked for until now be of no interest any more."""
        with self._lock:
            self.age += 1
            self._needed.clear()
            self._reading = None

    def need(self, path: Path) -> None:
        """Read a picture, before those that are wished for."""
        with self._lock:
            self._needed.append(path)
        self._go_on()

    def wish(self, paths: Sequence[Path]) -> None:
        """Read these pictures, in place of those wished for before."""
        with self._lock:
            self._wished = [path for path in paths if path != self._reading]
        self._go_on()

    def _go_on(self) -> None:
        with self._lock:
            if self._runs or not (self._needed or self._wished):
                return
            self._runs = True
        threading.Thread(target=self._run, name="previews").start()

    def _next(self) -> tuple[Path | None, int]:
        with self._lock:
            waiting = self._needed or self._wished
            self._reading = waiting.pop(0) if waiting else None
            self._runs = self._reading is not None
            return self._reading, self.age

    def _run(self) -> None:
        while True:
            path, age = self._next()
            if path is None:
                return
            picture, sentence = _read(path)
            self.read.emit(path, picture, sentence, age)


def _read(path: Path) -> "tuple[PreviewPicture | None, str]":
    from ganstudio.runs import pictures

    try:
        return pictures.read(path), ""
    except StudioError as error:
        return None, str(error)
    except Exception as error:
        return None, describe_failure(error)[0]
