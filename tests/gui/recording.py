"""A session that trains nothing: it has the same signals, and keeps what the window asks of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ganstudio.api.events import Event, FieldReady, Started
from ganstudio.catalogue import Catalogue
from ganstudio.data_report import DataReport
from ganstudio.experiment import Experiment
from ganstudio.gui.run_state import ACTIVE
from ganstudio.requests import AnyRequest
from tests.gui.catalogues import CATALOGUE


@dataclass(frozen=True)
class RecordedDevice:
    """A device that is not there."""

    key: str
    name: str = "Processor"
    memory: int = 8 << 30

    def describe(self) -> str:
        return f"{self.key} — {self.name}, {self.memory / 2**30:.1f} GiB"


class RecordingLook(QObject):
    """Keeps every wish to look at data in ``asked``; a test says itself what is found."""

    progressed = Signal(str, object)
    found = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.asked: list[tuple[Any, ...]] = []
        self.registry: Any = None
        self.busy = False

    def look(self, experiment: Experiment) -> None:
        self.asked.append(("look", experiment))
        self.busy = True

    def check(self, experiment: Experiment, report: DataReport) -> None:
        self.asked.append(("check", experiment, report))

    def cancel(self) -> None:
        self.asked.append(("cancel",))
        self.busy = False

    def find(self, report: DataReport, *objections: str) -> None:
        self.busy = False
        self.found.emit(report, objections)

    def fail(self, sentence: str) -> None:
        self.busy = False
        self.failed.emit(sentence)


class RecordingSession(QObject):
    """Keeps every request in ``asked``; a test says itself what comes of them."""

    stateChanged = Signal(str)  # noqa: N815
    eventsArrived = Signal(list)  # noqa: N815
    catalogueChanged = Signal()  # noqa: N815
    devicesChanged = Signal()  # noqa: N815
    loadingChanged = Signal(str)  # noqa: N815
    problemsFound = Signal(list)  # noqa: N815
    reloadingChanged = Signal(str)  # noqa: N815
    reloadFailed = Signal(str, str)  # noqa: N815

    def __init__(self, catalogue: Catalogue = CATALOGUE, ready: bool = True) -> None:
        super().__init__()
        self.state = "idle"
        self.catalogue = catalogue
        self.ready = ready
        self.data_look = RecordingLook(self)
        self.devices: list[RecordedDevice] = []
        self.experiment: Experiment | None = None
        self.run_path: Path | None = None
        self.held = ""
        self.field: FieldReady | None = None
        """The look at the game that waits to be taken."""
        self.asked: list[tuple[Any, ...]] = []

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    def load(self) -> None:
        self.asked.append(("load",))

    def reload_plugins(self) -> None:
        self.asked.append(("reload",))

    def train(self, experiment: Experiment, device: str = "auto") -> None:
        self.asked.append(("train", experiment, device))

    def pause(self) -> None:
        self.asked.append(("pause",))

    def resume(self) -> None:
        self.asked.append(("resume",))

    def step_once(self, only: str = "") -> None:
        self.asked.append(("step", only) if only else ("step",))

    def set_pace(self, steps_per_second: float) -> None:
        self.asked.append(("pace", steps_per_second))

    def watch(self, seconds: float, label: int = 0, region: Any = None) -> None:
        self.asked.append(("watch", seconds, label, region))

    def take_field(self) -> FieldReady | None:
        field, self.field = self.field, None
        return field

    def stop(self, save: bool = True) -> None:
        self.asked.append(("stop", save))

    def edit(self, path: str, value: Any) -> None:
        self.asked.append(("edit", path, value))

    def begin(self, request: AnyRequest) -> None:
        self.asked.append(("begin", request))

    def go_on(self, path: Path, steps: int | None = None) -> None:
        self.asked.append(("go on", path, steps))

    def branch(self, path: Path, step: int | None, experiment: Experiment) -> None:
        self.asked.append(("branch", path, step, experiment))

    def checkpoint_now(self) -> None:
        self.asked.append(("checkpoint",))

    def request_preview(self) -> None:
        self.asked.append(("preview",))

    def score_now(self) -> None:
        self.asked.append(("score",))

    def shutdown(self, timeout_ms: int = 0) -> bool:
        self.asked.append(("shutdown",))
        return True

    # --- What a test lets happen -------------------------------------------------------------------

    def become(self, state: str) -> None:
        self.state = state
        self.stateChanged.emit(state)

    def tell(self, *events: Event) -> None:
        self.eventsArrived.emit(list(events))

    def run(self, experiment: Experiment, steps: int = 1000) -> None:
        """Let a run of this experiment go on."""
        self.become("preparing")
        self.experiment, self.run_path = experiment, Path("run")
        self.become("running")
        self.tell(Started(1, "run", steps, "cpu", {"generator": 10}))

    def offer(self, catalogue: Catalogue) -> None:
        """Let the plugins be loaded anew, with this as what they offer."""
        self.catalogue = catalogue
        self.catalogueChanged.emit()
        self.reloadingChanged.emit("")

    def finish_loading(self, *devices: RecordedDevice) -> None:
        self.ready = True
        self.devices = list(devices)
        self.devicesChanged.emit()
        self.loadingChanged.emit("")
