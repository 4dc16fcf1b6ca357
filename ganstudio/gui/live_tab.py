"""Live tab: the run that is shown, with its past, whether it trains here, elsewhere, or has ended."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.api.events import Event, Started, StepRecord
from ganstudio.experiment import Experiment
from ganstudio.gui.panels.live_panel import LivePanel
from ganstudio.gui.panels.shown_bar import ShownBar
from ganstudio.gui.preview_steering import PreviewSteering
from ganstudio.gui.sample_inspecting import SampleInspecting
from ganstudio.session.session import Session
from ganstudio.session.shown_run import ShownRun

if TYPE_CHECKING:
    from ganstudio.runs.history import History


class LiveTab(QWidget):
    """Samples and curves, and above them, for a run that was opened, what it is.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        resumeAsked, settingsAsked: the folder of the run that is meant.
        branchAsked: its ``History``.
        compareAsked: the folders of the runs to compare.
        closed: nothing is looked at any more.
    """

    said = Signal(str)
    failed = Signal(str, str)
    resumeAsked = Signal(object)  # noqa: N815 - Qt's way of naming
    settingsAsked = Signal(object)  # noqa: N815
    branchAsked = Signal(object)  # noqa: N815
    compareAsked = Signal(list)  # noqa: N815
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reached = 0
        """Steps of the opened run, as far as is known."""
        self.panel = LivePanel(self)
        self.bar = ShownBar(self)
        self.shown = ShownRun(session, self)
        self.inspecting = SampleInspecting(session, self.shown, self.panel.samples, self)
        self.steering = PreviewSteering(session, self.shown, self.panel.samples, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.panel, 1)
        self._connect()

    def open(self, path: Path) -> None:
        """Show the run in a folder."""
        self.shown.open(path)

    def shutdown(self, timeout_ms: int) -> bool:
        """End what goes on here; return whether it ended in time."""
        ended = [part.shutdown(timeout_ms) for part in (self.inspecting, self.steering, self.shown)]
        return all(ended)

    def _connect(self) -> None:
        shown, bar = self.shown, self.bar
        shown.historyArrived.connect(self._take_history)
        shown.eventsArrived.connect(self._take_events)
        shown.changed.connect(self._show_which)
        shown.failed.connect(lambda sentence: self.failed.emit("The run cannot be shown.", sentence))
        shown.vectorsArrived.connect(self.panel.take_past_vectors)
        shown.changed.connect(self._show_scorable)
        self.panel.scoreAsked.connect(self._session.score_now)
        self._session.stateChanged.connect(self._show_free)
        self._session.stateChanged.connect(self._show_scorable)
        bar.resumeAsked.connect(lambda: self.resumeAsked.emit(shown.path))
        bar.settingsAsked.connect(lambda: self.settingsAsked.emit(shown.path))
        bar.branchAsked.connect(lambda: self.branchAsked.emit(shown.history))
        bar.compareAsked.connect(lambda: self.compareAsked.emit([shown.path]))
        bar.pauseAsked.connect(self._pause)
        bar.stopAsked.connect(self._stop)
        bar.closeAsked.connect(self._close)

    @Slot(object)
    def _take_history(self, history: "History") -> None:
        self._reached = history.step
        self.panel.samples.averaged = _averages(history.experiment)
        self.panel.show_history(history)

    @Slot(list)
    def _take_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Started) and self.shown.history is None:
                self.panel.start_run(event.total_steps, _averages(self._session.experiment))
                if self._session.run_path is not None:
                    self.panel.samples.show_run(self._session.run_path)
        self.panel.take(events)
        reports = [event.step for event in events if isinstance(event, StepRecord)]
        if reports and not self.shown.own:
            self._reached = reports[-1]
            self._show_which()

    @Slot()
    def _show_which(self) -> None:
        shown = self.shown
        if shown.path is None:
            self.bar.hide()
            return
        history = shown.history
        read = history is not None and history.path == shown.path
        step, total = (self._reached, history.total_steps) if history is not None and read else (0, 0)
        self.bar.show_run(shown.path.name, shown.state if read else "", step, total)
        self._show_free()

    @Slot()
    def _show_free(self) -> None:
        self.bar.show_free(self._session.ready and not self._session.active)

    @Slot()
    def _show_scorable(self) -> None:
        """Let scores be asked for while the run that is shown trains here."""
        trains = self.shown.own and self._session.state in ("running", "paused")
        self.panel.set_scorable("" if trains else "Nothing trains here.")

    def _pause(self) -> None:
        follower = self.shown.follower
        if follower is not None:
            follower.go_on() if self.shown.state == "paused" else follower.pause()

    def _stop(self) -> None:
        if self.shown.follower is not None:
            self.shown.follower.stop_training()

    def _close(self) -> None:
        self.shown.close()
        if self.shown.folder is None:
            self.panel.clear()
            self.closed.emit()


def _averages(experiment: Experiment | None) -> bool:
    """Say whether samples come from averaged weights."""
    return experiment is None or experiment.training.get("ema_decay", 0) > 0
