"""Controls: the mailbox between whoever steers and the thread that trains.

The trainer looks into it between steps. It knows nothing of who posts.
"""

import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from ganstudio.api.events import Event


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
    """While paused: make one step and hold again.

    ``only``: the name of the one network that moves; the updates of the others are computed, not applied.
    """

    only: str = ""


@dataclass(frozen=True)
class Pace:
    """Make at most so many steps a second; 0 for as many as go."""

    steps_per_second: float = 0.0


@dataclass(frozen=True)
class Watch:
    """Show the game of a run on points, every so many seconds; 0 ends that.

    ``label``: the class that is asked about. ``region``: left, right, bottom and top of what is judged;
    ``None``: all that the real points take up, and some room.
    """

    seconds: float
    label: int = 0
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Tell:
    """Pass on what was made beside the training."""

    event: Event


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


@dataclass(frozen=True)
class ScoreNow:
    """Take the scores that cost seconds now, whatever share of the time they took."""


Command = (
    Edit | Pause | Resume | StepOnce | Stop | PreviewNow | CheckpointNow | ScoreNow | Pace | Watch | Tell
)


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

    def take(self, wait: bool = False, timeout: float | None = None) -> Command | None:
        """Return the next command, or ``None`` when there is none.

        ``wait`` blocks until there is one, or until ``timeout`` seconds went by.
        """
        try:
            return self._queue.get(block=wait, timeout=timeout)
        except Empty:
            return None

    @property
    def stopping(self) -> bool:
        """Whether a stop was posted, taken or not: what takes long is to end early."""
        return self._stop is not None

    def stop_within(self, seconds: float) -> Stop | None:
        """Return the newest stop posted since the last call, waiting for one so long.

        It is only looked at: all that was posted stays to be taken.
        """
        if not self._stop_posted.wait(seconds):
            return None
        self._stop_posted.clear()
        return self._stop
