"""Remedies: what a run really offers against a trouble, as changes of its settings.

It knows nothing of how trouble is found. Each function returns a remedy, or ``None`` where the run has no
such setting or it is at its end already.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ganstudio.api import Event, Remedy, RunFacts, SettingChanged

GENERATORS, DISCRIMINATORS = ("generator", "mapping", "synthesis"), ("discriminator",)
"""How the names of networks begin."""
USUAL_RATE = 1e-3
"""A rate that the small networks of the studio's presets are trained with."""
LOWEST_RATE = 1e-7


def remedies(*found: Remedy | None) -> tuple[Remedy, ...]:
    """Return those remedies that there are."""
    return tuple(each for each in found if each is not None)


def rate_paths(facts: RunFacts, kinds: Iterable[str] = ()) -> list[str]:
    """Return the paths of the learning rates of the networks whose names begin so; by default, of all."""
    paths = [
        path for path in facts.settings if path.startswith("optimizers.") and path.endswith(".learning_rate")
    ]
    prefixes = tuple(f"optimizers.{kind}" for kind in kinds) or ("optimizers.",)
    return [path for path in paths if path.startswith(prefixes)]


def rate(facts: RunFacts, kinds: Iterable[str] = ()) -> float:
    """Return the highest learning rate of such networks; NaN where there is none."""
    rates = [facts.settings[path] for path in rate_paths(facts, kinds)]
    return max((float(each) for each in rates if isinstance(each, int | float)), default=math.nan)


def slower(facts: RunFacts, kinds: Iterable[str], share: float, title: str, why: str) -> Remedy | None:
    """Multiply the rates of such networks by ``share``, which may be above 1."""
    changes = {
        path: rounded(min(max(float(facts.settings[path]) * share, LOWEST_RATE), 1.0))
        for path in rate_paths(facts, kinds)
    }
    return change(facts, title, changes, why)


def same_rates(facts: RunFacts, value: float, title: str, why: str) -> Remedy | None:
    """Give every network the rate ``value``."""
    return change(facts, title, dict.fromkeys(rate_paths(facts), rounded(value)), why)


def change(
    facts: RunFacts,
    title: str,
    changes: Mapping[str, Any],
    why: str,
    way: Literal["live", "branch", "anew"] | None = None,
) -> Remedy | None:
    """Give settings of the run other values: while it trains where all of them may change then."""
    real = {
        path: value
        for path, value in changes.items()
        if path in facts.settings and facts.settings[path] != value
    }
    if not real:
        return None
    return Remedy(title, real, way or ("live" if facts.live.issuperset(real) else "branch"), why)


class Edits:
    """The live changes of a run, so that a trouble that came after one is mended by taking it back."""

    def __init__(self) -> None:
        self._made: list[SettingChanged] = []

    def take(self, event: Event) -> None:
        """Take what has happened."""
        if isinstance(event, SettingChanged):
            self._made.append(event)

    def undone(self, facts: RunFacts, since: int, within: int) -> Remedy | None:
        """Take back the last change made at most ``within`` steps before ``since``, from before it."""
        for event in reversed(self._made):
            if since - within <= event.step <= since and facts.settings.get(event.path) == event.value:
                why = (
                    f"The trouble began just after {event.path} was changed from {shown(event.before)} to "
                    f"{shown(event.value)} at step {event.step}. A branch from before it goes on without."
                )
                title = "Take the change back"
                return Remedy(title, {event.path: event.before}, "branch", why)
        return None


def rounded(value: float) -> float:
    """Return a number with two digits, as people write them."""
    return float(f"{value:.2g}")


def shown(value: object) -> str:
    """Return a value as it stands in a sentence."""
    return f"{value:g}" if isinstance(value, float) else str(value)
