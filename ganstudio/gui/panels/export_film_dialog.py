"""Export film dialog: which previews become a film and how it looks, its first frame, and the writing of it.

It is given previews. It knows nothing of sessions, nor of where runs come from.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.api.errors import InputError
from ganstudio.gui import words
from ganstudio.gui.errand import Errand, Told
from ganstudio.gui.panels.film_form import FilmForm
from ganstudio.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from ganstudio.exporting.films import Film, FilmOptions
    from ganstudio.runs.history import Kept

_PICTURE = 300
"""Pixels of the side of the square that the first frame is shown in."""
_SETTLE_MS = 150
"""The first frame is painted anew when nothing was changed for so long."""


class ExportFilmDialog(QDialog):
    """Asks for a film of a run's kept previews, and writes it while the window lives on.

    ``name``: of the run. ``previews``: by kind, as in a ``History``. ``real``: the picture of the data.
    ``folder``: where to suggest to put the film.

    Signals:
        exported: the ``Film`` that was written.
    """

    exported = Signal(object)

    def __init__(
        self,
        name: str,
        previews: Mapping[str, "Sequence[Kept]"],
        real: Path | None,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export film")
        self._name, self._previews, self._real, self._folder = name, previews, real, folder
        self.form = FilmForm({kind: [kept.step for kept in all_] for kind, all_ in previews.items()}, self)
        self.picture = QLabel(self)
        self.summary = QLabel(self)
        self.problem = Notice("bad", parent=self)
        self.written = Notice("good", parent=self)
        self.progress = QProgressBar(self)
        self.export = QPushButton("Export…", self)
        self.close_button = QPushButton("Close", self)
        self._painting, self._writing = Errand(self), Errand(self)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._lay_out()
        self._connect()
        self._take_change()

    def options(self) -> "FilmOptions":
        """Return what is asked for; raises ``InputError`` for what makes no film."""
        from ganstudio.exporting.films import FilmOptions

        return FilmOptions(**self.form.values())

    def frames(self) -> "list[Kept]":
        """Return the previews that become frames; raises ``InputError`` where there are none."""
        from ganstudio.exporting.films import choose

        return choose(self._previews, self.options(), self.form.suffix() == ".png")

    def write(self, path: Path) -> None:
        """Write the film to a file, on another thread."""
        from ganstudio.exporting.films import write_film

        frames, options, real = self.frames(), self.options(), self._real

        def work(told: Told, cancelled: "Callable[[], bool]") -> object:
            return write_film(frames, path, options, real, told, cancelled)

        self.problem.say("")
        self.written.say("")
        self.progress.setRange(0, len(frames))
        self.progress.setValue(0)
        self._writing.start(work, "film")
        self._show_state()

    def done(self, result: int) -> None:
        """Close; a film that is still being written is given up."""
        self._settling.stop()
        self._painting.cancel()
        self._writing.cancel()
        super().done(result)

    @Slot()
    def _ask(self) -> None:
        """Ask for the file, or give up the film that is being written."""
        if self._writing.busy:
            self._writing.cancel()
            self._show_state()
            return
        try:
            self._check()
        except InputError as error:
            self.problem.say(str(error))
            return
        suffix = self.form.suffix()
        suggested = str(self._folder / f"{self._name}{suffix}")
        chosen, _filter = QFileDialog.getSaveFileName(self, "Export film", suggested, f"*{suffix}")
        if chosen:
            path = Path(chosen)
            self.write(path if path.suffix.lower() == suffix else path.with_name(path.name + suffix))

    def _check(self) -> None:
        from ganstudio.exporting.films import check_suffix

        check_suffix(Path(f"film{self.form.suffix()}"))
        self.frames()

    @Slot()
    def _take_change(self) -> None:
        self.written.say("")
        self._show_state()
        self._settling.start()

    @Slot()
    def _paint_first(self) -> None:
        from ganstudio.exporting.films import first_frame

        try:
            frames, options, real = self.frames(), self.options(), self._real
        except InputError:
            return
        self._painting.start(lambda told, cancelled: first_frame(frames, options, real), "first frame")

    @Slot(object)
    def _show_first(self, frame: "Image.Image") -> None:
        pixels = frame.convert("RGB")
        image = QImage(
            pixels.tobytes(), pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888
        ).copy()
        scale = self.devicePixelRatio()
        room = round(_PICTURE * scale)
        shown = QPixmap.fromImage(image)
        if max(image.width(), image.height()) > room:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            shown = shown.scaled(room, room, keep, smooth)
        shown.setDevicePixelRatio(scale)
        self.picture.setPixmap(shown)
        self._size = image.width(), image.height()
        self._show_summary()

    @Slot(object)
    def _take_film(self, film: "Film | None") -> None:
        self._show_state()
        if film is None:
            return
        left_out = (
            f" {len(film.skipped)} previews could not be read and are left out." if film.skipped else ""
        )
        self.written.say(f"Written: {film.path}, {_count(film.frames)}.{left_out}")
        self.exported.emit(film)

    @Slot(str)
    def _take_failure(self, sentence: str) -> None:
        self._show_state()
        self.problem.say(sentence)

    def _show_state(self) -> None:
        busy = self._writing.busy
        self.form.setEnabled(not busy)
        self.progress.setVisible(busy)
        self.export.setText("Cancel" if busy else "Export…")
        self.export.setToolTip("Give up this film" if busy else "Choose a file and write the film")
        self.close_button.setEnabled(not busy)
        try:
            self.frames()
        except InputError as error:
            self.problem.say(str(error))
            self.export.setEnabled(False)
            self.summary.setText("")
        else:
            self.problem.say("")
            self.export.setEnabled(True)
            self._show_summary()

    def _show_summary(self) -> None:
        try:
            count = len(self.frames())
        except InputError:
            return
        parts = [_count(count)]
        if self.form.suffix() != ".png":
            parts.append(f"{count / self.options().fps:.1f} s")
        if self._size[0]:
            each = " each" if self.form.suffix() == ".png" else ""
            parts.append(f"{words.grouped(self._size[0])} × {words.grouped(self._size[1])} pixels{each}")
        self.summary.setText("  ·  ".join(parts))

    def _connect(self) -> None:
        self.form.changed.connect(self._take_change)
        self.export.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.reject)
        self._settling.timeout.connect(self._paint_first)
        self._painting.done.connect(self._show_first)
        self._painting.failed.connect(self.problem.say)
        self._writing.progressed.connect(lambda done, _total: self.progress.setValue(done))
        self._writing.done.connect(self._take_film)
        self._writing.failed.connect(self._take_failure)

    def _lay_out(self) -> None:
        self._size = (0, 0)
        self.picture.setFixedSize(_PICTURE, _PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("First frame")
        self.summary.setProperty("role", "quiet")
        self.progress.setAccessibleName("Progress of the film")
        self.export.setProperty("primary", True)
        self.export.setDefault(True)
        # Room is kept for it, so that the dialog does not jump when it comes.
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(self.form, 1)
        above.addWidget(self.picture)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.summary)
        below.addWidget(self.progress, 1)
        below.addWidget(self.close_button)
        below.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(above, 1)
        for widget in (self.problem, self.written):
            column.addWidget(widget)
        column.addLayout(below)


def _count(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{words.grouped(frames)} frames"
