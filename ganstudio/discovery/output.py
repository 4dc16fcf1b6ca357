"""Plugin output: what one thread prints is kept, while every other thread prints as before.

It knows nothing of plugins. What is written past ``sys.stdout``, by a library in C, is not seen.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any


@contextmanager
def captured() -> Iterator[StringIO]:
    """Keep what this thread prints in the text buffer that is lent."""
    text = StringIO()
    _SWITCH.add(text)
    try:
        yield text
    finally:
        _SWITCH.remove()


class _Switchboard:
    """Stands in for ``sys.stdout`` as long as one thread is listened to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[int, StringIO] = {}
        self._stand_in: _StandIn | None = None

    def add(self, text: StringIO) -> None:
        with self._lock:
            self._texts[threading.get_ident()] = text
            if not isinstance(sys.stdout, _StandIn):
                self._stand_in = _StandIn(sys.stdout, self._texts)
                sys.stdout = self._stand_in

    def remove(self) -> None:
        with self._lock:
            del self._texts[threading.get_ident()]
            # Somebody else may have put something of their own there meanwhile.
            if not self._texts and self._stand_in is not None and sys.stdout is self._stand_in:
                sys.stdout = self._stand_in.real


class _StandIn:
    """A text stream that writes to the buffer of the thread that prints, or to the real stream."""

    def __init__(self, real: Any, texts: dict[int, StringIO]) -> None:
        self.real = real
        self._texts = texts

    def write(self, text: str) -> int:
        return int(self._target().write(text) or 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target(), name)

    def _target(self) -> Any:
        return self._texts.get(threading.get_ident(), self.real)


_SWITCH = _Switchboard()
