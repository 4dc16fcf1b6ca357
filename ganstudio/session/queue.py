"""The queue's runner: gives the session of a window what waits in the queue, whenever the session is free.

It never starts anything while a run of the user's own goes on, and holds once the user stops a run of the
queue. It knows no widget, and trains nothing by itself.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.api.events import Event, Failed, Finished, Started, StepRecord
from ganstudio.experiment import Problem
from ganstudio.queueing import Entry, Queue, State
from ganstudio.session.session import Session

LOOK_MS = 1000
"""How often the file is looked at for what other processes did, while somebody watches."""

_OVER = ("idle", "finished", "failed")


class QueueRunner(QObject):
    """Works the queue of the home folder through one session.

    Signals:
        changed: ``entries``, ``working`` or what holds it up are other than before.
        progressed: steps done and to do of the entry that is being trained.
        said: something for the log.
        failed: a few words on what could not be done, and the sentence.
    """

    changed = Signal()
    progressed = Signal(int, int)
    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, session: Session, queue: Queue | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self.queue = queue or Queue()
        self.working = False
        """Whether it goes on by itself with what waits."""
        self.entries: list[Entry] = []
        """The queue as it was last read."""
        self.trouble = ""
        """Why the queue cannot be read, if so."""
        self._session = session
        self._current = ""
        """The key of the entry that the session trains."""
        self._events: list[Event] = []
        self._problems: list[Problem] = []
        self._total = 0
        self._stamp: tuple[int, int] | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.refresh)
        session.stateChanged.connect(self._take_state)
        session.eventsArrived.connect(self._take_events)
        session.problemsFound.connect(self._take_problems)
        session.loadingChanged.connect(self._advance_soon)

    # --- What the user asks for --------------------------------------------------------------------

    def start(self) -> None:
        """Begin with what waits, or go on with it after a hold."""
        if self.working:
            return
        if not self._done("The queue was not started.", self._begin_work):
            return
        if not self.queue.worked_here:
            self.failed.emit("The queue was not started.", "Another window or command line works it already.")
            return
        self.working = True
        self._refresh_always()
        self._advance()

    def hold(self) -> None:
        """Start nothing more; a run of the queue that goes on is left to its end."""
        if not self.working:
            return
        self.working = False
        if not self._current:
            self.queue.end_work()
        self._refresh_always()

    def add(self, entry: Entry) -> None:
        """Put an entry at the end of the queue."""
        if self.change("Nothing was added to the queue.", lambda: self.queue.add(entry)):
            self.said.emit(f"{entry.name} waits in the queue.")
            self._advance_soon()

    def change(self, failure: str, change: Callable[[], object]) -> bool:
        """Change the queue by ``change``; return whether that could be done, and tell where it could not."""
        done = self._done(failure, change)
        self._refresh_always()
        self._advance_soon()
        return done

    def try_again(self, key: str) -> None:
        """Let an entry that did not end well wait again."""
        self.change("It does not wait again.", lambda: self.queue.try_again(key))

    def go_on(self, key: str) -> None:
        """Let the run of an entry wait to be gone on with."""
        self.change("It does not wait to be gone on with.", lambda: self.queue.go_on(key))

    def watch(self, watching: bool) -> None:
        """Follow what other processes do to the queue, or leave that be while nobody looks."""
        if watching:
            self.refresh()
            self._look.start()
        else:
            self._look.stop()

    def shutdown(self) -> None:
        """Write down how things stand, once the session was shut down; the queue goes on at a later start."""
        self._look.stop()
        self.working = False
        if self._current:
            self._settle(closing=True)
        self.queue.end_work()

    @property
    def current(self) -> str:
        """The key of the entry that this window trains; empty while it trains none."""
        return self._current

    @property
    def elsewhere(self) -> bool:
        """Whether another process works the queue."""
        return not self.queue.worked_here and self.queue.worked

    @property
    def waits_for_user(self) -> bool:
        """Whether the queue would go on, but for a run that is none of its own."""
        return self.working and not self._current and self._session.active

    # --- What the session says ---------------------------------------------------------------------

    @Slot(str)
    def _take_state(self, state: str) -> None:
        if state in _OVER:
            # The last events and the reasons of a refusal are told right after the state.
            QTimer.singleShot(0, self, self._after_end)
        elif self.working:
            self.changed.emit()

    @Slot(list)
    def _take_events(self, events: list[Event]) -> None:
        if not self._current:
            return
        self._events += [event for event in events if isinstance(event, Finished | Failed)]
        for event in events:
            if isinstance(event, Started):
                self._total = event.total_steps
                self._note_run()
        steps = [event.step for event in events if isinstance(event, Started | StepRecord)]
        if steps and self._total:
            self.progressed.emit(steps[-1], self._total)

    @Slot(list)
    def _take_problems(self, problems: list[Problem]) -> None:
        if self._current:
            self._problems = problems

    def _note_run(self) -> None:
        """Write down at once which run it became: a crash must not lose that."""
        path = self._session.run_path
        if path is not None:
            key = self._current
            self._done("The queue could not be kept.", lambda: self.queue.mark(key, "running", run=path))
            self._refresh_always()

    # --- Going on ----------------------------------------------------------------------------------

    @Slot()
    def _after_end(self) -> None:
        if self._session.active:
            return
        if self._current:
            self._settle()
        self._advance()

    def _advance_soon(self) -> None:
        QTimer.singleShot(0, self, self._advance)

    @Slot()
    def _advance(self) -> None:
        """Train what waits, where nothing else goes on."""
        if not self.working or self._current or self._session.active or not self._session.ready:
            return
        entry = self._next()
        if entry is None:
            if self.working:
                self.said.emit("Nothing waits in the queue any more.")
            self.hold()
            return
        key = entry.key
        if not self._done("The queue is held.", lambda: self.queue.mark(key, "running")):
            self.hold()
            return
        self._current, self._events, self._problems, self._total = key, [], [], 0
        self.said.emit(f"The queue goes on with {entry.name}.")
        self._session.begin(entry.request())
        self._refresh_always()

    def _next(self) -> Entry | None:
        try:
            return self.queue.next_waiting()
        except StudioError as error:
            self.failed.emit("The queue is held.", str(error))
            self.working = False
            self.queue.end_work()
            return None

    def _settle(self, closing: bool = False) -> None:
        """Write down what became of the entry that was trained."""
        key, self._current = self._current, ""
        last = self._events[-1] if self._events else None
        run = self._session.run_path
        state, sentence = _outcome(last, self._problems, closing and run is not None)
        self._done("The queue could not be kept.", lambda: self.queue.mark(key, state, sentence, run))
        name = next((entry.name for entry in self.entries if entry.key == key), "The run")
        if state in ("stopped", "waiting") and self.working:
            self.said.emit(f"{name} was stopped, so the queue is held. Start it to go on with what waits.")
            self.working = False
        elif state in ("failed", "refused"):
            self.said.emit(f"{name} {'failed' if state == 'failed' else 'was refused'}: {sentence}")
        if not self.working:
            self.queue.end_work()
        self._refresh_always()

    # --- Reading -----------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Read the queue anew where its file, or who works it, has changed."""
        if self.queue.stamp != self._stamp or any(entry.state == "running" for entry in self.entries):
            self._refresh_always()

    def _refresh_always(self) -> None:
        stamp = self.queue.stamp
        try:
            self.entries, self.trouble = self.queue.entries(), ""
        except StudioError as error:
            self.entries, self.trouble = [], str(error)
        self._stamp = stamp
        self.changed.emit()

    def _begin_work(self) -> None:
        self.queue.begin_work()

    def _done(self, failure: str, act: Callable[[], object]) -> bool:
        """Do something to the queue; where that fails, tell, and return false."""
        try:
            act()
        except StudioError as error:
            self.failed.emit(failure, str(error))
            return False
        return True


def _outcome(last: Event | None, problems: list[Problem], closing: bool) -> tuple[State, str]:
    """Return the state of an entry after its training, and why."""
    if isinstance(last, Failed):
        return "failed", last.message
    if isinstance(last, Finished) and last.reason == "done":
        return "done", ""
    if problems:
        return "refused", " ".join(problem.sentence for problem in problems)
    if closing:
        return "interrupted", "The window was closed while it was being trained; it can go on."
    if isinstance(last, Finished):
        return "stopped", "It was stopped before its last step; it can go on."
    # Stopped before there was a run: nothing was lost, and it keeps its place.
    return "waiting", ""


def run_of(entry: Entry) -> Path | None:
    """Return the run an entry became, where that is still there."""
    return entry.run if entry.run is not None and entry.run.is_dir() else None
