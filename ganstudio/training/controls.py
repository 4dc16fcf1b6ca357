"""Controls: the mailbox between whoever steers and the thread that trains.

The trainer looks into it between steps. It knows nothing of who posts.
"""

import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any


@dataclass(frozen=True)
class Edit:
    """Give a live setting another value."""

    path: str
    value: Any


@dataclass(frozen=True)
class Pause:
    """Hold before the next step."""


@dataclass(frozen=True)
class Resume:
    """Go on."""


@dataclass(frozen=True)
class StepOnce:
    """While paused: make one step and hold again."""


@dataclass(frozen=True)
class Stop:
    """End now, with a checkpoint unless ``save`` is false."""

    save: bool = True


@dataclass(frozen=True)
class PreviewNow:
    """Make a preview to be looked at; the run does not keep it."""


@dataclass(frozen=True)
class CheckpointNow:
    """Keep a checkpoint of where the training is."""


Command = Edit | Pause | Resume | StepOnce | Stop | PreviewNow | CheckpointNow


class Controls:
    """A thread-safe queue of commands."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Command] = SimpleQueue()
        self._stop: Stop | None = None
        self._stop_posted = threading.Event()

    def post(self, command: Command) -> None:
        """Leave a command; callable from any thread, never blocks."""
        self._queue.put(command)
        if isinstance(command, Stop):
            self._stop = command
            self._stop_posted.set()

    def take(self, wait: bool = False) -> Command | None:
        """Return the next command, or ``None`` when there is none; ``wait`` blocks until there is."""
        try:
            return self._queue.get(block=wait)
        except Empty:
            return None

    def stop_within(self, seconds: float) -> Stop | None:
        """Return the newest stop posted since the last call, waiting for one so long.

        It is only looked at: all that was posted stays to be taken.
        """
        if not self._stop_posted.wait(seconds):
            return None
        self._stop_posted.clear()
        return self._stop
