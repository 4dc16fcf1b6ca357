"""Runs tab: the page of runs with the list that fills it, and what does as it asks."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio import places
from ganstudio.gui.files import show_on_desktop
from ganstudio.gui.panels.runs_page import RunsPage
from ganstudio.gui.run_state import ACTIVE
from ganstudio.runs.entry import Entry
from ganstudio.runs.library import Library, Trashed
from ganstudio.session.run_list import RunList
from ganstudio.session.session import Session
from ganstudio.session.thumbnails import Thumbnails

_BUSY = "A run is training here; it can be resumed when that has ended."


class RunsTab(QWidget):
    """The page and its list. What the page does not do itself, its own signals ask for.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self, session: Session, parent: QWidget | None = None, library: Library | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.list = RunList(library or Library(places.runs()), self)
        self.thumbnails = Thumbnails(self)
        self.page = RunsPage(self.thumbnails.get, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()
        self._show_catalogue()
        self._show_state(session.state)
        if session.active and session.run_path is not None:
            self.list.follow(session.run_path.name)

    def shutdown(self, timeout_ms: int) -> bool:
        """End both threads; return whether they ended in time."""
        ended = self.list.shutdown(timeout_ms)
        return self.thumbnails.shutdown(timeout_ms) and ended

    def interrupted(self) -> list[Entry]:
        """Return the runs to ask about on start; known once the list has been read."""
        return self.page.notices.waiting()

    def _connect(self) -> None:
        page, runs, session = self.page, self.list, self._session
        runs.changed.connect(page.show_entries)
        runs.entryChanged.connect(page.update_entry)
        runs.progressed.connect(page.notices.show_progress)
        runs.failed.connect(self._fail)
        runs.deleted.connect(self._show_deleted)
        runs.trashChanged.connect(page.footer.show_trash)
        runs.trashChanged.connect(page.notices.show_trash)
        self.thumbnails.arrived.connect(page.show_picture)
        page.shown.connect(self._look)
        page.hidden.connect(self._look_away)
        page.noted.connect(self._note)
        page.deleteAsked.connect(runs.delete)
        page.undoAsked.connect(runs.restore)
        page.emptyTrashAsked.connect(runs.empty_trash)
        page.revealAsked.connect(self._reveal)
        page.said.connect(self.said)
        session.eventsArrived.connect(runs.take)
        session.stateChanged.connect(self._show_state)
        session.catalogueChanged.connect(self._show_catalogue)

    @Slot()
    def _look(self) -> None:
        self.list.refresh()
        self.list.watch(True)

    @Slot()
    def _look_away(self) -> None:
        self.list.watch(False)

    @Slot(object, dict)
    def _note(self, path: Path, changes: dict[str, Any]) -> None:
        self.list.note(path, **changes)

    @Slot(list)
    def _show_deleted(self, trashed: list[Trashed]) -> None:
        self.page.notices.show_deleted(trashed)
        for one in trashed:
            self.said.emit(f"{one.home.name} was moved to the trash: {one.path}")

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        self.failed.emit("That was not done with the run.", sentence)

    @Slot(object)
    def _reveal(self, path: Path) -> None:
        if not show_on_desktop(path):
            self.said.emit(f"The desktop shows no folders; the run lies in {path}")

    @Slot(str)
    def _show_state(self, state: str) -> None:
        self.page.set_busy(_BUSY if state in ACTIVE else "")

    @Slot()
    def _show_catalogue(self) -> None:
        catalogue = self._session.catalogue
        entries = (*catalogue.data, *catalogue.architectures, *catalogue.losses)
        self.page.set_titles({entry.kind: entry.title for entry in entries})
