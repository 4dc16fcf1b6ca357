"""Conditions as rules find them, for tests of what shows them."""

from dataclasses import replace
from typing import Any

from ganstudio.api.conditions import Condition, Remedy, Trend
from ganstudio.api.events import HealthChanged, Started

RATE = "optimizers.discriminator.learning_rate"
SLOWER = Remedy("Halve the discriminator's rate", {RATE: 1e-4}, "live", "It leaves the generator time.")
PENALTY = Remedy("Add R1", {"regularizers.R1.gamma": 0.5}, "branch", "It keeps the discriminator smooth.")
COLLAPSE = Condition(
    "mode collapse",
    "bad",
    120,
    "Samples are 0.18 times as varied as the data.",
    "The generator makes little else than a few images.",
    {"score/diversity": 0.18},
    Trend("score/diversity", (100, 120, 140), (0.9, 0.3, 0.18), 0.35),
    (SLOWER, PENALTY),
)
SWINGS = Condition("oscillation", "watch", 90, "Losses swing.", "They chase each other.")
STARTED = Started(1, "a run", 400, "cpu", {"generator": 10})


def says(step: int, rule: str = "Diversity", condition: Condition | None = None) -> HealthChanged:
    """Return what a rule says at a step: that it finds nothing, where no condition is given."""
    return HealthChanged(step, rule, rule, condition)


def collapse(**other: Any) -> Condition:
    """Return the collapse, somewhat otherwise."""
    return replace(COLLAPSE, **other)
