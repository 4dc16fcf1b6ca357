"""Remaking previews of a run from its newest checkpoint, on a thread of its own beside whatever trains.

It knows nothing of widgets. Like the worker, it loads torch only when there is something to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure
from ganstudio.session.data_look import step_back

if TYPE_CHECKING:
    from ganstudio.registry import Registry
    from ganstudio.remaking import Remaker


@dataclass(frozen=True, eq=False)
class _Wish:
    run: Path
    registry: Any
    values: Mapping[str, Any]


class Remaking(QObject):
    """Fulfils one wish at a time; of those that come meanwhile the newest alone.

    Signals:
        made: the folder of the run, and each kind of preview as ``PreviewReady``, a list.
        failed: why there are none, in a sentence.
    """

    made = Signal(object, list)
    failed = Signal(str)
    _work = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: _Wish | None = None
        self._next: _Wish | None = None
        self._thread = QThread()
        self._thread.setObjectName("remaking")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._work.connect(self._worker.work)
        self._worker.made.connect(self._on_made)
        self._worker.failed.connect(self._on_failed)

    def remake(self, run: Path, registry: Registry, values: Mapping[str, Any]) -> None:
        """Make the previews of the run in a folder with these settings of its architecture."""
        wish = _Wish(run, registry, dict(values))
        if self._wish is not None:
            self._next = wish
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._wish = wish
        self._work.emit(wish)

    def forget(self) -> None:
        """Give the networks of the run back that was looked at; none is any more."""
        self._next = None
        if self._thread.isRunning():
            self._work.emit(None)

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self._next = None
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    @Slot(object, list)
    def _on_made(self, wish: _Wish, previews: list[Any]) -> None:
        self._done()
        self.made.emit(wish.run, previews)

    @Slot(object, str)
    def _on_failed(self, wish: _Wish, sentence: str) -> None:
        self._done()
        self.failed.emit(sentence)

    def _done(self) -> None:
        following, self._wish, self._next = self._next, None, None
        if following is not None:
            self.remake(following.run, following.registry, following.values)


class _Worker(QObject):
    """Lives on the thread, and keeps the networks that were asked for last.

    Signals:
        made: the wish, and the previews.
        failed: the wish, and a sentence.
    """

    made = Signal(object, list)
    failed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._remaker: Remaker | None = None
        self._opened: tuple[Any, ...] = ()

    @Slot(object)
    def work(self, wish: _Wish | None) -> None:
        """Fulfil a wish; none lets go of what is kept."""
        if wish is None:
            self._remaker, self._opened = None, ()
            return
        try:
            previews = self._open(wish).previews(wish.values)
        except StudioError as error:
            self.failed.emit(wish, str(error))
        except Exception as error:
            self.failed.emit(wish, describe_failure(error)[0])
        else:
            self.made.emit(wish, previews)

    def _open(self, wish: _Wish) -> Remaker:
        """Return the networks of the newest checkpoint, which are read again where it is another one."""
        from ganstudio.remaking import Remaker
        from ganstudio.runs.folder import RunFolder
        from ganstudio.training.device import flush_denormals, spare_thread

        newest = next(iter(RunFolder.open(wish.run).checkpoints()), None)
        wanted = wish.run, wish.registry, newest
        if self._remaker is None or self._opened != wanted:
            flush_denormals()
            spare_thread()
            step_back()
            self._remaker, self._opened = None, ()
            self._remaker = Remaker.open(wish.run, wish.registry)
            self._opened = wanted
        return self._remaker
