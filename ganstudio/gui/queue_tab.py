"""Queue tab: the queue page, and what drives it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ganstudio import places, queueing
from ganstudio.api.errors import StudioError
from ganstudio.experiment import Experiment, load_experiment
from ganstudio.gui import queue_words
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.panels.queue_page import QueuePage
from ganstudio.queueing import WORKED_ELSEWHERE, Entry
from ganstudio.session.queue import QueueRunner, run_of
from ganstudio.session.session import Session

_NOT_ADDED = "Nothing was added to the queue."
_WAITS = "The queue goes on when the run that is under way, which is none of its own, has ended."
_HOLDS = "The queue is held: it starts nothing after the run that is under way."


class QueueTab(QWidget):
    """The queue of the home folder, worked through one session.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        opened: the run of an entry is to be shown; its path.
        counted: how many entries wait, whenever that changes.
    """

    said = Signal(str)
    failed = Signal(str, str)
    opened = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        session: Session,
        form: ExperimentPanel,
        device: Callable[[], str] = lambda: "auto",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._form, self._device = session, form, device
        self._progress: tuple[int, int] | None = None
        self._waiting = -1
        self.page = QueuePage(self)
        self.runner = QueueRunner(session, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect_runner()
        self._connect_page()
        self._show_presets()
        self.runner.refresh()

    def add(self, entry: Entry) -> None:
        """Put an entry at the end, such as a branch that is asked for elsewhere in the window."""
        self.runner.add(entry)
        self.page.list.select(entry.key)

    def add_form(self) -> None:
        """Add what is in the form."""
        experiment = self._form.experiment()
        if experiment is not None:
            self._add_experiment(experiment)

    def add_file(self, path: Path) -> None:
        """Add the experiment in a file."""
        try:
            self._add_experiment(load_experiment(path))
        except StudioError as error:
            self.failed.emit(_NOT_ADDED, str(error))

    def add_run(self, path: Path) -> None:
        """Add a run to go on with."""
        from ganstudio.runs.folder import RunFolder

        try:
            self.add(queueing.resuming(RunFolder.open(path).path))
        except StudioError as error:
            self.failed.emit(_NOT_ADDED, str(error))

    def shutdown(self) -> None:
        """Write down how things stand; to be called once the session was shut down."""
        self.runner.shutdown()

    # --- Showing -----------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        runner, entries = self.runner, self.runner.entries
        if not runner.current:
            self._progress = None
        rows = [
            queue_words.row(
                entry, self._session.catalogue, self._progress if entry.key == runner.current else None
            )
            for entry in entries
        ]
        self.page.show_rows(rows, queue_words.summary(entries))
        waiting = sum(entry.state == "waiting" for entry in entries)
        elsewhere = runner.elsewhere
        why = "Another window or command line works the queue." if elsewhere else "Nothing waits."
        self.page.show_working(runner.working, bool(waiting) and not elsewhere, why)
        self.page.say(self._standing(elsewhere), runner.trouble)
        if waiting != self._waiting:
            self._waiting = waiting
            self.counted.emit(waiting)

    def _standing(self, elsewhere: bool) -> str:
        """Return what to know of the queue as a whole."""
        if elsewhere:
            return WORKED_ELSEWHERE
        if self.runner.waits_for_user:
            return _WAITS
        return _HOLDS if self.runner.current and not self.runner.working else ""

    @Slot(int, int)
    def _take_progress(self, step: int, total: int) -> None:
        self._progress = step, total
        self._show()

    @Slot()
    def _show_presets(self) -> None:
        groups: dict[str, list[str]] = {}
        for preset in self._session.catalogue.presets:
            group = preset.get("preset", {}).get("group") or "Other"
            groups.setdefault(group, []).append(str(preset["name"]))
        self.page.show_presets(groups)
        self._show()

    # --- What the user wants -----------------------------------------------------------------------

    def _add_experiment(self, experiment: Experiment) -> None:
        self.add(queueing.training(experiment, self._device()))

    @Slot(str)
    def _add_preset(self, name: str) -> None:
        for preset in self._session.catalogue.presets:
            if preset["name"] == name:
                self._add_experiment(Experiment.from_dict(preset))

    @Slot()
    def _ask_for_file(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(
            self, "Add an experiment", "", "Experiments (*.toml);;All files (*)"
        )
        if chosen:
            self.add_file(Path(chosen))

    @Slot()
    def _ask_for_run(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a run to go on with", str(places.runs()))
        if chosen:
            self.add_run(Path(chosen))

    @Slot(str)
    def _open(self, key: str) -> None:
        for entry in self.runner.entries:
            path = run_of(entry) if entry.key == key else None
            if path is not None:
                self.opened.emit(path)

    @Slot(str, int)
    def _move(self, key: str, place: int) -> None:
        self.runner.change("The entry was not moved.", lambda: self.runner.queue.move(key, place))

    @Slot(str)
    def _remove(self, key: str) -> None:
        self.runner.change("The entry was not removed.", lambda: self.runner.queue.remove(key))

    @Slot(str, str)
    def _rename(self, key: str, name: str) -> None:
        self.runner.change("The entry was not renamed.", lambda: self.runner.queue.rename(key, name))

    @Slot(str, int)
    def _set_steps(self, key: str, steps: int) -> None:
        self.runner.change("The steps were not changed.", lambda: self.runner.queue.set_steps(key, steps))

    @Slot()
    def _clear(self) -> None:
        self.runner.change("Nothing was taken out.", self.runner.queue.clear_ended)

    def _connect_runner(self) -> None:
        self.runner.changed.connect(self._show)
        self.runner.progressed.connect(self._take_progress)
        self.runner.said.connect(self.said)
        self.runner.failed.connect(self.failed)
        self._session.stateChanged.connect(self._show)
        self._session.catalogueChanged.connect(self._show_presets)

    def _connect_page(self) -> None:
        page = self.page
        page.startAsked.connect(self.runner.start)
        page.holdAsked.connect(self.runner.hold)
        page.formAsked.connect(self.add_form)
        page.fileAsked.connect(self._ask_for_file)
        page.runAsked.connect(self._ask_for_run)
        page.presetAsked.connect(self._add_preset)
        page.moved.connect(self._move)
        page.removed.connect(self._remove)
        page.againAsked.connect(self.runner.try_again)
        page.goOnAsked.connect(self.runner.go_on)
        page.openAsked.connect(self._open)
        page.renamed.connect(self._rename)
        page.stepsAsked.connect(self._set_steps)
        page.clearAsked.connect(self._clear)
        page.watched.connect(self.runner.watch)
