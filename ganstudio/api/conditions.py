"""Conditions: what a health rule finds, as frozen plain values. It knows nothing of who finds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["watch", "bad"]
"""How grave: to be watched, or to be mended."""

Way = Literal["live", "branch", "anew"]
"""How a remedy is applied."""


@dataclass(frozen=True)
class Trend:
    """The small plot behind a condition: one figure over the steps, and the line it crossed if any."""

    name: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    limit: float | None = None


@dataclass(frozen=True)
class Remedy:
    """What may help: ``changes`` are settings by their path, as ``--set`` takes them, with new values.

    ``title`` stands on a button; ``why`` says in a sentence what it does. ``way``: ``live`` changes the run
    while it trains, for which all of the settings must be live; ``branch`` begins a new run with them from
    the newest checkpoint before the trouble began, or from its start where there is none; ``anew`` begins
    it from the start in any case, as where its networks are others.
    """

    title: str
    changes: Mapping[str, Any]
    way: Way = "live"
    why: str = ""


@dataclass(frozen=True)
class Condition:
    """A trouble with a name, since the step ``since``.

    ``sentence`` says what holds, with its numbers; ``explanation`` what it means and why it comes about,
    for a reader who does not know the name. ``evidence``: figures by what they are called. ``remedies``:
    the one that helps most often comes first.
    """

    name: str
    level: Level
    since: int
    sentence: str
    explanation: str
    evidence: Mapping[str, float] = field(default_factory=dict)
    trend: Trend | None = None
    remedies: tuple[Remedy, ...] = ()
