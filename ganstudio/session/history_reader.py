"""Reading histories of runs, on a thread of its own: a long one holds neither the window nor a training.

It knows nothing of who shows them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.api.events import VectorRecord
from ganstudio.failures import describe_failure

if TYPE_CHECKING:
    from ganstudio.runs.history import History

_MOST_VECTORS = 2000
"""Records of one run that are read, the newest: there is one for each preview."""


class HistoryReader(QObject):
    """Reads one history at a time; a new wish takes the place of the one before.

    ``vectors``: whether those of the run are read as well, once its history is there.

    Signals:
        arrived: the ``History`` that was wished for last.
        vectorsArrived: the ``VectorRecord`` of that run and of those it branched from, by step, as a list.
        failed: the folder, and why there is nothing to be seen, in a sentence.
    """

    arrived = Signal(object)
    vectorsArrived = Signal(list)  # noqa: N815 - Qt's way of naming
    failed = Signal(object, str)
    _read = Signal(object, int)

    def __init__(self, parent: QObject | None = None, vectors: bool = False) -> None:
        super().__init__(parent)
        self._wish = 0
        self._thread = QThread()
        self._thread.setObjectName("history")
        self._reader = _Reader(vectors)
        self._reader.moveToThread(self._thread)
        self._read.connect(self._reader.read)
        self._reader.arrived.connect(self._on_arrived)
        self._reader.failed.connect(self._on_failed)
        self._reader.vectorsArrived.connect(self._on_vectors)
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._busy

    def read(self, path: Path) -> None:
        """Read the run in a folder."""
        if not self._thread.isRunning():
            self._thread.start()
        self._wish += 1
        self._busy = True
        self._read.emit(path, self._wish)

    def cancel(self) -> None:
        """Wait for no answer any more."""
        self._wish += 1
        self._busy = False

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self.cancel()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    @Slot(object, int)
    def _on_arrived(self, history: object, wish: int) -> None:
        if wish == self._wish:
            self._busy = False
            self.arrived.emit(history)

    @Slot(list, int)
    def _on_vectors(self, vectors: list[VectorRecord], wish: int) -> None:
        if wish == self._wish:
            self.vectorsArrived.emit(vectors)

    @Slot(object, str, int)
    def _on_failed(self, path: Path, sentence: str, wish: int) -> None:
        if wish == self._wish:
            self._busy = False
            self.failed.emit(path, sentence)


class _Reader(QObject):
    """Lives on the thread.

    Signals:
        arrived: a history, and the number of the wish.
        vectorsArrived: vectors, and the number of the wish.
        failed: a folder, a sentence, and the number of the wish.
    """

    arrived = Signal(object, int)
    vectorsArrived = Signal(list, int)  # noqa: N815
    failed = Signal(object, str, int)

    def __init__(self, vectors: bool) -> None:
        super().__init__()
        self._vectors = vectors

    @Slot(object, int)
    def read(self, path: Path, wish: int) -> None:
        """Fulfil one wish."""
        try:
            from ganstudio.runs.history import read_history

            history = read_history(path)
            self.arrived.emit(history, wish)
            if self._vectors:
                self.vectorsArrived.emit(_found_vectors(history), wish)
        except StudioError as error:
            self.failed.emit(path, str(error), wish)
        except Exception as error:
            sentence, _details = describe_failure(error)
            self.failed.emit(path, sentence, wish)


def _found_vectors(history: "History") -> list[VectorRecord]:
    """Return the vectors that can be read; a run without any can be looked at all the same."""
    try:
        return _vectors_of(history)
    except StudioError:
        return []


def _vectors_of(history: "History") -> list[VectorRecord]:
    """Return the vectors of a run, begun with those of its ancestors up to where each branched off."""
    until = None
    lines = [_newest_vectors(history.path)]
    for family in history.ancestors:
        if family.path is None:
            break
        until = family.step if until is None else min(until, family.step)
        lines.append(_newest_vectors(family.path, until))
    return [record for line in reversed(lines) for record in line]


def _newest_vectors(run: Path, until: int | None = None) -> list[VectorRecord]:
    """Return the newest vectors of a run, and before them the first: it says what the figures are called."""
    from ganstudio.runs.lines import LineReader
    from ganstudio.runs.recorded import VECTORS
    from ganstudio.runs.vectors import newest_vectors, vector_of

    newest = newest_vectors(run, _MOST_VECTORS, until)
    if len(newest) < _MOST_VECTORS:
        return newest
    first = next((vector_of(line) for line in LineReader(run / VECTORS)), None)
    return [first, *newest] if first is not None and first.step < newest[0].step else newest
