"""The checks of health rules, which are told of small real runs, and of odd ones.

Whether a rule is right cannot be shown so.
"""

import math
import random
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np
import torch

from ganstudio.api import Condition, HealthRule, RunFacts
from ganstudio.api.events import Event, HealthChanged, ScoreRecord, SettingChanged, StepRecord, VectorRecord
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong
from ganstudio.testing.toy_runs import ToyRun, toy_runs

LIMIT_MS = 2.0
"""An event, on average, takes no rule longer; training waits for it."""
ROUNDS = 20
"""Small runs are told so many times over, so that a rule meets a history of some length."""


class HealthSubject:
    """A health rule under check."""

    def __init__(self, cls: type[HealthRule], settings: Mapping[str, Any] | None = None) -> None:
        self.cls = cls
        self._settings = dict(settings or {})

    @cached_property
    def runs(self) -> list[ToyRun]:
        """The small runs that it suits."""
        found = []
        for run in toy_runs():
            suits: Any = self.cls.suits(run.facts)
            if not isinstance(suits, bool):
                raise Wrong(f"suits is to return True or False, and returns {suits!r}.", self.at("suits"))
            found += [run] if suits else []
        return found

    def begun(self, facts: RunFacts) -> HealthRule:
        """Return a rule that has begun."""
        rule = cast(HealthRule, common.made(self.cls, self.cls.Settings(**self._settings)))
        rule.begin(facts)
        return rule

    def found(self, facts: RunFacts, events: list[Event]) -> Iterator[tuple[Event, Condition]]:
        """Yield each condition it finds, with the event after which it does."""
        rule = self.begun(facts)
        for event in events:
            rule.take(event)
            condition: Any = rule.condition()
            if condition is not None and not isinstance(condition, Condition):
                raise Wrong(
                    f"condition is to return a Condition or None, and returns {condition!r}.",
                    self.at("condition"),
                )
            if condition is not None:
                yield event, condition

    def at(self, method: str) -> where.Place:
        """Return where a method is."""
        return where.of_method(self.cls, method)


def suits(subject: HealthSubject) -> str:
    """Check that it says which runs it is for, and which conditions it may find."""
    names: Any = subject.cls.conditions
    if not isinstance(names, tuple) or not names or not all(isinstance(name, str) for name in names):
        raise Wrong(f"conditions is {names!r}; it names what the rule may find: conditions = (“…”,).")
    kinds = ", ".join(run.name for run in subject.runs)
    return f"It watches {kinds}." if kinds else "It watches none of the small runs here, which is no fault."


def finds(subject: HealthSubject) -> str:
    """Check that it takes the events of small real runs, and finds conditions as they are to be."""
    count = 0
    for run in subject.runs:
        for event, condition in subject.found(run.facts, run.events):
            _check_shape(subject, run.facts, event, condition)
            count += 1
    return "It finds something in a small run." if count else "It finds nothing in small healthy runs."


def odd(subject: HealthSubject) -> str:
    """Check that it never raises, whatever figures it is told."""
    for run in subject.runs:
        for events in (_without_figures(run.events), _flat(run.events), _wild(run.events)):
            for event, condition in subject.found(run.facts, events):
                _check_shape(subject, run.facts, event, condition)
    return "It bears figures that lack, that never change, and that grow beyond all bounds."


def quick(subject: HealthSubject) -> str:
    """Check that training need not wait for it, and that it draws no random number."""
    slowest = 0.0
    for run in subject.runs:
        events = _many_times(run.events)
        before, began = _randomness(), time.perf_counter()
        for _found in subject.found(run.facts, events):
            pass
        slowest = max(slowest, 1000 * (time.perf_counter() - began) / len(events))
        if _randomness() != before:
            raise Wrong("It draws random numbers, which are those of the training: weights would change.")
    if slowest > LIMIT_MS:
        raise Wrong(
            f"It takes {slowest:.1f} ms an event, and training waits for it; {LIMIT_MS:g} ms is the most. "
            "Keep sums and short windows instead of going through all that was told.",
            subject.at("take"),
        )
    return f"It takes {slowest:.2g} ms for an event." if subject.runs else "There was nothing to take."


# --- Details -----------------------------------------------------------------------------------------


def _check_shape(subject: HealthSubject, facts: RunFacts, event: Event, condition: Condition) -> None:
    place = subject.at("condition")
    if condition.name not in subject.cls.conditions:
        raise Wrong(f"It finds {condition.name!r}, which is not among its conditions.", place)
    if condition.level not in ("watch", "bad"):
        raise Wrong(f"level is {condition.level!r}; it is “watch” or “bad”.", place)
    if not 0 <= condition.since <= event.step:
        raise Wrong(f"since is {condition.since}, after {event.step} steps; trouble began before.", place)
    for part in ("sentence", "explanation"):
        if not str(getattr(condition, part)).strip().endswith("."):
            raise Wrong(f"{part} is {getattr(condition, part)!r}; write a whole sentence.", place)
    for name, value in condition.evidence.items():
        if not isinstance(value, int | float):
            raise Wrong(f"The evidence {name!r} is {value!r}; it is a number.", place)
    trend = condition.trend
    if trend is not None and len(trend.steps) != len(trend.values):
        raise Wrong(f"Its trend has {len(trend.steps)} steps and {len(trend.values)} values.", place)
    for remedy in condition.remedies:
        for path in remedy.changes:
            _check_path(facts, path, remedy.way, remedy.title, place)


def _check_path(facts: RunFacts, path: str, way: str, title: str, place: where.Place) -> None:
    part, _dot, inner = path.partition(".")
    added = part in ("regularizers", "augmentations") and inner.partition(".")[0] in facts.offered
    if path not in facts.settings and not (way != "live" and added):
        raise Wrong(f"The remedy “{title}” changes {path}, and this run has no such setting.", place)
    if way == "live" and path not in facts.live:
        raise Wrong(
            f"The remedy “{title}” is live, and {path} cannot change while training: way = “branch”.", place
        )


def _without_figures(events: list[Event]) -> list[Event]:
    """Return the events of a run that reports next to nothing."""
    return [
        StepRecord(event.step, event.seconds, event.images_seen, {})
        if isinstance(event, StepRecord)
        else event
        for event in events
        if not isinstance(event, ScoreRecord | VectorRecord)
    ]


def _flat(events: list[Event]) -> list[Event]:
    return [_with(event, lambda value, step: 0.0) for event in events]


def _wild(events: list[Event]) -> list[Event]:
    """Return events whose figures grow without bounds, turn their sign, and are no numbers now and then."""

    def grown(value: float, step: int) -> float:
        return math.nan if step % 7 == 0 else (value + 1) * (-10.0) ** (step % 30)

    changed = SettingChanged(events[-1].step, "training.ema_decay", 0.5, 0.9)
    return [*(_with(event, grown) for event in events), changed]


def _with(event: Event, change: Any) -> Event:
    match event:
        case StepRecord(step, seconds, images, values):
            return StepRecord(step, seconds, images, {n: change(v, step) for n, v in values.items()})
        case ScoreRecord(step, values, seconds, lower):
            return ScoreRecord(step, {n: change(v, step) for n, v in values.items()}, seconds, lower)
        case VectorRecord(step, values, labels):
            rows = {n: tuple(change(v, step) for v in row) for n, row in values.items()}
            return VectorRecord(step, rows, labels)
    return event


def _many_times(events: list[Event]) -> list[Event]:
    """Return the events one time after the other, as of one long run."""
    length = events[-1].step
    told = [event for event in events if not isinstance(event, HealthChanged)]
    return [_later(event, turn * length) for turn in range(ROUNDS) for event in told]


def _later(event: Event, steps: int) -> Event:
    match event:
        case StepRecord(step, seconds, images, values):
            return StepRecord(step + steps, seconds, images, values)
        case ScoreRecord(step, values, seconds, lower):
            return ScoreRecord(step + steps, values, seconds, lower)
        case VectorRecord(step, values, labels):
            return VectorRecord(step + steps, values, labels)
    return event


def _randomness() -> tuple[Any, ...]:
    _name, keys, place, *_gauss = np.random.get_state(legacy=True)
    return random.getstate(), np.asarray(keys).tobytes(), place, bytes(torch.get_rng_state().numpy())


CHECKS: tuple[Check[HealthSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check("suits", "It says which runs it is for, and what it may find.", suits, ("settings",)),
    Check("finds", "Told of small real runs, it finds conditions as they are to be.", finds, ("suits",)),
    Check("odd", "It never raises, whatever figures it is told.", odd, ("finds",)),
    Check("quick", "Training need not wait for it, and it draws no random number.", quick, ("finds",)),
)
