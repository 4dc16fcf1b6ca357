"""How two loops are compared: in turns, in one process, by the median of the ratios of neighbouring turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Advance = Callable[[int], None]
"""Runs a given number of steps."""


@dataclass(frozen=True)
class Row:
    """One line of the table. ``reached`` is ``None`` for a figure without a bound."""

    measure: str
    figure: str
    bound: str
    reached: bool | None
    note: str = ""

    def text(self) -> str:
        """Return the line as Markdown."""
        mark = {True: "yes", False: "**no**", None: "—"}[self.reached]
        return f"| {self.measure} | {self.figure} | {self.bound} | {mark} | {self.note} |"


def seconds(advance: Advance, steps: int) -> float:
    """Return how long ``steps`` steps take."""
    began = time.perf_counter()
    advance(steps)
    return time.perf_counter() - began


def ratios(slow: Advance, fast: Advance, steps: int, turns: int) -> list[float]:
    """Return, for each pair of turns, how many times the rate of ``slow`` that of ``fast`` is."""
    seconds(slow, max(steps // 4, 5))
    seconds(fast, max(steps // 4, 5))
    found = []
    for turn in range(turns):
        # Who begins alternates, so that a machine that slows down favours neither.
        if turn % 2:
            b, a = seconds(fast, steps), seconds(slow, steps)
        else:
            a, b = seconds(slow, steps), seconds(fast, steps)
        found.append(a / b)
    return found


def spread(values: list[float]) -> str:
    """Return the median and the range of some figures."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def at_least(measure: str, values: list[float], bound: float, note: str = "") -> Row:
    """Return the row for a ratio that must not be less than ``bound``."""
    median = statistics.median(values)
    return Row(measure, f"{spread(values)} ×", f"≥ {bound:g} ×", median >= bound, note)
