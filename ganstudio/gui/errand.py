"""Errand: one piece of work on a thread of its own, which ends with it. It knows nothing of the work."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure

Told = Callable[[int, int], None]
Work = Callable[[Told, Callable[[], bool]], object]
"""Is given a function to tell how much of how much is done, and one that says whether to give up."""


class Errand(QObject):
    """Does one thing at a time; another one takes the place of the one before, which is told to give up.

    Signals:
        progressed: how much is done, of how much.
        done: what the work returned.
        failed: why it did not, in a sentence.
    """

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner: _Runner | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._runner is not None

    def start(self, work: Work, name: str) -> None:
        """Begin with a piece of work; ``name`` is that of the thread."""
        self.cancel()
        self._runner = runner = _Runner(work)
        queued = Qt.ConnectionType.QueuedConnection
        runner.progressed.connect(self._on_progress, queued)
        runner.done.connect(self._on_done, queued)
        runner.failed.connect(self._on_failure, queued)
        threading.Thread(target=runner.run, name=name).start()

    def cancel(self) -> None:
        """Tell the work to give up, and wait for nothing of it."""
        if self._runner is not None:
            self._runner.cancelled.set()
            self._runner = None

    @Slot(object, int, int)
    def _on_progress(self, runner: "_Runner", done: int, total: int) -> None:
        if runner is self._runner:
            self.progressed.emit(done, total)

    @Slot(object, object)
    def _on_done(self, runner: "_Runner", result: object) -> None:
        if runner is self._runner:
            self._runner = None
            self.done.emit(result)

    @Slot(object, str)
    def _on_failure(self, runner: "_Runner", sentence: str) -> None:
        if runner is self._runner:
            self._runner = None
            self.failed.emit(sentence)


class _Runner(QObject):
    """The work, on its thread; without a parent, as it may outlive whoever began it.

    Signals:
        progressed, done, failed: as those of the errand, after the runner itself.
    """

    progressed = Signal(object, int, int)
    done = Signal(object, object)
    failed = Signal(object, str)

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self.cancelled = threading.Event()

    def run(self) -> None:
        """Do it."""
        try:
            result = self._work(self._tell, self.cancelled.is_set)
        except StudioError as error:
            self.failed.emit(self, str(error))
        except Exception as error:
            self.failed.emit(self, describe_failure(error)[0])
        else:
            self.done.emit(self, result)

    def _tell(self, done: int, total: int) -> None:
        self.progressed.emit(self, done, total)
