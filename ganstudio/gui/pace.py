"""Pace: how fast a run goes and how long it will take, from its step records. Plain arithmetic, no Qt."""

from collections import deque

_WINDOW_SECONDS = 5.0
"""The rate is that of the last seconds: it follows a change soon, and does not flicker."""


class Pace:
    """Steps done, steps a second, seconds left. Seconds are of training: pauses do not count."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self.step = 0
        self._marks: deque[tuple[float, int]] = deque()

    def record(self, step: int, seconds: float) -> None:
        """Take a report: ``step`` steps were done after ``seconds`` of training."""
        self.step = step
        self._marks.append((seconds, step))
        while len(self._marks) > 2 and self._marks[1][0] < seconds - _WINDOW_SECONDS:
            self._marks.popleft()

    def rate(self) -> float | None:
        """Return steps a second, or ``None`` before there are two reports."""
        if len(self._marks) < 2:
            return None
        (began, first), (ended, last) = self._marks[0], self._marks[-1]
        return (last - first) / (ended - began) if ended > began else None

    def left(self) -> float | None:
        """Return the seconds that the rest takes at this rate, or ``None`` while there is no rate."""
        rate = self.rate()
        return (self.total - self.step) / rate if rate else None


def duration(seconds: float) -> str:
    """Return a time in words: ``9 s``, ``1 m 02 s``, ``3 h 05 m``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} m"


def rate_text(rate: float) -> str:
    """Return ``214 it/s``, with a decimal below ten, and seconds for each step below one."""
    if rate >= 10:
        return f"{rate:.0f} it/s"
    return f"{rate:.1f} it/s" if rate >= 1 or rate == 0 else f"{1 / rate:.1f} s/it"
