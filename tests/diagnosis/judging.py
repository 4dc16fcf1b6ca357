"""Judging: what the rules say of a recording, held against what is known of it. It trains nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ganstudio.api import Condition, HealthRule
from ganstudio.api.events import Failed, Finished, HealthChanged, Warned
from ganstudio.evaluation.health import HealthWatch
from tests.diagnosis.case import Case
from tests.diagnosis.recording import Recording

KINDS = {
    "total mode collapse": "mode collapse",
    "partial mode collapse": "mode collapse",
    "sudden mode collapse": "mode collapse",
    "constant images": "data trouble",
    "narrow range": "data trouble",
    "classes missing": "data trouble",
    "repeated images": "data trouble",
    "tiny set": "data trouble",
}
"""The trouble that several conditions are forms of; others are their own."""
NO_TROUBLE = "finished"


@dataclass(frozen=True)
class Found:
    """A condition that was told, and when."""

    step: int
    rule: str
    condition: Condition

    @property
    def kind(self) -> str:
        """The trouble it is a form of."""
        return KINDS.get(self.condition.name, self.condition.name)


@dataclass
class Verdict:
    """What the rules said of one case, in the order they said it. ``broken``: rules that failed."""

    case: Case
    found: list[Found] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def right(self) -> Found | None:
        """When its trouble was first named rightly, at or after its onset."""
        wanted = (
            each for each in self.found if each.kind == self.case.trouble and each.step >= self.case.onset
        )
        return next(wanted, None)

    @property
    def others(self) -> list[str]:
        """What else was named, each once: of a healthy case, the false alarms."""
        kinds = (each.kind for each in self.found)
        return [kind for kind in dict.fromkeys(kinds) if kind not in (self.case.trouble, NO_TROUBLE)]

    @property
    def delay(self) -> int | None:
        """Steps from the onset until it was named."""
        return None if self.right is None else self.right.step - self.case.onset


def judge(case: Case, recording: Recording, rules: Iterable[type[HealthRule]]) -> Verdict:
    """Return what fresh rules say of the events of a recording."""
    verdict = Verdict(case)
    watch = HealthWatch.of(rules, recording.facts)
    for event in recording.events:
        # What ends a training is passed to no rule that would have to foresee it.
        if isinstance(event, Finished | Failed):
            break
        for told in watch.take(event):
            if isinstance(told, HealthChanged) and told.condition is not None:
                verdict.found.append(Found(told.step, told.rule, told.condition))
            elif isinstance(told, Warned):
                verdict.broken.append(told.message)
    return verdict
