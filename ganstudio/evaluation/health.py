"""Health: passes the events of a run to the rules that watch it, and says when one finds something else.

It knows nothing of what the rules look for, of who trains, nor of files.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ganstudio.api.conditions import Condition
from ganstudio.api.events import (
    CheckpointReady,
    Event,
    FieldReady,
    HealthChanged,
    Preparing,
    PreviewPassed,
    PreviewReady,
    ScoreRecord,
    SettingChanged,
    Started,
    Warned,
)
from ganstudio.api.health import HealthRule, RunFacts
from ganstudio.failures import describe_failure

MATERIAL = 0.1
"""A figure of a sentence that moved by this share of itself is told again."""

_UNSEEN = (Preparing, PreviewReady, PreviewPassed, FieldReady, CheckpointReady, HealthChanged)
"""What says nothing of how a training goes, or what only the thread that trains may hold."""
_NUMBER = re.compile(r"(?:\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
"""A figure as sentences have it, with or without something between its thousands."""


class HealthWatch:
    """Watches one run with ``rules``, of which those that do not suit it are left out.

    ``facts.settings`` follow the live changes that are among the events. A rule that raises is switched off,
    which is told as :class:`Warned`, with its traceback in the log; the others go on.
    """

    def __init__(self, rules: Iterable[HealthRule], facts: RunFacts) -> None:
        self._settings = dict(facts.settings)
        self.facts = replace(facts, settings=MappingProxyType(self._settings))
        self._rules: list[_Watched] = []
        self._waiting: list[Event] = []
        """What is told with the next event."""
        for rule in rules:
            self._begin(rule)

    @classmethod
    def of(cls, classes: Iterable[type[HealthRule]], facts: RunFacts) -> "HealthWatch":
        """Return a watch with a rule of each class; one that cannot be made is told as one that raises."""
        watch = cls((), facts)
        for kind in classes:
            try:
                rule = kind()
            except (Exception, SystemExit) as error:
                watch._waiting.append(_switched_off(kind, 0, error))
            else:
                watch._begin(rule)
        return watch

    @property
    def conditions(self) -> dict[str, Condition]:
        """What holds now, as it was last told, by the class name of the rule."""
        return {each.name: each.shown for each in self._rules if each.shown is not None}

    def take(self, event: Event) -> list[Event]:
        """Take what has happened; return what it changes: ``HealthChanged``, and ``Warned`` of a failure."""
        if isinstance(event, _UNSEEN):
            return []
        told = [replace(waiting, step=event.step) for waiting in self._waiting]
        self._waiting.clear()
        self._follow(event)
        if isinstance(event, Started):
            # So that whoever shows the rules knows which of them watch this run.
            told += [each.changed(event.step, each.shown) for each in self._rules]
        for watched in list(self._rules):
            told += self._asked(watched, event)
        return told

    def remember(self, events: Iterable[Event], shown: Mapping[str, HealthChanged] | None = None) -> None:
        """Take what was recorded of the run before; nothing is told of it again.

        ``shown``: what was last told of each rule, by its class name. What is found otherwise now is told
        with the next event.
        """
        before = dict(shown or {})
        for event in events:
            if isinstance(event, _UNSEEN):
                continue
            self._follow(event)
            for watched in list(self._rules):
                self._remembered(watched, event)
        for watched in self._rules:
            last = before.pop(watched.name, None)
            watched.shown = last.condition if last else None
        # Of a rule that is not here any more, or was another's word, nobody would take it back.
        self._waiting += [
            replace(last, condition=None, before=last.condition.name)
            for last in before.values()
            if last.condition
        ]

    # --- Details -----------------------------------------------------------------------------------

    def _begin(self, rule: HealthRule) -> None:
        try:
            if not type(rule).suits(self.facts):
                return
            rule.begin(self.facts)
        except (Exception, SystemExit) as error:
            self._waiting.append(_switched_off(type(rule), 0, error))
        else:
            self._rules.append(_Watched(rule))

    def _follow(self, event: Event) -> None:
        if isinstance(event, SettingChanged):
            follow_setting(self._settings, event.path, event.value)

    def _asked(self, watched: "_Watched", event: Event) -> Sequence[Event]:
        try:
            found = watched.take(event)
        except (Exception, SystemExit) as error:
            return self._dropped(watched, event.step, error)
        if not _worth_telling(watched.shown, found, event):
            return ()
        return [watched.changed(event.step, found)]

    def _remembered(self, watched: "_Watched", event: Event) -> None:
        try:
            watched.rule.take(event)
        except (Exception, SystemExit) as error:
            self._waiting += self._dropped(watched, event.step, error)

    def _dropped(self, watched: "_Watched", step: int, error: BaseException) -> list[Event]:
        """Switch a rule off, and take back what it said."""
        self._rules.remove(watched)
        told: list[Event] = [_switched_off(type(watched.rule), step, error)]
        if watched.shown is not None:
            told.append(watched.changed(step, None))
        return told


class _Watched:
    """A rule, and what was last told of it."""

    def __init__(self, rule: HealthRule) -> None:
        self.rule = rule
        self.name = type(rule).__name__
        self.shown: Condition | None = None

    def take(self, event: Event) -> Condition | None:
        """Return what the rule finds once it has taken ``event``."""
        self.rule.take(event)
        found: Any = self.rule.condition()
        if found is not None and not isinstance(found, Condition):
            raise TypeError(f"condition() returned a {type(found).__name__}, not a Condition")
        return found

    def changed(self, step: int, found: Condition | None) -> HealthChanged:
        """Return the event that tells what holds from now on."""
        before, self.shown = self.shown.name if self.shown else "", found
        return HealthChanged(step, self.name, self.rule.title or self.name, found, before)


def follow_setting(settings: dict[str, Any], path: str, value: Any) -> None:
    """Put ``value`` into a table of settings by their paths; a table of settings becomes one path each."""
    inner = f"{path}."
    if isinstance(value, Mapping):
        for gone in [each for each in settings if each == path or each.startswith(inner)]:
            del settings[gone]
        for name, held in value.items():
            follow_setting(settings, inner + name, held)
    else:
        settings[path] = value


def _worth_telling(shown: Condition | None, found: Condition | None, event: Event) -> bool:
    """Say whether what a rule finds is to be told, after what was told last.

    A sentence whose figures move is told with scores alone, which are few; remedies that a changed setting
    makes others are told at once, or one would be applied twice.
    """
    if shown is None or found is None:
        return shown is not found
    if (shown.name, shown.level) != (found.name, found.level):
        return True
    if isinstance(event, SettingChanged):
        return shown.remedies != found.remedies
    return isinstance(event, ScoreRecord) and (
        shown.remedies != found.remedies or _differs(shown.sentence, found.sentence)
    )


def _differs(one: str, other: str) -> bool:
    """Say whether two sentences say materially different things: other words, or figures far apart."""
    if one == other:
        return False
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return True
    pairs = zip(_numbers(one), _numbers(other), strict=True)
    return any(abs(a - b) > MATERIAL * max(abs(a), abs(b)) for a, b in pairs)


def _numbers(sentence: str) -> list[float]:
    return [float(re.sub(r"[,\s]", "", text)) for text in _NUMBER.findall(sentence)]


def _switched_off(rule: type[HealthRule], step: int, error: BaseException) -> Warned:
    sentence, _details = describe_failure(error)
    name = rule.title or rule.__name__
    return Warned(
        step, f"The health rule {name} failed and is switched off for this run. {sentence.rstrip('.')}."
    )
