"""Preview steering: settings of the run that trains here which change its samples alone, under these.

It joins the session and the samples, and knows nothing of how either does its work.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from ganstudio.api.events import (
    Event,
    Failed,
    Finished,
    PreviewReady,
    SettingChanged,
    SettingRefused,
    Started,
)
from ganstudio.catalogue import find
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.session.session import Session
from ganstudio.session.shown_run import ShownRun

_OVER = "The run is over: new samples are made only while it trains."


class PreviewSteering(QObject):
    """Passes edits on and asks for new samples after each, one at a time."""

    def __init__(self, session: Session, shown: ShownRun, samples: SamplesPane, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._shown, self._samples = session, shown, samples
        self._awaited = self._stale = False
        """Whether samples were asked for, and whether a setting was changed since."""
        shown.changed.connect(self._show_which)
        shown.eventsArrived.connect(self._take)
        samples.settings.edited.connect(self._edit)

    @Slot()
    def _show_which(self) -> None:
        """Another run than the session's is shown: nothing of it is steered here."""
        if not self._shown.own:
            self._samples.settings.offer((), {})

    @Slot(list)
    def _take(self, events: Sequence[Event]) -> None:
        if not self._shown.own:
            return
        settings = self._samples.settings
        for event in events:
            match event:
                case Started():
                    self._awaited = self._stale = False
                    self._offer()
                case SettingChanged(path=path, value=value):
                    settings.show_held(path, value)
                case SettingRefused(path=path, reason=reason):
                    settings.show_refused(path, reason)
                case PreviewReady(first=True):
                    self._awaited = False
                case Finished() | Failed():
                    settings.set_unavailable(_OVER)
        if self._stale and not self._awaited:
            self._ask()

    def _offer(self) -> None:
        experiment = self._session.experiment
        if experiment is None:
            return
        chosen = experiment.architecture
        entry = find(self._session.catalogue.architectures, chosen.kind)
        specs = [spec for spec in entry.fields if spec.shown] if entry is not None else []
        self._samples.settings.offer(specs, chosen.settings)

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        self._session.edit(path, value)
        self._stale = True
        if not self._awaited:
            self._ask()

    def _ask(self) -> None:
        self._awaited, self._stale = True, False
        self._session.request_preview()
