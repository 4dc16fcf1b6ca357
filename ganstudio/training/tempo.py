"""Tempo: how long to wait before the next step, in slow motion. It knows nothing of what a step is."""

import time
from collections.abc import Callable


class Tempo:
    """At most ``rate`` steps a second; 0 for no limit."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._due = 0.0
        self.rate = 0.0

    def left(self) -> float:
        """Return the seconds until the next step may be made, 0 where it may be now."""
        return max(self._due - self._now(), 0.0) if self.rate else 0.0

    def change(self, rate: float) -> None:
        """Go at another rate from now on; raises ``ValueError`` for one below zero or not finite."""
        if not 0 <= rate < float("inf"):
            raise ValueError(f"A pace is a number of steps a second, not {rate}.")
        self.rate = rate
        self.passed()

    def passed(self) -> None:
        """Count a step that was just made."""
        if self.rate:
            # What was lost to a slow step is not made up for by hurrying.
            self._due = max(self._due, self._now() - 1 / self.rate) + 1 / self.rate
            self._due = min(self._due, self._now() + 1 / self.rate)
