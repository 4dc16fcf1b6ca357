"""Small health rules that tests watch runs with, and the facts they are told."""

from typing import Any

from ganstudio.api import Condition, HealthRule, PointSpec, Remedy, RunFacts
from ganstudio.api.events import Event, SettingChanged, StepRecord

RATE = "optimizers.generator.learning_rate"


def facts(**changes: Any) -> RunFacts:
    settings = {"architecture.n_critic": 1, RATE: 1e-3}
    return RunFacts(**{**_PLAIN, "settings": settings, **changes})


_PLAIN: dict[str, Any] = {
    "architecture": "PointGAN",
    "data": PointSpec(),
    "adversarial": True,
    "classes": 0,
    "total_steps": 100,
}


def report(step: int, **values: float) -> StepRecord:
    return StepRecord(step, 0.1 * step, 32 * step, {"loss/generator": 1.0, **values})


class Far(HealthRule):
    """Finds that a run is far: from step 3 on to be watched, from step 6 on bad, and from step 9 on well."""

    title = "Distance"
    conditions = ("far",)

    def begin(self, facts: RunFacts) -> None:
        super().begin(facts)
        self.step = 0

    def take(self, event: Event) -> None:
        self.step = event.step

    def condition(self) -> Condition | None:
        if not 3 <= self.step < 9:
            return None
        rate = self.facts.settings[RATE]
        return Condition(
            "far",
            "watch" if self.step < 6 else "bad",
            since=3,
            sentence=f"It is at step {self.step}.",
            explanation="Steps add up.",
            evidence={"step": float(self.step)},
            remedies=(Remedy("Half the rate", {RATE: rate / 2}),),
        )


class Counting(HealthRule):
    """Finds nothing, and remembers all it was told."""

    title = "Counting"

    def begin(self, facts: RunFacts) -> None:
        super().begin(facts)
        self.taken: list[Event] = []
        self.rates: list[float] = []

    def take(self, event: Event) -> None:
        self.taken.append(event)
        if isinstance(event, SettingChanged):
            self.rates.append(self.facts.settings[RATE])

    def condition(self) -> Condition | None:
        return None


class Broken(Far):
    """Finds what Far finds until step 5, where it raises."""

    title = "Broken"

    def take(self, event: Event) -> None:
        super().take(event)
        if self.step == 5:
            raise ValueError("five is too many")


class Elsewhere(Counting):
    """Suits no run on points."""

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        return not isinstance(facts.data, PointSpec)
