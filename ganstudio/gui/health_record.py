"""Health record: what the health rules of one run have said so far, and what was done about it.

Plain bookkeeping over events. It knows nothing of widgets, of sessions and of any rule.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.api.events import Event, HealthChanged, Restarted, SettingChanged, Started

GRAVITY = {"good": 0, "watch": 1, "bad": 2}
"""How grave each level is; ``good`` is that of a rule that finds nothing."""


@dataclass(frozen=True)
class Applied:
    """A remedy whose settings hold since ``step``."""

    step: int
    remedy: Remedy


@dataclass(frozen=True)
class Finding:
    """A condition that a rule found, as it was last told of. ``ended``: when it was over, if it is."""

    rule: str
    title: str
    told: int
    """The step at which it was first told of."""
    condition: Condition
    ended: int | None = None
    applied: Applied | None = None

    @property
    def since(self) -> int:
        """The step at which the trouble began."""
        return self.condition.since


class HealthRecord:
    """The findings of a run, oldest first. Events may come twice, as after the history of a run is read."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        """The rules that watch the run, by class name, in the order in which they spoke."""
        self.findings: list[Finding] = []
        self.began = False
        """Whether there is a run."""
        self._seen: set[tuple[int, str, str]] = set()

    def clear(self) -> None:
        """Forget the run."""
        self.titles, self.findings, self.began = {}, [], False
        self._seen.clear()

    def load(self, events: Iterable[Event]) -> None:
        """Take the past of a run in place of what there is."""
        self.clear()
        self.began = True
        for event in sorted(events, key=lambda each: each.step):
            self.take(event)

    def take(self, event: Event) -> bool:
        """Take an event; return whether it says anything about health."""
        match event:
            case Restarted():
                self.cut(event.step)
            case Started():
                self.clear()
                self.began = True
            case HealthChanged():
                self._find(event)
            case SettingChanged():
                return self._note(event)
            case _:
                return False
        return True

    def cut(self, step: int) -> None:
        """Forget what was said after a step, from which the run goes on."""
        self._seen = {each for each in self._seen if each[0] <= step}
        kept = [each for each in self.findings if each.told <= step]
        self.findings = [_as_of(each, step) for each in kept]

    def current(self, rule: str) -> Finding | None:
        """Return what a rule finds now."""
        found = [each for each in self.findings if each.rule == rule and each.ended is None]
        return found[-1] if found else None

    def level(self, rule: str) -> str:
        """Return how a rule's lamp stands: ``good``, ``watch`` or ``bad``."""
        found = self.current(rule)
        return found.condition.level if found else "good"

    def troubles(self) -> list[Finding]:
        """Return what holds now, the gravest first and of equals the oldest."""
        held = [each for each in self.findings if each.ended is None]
        return sorted(held, key=lambda each: (-GRAVITY[each.condition.level], each.since))

    def past(self) -> list[Finding]:
        """Return what is over, the newest first."""
        over = [each for each in self.findings if each.ended is not None]
        return sorted(over, key=lambda each: -(each.ended or 0))

    def _find(self, event: HealthChanged) -> None:
        self.titles.setdefault(event.rule, event.title)
        condition = event.condition
        mark = (event.step, event.rule, condition.name if condition else "")
        place, held = self._held(event.rule)
        if held is not None and condition is not None and held.condition.name == condition.name:
            if event.step >= held.told:
                self.findings[place] = replace(held, condition=condition)
        elif mark not in self._seen:
            if held is not None:
                self.findings[place] = replace(held, ended=event.step)
            if condition is not None:
                self.findings.append(Finding(event.rule, event.title, event.step, condition))
        self._seen.add(mark)

    def _held(self, rule: str) -> tuple[int, Finding | None]:
        """Return what a rule finds now and where it stands."""
        for place in reversed(range(len(self.findings))):
            found = self.findings[place]
            if found.rule == rule and found.ended is None:
                return place, found
        return -1, None

    def _note(self, event: SettingChanged) -> bool:
        """Note that a setting now is as a remedy wants it, whoever changed it, or no longer is."""
        noted = False
        for place, found in enumerate(self.findings):
            if found.ended is not None:
                continue
            remedy = found.applied.remedy if found.applied else None
            if remedy is not None and _differs(remedy, event):
                self.findings[place] = found = replace(found, applied=None)
                noted = True
            wanted = _wanting(found.condition, event)
            if wanted is not None:
                self.findings[place] = replace(found, applied=Applied(event.step, wanted))
                noted = True
        return noted


def in_force(remedy: Remedy, held: Mapping[str, Any]) -> bool:
    """Say whether everything a remedy changes is already as it wants it."""
    return bool(remedy.changes) and all(
        path in held and alike(value, held[path]) for path, value in remedy.changes.items()
    )


def alike(one: Any, other: Any) -> bool:
    """Say whether two values of a setting are the same, up to what rounding does to a number."""
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return math.isclose(one, other, rel_tol=1e-9)
    return bool(one == other)


def _wanting(condition: Condition, event: SettingChanged) -> Remedy | None:
    # What is changed while it trains is never what would begin another run.
    for remedy in (each for each in condition.remedies if each.way == "live"):
        if event.path in remedy.changes and alike(remedy.changes[event.path], event.value):
            return remedy
    return None


def _differs(remedy: Remedy, event: SettingChanged) -> bool:
    """Say whether a setting that a remedy changed is given yet another value."""
    return event.path in remedy.changes and not alike(remedy.changes[event.path], event.value)


def _as_of(found: Finding, step: int) -> Finding:
    """Return a finding as it was known at a step."""
    ended = found.ended if found.ended is not None and found.ended <= step else None
    applied = found.applied if found.applied is not None and found.applied.step <= step else None
    return replace(found, ended=ended, applied=applied)
