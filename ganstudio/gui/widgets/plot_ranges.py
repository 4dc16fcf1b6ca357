"""Ranges of a plot that follows its curves: roomy enough to change seldom, since every change repaints axes.

Plain arithmetic; it knows nothing of plots.
"""

import math
from collections.abc import Iterable

import numpy as np

from ganstudio.gui.widgets.decimate import Values

Range = tuple[float, float]


def follow_steps(current: Range | None, first: float, last: float, total: float | None) -> Range:
    """Return the steps to show for curves from ``first`` to ``last``, of a run of ``total`` steps if known.

    The range starts at zero unless the curves start far behind it, and ends a little after the last step.
    """
    left = first if first > last / 2 and last > first else 0.0
    if current and current[0] == left and 0.88 * (current[1] - left) <= last - left <= current[1] - left:
        return current
    right = left + max(1.08 * (last - left), 10.0)
    if total is not None and last <= total:
        right = min(right, max(total, left + 1.0))
    return left, right


def follow_values(current: Range | None, wanted: Range) -> Range:
    """Return ``current`` where ``wanted`` fills most of it, else ``wanted`` with some room on both sides."""
    low, high = wanted
    if current and current[0] <= low and high <= current[1] and high - low >= 0.7 * (current[1] - current[0]):
        return current
    room = 0.07 * (high - low)
    if room <= 1e-9 * max(abs(low), abs(high)):
        room = max(abs(low) / 2, 1e-3)
    return low - room, high + room


def extent(rows: Iterable[Values]) -> Range | None:
    """Return the least and the greatest finite number of all rows, or ``None`` where there is none."""
    low, high = math.inf, -math.inf
    for row in rows:
        finite = row[np.isfinite(row)]
        if len(finite):
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else None
