"""Sample inspecting: the training images nearest to the sample that is looked at, found for who shows them.

It joins the run that is shown, the samples, and the search. It knows nothing of how any of them works.
"""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from ganstudio.experiment import Experiment
from ganstudio.gui import words
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.session.neighbour_search import NeighbourSearch
from ganstudio.session.session import Session
from ganstudio.session.shown_run import ShownRun

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOADING = "The nearest training images can be searched once the plugins are loaded."
_UNKNOWN = "What this run was trained on is not known, so its nearest training images cannot be searched."


class SampleInspecting(QObject):
    """Asks the search about the sample, and hands on what it says."""

    def __init__(self, session: Session, shown: ShownRun, samples: SamplesPane, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._shown = session, shown
        self._sheet = samples.looks.sheet
        self.search = NeighbourSearch(self)
        self._sheet.nearestAsked.connect(self._find)
        self._sheet.closed.connect(self.search.cancel)
        self.search.found.connect(self._sheet.show_found)
        self.search.progressed.connect(self._show_progress)
        self.search.failed.connect(self._sheet.show_failure)

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        return self.search.shutdown(timeout_ms)

    @Slot(object)
    def _find(self, image: "NDArray[Any]") -> None:
        registry, experiment = self._session.data_look.registry, self._experiment()
        if registry is None or experiment is None:
            self._sheet.show_failure(_LOADING if registry is None else _UNKNOWN)
            return
        self.search.find(experiment, self._shown.folder, image, registry)

    def _experiment(self) -> Experiment | None:
        shown = self._shown
        if shown.history is not None:
            return shown.history.experiment
        return self._session.experiment if shown.own else None

    @Slot(str, object)
    def _show_progress(self, what: str, share: float | None) -> None:
        self._sheet.show_progress(what + (f" {words.share(share)}" if share is not None else "…"))
