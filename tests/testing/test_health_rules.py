"""Each check of health rules is failed by a rule that breaks it."""

import random
from typing import Any

import pytest
import torch

from ganstudio.api import Condition, HealthRule, Remedy, RunFacts, ScoreRecord, StepRecord, Trend
from ganstudio.api.events import Event
from ganstudio.testing import Finding, check

RATE = "optimizers.generator.learning_rate"
WRONG: list[tuple[type[HealthRule], str, str]] = []


def fails(name: str, words: str) -> Any:
    """Note which check a rule is to fail, and with what words."""

    def note(cls: type[HealthRule]) -> type[HealthRule]:
        WRONG.append((cls, name, words))
        return cls

    return note


class Good(HealthRule):
    """Finds that a run has made ten steps."""

    title = "Good"
    conditions = ("ten",)

    def begin(self, facts: RunFacts) -> None:
        super().begin(facts)
        self.step = 0

    def take(self, event: Event) -> None:
        self.step = event.step

    def found(self, **changes: Any) -> Condition:
        return Condition(**{**_PLAIN, "since": min(self.step, 10), **changes})

    def condition(self) -> Condition | None:
        return self.found() if self.step >= 10 else None


_PLAIN: dict[str, Any] = {
    "name": "ten",
    "level": "watch",
    "sentence": "It is far.",
    "explanation": "Steps add up.",
    "evidence": {"steps": 10.0},
    "trend": Trend("steps", (1, 2), (1.0, 2.0)),
    "remedies": (
        Remedy("Halve the rate", {RATE: 5e-4}),
        Remedy("Add R1", {"regularizers.R1.gamma": 1.0}, "branch"),
    ),
}


@fails("words", "has no title")
class Untitled(Good):
    """It is called nothing."""

    title = ""


@fails("suits", "conditions is ()")
class Nameless(Good):
    """It names nothing it finds."""

    conditions = ()


@fails("suits", "suits is to return True or False")
class Unsure(Good):
    """It does not know whom it suits."""

    @classmethod
    def suits(cls, facts: RunFacts) -> Any:
        return "perhaps"


@fails("finds", "is to return a Condition or None")
class Wordy(Good):
    """It returns words."""

    def condition(self) -> Any:
        return "ten steps"


@fails("finds", "AttributeError")
class Hasty(Good):
    """It raises at once."""

    def take(self, event: Any) -> None:
        self.step = event.values["loss/generator"].step


@fails("finds", "not among its conditions")
class Strange(Good):
    """It finds what it does not name."""

    def condition(self) -> Condition | None:
        return self.found(name="eleven")


@fails("finds", "trouble began before")
class Early(Good):
    """It foresees."""

    def condition(self) -> Condition | None:
        return self.found(since=self.step + 1)


@fails("finds", "write a whole sentence")
class Short(Good):
    """It stammers."""

    def condition(self) -> Condition | None:
        return self.found(sentence="far")


@fails("finds", "has 2 steps and 1 values")
class Uneven(Good):
    """Its trend does not fit together."""

    def condition(self) -> Condition | None:
        return self.found(trend=Trend("steps", (1, 2), (1.0,)))


@fails("finds", "this run has no such setting")
class Lost(Good):
    """It changes what is not there."""

    def condition(self) -> Condition | None:
        return self.found(remedies=(Remedy("Slower", {"optimizers.critic.learning_rate": 1e-4}),))


@fails("finds", "cannot change while training")
class Late(Good):
    """It changes what is fixed, at once."""

    def condition(self) -> Condition | None:
        return self.found(remedies=(Remedy("Larger batches", {"training.batch_size": 128}),))


@fails("odd", "KeyError")
class Trusting(Good):
    """It takes for granted that there are losses."""

    def take(self, event: Event) -> None:
        super().take(event)
        if isinstance(event, StepRecord):
            _loss = event.values["loss/generator"]


@fails("odd", "ZeroDivisionError")
class Dividing(Good):
    """It takes for granted that scores are not zero."""

    def take(self, event: Event) -> None:
        super().take(event)
        if isinstance(event, ScoreRecord):
            _share = [1 / value for value in event.values.values()]


@fails("quick", "draws random numbers")
class Gambling(Good):
    """It draws."""

    def take(self, event: Event) -> None:
        super().take(event)
        torch.rand(1)


@fails("quick", "draws random numbers")
class Dicing(Good):
    """It draws as Python does."""

    def take(self, event: Event) -> None:
        super().take(event)
        random.random()


def failures(cls: type[HealthRule]) -> list[Finding]:
    return list(check(cls).failures)


def test_a_good_rule_passes_every_check() -> None:
    report = check(Good)
    assert not report.failures
    assert {finding.check for finding in report.findings} >= {"suits", "finds", "odd", "quick"}


@pytest.mark.parametrize(("cls", "name", "words"), WRONG, ids=[cls.__name__ for cls, *_ in WRONG])
def test_a_rule_that_breaks_a_check_fails_it(cls: type[HealthRule], name: str, words: str) -> None:
    found = failures(cls)
    assert name in [finding.check for finding in found]
    assert words in next(finding.sentence for finding in found if finding.check == name)


def test_a_rule_that_suits_none_of_the_small_runs_passes() -> None:
    class Elsewhere(Good):
        """It is for other runs."""

        @classmethod
        def suits(cls, facts: RunFacts) -> bool:
            return False

    assert not failures(Elsewhere)
