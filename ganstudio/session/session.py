"""The session: one window's training, as a state machine on the thread of the window.

It steers the worker, drains its events at a calm rate, and remembers what the plugins offered.
It knows no widget, and no tensor reaches it.
"""

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from ganstudio import places
from ganstudio.api.events import (
    Event,
    Failed,
    FieldReady,
    Finished,
    Held,
    Paused,
    PreviewReady,
    Released,
    Resumed,
    Started,
)
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Experiment
from ganstudio.requests import AnyRequest, Branch, Request, Resume
from ganstudio.session.buffer import EventBuffer
from ganstudio.session.data_look import DataLook
from ganstudio.session.worker import Worker

DRAIN_MS = 200
"""Plots follow at 5 Hz: faster costs training more than eyes gain."""

ACTIVE = ("preparing", "running", "paused", "stopping")

_LOOK_MS = 500
"""A look at data that is under way is left behind after so long when the window closes."""

_PREVIEW_SHARE = 0.02
"""Live previews may cost this share of the training, within the bounds below."""
_PREVIEW_SECONDS = (0.25, 0.35)


class Session(QObject):
    """Steers one training at a time.

    Signals:
        stateChanged: the new state: idle, preparing, running, paused, stopping, finished or failed.
        eventsArrived: a list of events, in order, at most five times a second.
        catalogueChanged: ``catalogue`` holds something new.
        devicesChanged: ``devices`` holds something new.
        loadingChanged: what is being loaded, or an empty text once everything is there.
        problemsFound: why an experiment was refused, as a list of ``Problem``.
        reloadingChanged: ``waiting`` for the end of a run, ``reloading``, or an empty text once it is over.
        reloadFailed: the plugins stayed as they were, all of them: a sentence and the traceback.
    """

    stateChanged = Signal(str)  # noqa: N815
    eventsArrived = Signal(list)  # noqa: N815
    catalogueChanged = Signal()  # noqa: N815
    devicesChanged = Signal()  # noqa: N815
    loadingChanged = Signal(str)  # noqa: N815
    problemsFound = Signal(list)  # noqa: N815
    reloadingChanged = Signal(str)  # noqa: N815
    reloadFailed = Signal(str, str)  # noqa: N815
    _load = Signal()
    _reload = Signal()
    _train = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = "idle"
        self.catalogue = _remembered_catalogue()
        self.devices: list[Any] = []
        self.ready = False
        self.experiment: Experiment | None = None
        self.run_path: Path | None = None
        self.held = ""
        """Why the training holds, while the disk refuses what is to be written."""
        self.data_look = DataLook(self)
        self._controls: Any = None
        self._preview_due: float | None = None
        self._buffer = EventBuffer()
        self._timer = QTimer(self, interval=DRAIN_MS)
        self._timer.timeout.connect(self._drain)
        self._thread = QThread()
        self._thread.setObjectName("training")
        self._worker = Worker(self._buffer)
        self._worker.moveToThread(self._thread)
        self._connect_worker()

    @property
    def active(self) -> bool:
        """Whether a training goes on, in whatever state."""
        return self.state in ACTIVE

    # --- What the window asks for ------------------------------------------------------------------

    def load(self) -> None:
        """Start the worker thread and load torch and the plugins on it."""
        self.loadingChanged.emit("Loading torch and the plugins…")
        self._thread.start()
        self._load.emit()

    def reload_plugins(self) -> None:
        """Load every plugin anew, at once or when the run that goes on has ended.

        ``catalogueChanged`` follows. Does nothing until they are loaded for the first time, nor where a wish
        for it still waits.
        """
        if self.ready and not self._worker.reload_wanted.is_set():
            self._worker.reload_wanted.set()
            self.reloadingChanged.emit("waiting" if self.active else "reloading")
            self._reload.emit()

    def train(self, experiment: Experiment, device: str = "auto") -> None:
        """Start a training. What is wrong with it comes back through ``problemsFound``."""
        self.begin(Request(experiment, device))

    def begin(self, request: AnyRequest) -> None:
        """Start what is asked for, unless a training goes on or the plugins are not there yet."""
        if self.active or not self.ready:
            return
        from ganstudio.training.controls import Controls

        self._controls = Controls()
        self.experiment, self.run_path = None, None
        self._set_state("preparing")
        self._timer.start()
        self._train.emit(request, self._controls)

    def go_on(self, path: Path, steps: int | None = None) -> None:
        """Go on with the run in a folder, to ``steps`` in all where given; refused as in :meth:`train`."""
        self.begin(Resume(path, steps))

    def branch(self, path: Path, step: int | None, experiment: Experiment) -> None:
        """Begin a new run, as ``experiment`` has it, from a checkpoint of another; refused as above."""
        self.begin(Branch(path, step, experiment))

    def pause(self) -> None:
        """Hold before the next step."""
        if self.state == "running":
            from ganstudio.training.controls import Pause

            self._controls.post(Pause())

    def resume(self) -> None:
        """Go on after a pause."""
        if self.state == "paused":
            from ganstudio.training.controls import Resume

            self._controls.post(Resume())

    def step_once(self, only: str = "") -> None:
        """While paused, make one step; ``only``: the one network that moves."""
        if self.state == "paused":
            from ganstudio.training.controls import StepOnce

            self._controls.post(StepOnce(only))

    def set_pace(self, steps_per_second: float) -> None:
        """Make at most so many steps a second; 0 for as many as go."""
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import Pace

            self._controls.post(Pace(steps_per_second))

    def watch(
        self, seconds: float, label: int = 0, region: tuple[float, float, float, float] | None = None
    ) -> None:
        """Have the game of a run on points looked at every so many seconds; 0 ends it.

        What is seen is fetched with :meth:`take_field`; where there is nothing to see, an event says why.
        """
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import Watch

            self._controls.post(Watch(seconds, label, region))

    def take_field(self) -> FieldReady | None:
        """Return the newest look at the game, once."""
        return self._buffer.take_field()

    def stop(self, save: bool = True) -> None:
        """End the training after the step that is under way, with a checkpoint unless ``save`` is false."""
        if self.state in ("preparing", "running", "paused"):
            from ganstudio.training.controls import Stop

            self._set_state("stopping")
            self._controls.post(Stop(save))

    def edit(self, path: str, value: Any) -> None:
        """Give a live setting another value; what holds comes back as an event."""
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import Edit

            self._controls.post(Edit(path, value))

    def checkpoint_now(self) -> None:
        """Keep a checkpoint after the step that is under way."""
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import CheckpointNow

            self._controls.post(CheckpointNow())

    def score_now(self) -> None:
        """Ask for all scores of the weights as they are now."""
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import ScoreNow

            self._controls.post(ScoreNow())

    def request_preview(self) -> None:
        """Ask for samples of the weights as they are now."""
        if self.state in ("running", "paused"):
            from ganstudio.training.controls import PreviewNow

            self._controls.post(PreviewNow())

    def shutdown(self, timeout_ms: int = 10_000) -> bool:
        """Stop training and both threads; return whether they ended in time."""
        self.stop()
        self.data_look.cancel()
        self._timer.stop()
        self._thread.quit()
        ended = not self._thread.isRunning() or self._thread.wait(timeout_ms)
        ended = self.data_look.shutdown(_LOOK_MS) and ended
        self._drain()
        return ended

    # --- What the worker says ----------------------------------------------------------------------

    def _connect_worker(self) -> None:
        self._load.connect(self._worker.load)
        self._reload.connect(self._worker.reload)
        self._train.connect(self._worker.train)
        self._worker.loaded.connect(self._on_loaded)
        self._worker.loadFailed.connect(self._on_load_failed)
        self._worker.reloading.connect(self._on_reloading)
        self._worker.reloaded.connect(self._on_reloaded)
        self._worker.reloadFailed.connect(self._on_reload_failed)
        self._worker.refused.connect(self._on_refused)
        self._worker.resolved.connect(self._on_resolved)
        self._worker.ended.connect(self._on_ended)

    @Slot(object, object)
    def _on_loaded(self, catalogue: Catalogue, devices: list[Any]) -> None:
        from ganstudio.training.device import spare_thread

        spare_thread()
        self.ready = True
        self.data_look.registry = self._worker.registry
        self.devices = devices
        self.devicesChanged.emit()
        self._take_catalogue(catalogue)
        self.loadingChanged.emit("")

    @Slot(str, str)
    def _on_load_failed(self, message: str, details: str) -> None:
        self.loadingChanged.emit("")
        self.eventsArrived.emit([Failed(0, f"The plugins could not be loaded. {message}", details)])
        self._set_state("failed")

    @Slot()
    def _on_reloading(self) -> None:
        self.reloadingChanged.emit("reloading")

    @Slot(object)
    def _on_reloaded(self, catalogue: Catalogue) -> None:
        self.data_look.registry = self._worker.registry
        self._take_catalogue(catalogue)
        self._end_reload()

    @Slot(str, str)
    def _on_reload_failed(self, message: str, details: str) -> None:
        self._end_reload()
        self.reloadFailed.emit(message, details)

    def _end_reload(self) -> None:
        """Say that it is over, unless another is wanted already."""
        if not self._worker.reload_wanted.is_set():
            self.reloadingChanged.emit("")

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        if catalogue != self.catalogue:
            self.catalogue = catalogue
            self.catalogueChanged.emit()
        _remember_catalogue(catalogue)

    @Slot(object)
    def _on_refused(self, problems: list[Any]) -> None:
        self._set_state("idle")
        self.problemsFound.emit(problems)

    @Slot(object, object)
    def _on_resolved(self, experiment: Experiment, path: Path) -> None:
        self.experiment, self.run_path = experiment, path

    @Slot(object)
    def _on_ended(self, controls: object) -> None:
        if controls is not self._controls:
            # Its last event was seen, and the next training asked for, before this news of the thread.
            return
        self._timer.stop()
        self._drain()
        if self.active:  # cancelled before there was a run
            self._set_state("idle")

    @Slot()
    def _drain(self) -> None:
        """Take what waits, follow the state, pass it on."""
        events = self._buffer.take()
        for event in events:
            self._follow(event)
        self._ask_for_preview()
        if events:
            self.eventsArrived.emit(events)

    def _follow(self, event: Event) -> None:
        if isinstance(event, Held | Released | Finished | Failed):
            self.held = event.message if isinstance(event, Held) else ""
        if isinstance(event, Held) and self.state == "stopping":
            # That stop waits for the disk; another one need not.
            self._set_state("running")
        if isinstance(event, Finished):
            self._set_state("finished")
        elif isinstance(event, Failed):
            self._set_state("failed")
        elif isinstance(event, PreviewReady):
            low, high = _PREVIEW_SECONDS
            wait = min(max(event.seconds / _PREVIEW_SHARE, low), high)
            self._preview_due = time.monotonic() + wait - DRAIN_MS / 1000
        elif self.state != "stopping":
            if isinstance(event, Started | Resumed):
                self._set_state("running")
            elif isinstance(event, Paused):
                self._set_state("paused")

    def _ask_for_preview(self) -> None:
        """Keep the grid alive: ask for the next preview when the one before came and some time went by."""
        due = self._preview_due
        if self.state == "running" and due is not None and time.monotonic() >= due:
            self._preview_due = None
            self.request_preview()

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            if state == "preparing":
                self._preview_due = None
            self.stateChanged.emit(state)


def _remembered_catalogue() -> Catalogue:
    """Return what the plugins offered last time, to fill the form until they are loaded."""
    try:
        return Catalogue.from_json(places.catalogue().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Catalogue()


def _remember_catalogue(catalogue: Catalogue) -> None:
    from ganstudio.api import StudioError
    from ganstudio.runs.atomic import write_text

    try:
        places.catalogue().parent.mkdir(parents=True, exist_ok=True)
        write_text(places.catalogue(), catalogue.to_json())
    except (OSError, StudioError):
        # A cache that cannot be written only makes the next start slower.
        return
