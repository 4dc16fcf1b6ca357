"""Plugin attempt: to run a plugin's code where it can neither hold up nor end what goes on beside it.

It runs in a thread of its own, which is left behind when it takes too long; nothing can end a thread. It
knows nothing of hooks or of what plugins bring.
"""

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from io import StringIO
from typing import Generic, TypeVar

from ganstudio.discovery.output import captured
from ganstudio.discovery.world import put_back, remember

SECONDS = "GANSTUDIO_PLUGIN_SECONDS"
"""The variable that says how long a plugin is waited for."""
DEFAULT_SECONDS = 20.0

QT = ("PySide6", "PySide2", "PyQt6", "PyQt5", "shiboken6", "pyqtgraph")

_PRINTED = 4000
"""So many characters of what it printed are kept."""

T = TypeVar("T")


class Attempt(Generic[T]):
    """One run of a function in a thread of its own; with ``here``, at once in this thread.

    ``error`` and ``trace`` are what it raised, ``sys.exit`` and all; ``value`` is what it returned.
    """

    def __init__(self, name: str, work: Callable[[], T], here: bool = False) -> None:
        self.value: T | None = None
        self.error: BaseException | None = None
        self.trace = ""
        self._work = work
        self._printed = StringIO()
        self._threads: list[str] = []
        self._qt: set[str] = set()
        self._changed: list[str] = []
        self._began = time.perf_counter()
        self._ended = 0.0
        self._done = threading.Event()
        # A daemon, as are the threads that it starts: none of them keeps the program from ending.
        self._thread = threading.Thread(target=self._run, name=f"loading {name}", daemon=True)
        if here:
            self._run()
        else:
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it is done. Ctrl+C passes."""
        if self._done.wait(seconds) and self._thread.ident is not None:
            self._thread.join()
        return self._done.is_set()

    def stack(self) -> str:
        """Return what it is doing now, as a traceback; empty once it is done."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return "".join(["Still at:\n", *traceback.format_stack(frame)]) if frame else ""

    @property
    def seconds(self) -> float:
        """What it took, or has taken so far."""
        return (self._ended or time.perf_counter()) - self._began

    @property
    def printed(self) -> str:
        """What it has printed so far."""
        text = self._printed.getvalue()
        return text if len(text) <= _PRINTED else f"{text[:_PRINTED]}… ({len(text)} characters in all)"

    def notes(self) -> tuple[str, ...]:
        """Return a sentence for each thing it did that it should not, though it stopped nothing."""
        notes = []
        if self._qt:
            notes.append(
                f"It imports {', '.join(sorted(self._qt))} while it is loaded, also for the command line, "
                "which has no window; import it inside the function that needs it."
            )
        if self._threads:
            notes.append(
                f"It started a thread while it was loaded, which still runs: {', '.join(self._threads)}. "
                "Start threads when there is something to do, and end them."
            )
        if self._changed:
            notes.append(
                f"It changed {' and '.join(self._changed)} for the whole program while it was loaded; that "
                "was undone. Ask for it where it is needed."
            )
        return tuple(notes)

    def _run(self) -> None:
        threads, qt, world = set(threading.enumerate()), loaded_qt(), remember()
        with captured() as self._printed:
            try:
                self.value = self._work()
            except BaseException as error:
                self.error, self.trace = error, traceback.format_exc()
                if isinstance(error, KeyboardInterrupt) and self._thread.ident is None:
                    raise
        self._ended = time.perf_counter()
        self._qt, self._changed = loaded_qt() - qt, put_back(world)
        self._threads = [t.name for t in threading.enumerate() if t not in threads and _is_foreign(t)]
        self._done.set()


def patience() -> float:
    """Return for how many seconds one plugin is waited for."""
    try:
        return max(0.0, float(os.environ.get(SECONDS, "")))
    except ValueError:
        return DEFAULT_SECONDS


def loaded_qt() -> set[str]:
    """Return which packages of Qt are loaded."""
    return {name for name in QT if name in sys.modules}


def _is_foreign(thread: threading.Thread) -> bool:
    """Say whether a thread may be a plugin's: not one of the studio's, nor a stand-in for one of Qt's."""
    work = getattr(thread, "_target", None)
    made_by = str(getattr(work, "__module__", "") or type(thread).__module__)
    stand_in = isinstance(thread, threading._DummyThread)
    return not stand_in and made_by.partition(".")[0] != "ganstudio"
