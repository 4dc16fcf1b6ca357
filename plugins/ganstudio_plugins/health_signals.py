"""Signals: what health rules remember of a figure, told by medians and quantiles, and slow decisions.

It knows nothing of what any figure means. A few wild values change nothing here, and what is not finite is
left out.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from statistics import fmean, median

from ganstudio.api import Trend

LONGEST = 400
"""Values of a figure that are remembered."""
LARGEST = 1e30
"""What is larger counts as that: sums of squares stay numbers."""
DRAWN = 100
"""Points of a small plot."""


class Trail:
    """The newest values of one figure, each with the step it is of."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.steps: deque[int] = deque(maxlen=longest)
        self.values: deque[float] = deque(maxlen=longest)

    def __len__(self) -> int:
        return len(self.values)

    def add(self, step: int, value: float | None) -> bool:
        """Remember a value; return False, and remember nothing, for one that is missing or not finite."""
        if value is None or not math.isfinite(value):
            return False
        self.steps.append(step)
        self.values.append(min(max(float(value), -LARGEST), LARGEST))
        return True

    def clear(self) -> None:
        """Forget all of it."""
        self.steps.clear()
        self.values.clear()

    def newest(self, count: int) -> list[float]:
        """Return the newest ``count`` values, or as many as there are, the oldest first."""
        return list(islice(self.values, max(len(self.values) - count, 0), None))

    def before(self, count: int) -> list[float]:
        """Return all values but the newest ``count``."""
        return list(islice(self.values, max(len(self.values) - count, 0)))

    def after(self, step: int) -> list[float]:
        """Return the values of later steps than ``step``."""
        return [value for at, value in zip(self.steps, self.values, strict=True) if at > step]

    def lasting(self, holds: Callable[[float], bool], count: int, span: int, begin: int) -> int | None:
        """Return the step since which all values hold, ``count`` or more of them over ``span`` steps or more.

        ``None`` where fewer do. Values before step ``begin`` do not count.
        """
        found = None
        for place, (step, value) in enumerate(zip(reversed(self.steps), reversed(self.values), strict=True)):
            if step < begin or not holds(value):
                return found
            if place + 1 >= count and self.steps[-1] - step >= span:
                found = step
        return found

    def middle(self, count: int) -> float:
        """Return the median of the newest ``count`` values; NaN where there is none."""
        return middle(self.newest(count))

    def rise(self, count: int) -> float:
        """Return how many times as large the newest ``count`` values are as so many before; 1 of too few."""
        if len(self.values) < 2 * count:
            return 1.0
        earlier = abs(middle(self.newest(2 * count)[:count]))
        return abs(self.middle(count)) / max(earlier, 1e-12)

    def drawn(self, name: str, limit: float | None = None) -> Trend:
        """Return it as a small plot, thinned evenly, with the newest value at its end."""
        stride = -(-len(self.values) // DRAWN) or 1
        first = (len(self.values) - 1) % stride
        steps = tuple(islice(self.steps, first, None, stride))
        return Trend(name, steps, tuple(islice(self.values, first, None, stride)), limit)


class Standing:
    """Whether something holds: it begins and ends only once it was seen so several times in a row."""

    def __init__(self, begin: int, end: int) -> None:
        self._begin, self._end = begin, end
        self._run = 0
        self._first = 0
        self.since: int | None = None
        """The step of the first of the sights by which it began; ``None`` while it does not hold."""

    def see(self, step: int, holds: bool, surely_since: int | None = None) -> bool:
        """Take what is so at ``step``; return what stands.

        ``surely_since``: the step since which it has held beyond doubt, by which it begins at once.
        """
        if surely_since is not None:
            self._run = 0
            if self.since is None:
                self.since = surely_since
            return True
        if holds == (self.since is not None):
            self._run = 0
            return holds
        if not self._run:
            self._first = step
        self._run += 1
        if self._run >= (self._begin if holds else self._end):
            self.since = self._first if holds else None
            self._run = 0
        return self.since is not None

    def clear(self) -> None:
        """Let it not hold."""
        self._run, self.since = 0, None


def middle(values: Sequence[float]) -> float:
    """Return the median; NaN of nothing."""
    return median(values) if values else math.nan


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of the values are not above; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def deviation(values: Sequence[float]) -> float:
    """Return the standard deviation as the median absolute deviation tells it, for normal noise."""
    centre = middle(values)
    return 1.4826 * middle([abs(value - centre) for value in values])


def slope(values: Sequence[float]) -> float:
    """Return the slope of the straight line through evenly spaced values, per value; 0 of fewer than two."""
    count = len(values)
    if count < 2:
        return 0.0
    centre, mean = (count - 1) / 2, fmean(values)
    rise = sum((place - centre) * (value - mean) for place, value in enumerate(values))
    return rise / (count * (count * count - 1) / 12)


def swing(values: Sequence[float]) -> tuple[float, float]:
    """Return the share of variance at the strongest frequency and its neighbours, and its period.

    Of the values less their straight line. The share is 0..1, near 0 for noise; the period counts values.
    Frequencies of fewer than three periods are no swing but a trend.
    """
    count = len(values)
    if count < 12:
        return 0.0, 0.0
    tilt, mean, centre = slope(values), fmean(values), (count - 1) / 2
    level = [value - mean - tilt * (place - centre) for place, value in enumerate(values)]
    total = sum(value * value for value in level)
    if total <= 1e-24 * max(1.0, mean * mean) * count:
        return 0.0, 0.0
    powers = [_power(level, cycles) for cycles in range(1, count // 2)]
    best = max(range(2, len(powers)), key=powers.__getitem__)
    share = sum(powers[best - 1 : best + 2]) * 2 / count / total
    return min(share, 1.0), count / (best + 1)


def _power(level: Sequence[float], cycles: int) -> float:
    """Return the square of the Fourier coefficient of so many cycles over the values."""
    turn = 2 * math.pi * cycles / len(level)
    real = sum(value * math.cos(turn * place) for place, value in enumerate(level))
    imaginary = sum(value * math.sin(turn * place) for place, value in enumerate(level))
    return real * real + imaginary * imaginary
