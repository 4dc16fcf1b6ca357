"""Files: experiments opened and saved at the user's wish, and places shown on the desktop."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio.api.errors import StudioError
from ganstudio.experiment import ExperimentError, Problem, load_experiment, slug
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.runs.atomic import write_text

_FILTER = "Experiments (*.toml);;All files (*)"


class ExperimentFiles(QObject):
    """Moves experiments between files and the form.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, form: ExperimentPanel, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._window = form, parent

    def open(self) -> None:
        """Ask for an experiment file and show it in the form."""
        chosen, _filter = QFileDialog.getOpenFileName(self._window, "Open an experiment", "", _FILTER)
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """Show the experiment of a file in the form, or what is wrong with the file above the form."""
        try:
            self._form.set_experiment(load_experiment(path), path.name)
        except ExperimentError as error:
            self._form.show_problems([Problem("", line) for line in str(error).splitlines()])
        except StudioError as error:
            self._form.show_problems([Problem("", str(error))])
        else:
            self.said.emit(f"The experiment was read from {path}.")

    def save(self) -> None:
        """Ask where to, and write the experiment in the form."""
        experiment = self._form.experiment()
        if experiment is None:
            return
        suggested = f"{slug(experiment.name)}.toml"
        chosen, _filter = QFileDialog.getSaveFileName(self._window, "Save the experiment", suggested, _FILTER)
        if chosen:
            path = Path(chosen)
            self.save_path(path if path.suffix else path.with_suffix(".toml"))

    def save_path(self, path: Path) -> None:
        """Write the experiment in the form, whole or not at all."""
        experiment = self._form.experiment()
        if experiment is None:
            return
        try:
            write_text(path, experiment.to_toml())
            self.said.emit(f"The experiment was saved to {path}.")
        except StudioError as error:
            self.failed.emit("The experiment was not saved.", str(error))


def show_on_desktop(path: Path) -> bool:
    """Open a file or folder with the desktop's own program; return whether the desktop took it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
