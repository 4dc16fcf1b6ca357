"""Waiting: what wants to go on, the queue and the runs that were broken off, made once plugins are loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QFrame, QScrollArea, QWidget

from ganstudio.experiment import Experiment
from ganstudio.gui.pages import Pages
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.widgets.notice import Notice
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.gui.queue_tab import QueueTab


class Waiting(QObject):
    """Fills the dock of the queue, and tells once of interrupted runs.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        opened: a run of the queue is to be shown; its folder.
    """

    said = Signal(str)
    failed = Signal(str, str)
    opened = Signal(object)

    def __init__(
        self,
        session: Session,
        form: ExperimentPanel,
        device: Callable[[], str],
        pages: Pages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._form, self._device, self._pages = session, form, device, pages
        self.queue: QueueTab | None = None
        self._dock: QDockWidget | None = None
        self.notice = Notice("watch", action="Show them", closable=True, parent=window)
        self.notice.acted.connect(self._show_interrupted)
        session.stateChanged.connect(self._take_state)

    def fill(self, dock: QDockWidget) -> None:
        """Make the queue and read the list of runs; doing it again does nothing."""
        if self.queue is not None:
            return
        from ganstudio.gui.queue_tab import QueueTab

        self._dock = dock
        self.queue = QueueTab(self._session, self._form, self._device, dock)
        self.queue.said.connect(self.said)
        self.queue.failed.connect(self.failed)
        self.queue.opened.connect(self.opened)
        self.queue.counted.connect(self._show_count)
        empty = dock.widget()
        # Low docks leave the room to the samples; the queue can be scrolled there.
        scroll = QScrollArea(dock)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.queue)
        dock.setWidget(scroll)
        empty.deleteLater()
        runs = self._pages.runs()
        runs.list.changed.connect(self._tell_of_interrupted)
        runs.list.refresh()

    @Slot(object, object, object)
    def add_branch(self, path: Path | None, step: int | None, experiment: Experiment) -> None:
        """Put a branch, or without a path a training, at the end of the queue, and show it there."""
        from ganstudio import queueing

        if self.queue is not None and self._dock is not None:
            entry = queueing.branching(path, step, experiment) if path else queueing.training(experiment)
            self.queue.add(entry)
            self._dock.show()
            self._dock.raise_()

    @property
    def works(self) -> bool:
        """Whether what trains, or was just refused, is the queue's."""
        return self.queue is not None and bool(self.queue.runner.current)

    def shutdown(self) -> None:
        """Write down how things stand."""
        if self.queue is not None:
            self.queue.shutdown()

    @Slot(int)
    def _show_count(self, count: int) -> None:
        if self._dock is not None:
            self._dock.setWindowTitle(f"Queue ({count})" if count else "Queue")

    @Slot()
    def _tell_of_interrupted(self) -> None:
        runs = self._pages.runs()
        runs.list.changed.disconnect(self._tell_of_interrupted)
        found = [entry.name for entry in runs.interrupted()]
        if found:
            names = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
            runs_were = "A run was" if len(found) == 1 else f"{len(found)} runs were"
            self.notice.say(f"{runs_were} interrupted and can be resumed: {names}.")

    @Slot(str)
    def _take_state(self, state: str) -> None:
        if state == "preparing":
            self.notice.say("")

    @Slot()
    def _show_interrupted(self) -> None:
        self.notice.say("")
        self._pages.show_page("Runs")
