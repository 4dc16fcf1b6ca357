"""Compare tab: the compare page, with what reads the runs and pictures that it shows."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ganstudio import places
from ganstudio.gui.panels.compare_page import ComparePage
from ganstudio.session.comparing import Comparing
from ganstudio.session.session import Session


class CompareTab(QWidget):
    """The page and its reader.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.page = ComparePage(self)
        self.comparing = Comparing(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()
        self._take_catalogue()

    def compare(self, paths: Sequence[Path]) -> None:
        """Compare the runs in these folders, in this order, in place of those before."""
        self.page.show_runs(paths)

    def add(self, path: Path) -> None:
        """Compare one run more."""
        self.page.add_run(path)

    def shutdown(self, timeout_ms: int) -> bool:
        """End the reading; return whether it ended in time."""
        return self.comparing.shutdown(timeout_ms)

    def _connect(self) -> None:
        page, comparing = self.page, self.comparing
        page.runsChanged.connect(comparing.set_runs)
        page.picturesAsked.connect(comparing.show_pictures)
        page.listAsked.connect(lambda: comparing.list_runs(places.runs()))
        page.folderAsked.connect(self._choose_folder)
        page.seen.connect(comparing.set_watched)
        comparing.arrived.connect(page.take_history)
        comparing.failed.connect(self._take_failure)
        comparing.pictured.connect(page.take_picture)
        comparing.listed.connect(page.offer_runs)
        self._session.catalogueChanged.connect(self._take_catalogue)

    @Slot()
    def _take_catalogue(self) -> None:
        self.page.set_catalogue(self._session.catalogue)

    @Slot(object, str)
    def _take_failure(self, path: Path, sentence: str) -> None:
        self.page.take_failure(path, sentence)
        if path in self.page.paths:
            self.said.emit(f"{path.name} cannot be compared. {sentence}")

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Add a run to compare", str(places.runs()))
        if chosen:
            self.page.add_run(Path(chosen))
