"""Following a run that another process trains: its events as they come, and a way to steer it.

The folder is read on a thread of its own. It knows no widget and no training.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from ganstudio.api.errors import StudioError

if TYPE_CHECKING:
    from ganstudio.runs.history import History
    from ganstudio.runs.watch import News, Watch

POLL_MS = 150
"""Time between two looks into the folder; where nothing is new, one costs a few questions to the disk."""
STOP_MS = 2000
"""A look that is under way is waited for this long."""

_ending: dict[QThread, QObject] = {}
"""Threads that were left while they wait for a disk, and what they run: neither may be forgotten before."""


class Follower(QObject):
    """Goes on from where a history ends.

    Signals:
        eventsArrived: a list of events, in order: those that the training process has, and the previews
            that it keeps. What happened in the step that the history ends with may come again.
        stateChanged: the new state: running, paused, finished, stopped, failed or interrupted.
        failed: why a command could not be given, in a sentence.
    """

    eventsArrived = Signal(list)  # noqa: N815 - Qt's way of naming
    stateChanged = Signal(str)  # noqa: N815
    failed = Signal(str)
    _look = Signal()
    _send = Signal(object)

    def __init__(self, history: "History", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path = history.path
        self.state: str = history.state
        self._busy = self._stopped = False
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._ask)
        self._thread = QThread()
        self._thread.setObjectName("follower")
        self._reader = _Reader(history)
        self._reader.moveToThread(self._thread)
        self._look.connect(self._reader.look)
        self._send.connect(self._reader.send)
        self._reader.seen.connect(self._take)
        self._reader.failed.connect(self.failed)

    # --- Following ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to follow; calling it again does nothing more."""
        if not self._thread.isRunning() and not self._stopped:
            self._thread.start()
            self._timer.start()
            self._ask()

    def stop(self, timeout_ms: int = STOP_MS) -> bool:
        """Follow no more, for good; return whether the thread ended in time. The training goes on."""
        self._stopped = True
        self._timer.stop()
        thread = self._thread
        if not thread.isRunning():
            return True
        _ending[thread] = self._reader
        thread.finished.connect(lambda: _ending.pop(thread, None), Qt.ConnectionType.DirectConnection)
        thread.quit()
        return thread.wait(timeout_ms)

    # --- Steering ----------------------------------------------------------------------------------

    def set(self, path: str, value: Any) -> None:
        """Give a live setting another value; what holds comes back as an event, as does a refusal."""
        self._send.emit({"command": "set", "path": path, "value": value})

    def pause(self) -> None:
        """Let the training hold before the next step."""
        self._send.emit({"command": "pause"})

    def go_on(self) -> None:
        """Let it go on after a pause."""
        self._send.emit({"command": "resume"})

    def stop_training(self) -> None:
        """End the training after the step that is under way, with a checkpoint."""
        self._send.emit({"command": "stop"})

    def checkpoint(self) -> None:
        """Let it keep a checkpoint now."""
        self._send.emit({"command": "checkpoint"})

    def preview(self) -> None:
        """Let it keep samples of the weights as they are now."""
        self._send.emit({"command": "preview"})

    # --- What the thread says ----------------------------------------------------------------------

    @Slot()
    def _ask(self) -> None:
        # What was seen is taken before more is asked for, so that nothing piles up.
        if not self._busy:
            self._busy = True
            self._look.emit()

    @Slot(object)
    def _take(self, news: "News") -> None:
        self._busy = False
        if self._stopped:
            return
        if news.events:
            self.eventsArrived.emit(list(news.events))
        if news.state != self.state:
            self.state = news.state
            self.stateChanged.emit(news.state)
        if news.more and self._timer.isActive():
            self._ask()


class _Reader(QObject):
    """Lives on the thread.

    Signals:
        seen: the ``News``.
        failed: a sentence.
    """

    seen = Signal(object)
    failed = Signal(str)

    def __init__(self, history: "History") -> None:
        super().__init__()
        self._path = history.path
        self._history: History | None = history
        self._watch: Watch | None = None

    @Slot()
    def look(self) -> None:
        """Look once what is new."""
        from ganstudio.runs.watch import News, Watch

        try:
            if self._history is not None:
                # Its curves are not needed any more after that.
                self._watch, self._history = Watch(self._history), None
            self.seen.emit(self._watch.news() if self._watch else News([], "interrupted"))
        except OSError:
            # Where the history ends could not be found; the next look tries again.
            self.seen.emit(News([], "interrupted"))

    @Slot(object)
    def send(self, command: Mapping[str, Any]) -> None:
        """Leave a command for the training process."""
        from ganstudio.runs import control

        try:
            control.send(self._path, command)
        except StudioError as error:
            self.failed.emit(str(error))
