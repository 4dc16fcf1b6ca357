"""PanelGuard: what a plugin's panel raises where Qt calls it, such as while it is painted.

Python hands such errors to ``sys.excepthook``, whoever they belong to. The guard finds the panel by the
frames of the traceback. It knows nothing of what becomes of the panel then.
"""

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ganstudio.failures import describe_failure
from ganstudio.gui.panel_host import PanelHost


class PanelGuard:
    """Stands before ``sys.excepthook`` from :meth:`install` to :meth:`remove`."""

    def __init__(self, hosts: Callable[[], Iterable[PanelHost]]) -> None:
        self._hosts = hosts
        self._before: Callable[..., object] | None = None
        self._hook = self._take

    def install(self) -> None:
        """Stand before whatever takes errors now."""
        if self._before is None:
            self._before, sys.excepthook = sys.excepthook, self._hook

    def remove(self) -> None:
        """Go, unless something has come to stand before the guard."""
        if self._before is not None and sys.excepthook is self._hook:
            sys.excepthook, self._before = self._before, None

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        host = None if issubclass(kind, KeyboardInterrupt) else self._owner(trace)
        if host is None:
            if self._before is not None:
                self._before(kind, error, trace)
            return
        sentence, details = describe_failure(error)
        _let_go(error)
        # Not now: Qt may be in the midst of painting the very widget that is to go.
        QTimer.singleShot(0, host, lambda: _fail(host, sentence, details))

    def _owner(self, trace: TracebackType | None) -> PanelHost | None:
        """Return the host whose panel raised: one of its objects is in a frame, else code of its module."""
        frames = [frame for frame, _line in traceback.walk_tb(trace)]
        hosts = [host for host in self._hosts() if host.panel is not None]
        for test in (_is_in, _is_of_module):
            for host in hosts:
                if any(test(host, frame) for frame in frames):
                    return host
        return None


def _fail(host: PanelHost, sentence: str, details: str) -> None:
    if host.panel is not None:
        host.fail(sentence, details)


def _is_in(host: PanelHost, frame: FrameType) -> bool:
    """Say whether the frame is a method of the panel or of a widget inside it."""
    owner = frame.f_locals.get("self")
    if owner is None or host.content is None:
        return False
    if owner is host.panel or owner is host.content:
        return True
    return isinstance(owner, QWidget) and host.content.isAncestorOf(owner)


def _is_of_module(host: PanelHost, frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == type(host.panel).__module__


def _let_go(error: BaseException) -> None:
    """End what the frames still hold: a painter that stays open on a widget ends the program."""
    for each in _chain(error):
        for frame, _line in traceback.walk_tb(each.__traceback__):
            for held in frame.f_locals.values():
                if isinstance(held, QPainter):
                    held.end()
        traceback.clear_frames(each.__traceback__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
