"""Translate tab: the translate page, with what opens runs and translates images for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ganstudio import places
from ganstudio.gui.panels.translate_page import TranslatePage
from ganstudio.session.session import Session
from ganstudio.session.translating import Taken, Translating

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ganstudio.session.translating_work import Ability, Candidate
    from ganstudio.translating import Size

_IMAGES = "Images (*.png *.jpg *.jpeg *.webp *.avif *.tif *.tiff *.gif *.bmp *.jp2 *.tga *.ppm *.pgm)"
_FILTER = f"{_IMAGES};;All files (*)"


class TranslateTab(QWidget):
    """The page and its translator.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run: Path | None = None
        self._step: int | None = None
        self._suggested: tuple[Path, int | None] | None = None
        """The run to translate with, before it is known whether it can."""
        self.page = TranslatePage(self)
        self.translating = Translating(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect_page()
        self._connect_translating()
        self.page.show_run(None)
        self._take_plugins()

    def set_run(self, path: Path | None, step: int | None = None) -> None:
        """Translate with this run, once the page is in view; one of the library that cannot is passed over.

        A run from elsewhere that cannot is refused in a sentence on the page.
        """
        if path is not None and (path, step) != (self._run, self._step):
            self._suggested = (path, step)
            if self.isVisible():
                self._refresh()

    def translate(self, paths: Sequence[Path]) -> None:
        """Translate these files, and the images in those that are folders."""
        self.translating.take(paths)

    def shutdown(self, timeout_ms: int) -> bool:
        """End the translation; return whether it ended in time."""
        return self.translating.shutdown(timeout_ms)

    # --- What the page asks for --------------------------------------------------------------------

    def _connect_page(self) -> None:
        page, translating = self.page, self.translating
        page.choices.runChosen.connect(self._open)
        page.choices.wayChosen.connect(self._choose_way)
        page.choices.folderAsked.connect(self._ask_run)
        page.filesAsked.connect(self._ask_files)
        page.imageFolderAsked.connect(self._ask_folder)
        page.dropped.connect(self.translate)
        page.pasted.connect(lambda image: translating.paste(_pixels(image)))
        page.saveAsked.connect(lambda keys: self._save(keys, None))
        page.saveAllAsked.connect(self._save_into)
        page.removed.connect(translating.remove)
        page.looked.connect(translating.look_at)
        page.stopAsked.connect(self._stop)
        page.goOnAsked.connect(self._go_on)
        page.shown.connect(self._refresh)

    @Slot(object, object)
    def _open(self, path: Path, step: int | None) -> None:
        self._run, self._step, self._suggested = path, step, None
        self.page.show_run(path)
        self.translating.open(path, step)

    def _choose_way(self, to: str, size: str) -> None:
        self.translating.choose(to, cast("Size", size))
        self._show_progress()

    def _ask_run(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Translate with a run", str(places.runs()))
        if chosen:
            self._open(Path(chosen), None)

    def _ask_files(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileNames(self, "Images to translate", "", _FILTER)
        if chosen:
            self.translate([Path(name) for name in chosen])

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder of images to translate")
        if chosen:
            self.translate([Path(chosen)])

    def _save_into(self, keys: Sequence[int]) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Save the translations to a folder")
        if chosen:
            self._save(keys, Path(chosen))

    def _save(self, keys: Sequence[int], folder: Path | None) -> None:
        self.translating.save(keys, folder)
        self._show_progress()

    def _stop(self) -> None:
        self.translating.stop()
        self._show_progress()

    def _go_on(self) -> None:
        self.translating.go_on()
        self._show_progress()

    @Slot()
    def _refresh(self) -> None:
        """Offer the runs there are now; a run that trains may have newer weights."""
        self._take_plugins()
        self.translating.list_runs(places.runs())
        if self._run is not None and self._step is None:
            self.translating.renew()

    # --- What it is told ---------------------------------------------------------------------------

    def _connect_translating(self) -> None:
        page, translating = self.page, self.translating
        translating.listed.connect(self._take_runs)
        translating.opened.connect(self._take_ability)
        translating.refused.connect(page.show_refusal)
        translating.filesChanged.connect(self._show_taken)
        translating.updated.connect(self._update)
        translating.shown.connect(page.show_translation)
        translating.saved.connect(self._tell_saved)
        translating.said.connect(page.say)
        translating.said.connect(self.said)
        translating.failed.connect(page.show_failure)
        self._session.catalogueChanged.connect(self._take_plugins)
        self._session.loadingChanged.connect(self._take_plugins)
        self._session.reloadingChanged.connect(self._take_plugins)

    @Slot()
    def _take_plugins(self) -> None:
        registry = self._session.data_look.registry
        if registry is not None:
            self.translating.set_registry(registry)
            if self.isVisible():
                self.translating.list_runs(places.runs())

    @Slot(object)
    def _take_runs(self, candidates: "Sequence[Candidate]") -> None:
        """Offer these; open the one that was suggested if it is one of them, else the newest."""
        self.page.offer_runs(candidates)
        library = places.runs()
        if self._suggested is not None:
            path, step = self._suggested
            if library not in path.parents or path in [each.path for each in candidates]:
                self._open(path, step)
                return
        if self._run is None and candidates:
            suggested = self._suggested
            self._open(candidates[0].path, None)
            # It may be able to later, once it has a checkpoint.
            self._suggested = suggested

    @Slot(object)
    def _take_ability(self, ability: "Ability") -> None:
        self.page.show_ability(ability, *self.translating.way)
        self._show_progress()

    @Slot()
    def _show_taken(self) -> None:
        self.page.show_taken(self.translating.taken)
        self._show_progress()

    @Slot(object)
    def _update(self, taken: Taken) -> None:
        self.page.update_taken(taken)
        self._show_progress()

    def _show_progress(self) -> None:
        self.page.show_progress(self.translating.saving, self.translating.held)

    @Slot(object)
    def _tell_saved(self, written: Sequence[Path]) -> None:
        where = written[0] if len(written) == 1 else f"{written[0].parent}"
        text = f"Saved as {where}." if len(written) == 1 else f"{len(written)} translations saved to {where}."
        self.page.say(text)
        self.said.emit(text)
        self._show_progress()


def _pixels(image: QImage) -> "NDArray[np.uint8]":
    """Return a picture as ``uint8`` [H, W, 4], RGBA."""
    import numpy as np

    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()
