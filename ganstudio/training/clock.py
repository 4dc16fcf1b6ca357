"""Clock: seconds of training. It knows nothing of what is trained."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Clock:
    """Seconds of training; it does not run while training is paused."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._before = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """Let it run, from where it stood."""
        self._since = self._now()

    def stop(self) -> None:
        """Hold it."""
        self._before, self._since = self.seconds(), None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Stop it for a while, and let it run again if it ran."""
        ran = self._since is not None
        self.stop()
        yield
        if ran:
            self.start()

    def go_on_from(self, seconds: float) -> None:
        """Count from ``seconds`` on; it does not run until it is started."""
        self._before, self._since = seconds, None

    def seconds(self) -> float:
        """Return the seconds it ran."""
        return self._before + (self._now() - self._since if self._since is not None else 0.0)
