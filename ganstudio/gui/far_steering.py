"""Far steering: live settings of the form act on the run that is shown though another process trains it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from ganstudio.api.events import Event
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.session.session import Session
from ganstudio.session.shown_run import ShownRun

if TYPE_CHECKING:
    from ganstudio.runs.history import History


class FarSteering(QObject):
    """Joins form and run while no training goes on here: that would be what the form acts on."""

    def __init__(self, session: Session, shown: ShownRun, form: ExperimentPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._shown, self._form = session, shown, form
        self._steered: History | None = None
        shown.changed.connect(self._take_change)
        shown.eventsArrived.connect(self._take_events)
        form.liveEdited.connect(self._edit)

    @Slot()
    def _take_change(self) -> None:
        shown = self._shown
        goes_on = shown.follower is not None and shown.state in ("running", "paused")
        steered = shown.history if goes_on and not self._session.active else None
        if steered is self._steered:
            return
        self._steered = steered
        if steered is not None:
            self._form.start_run(_held(steered))
        elif not self._session.active:
            self._form.end_run()

    @Slot(list)
    def _take_events(self, events: Sequence[Event]) -> None:
        if self._steered is not None:
            self._form.take(events)

    @Slot(str, object)
    def _edit(self, path: str, value: Any) -> None:
        if self._steered is not None and self._shown.follower is not None:
            self._shown.follower.set(path, value)


def _held(history: "History") -> Experiment:
    """Return the experiment with the values that hold now."""
    experiment = history.experiment
    for change in history.changes:
        try:
            experiment = experiment.with_value(change.path, change.value)
        except ExperimentError:
            # A setting that this version does not know is not in the form either.
            continue
    return experiment
