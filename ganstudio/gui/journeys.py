"""Journeys: what one page asks for and another does, with runs: open, resume, branch, compare, export."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from ganstudio import places
from ganstudio.api.errors import StudioError
from ganstudio.experiment import load_experiment
from ganstudio.gui.files import show_on_desktop
from ganstudio.gui.pages import Pages
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.words import grouped
from ganstudio.requests import Branch, Request
from ganstudio.session.history_reader import HistoryReader
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.runs.history import History

_READING_MS = 1000
MOST_STEPS = 100_000_000


class Journeys(QObject):
    """Leads from page to page.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        queued: something to add to the queue: a folder and a step, or nothing, and an experiment.
    """

    said = Signal(str)
    failed = Signal(str, str)
    queued = Signal(object, object, object)

    def __init__(self, session: Session, pages: Pages, form: ExperimentPanel, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._pages, self._form, self._window = session, pages, form, window
        self._next: Callable[[], None] | None = None
        self.ask_when: Callable[[QWidget], str] = _ask_when
        self.ask_steps: Callable[[QWidget, int], int | None] = _ask_steps
        self._with_history: Callable[[History], None] | None = None
        self._reader = HistoryReader(self)
        self._reader.arrived.connect(self._take_history)
        self._reader.failed.connect(self._take_failure)
        pages.made.connect(self._join)
        session.stateChanged.connect(self._take_state)

    # --- Where one can go --------------------------------------------------------------------------

    def ask_open(self) -> None:
        """Ask for the folder of a run and show it."""
        chosen = QFileDialog.getExistingDirectory(self._window, "Open a run", str(places.runs()))
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Show the run in a folder."""
        self._pages.show_page("Live")
        self._pages.live().open(path)

    def resume(self, path: Path) -> None:
        """Go on with a run, its settings in the form; of one that is done, ask how far."""
        self._read(path, self._resume)

    def settings(self, path: Path) -> None:
        """Copy the settings of a run to the form."""
        if self._form_takes(path):
            self.said.emit(f"The form has the settings of {path.name}.")

    def compare(self, paths: list[Path]) -> None:
        """Show runs beside each other."""
        self._pages.show_page("Compare")
        beside = self._pages.compare()
        if len(paths) == 1 and beside.page.paths:
            beside.add(paths[0])
        else:
            beside.compare(paths)

    def shown_folder(self) -> Path | None:
        """Return the folder of the run that is shown, if there is one."""
        return self._pages.live().shown.folder if self._pages.is_made("Live") else self._session.run_path

    def with_shown(self, do: Callable[[Path], None]) -> None:
        """Do something with the run that is shown, if there is one."""
        folder = self.shown_folder()
        if folder is not None:
            do(folder)

    def reveal(self, path: Path) -> None:
        """Show the folder of a run on the desktop."""
        if not show_on_desktop(path):
            self.said.emit(f"The desktop opens no folders; the run is in {path}.")

    def branch(self, path: Path) -> None:
        """Ask how to branch a run, and begin the branch."""
        self._read(path, self._ask_branch)

    def export(self, path: Path) -> None:
        """Ask what to export of a run, and write it."""
        from ganstudio.gui.panels.export_run_dialog import ExportRunDialog

        session = self._session
        dialog = ExportRunDialog(path, session.data_look.registry, session.catalogue, self._window)
        dialog.exported.connect(self._say_exported)
        dialog.showAsked.connect(show_on_desktop)
        dialog.exec()
        dialog.deleteLater()

    def film(self, path: Path) -> None:
        """Ask for a film of a run's previews, and write it."""

        def ask(history: "History") -> None:
            from ganstudio.gui.panels.export_film_dialog import ExportFilmDialog

            dialog = ExportFilmDialog(path.name, history.previews, history.real, path, self._window)
            dialog.exported.connect(lambda film: self._say_exported([film.path]))
            dialog.exec()
            dialog.deleteLater()

        self._read(path, ask)

    def shutdown(self) -> bool:
        """End what goes on here; return whether it ended in time."""
        return self._reader.shutdown(_READING_MS)

    # --- On the way --------------------------------------------------------------------------------

    def _form_takes(self, path: Path) -> bool:
        try:
            experiment = load_experiment(path / "experiment.toml")
        except StudioError as error:
            self.failed.emit("The run's settings cannot be read.", str(error))
            return False
        self._form.set_experiment(experiment, path.name)
        return True

    def _resume(self, history: "History") -> None:
        steps = None
        if 0 < history.total_steps <= history.step:
            steps = self.ask_steps(self._window, history.step)
            if steps is None:
                return
        if self._form_takes(history.path):
            self._pages.show_page("Live")
            self._pages.live()
            self._session.go_on(history.path, steps)

    def _ask_branch(self, history: "History") -> None:
        from ganstudio.gui.panels.branch_dialog import BranchDialog

        dialog = BranchDialog(history, self._session.catalogue, self._window)
        if dialog.exec():
            self.begin(Branch(*dialog.chosen()))
        dialog.deleteLater()

    def begin(self, request: Request | Branch) -> None:
        """Begin a new run; where one goes on, ask first what becomes of it."""
        experiment = request.experiment
        path, step = (request.path, request.step) if isinstance(request, Branch) else (None, None)

        def begin() -> None:
            self._form.set_experiment(experiment, path.name if path else experiment.name)
            self._pages.show_page("Live")
            self._pages.live()
            self._session.begin(request)

        if not self._session.active:
            begin()
            return
        answer = self.ask_when(self._window)
        if answer == "now":
            self._next = begin
            self._session.stop()
        elif answer == "later":
            self.queued.emit(path, step, experiment)

    def _read(self, path: Path, then: "Callable[[History], None]") -> None:
        self._with_history = then
        self._reader.read(path)

    @Slot(object)
    def _take_history(self, history: "History") -> None:
        then, self._with_history = self._with_history, None
        if then is not None:
            then(history)

    @Slot(object, str)
    def _take_failure(self, path: Path, sentence: str) -> None:
        self._with_history = None
        self.failed.emit(f"{path.name} cannot be read.", sentence)

    @Slot(str)
    def _take_state(self, state: str) -> None:
        if self._next is not None and not self._session.active:
            begin, self._next = self._next, None
            if state != "failed":
                begin()

    @Slot()
    def _offer_translation(self) -> None:
        """Let the run that is shown be the one that translates, where it can."""
        folder = self.shown_folder()
        if folder is not None and self._pages.is_made("Translate"):
            self._pages.translate().set_run(folder)

    @Slot(list)
    def _say_exported(self, paths: list[Path]) -> None:
        for path in paths:
            self.said.emit(f"Exported: {path}")

    @Slot(str, object)
    def _join(self, name: str, page: Any) -> None:
        """Connect a page that was just made."""
        if name == "Live":
            page.resumeAsked.connect(self.resume)
            page.settingsAsked.connect(self.settings)
            page.branchAsked.connect(self._ask_branch)
            page.compareAsked.connect(self.compare)
            page.shown.changed.connect(self._offer_translation)
        elif name == "Translate":
            self._offer_translation()
        elif name == "Runs":
            page = page.page
            page.openAsked.connect(self.open)
            page.resumeAsked.connect(self.resume)
            page.settingsAsked.connect(self.settings)
            page.branchAsked.connect(self.branch)
            page.compareAsked.connect(self.compare)
            page.exportAsked.connect(self.export)


def _ask_steps(parent: QWidget, done: int) -> int | None:
    """Ask how many steps a run that is done is to have in all; return nothing for a change of mind."""
    steps, sure = QInputDialog.getInt(
        parent,
        "Train for longer",
        f"All {grouped(done)} steps are made. How many is the run to have in all?",
        2 * done,
        done + 1,
        MOST_STEPS,
        max(1, done // 10),
    )
    return steps if sure else None


def _ask_when(parent: QWidget) -> str:
    """Ask what becomes of the run that goes on; return ``now``, ``later`` or nothing."""
    box = QMessageBox(parent)
    box.setWindowTitle("A run is going on")
    box.setText("A run is going on. When should the branch begin?")
    box.setInformativeText(
        "Now: the run that goes on is stopped and its state saved; it can be resumed.\n"
        "Later: the branch is added to the queue and begins when it is its turn."
    )
    role = QMessageBox.ButtonRole
    now = box.addButton("Stop the run and begin now", role.AcceptRole)
    later = box.addButton("Add to the queue", role.AcceptRole)
    box.setEscapeButton(box.addButton("Cancel", role.RejectRole))
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return "now" if clicked is now else "later" if clicked is later else ""
