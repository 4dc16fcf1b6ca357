"""Searching the nearest training images of a sample, on a thread of its own beside a training that goes on.

The data of a run is read when it is first asked about, and kept until that of another run is. It knows
nothing of widgets. Like the worker, it loads torch only when there is something to do.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import InputError, StudioError
from ganstudio.experiment import Experiment
from ganstudio.failures import describe_failure
from ganstudio.session.data_look import step_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ganstudio.evaluation.neighbours import Neighbourhood
    from ganstudio.registry import Registry

_PROGRESS_SECONDS = 0.1


class _Cancelled(Exception):  # noqa: N818 - it is no error
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class _Wish:
    """A sample, and the run it is of."""

    experiment: Experiment
    run: Path | None
    image: Any
    registry: Any
    cancelled: threading.Event = field(default_factory=threading.Event)

    def of_same_data(self, other: "_Wish") -> bool:
        """Say whether the data that is read for one serves the other."""
        return self._data() == other._data() and self.registry is other.registry

    def _data(self) -> tuple[str, Path | None]:
        data = self.experiment.data
        return json.dumps([data.kind, dict(data.settings)], sort_keys=True, default=str), self.run


class NeighbourSearch(QObject):
    """Answers one wish at a time, the newest; a wish of the same data waits until that is read.

    Signals:
        progressed: what is being done, and the share that is done (``None`` when unknown).
        found: the ``Neighbours`` of the sample that was asked about last.
        failed: why they cannot be had, in a sentence.
    """

    progressed = Signal(str, object)
    found = Signal(object)
    failed = Signal(str)
    _search = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: _Wish | None = None
        self._next: _Wish | None = None
        self._thread = QThread()
        self._thread.setObjectName("neighbours")
        self._searcher = _Searcher()
        self._searcher.moveToThread(self._thread)
        self._search.connect(self._searcher.search)
        self._searcher.progressed.connect(self._on_progress)
        self._searcher.found.connect(self._on_found)
        self._searcher.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._wish is not None

    def find(
        self, experiment: Experiment, run: Path | None, image: "NDArray[Any]", registry: "Registry"
    ) -> None:
        """Find the nearest training images of ``image`` ``uint8`` [H, W, C], a sample of the run ``run``.

        They are those of the data that ``experiment`` names, if it is still what the run was trained on.
        """
        wish = _Wish(experiment, run, image, registry)
        if self._wish is not None and wish.of_same_data(self._wish):
            self._next = wish
            return
        self.cancel()
        self._ask(wish)

    def cancel(self) -> None:
        """Wait for no answer any more; the thread gives up as soon as the data source reports progress."""
        if self._wish is not None:
            self._wish.cancelled.set()
        self._wish = self._next = None

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self.cancel()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    def _ask(self, wish: _Wish) -> None:
        if not self._thread.isRunning():
            self._thread.start()
        self._wish, self._next = wish, None
        self._search.emit(wish)

    @Slot(object, str, object)
    def _on_progress(self, wish: _Wish, what: str, share: float | None) -> None:
        if wish is self._wish:
            self.progressed.emit(what, share)

    @Slot(object, object)
    def _on_found(self, wish: _Wish, neighbours: object) -> None:
        if wish is not self._wish:
            return
        following, self._wish = self._next, None
        if following is not None:
            self._ask(following)
        else:
            self.found.emit(neighbours)

    @Slot(object, str)
    def _on_failed(self, wish: _Wish, sentence: str) -> None:
        if wish is self._wish:
            # What cannot be read for one sample cannot be for the next.
            self._wish = self._next = None
            self.failed.emit(sentence)


class _Searcher(QObject):
    """Lives on the thread, and keeps the data that was asked about last.

    Signals:
        progressed: the wish, what is being done, the share that is done.
        found: the wish, the neighbours.
        failed: the wish, and a sentence.
    """

    progressed = Signal(object, str, object)
    found = Signal(object, object)
    failed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[_Wish, Neighbourhood] | None = None
        self._told = 0.0

    @Slot(object)
    def search(self, wish: _Wish) -> None:
        """Fulfil one wish."""
        if wish.cancelled.is_set():
            return
        try:
            neighbours = self._neighbourhood(wish).find(wish.image)
        except _Cancelled:
            return
        except StudioError as error:
            self.failed.emit(wish, str(error))
        except (Exception, SystemExit) as error:
            self.failed.emit(wish, describe_failure(error)[0])
        else:
            self.found.emit(wish, neighbours)

    def _neighbourhood(self, wish: _Wish) -> "Neighbourhood":
        if self._kept is not None and wish.of_same_data(self._kept[0]):
            return self._kept[1]
        # What is not looked at any more gives its memory back before the next is read.
        self._kept = None
        made = self._read(wish)
        self._kept = wish, made
        return made

    def _read(self, wish: _Wish) -> "Neighbourhood":
        from ganstudio.evaluation.neighbours import Neighbourhood
        from ganstudio.inspection import make_source
        from ganstudio.training.device import spare_thread

        spare_thread()
        step_back()

        def report(what: str, share: float | None = None) -> None:
            self._report(wish, what, share)

        source = make_source(wish.experiment, wish.registry)
        report(f"Loading {source.title}", None)
        try:
            data = source.load(report)
        except InputError as error:
            raise InputError(f"The training images cannot be had any more. {error}") from error
        _check(wish.run, data)
        return Neighbourhood(data, report)

    def _report(self, wish: _Wish, what: str, share: float | None) -> None:
        if wish.cancelled.is_set():
            raise _Cancelled
        if time.monotonic() - self._told > _PROGRESS_SECONDS:
            self._told = time.monotonic()
            self.progressed.emit(wish, what, share)


def _check(run: Path | None, data: Any) -> None:
    """Raise ``InputError`` where the data is not what the run was trained on."""
    if run is None:
        return
    from ganstudio.resuming import data_fingerprint
    from ganstudio.runs.folder import RunFolder

    before = RunFolder.open(run).provenance.get("data_fingerprint")
    if before and before != data_fingerprint(data):
        raise InputError(
            f"The data has changed since {run.name} was trained, so its nearest training images cannot be "
            "told any more. Put the data back as it was to see them."
        )
