"""Reading histories of runs, on a thread of its own: a long one holds neither the window nor a training.

It knows nothing of who shows them.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure


class HistoryReader(QObject):
    """Reads one history at a time; a new wish takes the place of the one before.

    Signals:
        arrived: the ``History`` that was wished for last.
        failed: the folder, and why there is nothing to be seen, in a sentence.
    """

    arrived = Signal(object)
    failed = Signal(object, str)
    _read = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish = 0
        self._thread = QThread()
        self._thread.setObjectName("history")
        self._reader = _Reader()
        self._reader.moveToThread(self._thread)
        self._read.connect(self._reader.read)
        self._reader.arrived.connect(self._on_arrived)
        self._reader.failed.connect(self._on_failed)
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

    @Slot(object, str, int)
    def _on_failed(self, path: Path, sentence: str, wish: int) -> None:
        if wish == self._wish:
            self._busy = False
            self.failed.emit(path, sentence)


class _Reader(QObject):
    """Lives on the thread.

    Signals:
        arrived: a history, and the number of the wish.
        failed: a folder, a sentence, and the number of the wish.
    """

    arrived = Signal(object, int)
    failed = Signal(object, str, int)

    @Slot(object, int)
    def read(self, path: Path, wish: int) -> None:
        """Fulfil one wish."""
        try:
            from ganstudio.runs.history import read_history

            self.arrived.emit(read_history(path), wish)
        except StudioError as error:
            self.failed.emit(path, str(error), wish)
        except Exception as error:
            sentence, _details = describe_failure(error)
            self.failed.emit(path, sentence, wish)
