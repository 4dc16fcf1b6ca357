"""The worker: loads torch and the plugins, and trains, on a thread of its own.

While it trains, its event loop does not run: commands reach the training through the mailbox, and plugins are
loaded anew when the run has ended.
"""

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.api.events import Preparing
from ganstudio.experiment import ExperimentError, Problem
from ganstudio.failures import describe_failure
from ganstudio.session.buffer import EventBuffer

if TYPE_CHECKING:
    from ganstudio.registry import Registry


class Worker(QObject):
    """Lives on the worker thread.

    Signals:
        loaded: torch and the plugins are there; carries the catalogue and the list of devices.
        loadFailed: they are not; carries the sentence and the traceback.
        reloading: the plugins begin to be loaded anew.
        reloaded: they have been; carries the catalogue.
        reloadFailed: they have not, and those from before stay; carries the sentence and the traceback.
        refused: an experiment cannot be run as asked; carries the list of problems.
        resolved: an experiment starts; carries it complete, and the run folder's path.
        ended: a training is over, however it went, and the thread is free again; carries its controls.
    """

    loaded = Signal(object, object)
    loadFailed = Signal(str, str)  # noqa: N815 - Qt's way of naming
    reloading = Signal()
    reloaded = Signal(object)
    reloadFailed = Signal(str, str)  # noqa: N815
    refused = Signal(object)
    resolved = Signal(object, object)
    ended = Signal(object)

    def __init__(self, buffer: EventBuffer) -> None:
        super().__init__()
        self.registry: Registry | None = None
        """The plugins, once they are loaded. Nobody changes them: loaded anew, they are another registry."""
        self.reload_wanted = threading.Event()
        """Set from when a reload is asked for until it begins, so that many wishes make one."""
        self._buffer = buffer

    @Slot()
    def load(self) -> None:
        """Import torch and load every plugin; takes seconds."""
        try:
            from ganstudio.registry import Registry
            from ganstudio.schema import describe
            from ganstudio.training.device import devices, flush_denormals, warm_up
            from ganstudio.training.settings import TrainingSettings

            flush_denormals()
            self.registry = Registry.load()
            catalogue = self.registry.catalogue(describe(TrainingSettings))
            self.loaded.emit(catalogue, devices())
            warm_up()
        except Exception as error:
            self.loadFailed.emit(*describe_failure(error))

    @Slot()
    def reload(self) -> None:
        """Load every plugin anew; what fails now stays as it was before, marked stale."""
        self.reload_wanted.clear()
        self.reloading.emit()
        try:
            from ganstudio.schema import describe
            from ganstudio.training.settings import TrainingSettings

            assert self.registry is not None
            registry = self.registry.reload()
            catalogue = registry.catalogue(describe(TrainingSettings))
            self.registry = registry
            self.reloaded.emit(catalogue)
        except Exception as error:
            self.reloadFailed.emit(*describe_failure(error))

    @Slot(object, object)
    def train(self, request: object, controls: object) -> None:
        """Run one training from beginning to end. ``request`` and ``controls`` are those of ``launch``."""
        try:
            self._train(request, controls)
        finally:
            self.ended.emit(controls)

    def _train(self, request: Any, controls: object) -> None:
        from ganstudio import launch
        from ganstudio.training.controls import Controls

        assert isinstance(controls, Controls)
        assert self.registry is not None
        try:
            prepared = launch.prepare(request, self.registry, controls, self._progress)
        except launch.Cancelled:
            return
        except ExperimentError as error:
            self.refused.emit(error.problems)
            return
        except (Exception, SystemExit) as error:
            message, _details = describe_failure(error)
            self.refused.emit([Problem("", message)])
            return
        self.resolved.emit(prepared.resolved.experiment, prepared.run.path)
        for event in launch.train(prepared):
            self._buffer.put(event)

    def _progress(self, what: str, share: float | None = None) -> None:
        self._buffer.put(Preparing(0, what, share))
