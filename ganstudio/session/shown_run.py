"""The run that is shown: the one that trains here, one that another process trains, or one that has ended.

Whoever shows it is handed its past once and its events as they come, whichever of these it is. It knows no
widget.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.api.events import Event, Restarted, ScoreRecord, SettingChanged, Started, StepRecord
from ganstudio.session.history_reader import HistoryReader
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.runs.history import History
    from ganstudio.session.follower import Follower


class ShownRun(QObject):
    """Follows a session until another run is opened, and again once a training begins.

    Signals:
        historyArrived: the ``History`` of the run to show now; what was shown before is over.
        eventsArrived: events of the run that is shown, in order.
        vectorsArrived: the vectors of its past, by step; they come after its history.
        changed: which run it is, or how it stands, is not what it was.
        failed: why a run cannot be shown, in a sentence.
    """

    historyArrived = Signal(object)  # noqa: N815 - Qt's way of naming
    eventsArrived = Signal(list)  # noqa: N815
    vectorsArrived = Signal(list)  # noqa: N815
    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.path: Path | None = None
        """The folder of another run than the session's that is shown, if one is."""
        self.history: History | None = None
        """The past of the run that is shown, where it was read."""
        self.state = ""
        """How the other run stands, as in its history or as it is followed."""
        self._held: list[Event] = []
        self._reader = HistoryReader(self, vectors=True)
        self._reader.vectorsArrived.connect(self.vectorsArrived)
        self._reader.arrived.connect(self._take_history)
        self._reader.failed.connect(self._take_failure)
        self._follower: Follower | None = None
        session.eventsArrived.connect(self._take_own)

    @property
    def own(self) -> bool:
        """Whether it is the session's own run."""
        return self.path is None

    @property
    def folder(self) -> Path | None:
        """The folder of the run that is shown, if there is one."""
        return self._session.run_path if self.own else self.path

    @property
    def follower(self) -> "Follower | None":
        """What steers the run that another process trains, if that is shown."""
        return self._follower

    def open(self, path: Path) -> None:
        """Show the run in a folder, which may be the session's own."""
        self._leave()
        own = self._session.run_path
        self.path = None if own is not None and _same(path, own) else path
        self.state = ""
        self._reader.read(path)
        self.changed.emit()

    def close(self) -> None:
        """Look at the opened run no more; the session's own comes back, where there is one."""
        if self._session.run_path is not None:
            self.open(self._session.run_path)
            return
        self._leave()
        self.path, self.history, self.state = None, None, ""
        self.changed.emit()

    def shutdown(self, timeout_ms: int) -> bool:
        """End what goes on here; return whether it ended in time."""
        self._leave()
        return self._reader.shutdown(timeout_ms)

    @Slot(list)
    def _take_own(self, events: Sequence[Event]) -> None:
        starts = [number for number, event in enumerate(events) if isinstance(event, Started)]
        if starts:
            # A training that begins is what the user wants to see.
            self._leave()
            self.path, self.history, self.state = None, None, ""
            self.changed.emit()
            events = events[starts[-1] :]
        if not self.own:
            return
        if starts and isinstance(events[0], Restarted) and self._session.run_path is not None:
            self._held = list(events)
            self._reader.read(self._session.run_path)
        elif self._reader.busy:
            self._held += events
        else:
            self._tell(events)

    def _tell(self, events: Sequence[Event]) -> None:
        """Pass on what is not in the history already; what was recorded may reach the session later."""
        history = self.history
        news = [event for event in events if history is None or _is_news(event, history)]
        if news:
            self.eventsArrived.emit(news)

    @Slot(object)
    def _take_history(self, history: "History") -> None:
        held, self._held = self._held, []
        self.history, self.state = history, history.state
        self.historyArrived.emit(history)
        if held:
            self._tell(held)
        if not self.own:
            # One that has ended may be gone on with by another process.
            self._follow(history)
        self.changed.emit()

    @Slot(object, str)
    def _take_failure(self, path: Path, sentence: str) -> None:
        held, self._held = self._held, []
        if self.own:
            # Its past cannot be had; what comes can.
            self.eventsArrived.emit(held)
        else:
            self.close()
        self.failed.emit(sentence)
        self.changed.emit()

    def _follow(self, history: "History") -> None:
        from ganstudio.session.follower import Follower

        self._follower = Follower(history, self)
        self._follower.eventsArrived.connect(self.eventsArrived)
        self._follower.stateChanged.connect(self._take_state)
        self._follower.failed.connect(self.failed)
        self._follower.start()

    @Slot(str)
    def _take_state(self, state: str) -> None:
        self.state = state
        self.changed.emit()

    def _leave(self) -> None:
        self._reader.cancel()
        self._held = []
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.stop()
            follower.deleteLater()


def _is_news(event: Event, history: "History") -> bool:
    """Say whether an event adds to what a history holds."""
    match event:
        case Restarted():
            # The history was read after the run went on; what it has of later steps is not to be cut back.
            return False
        case StepRecord():
            return event.step > history.step
        case ScoreRecord():
            return event.step > _scored(history)
        case SettingChanged():
            known = [(change.step, change.path, change.value) for change in history.changes]
            return (event.step, event.path, event.value) not in known
    return True


def _scored(history: "History") -> int:
    """Return the last step with scores, 0 before."""
    scores = [curve.steps[-1] for name, curve in history.curves.items() if name.startswith("score/")]
    return int(max(scores, default=0))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
