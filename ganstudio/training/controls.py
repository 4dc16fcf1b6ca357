"""Controls: the mailbox between whoever steers and the thread that trains.

The trainer looks into it between steps. It knows nothing of who posts.
"""

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

    def post(self, command: Command) -> None:
        """Leave a command; callable from any thread, never blocks."""
        self._queue.put(command)

    def take(self, wait: bool = False) -> Command | None:
        """Return the next command, or ``None`` when there is none; ``wait`` blocks until there is."""
        try:
            return self._queue.get(block=wait)
        except Empty:
            return None
