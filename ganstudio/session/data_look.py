"""Looking at data, on a thread of its own: a training that goes on is neither stopped nor waited for.

It knows nothing of widgets. Like the worker, it loads torch only when there is something to do.
"""

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.data_report import DataReport
from ganstudio.experiment import Experiment
from ganstudio.failures import describe_failure

if TYPE_CHECKING:
    from ganstudio.registry import Registry

_PROGRESS_SECONDS = 0.1
"""Progress is told at most this often; sources report far more often."""

_NICENESS = 15
"""Of the thread that looks, where 19 is the nicest: a training beside it keeps its rate, instead of losing
half of it for as long as the look takes.
"""


class _Cancelled(Exception):  # noqa: N818 - it is no error
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class _Wish:
    """What to look at. With ``report``, only whether the architecture takes the data reported."""

    experiment: Experiment
    registry: Any
    report: DataReport | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)


class DataLook(QObject):
    """Looks at the data of one experiment at a time; a new wish ends the one before.

    Signals:
        progressed: what is being done, and the share that is done (``None`` when unknown).
        found: a ``DataReport``, and a tuple of sentences why the experiment cannot be trained on it.
        failed: why there is nothing to be seen, in a sentence.
    """

    progressed = Signal(str, object)
    found = Signal(object, object)
    failed = Signal(str)
    _look = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.registry: Registry | None = None
        """The plugins, as soon as they are loaded."""
        self._wish: _Wish | None = None
        self._thread = QThread()
        self._thread.setObjectName("data look")
        self._looker = _Looker()
        self._looker.moveToThread(self._thread)
        self._look.connect(self._looker.look)
        self._looker.progressed.connect(self._on_progress)
        self._looker.found.connect(self._on_found)
        self._looker.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._wish is not None

    def look(self, experiment: Experiment) -> None:
        """Read and describe the experiment's data; does nothing until the plugins are loaded."""
        self._ask(experiment, None)

    def check(self, experiment: Experiment, report: DataReport) -> None:
        """Say anew whether the experiment can be trained on data that was looked at."""
        self._ask(experiment, report)

    def cancel(self) -> None:
        """Wait for no answer any more; the thread gives up as soon as the data source reports progress."""
        if self._wish is not None:
            self._wish.cancelled.set()
            self._wish = None

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self.cancel()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    def _ask(self, experiment: Experiment, report: DataReport | None) -> None:
        self.cancel()
        if self.registry is None:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._wish = _Wish(experiment, self.registry, report)
        self._look.emit(self._wish)

    @Slot(object, str, object)
    def _on_progress(self, wish: _Wish, what: str, share: float | None) -> None:
        if wish is self._wish:
            self.progressed.emit(what, share)

    @Slot(object, object, object)
    def _on_found(self, wish: _Wish, report: DataReport, objections: tuple[str, ...]) -> None:
        if wish is self._wish:
            self._wish = None
            self.found.emit(report, objections)

    @Slot(object, str)
    def _on_failed(self, wish: _Wish, sentence: str) -> None:
        if wish is self._wish:
            self._wish = None
            self.failed.emit(sentence)


class _Looker(QObject):
    """Lives on the thread.

    Signals:
        progressed: the wish, what is being done, the share that is done.
        found: the wish, the report, the objections.
        failed: the wish, and a sentence.
    """

    progressed = Signal(object, str, object)
    found = Signal(object, object, object)
    failed = Signal(object, str)

    @Slot(object)
    def look(self, wish: _Wish) -> None:
        """Fulfil one wish."""
        try:
            self._look(wish)
        except _Cancelled:
            return
        except StudioError as error:
            self.failed.emit(wish, str(error))
        except (Exception, SystemExit) as error:
            sentence, _details = describe_failure(error)
            self.failed.emit(wish, sentence)

    def _look(self, wish: _Wish) -> None:
        from ganstudio.inspection import inspect, objections
        from ganstudio.training.device import spare_thread

        spare_thread()
        step_back()
        told = 0.0

        def report(what: str, share: float | None = None) -> None:
            nonlocal told
            if wish.cancelled.is_set():
                raise _Cancelled
            if time.monotonic() - told > _PROGRESS_SECONDS:
                told = time.monotonic()
                self.progressed.emit(wish, what, share)

        report("Looking at the choice")
        found = wish.report or inspect(wish.experiment, wish.registry, report)
        self.found.emit(wish, found, objections(wish.experiment, wish.registry, found))


def step_back() -> None:
    """Let the calling thread leave the cores to whoever wants them, where the system can do that."""
    if sys.platform != "linux":
        return
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    except OSError:
        # A system that forbids it only makes the look less polite.
        return
