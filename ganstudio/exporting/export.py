"""Export: one of several things of a run, written beside the run or wherever one likes.

The one way to export, for the window and for the command line. It trains nothing and knows no window.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from ganstudio.api import Exporter, InputError, TrainedRun
from ganstudio.exporting.card import USED, model_card
from ganstudio.exporting.curves import Progress, write_csv
from ganstudio.exporting.exporters import check_suits, exporter_called, trained_run, write
from ganstudio.exporting.settings import run_command_line, settings_text
from ganstudio.exporting.tensorboard import write_tensorboard
from ganstudio.exporting.weights import find_checkpoint, write_weights
from ganstudio.registry import Registry
from ganstudio.runs.atomic import explained, write_text
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.schema import describe
from ganstudio.training.settings import TrainingSettings

FOLDER = "exports"
USUAL = ("settings", "command", "curves", "weights")
"""What is written when nothing else is asked for: what needs no further package."""


def export(
    path: Path,
    registry: Registry,
    whats: Iterable[str] = USUAL,
    out: Path | None = None,
    progress: Progress = lambda what, share: None,
    step: int | None = None,
) -> list[Path]:
    """Write ``whats`` of the run in the folder ``path`` into ``out`` and return the files and folders.

    ``whats``: names of :data:`WRITERS`, and class names of the plugins' exporters.
    ``out``: the folder ``exports`` of the run unless named. ``step``: the checkpoint whose weights are
    taken, the newest unless named. Each file appears whole or not at all, in the place of an earlier one.
    Raises ``InputError`` for what is not there or not known, ``StudioError`` when the disk refuses.
    """
    run = RunFolder.open(path)
    whats = list(whats)
    exporters = [what for what in whats if what not in WRITERS]
    for what in exporters:
        if exporter_called(registry, what) is None:
            known = ", ".join([*WRITERS, *registry.classes["exporter"]])
            raise InputError(f"There is no export called {what!r}; there is {known}.")
    progress("Reading the checkpoint", None)
    # First, so that nothing is written where what is asked for cannot be had.
    checkpoint = find_checkpoint(run, step) if exporters or "weights" in whats else None
    place = out or path / FOLDER
    task = _Task(run, registry, place, progress, checkpoint)
    task.check(exporters)
    with explained(place, InputError):
        place.mkdir(parents=True, exist_ok=True)
    return [file for what in whats for file in task.write(what)]


class _Task:
    """One export: of what, where to, and who is told how far it is."""

    def __init__(
        self,
        run: RunFolder,
        registry: Registry,
        out: Path,
        progress: Progress,
        checkpoint: Checkpoint | None,
    ) -> None:
        self.run, self.registry, self.out = run, registry, out
        self.progress, self.checkpoint = progress, checkpoint
        self.catalogue = registry.catalogue(describe(TrainingSettings))
        self._trained: TrainedRun | None = None

    def check(self, exporters: Iterable[str]) -> None:
        """Raise ``InputError`` where a plugin's exporter refuses the run."""
        for name in exporters:
            check_suits(self._exporter(name), self._trained_run())

    def write(self, what: str) -> list[Path]:
        """Write one thing and return its files."""
        if what in WRITERS:
            return WRITERS[what](self)
        exporter = self._exporter(what)
        self.progress(f"Writing {exporter.title or what}", None)
        return [write(exporter, self._trained_run(), self.out, self.progress)]

    def settings(self) -> list[Path]:
        return [self._text("settings.toml", settings_text(self.run))]

    def command(self) -> list[Path]:
        return [self._text("command.txt", run_command_line(self.run, self.catalogue) + "\n")]

    def curves(self) -> list[Path]:
        return [write_csv(self.run.path, self.out / "curves.csv", self.progress)]

    def tensorboard(self) -> list[Path]:
        return [write_tensorboard(self.run.path, self.out / "tensorboard", self.progress)]

    def weights(self) -> list[Path]:
        checkpoint = self.checkpoint
        assert checkpoint is not None
        self.progress("Writing the weights", None)
        files = [write_weights(self.run, checkpoint, self.out / USED)]
        if checkpoint.averages:
            raw = self.out / "weights-raw.safetensors"
            files.append(write_weights(self.run, checkpoint, raw, averaged=False))
        history = read_history(self.run.path)
        card = model_card(self.run, checkpoint, history, self.registry, self.catalogue)
        return [*files, self._text("model-card.md", card)]

    def _exporter(self, name: str) -> type[Exporter]:
        exporter = exporter_called(self.registry, name)
        assert exporter is not None, "export() saw to it"
        return exporter

    def _trained_run(self) -> TrainedRun:
        if self._trained is None:
            assert self.checkpoint is not None
            self._trained = trained_run(self.run, self.checkpoint, self.registry)
        return self._trained

    def _text(self, name: str, text: str) -> Path:
        write_text(self.out / name, text)
        return self.out / name


WRITERS: dict[str, Callable[[_Task], list[Path]]] = {
    "settings": _Task.settings,
    "command": _Task.command,
    "curves": _Task.curves,
    "tensorboard": _Task.tensorboard,
    "weights": _Task.weights,
}
"""What the studio itself exports, by name."""
