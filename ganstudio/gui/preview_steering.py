"""Preview steering: settings of the run that is shown which change its samples alone, under these.

While the run trains here they are edits of it, like any other; of a run that is over, or was opened, new
samples are made from its newest checkpoint. It joins the session and the samples, and knows nothing of how
either does its work.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from ganstudio.experiment import Choice
from ganstudio.field_spec import FieldSpec
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.session.remaking import Remaking
from ganstudio.session.session import Session
from ganstudio.session.shown_run import ShownRun

if TYPE_CHECKING:
    from ganstudio.runs.history import History

_OWNER = "architecture."
_LOADING = "New samples of a run that is over can be made once the plugins are loaded."


class PreviewSteering(QObject):
    """Passes edits on and asks for new samples after each, one at a time."""

    def __init__(self, session: Session, shown: ShownRun, samples: SamplesPane, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._shown, self._samples = session, shown, samples
        self._awaited = self._stale = False
        """Whether samples were asked for, and whether a setting was changed since."""
        self._trains = False
        """Whether the settings are those of a training that goes on here."""
        self._edited = ""
        """The path of the setting that was changed last."""
        self.remaking = Remaking(self)
        shown.changed.connect(self._show_which)
        shown.historyArrived.connect(self._take_history)
        shown.eventsArrived.connect(self._take)
        samples.settings.edited.connect(self._edit)
        self.remaking.made.connect(self._take_remade)
        self.remaking.failed.connect(self._take_failure)

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread that remakes samples; return whether it ended in time."""
        return self.remaking.shutdown(timeout_ms)

    @Slot()
    def _show_which(self) -> None:
        """Another run is shown: nothing is known of it before its history, or its start, was told."""
        shown = self._shown
        unread = shown.history is None or shown.history.path != shown.path
        if shown.folder is None or (not shown.own and unread):
            self._leave()

    @Slot(object)
    def _take_history(self, history: "History") -> None:
        """Offer the settings of a run that was opened, or goes on, as they stand after all its changes."""
        self._leave()
        self._trains = self._shown.own and self._session.active
        if self._trains or history.checkpoints:
            changed = {change.path: change.value for change in history.changes}
            self._offer(history.experiment.architecture, changed)

    @Slot(list)
    def _take(self, events: Sequence[Event]) -> None:
        if not self._shown.own:
            return
        settings = self._samples.settings
        for event in events:
            match event:
                case Started():
                    self._begin()
                case SettingChanged(path=path, value=value):
                    settings.show_held(path, value)
                case SettingRefused(path=path, reason=reason):
                    settings.show_refused(path, reason)
                case PreviewReady(first=True):
                    self._awaited = False
                case Finished() | Failed():
                    self._trains = self._awaited = self._stale = False
        if self._stale and not self._awaited:
            self._ask()

    def _begin(self) -> None:
        self._leave()
        self._trains = True
        if self._session.experiment is not None:
            self._offer(self._session.experiment.architecture, {})

    def _leave(self) -> None:
        """Know of no run any more."""
        self._trains = self._awaited = self._stale = False
        self._samples.settings.offer((), {})
        self.remaking.forget()

    def _offer(self, chosen: Choice, changed: Mapping[str, Any]) -> None:
        entry = find(self._session.catalogue.architectures, chosen.kind)
        fields = entry.fields if entry is not None else ()
        values = {spec.name: spec.default for spec in fields} | dict(chosen.settings)
        values |= {spec.name: changed[_OWNER + spec.name] for spec in fields if _OWNER + spec.name in changed}
        specs = [spec for spec in fields if spec.shown and _applies(spec, values)]
        self._samples.settings.offer(specs, values)

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        self._edited = path
        if not self._trains:
            self._remake()
            return
        self._session.edit(path, value)
        self._stale = True
        if not self._awaited:
            self._ask()

    def _ask(self) -> None:
        self._awaited, self._stale = True, False
        self._session.request_preview()

    # --- Runs that are over ------------------------------------------------------------------------

    def _remake(self) -> None:
        folder, registry = self._shown.folder, self._session.data_look.registry
        settings = self._samples.settings
        if folder is None or registry is None:
            settings.show_refused(self._edited, _LOADING)
            return
        if self._samples.scrubber.step is not None:
            # What is made anew is of the newest weights.
            self._samples.scrubber.go_live()
        values = {field.spec.name: field.value() for field in settings.fields.values()}
        self.remaking.remake(folder, registry, values)

    @Slot(object, list)
    def _take_remade(self, folder: Path, previews: Sequence[PreviewReady]) -> None:
        if self._trains or folder != self._shown.folder:
            return
        self._samples.settings.show_refused(self._edited, "")
        for preview in previews:
            self._samples.take_preview(preview)
        self._samples.scrubber.set_live(self._shown.own)

    @Slot(str)
    def _take_failure(self, sentence: str) -> None:
        self._samples.settings.show_refused(self._edited, sentence)


def _applies(spec: FieldSpec, values: Mapping[str, Any]) -> bool:
    """Say whether a setting does anything where its siblings have these values."""
    return all(need.holds(values.get(need.path)) for need in spec.when)
