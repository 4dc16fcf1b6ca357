"""What a test must not leave behind: threads, running QThreads, active timers, top-level widgets.

It knows nothing of the studio. Qt is looked at only where it is loaded already.
"""

import gc
import sys
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

GRACE_SECONDS = 3.0
"""Threads that are about to end are waited for this long."""

_OUR_TOOLS = ("pytest_timeout", "execnet", "ThreadPoolExecutor-execnet")
_OF_QT_ITSELF = {"QTipLabel"}
"""Windows that Qt keeps for the whole process, by class."""


@dataclass(frozen=True)
class Leak:
    """One thing that may stay over; ``identity`` tells it from another of the same kind."""

    identity: Hashable
    text: str


def alive() -> list[Leak]:
    """Return everything of the watched kinds that is there now."""
    return [*_threads(), *_qt_things()]


def left_over(before: list[Leak]) -> list[Leak]:
    """Return what is there now and was not before; patient, and after the rubbish was taken out."""
    known = {leak.identity for leak in before}

    def new() -> list[Leak]:
        return [leak for leak in alive() if leak.identity not in known]

    _process_deletes()
    return new() and _after_collecting(new)


def _after_collecting(new: Callable[[], list[Leak]]) -> list[Leak]:
    end = time.monotonic() + GRACE_SECONDS
    while True:
        # Twice: what the first round deletes may hold the last references to more.
        for _ in range(2):
            gc.collect()
            _process_deletes()
        found = new()
        if not any("thread" in leak.text.lower() for leak in found) or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _threads() -> list[Leak]:
    return [
        Leak(("thread", thread.ident), f"thread {thread.name}")
        for thread in threading.enumerate()
        # Python's stand-ins for threads of torch and Qt never end; QThreads are looked at below.
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith(_OUR_TOOLS)
    ]


def _qt_things() -> list[Leak]:
    if "PySide6.QtCore" not in sys.modules:
        return []
    from PySide6.QtCore import QCoreApplication, QThread, QTimer

    application = QCoreApplication.instance()
    if application is None:
        return []
    import shiboken6

    leaks = _windows(application)
    main = _identity(application.thread())
    for wrapper in shiboken6.getAllValidWrappers():
        if isinstance(wrapper, QTimer) and wrapper.isActive():
            leaks.append(Leak(_identity(wrapper), f"active timer {wrapper!r} of {wrapper.parent()!r}"))
        elif isinstance(wrapper, QThread) and wrapper.isRunning() and _identity(wrapper) != main:
            leaks.append(Leak(_identity(wrapper), f"running QThread {wrapper.objectName()} {wrapper!r}"))
    return leaks


def _windows(application: Any) -> list[Leak]:
    if not hasattr(application, "topLevelWidgets"):
        return []
    return [
        Leak(_identity(widget), f"top-level widget {widget!r}")
        for widget in application.topLevelWidgets()
        if widget.metaObject().className() not in _OF_QT_ITSELF
    ]


def _identity(wrapper: Any) -> Hashable:
    import shiboken6

    return type(wrapper).__name__, shiboken6.getCppPointer(wrapper)


def _process_deletes() -> None:
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
