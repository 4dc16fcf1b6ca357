"""Export run dialog: what is to be written of a run, where to, and the command line that asks for the same.

It is given a run's folder and the plugins. It knows nothing of sessions, nor of how anything is written.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.api.errors import StudioError
from ganstudio.catalogue import Catalogue
from ganstudio.gui import theme
from ganstudio.gui.errand import Errand, Told
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.path_box import FOLDER, PathBox

_WHATS = (
    ("settings", "Settings", "settings.toml; ganstudio train takes it as it stands"),
    ("command", "Command line", "command.txt: the shortest command that asks for the same"),
    ("curves", "Curves", "curves.csv: one row a step, one column a curve, scores among them"),
    ("tensorboard", "TensorBoard", "event files with the curves and the kept samples"),
    ("weights", "Weights", "safetensors, averaged and raw, with a model card in Markdown"),
)
_NEEDS = "pip install 'ganstudio[tensorboard]'"
_WIDTH = 560


class ExportRunDialog(QDialog):
    """Asks what to export of the run in a folder, and writes it while the window lives on.

    ``registry``: the plugins, ``None`` while they are being loaded; nothing can be written then.

    Signals:
        exported: the files and folders that were written, a list of paths.
        showAsked: a folder is to be shown on the desktop; its path.
    """

    exported = Signal(list)
    showAsked = Signal(object)  # noqa: N815 - Qt's way of naming

    def __init__(
        self, path: Path, registry: Any, catalogue: Catalogue, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export run")
        self._path, self._registry, self._catalogue = path, registry, catalogue
        exporters = [(entry.kind, entry.title, entry.summary) for entry in catalogue.exporters]
        self._whats = (*_WHATS, *exporters)
        self.boxes = {what: QCheckBox(title, self) for what, title, _line in self._whats}
        self.folder = PathBox(FOLDER, self)
        self.command = QLineEdit(self)
        self.copy = QPushButton("Copy", self)
        self.problem = Notice("bad", parent=self)
        self.written = Notice("good", action="Show folder", parent=self)
        self.progress = QProgressBar(self)
        self.export = QPushButton("Export", self)
        self.close_button = QPushButton("Close", self)
        self._writing = Errand(self)
        self._fill()
        self._lay_out()
        self._connect()
        self._show_state()

    def whats(self) -> tuple[str, ...]:
        """Return what is ticked, in the words of ``exporting.export``."""
        return tuple(what for what, box in self.boxes.items() if box.isChecked())

    @Slot()
    def write(self) -> None:
        """Write what is ticked, on another thread."""
        path, registry, whats = self._path, self._registry, self.whats()
        out = Path(self.folder.value()).expanduser() if self.folder.value() else None

        def work(told: Told, cancelled: Callable[[], bool]) -> object:
            from ganstudio.exporting.export import export
            from ganstudio.training.device import spare_thread

            def progress(what: str, share: float | None) -> None:
                if cancelled():
                    raise StudioError("The export was given up.")

            spare_thread()
            return export(path, registry, whats, out, progress)

        self.problem.say("")
        self.written.say("")
        self._writing.start(work, "export")
        self._show_state()

    def done(self, result: int) -> None:
        """Close; what is still being written is given up."""
        self._writing.cancel()
        super().done(result)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self.copy.setText("Copied")

    @Slot(object)
    def _take_written(self, paths: list[Path]) -> None:
        names = ", ".join(path.name for path in paths)
        self.written.say(f"Written to {paths[0].parent}: {names}.")
        self.exported.emit(paths)
        self._show_state()

    @Slot(str)
    def _take_failure(self, sentence: str) -> None:
        self.problem.say(sentence)
        self._show_state()

    @Slot()
    def _press_export(self) -> None:
        if self._writing.busy:
            self._writing.cancel()
            self._show_state()
        else:
            self.write()

    @Slot()
    def _show_folder(self) -> None:
        self.showAsked.emit(Path(self.folder.value()))

    @Slot()
    def _show_state(self) -> None:
        busy = self._writing.busy
        for what, box in self.boxes.items():
            box.setEnabled(not busy and (what != "tensorboard" or _has_tensorboard()))
        self.folder.setEnabled(not busy)
        self.progress.setVisible(busy)
        self.export.setText("Give up" if busy else "Export")
        ready = self._registry is not None
        self.export.setEnabled(busy or (ready and bool(self.whats())))
        self.export.setToolTip("" if ready else "The plugins are being loaded.")

    def _fill(self) -> None:
        """Show the usual choice, and the command of this run."""
        for what, box in self.boxes.items():
            box.setChecked(what in ("settings", "curves", "weights"))
        self.folder.set_value(str(self._path / "exports"))
        self.folder.name("Folder to write")
        from ganstudio.exporting.settings import run_command_line
        from ganstudio.runs.folder import RunFolder

        try:
            self.command.setText(run_command_line(RunFolder.open(self._path), self._catalogue))
        except StudioError as error:
            self.problem.say(str(error))
            self.copy.setEnabled(False)
        self.command.setCursorPosition(0)

    def _connect(self) -> None:
        for box in self.boxes.values():
            box.toggled.connect(self._show_state)
        self.copy.clicked.connect(self._copy)
        self.export.clicked.connect(self._press_export)
        self.close_button.clicked.connect(self.reject)
        self.written.acted.connect(self._show_folder)
        self._writing.done.connect(self._take_written)
        self._writing.failed.connect(self._take_failure)

    def _lay_out(self) -> None:
        self.setMinimumWidth(_WIDTH)
        title = QLabel(self._path.name, self)
        title.setProperty("role", "title")
        title.setFont(theme.sized_font(1, bold=True))
        self.command.setReadOnly(True)
        self.command.setFont(theme.mono_font())
        self.command.setAccessibleName("Command line that trains the same")
        self.copy.setToolTip("Copy as command line")
        self.copy.setIcon(theme.icon("copy"))
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName("Progress of the export")
        self.export.setProperty("primary", True)
        self.export.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(title)
        for what, _title, line in self._whats:
            layout.addLayout(self._choice(what, line))
        layout.addSpacing(8)
        layout.addWidget(QLabel("Folder", self))
        layout.addWidget(self.folder)
        layout.addSpacing(8)
        layout.addWidget(QLabel("As a command line", self))
        row = QHBoxLayout()
        row.addWidget(self.command, 1)
        row.addWidget(self.copy)
        layout.addLayout(row)
        for widget in (self.problem, self.written, self.progress):
            layout.addWidget(widget)
        layout.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.export)
        layout.addLayout(buttons)

    def _choice(self, what: str, line: str) -> QVBoxLayout:
        if what == "tensorboard" and not _has_tensorboard():
            line = f"needs the package tensorboard: {_NEEDS}"
        told = QLabel(line, self)
        told.setProperty("role", "quiet")
        told.setContentsMargins(24, 0, 0, 0)
        told.setWordWrap(True)
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.boxes[what].setAccessibleDescription(line)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.boxes[what])
        column.addWidget(told)
        return column


def _has_tensorboard() -> bool:
    return importlib.util.find_spec("tensorboard") is not None
