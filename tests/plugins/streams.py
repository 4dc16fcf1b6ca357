"""Streams of events as a training gives them, written down by hand for the health rules."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from ganstudio.api import Condition, HealthRule, ImageSpec, PointSpec, RunFacts, ScoreRecord, StepRecord
from ganstudio.api.data import DataSpec
from ganstudio.api.events import Event

TOTAL = 2000
REPORT, PREVIEW = 10, 50
"""Steps between two reports, and between two previews."""
IMAGES = ImageSpec(1, 28, 28, tuple("0123456789"))
RING = PointSpec(2, tuple((float(n), 0.0) for n in range(8)), 0.02)

SETTINGS: dict[str, Any] = {
    "loss.kind": "NonSaturating",
    "architecture.n_critic": 1,
    "architecture.instance_noise": 0.0,
    "architecture.label_flipping": 0.0,
    "architecture.minibatch": "none",
    "architecture.conditioning": "none",
    "optimizers.generator.learning_rate": 1e-3,
    "optimizers.generator.beta1": 0.5,
    "optimizers.discriminator.learning_rate": 1e-3,
    "optimizers.discriminator.beta1": 0.5,
    "training.ema_decay": 0.99,
}
EVERY_REPORT, EVERY_PREVIEW = range(REPORT, TOTAL + 1, REPORT), range(PREVIEW, TOTAL + 1, PREVIEW)
GOOD = {
    "vitals/diversity": 0.95,
    "vitals/repeats": 0.0,
    "vitals/coverage": 0.55,
    "vitals/nyquist": 1.2,
    "vitals/clipped": -0.4,
    "vitals/nearest": 1.4,
}
CALM = {
    "loss__discriminator": 1.3,
    "loss__generator": 0.8,
    "grad_norm__discriminator": 2.0,
    "grad_norm__generator": 0.4,
    "weight_norm__discriminator": 9.0,
    "weight_norm__generator": 17.0,
    "logits__real": 0.3,
    "logits__fake": -0.2,
    "accuracy__discriminator": 0.75,
    "movement__fixed": 0.01,
}
LIVE = frozenset(
    path for path in SETTINGS if "minibatch" not in path and "beta1" not in path and path != "loss.kind"
)


def facts(data: DataSpec = IMAGES, settings: Mapping[str, Any] | None = None, **changed: Any) -> RunFacts:
    """Return the facts of a GAN on images, without a regularizer."""
    told = {"adversarial": True, "classes": 0, "count": 5000, "value_range": (0.0, 255.0), **changed}
    offered = frozenset(("R1", "R2", "DiffAugment"))
    every = {**SETTINGS, **(settings or {})}
    return RunFacts("ConvGAN", data, total_steps=TOTAL, settings=every, live=LIVE, offered=offered, **told)


def reports(steps: Iterable[int], **values: Any) -> list[Event]:
    """Return reports; a value may be a function of the step. Names have ``__`` for a slash."""
    return [StepRecord(step, step / 100, step * 32, _at(step, values)) for step in steps]


def scores(steps: Iterable[int], **values: Any) -> list[Event]:
    """Return scores as :func:`reports` returns reports; their names begin with ``score/``."""
    return [
        ScoreRecord(step, {f"score/{name}": value for name, value in _at(step, values).items()})
        for step in steps
    ]


def together(*streams: list[Event]) -> list[Event]:
    """Return several streams as one, in the order of their steps."""
    return sorted((event for stream in streams for event in stream), key=lambda event: event.step)


def watched(
    rule: HealthRule, facts_: RunFacts, events: Iterable[Event]
) -> list[tuple[int, Condition | None]]:
    """Return what a rule finds, whenever it finds something else, with the step."""
    rule.begin(facts_)
    found: list[tuple[int, Condition | None]] = []
    for event in events:
        rule.take(event)
        now = rule.condition()
        before = found[-1][1] if found else None
        if (now.name if now else None) != (before.name if before else None):
            found.append((event.step, now))
    return found


def noisy(level: float, step: int) -> float:
    """Return a value near ``level``, the same for the same step."""
    return level * (1 + 0.05 * math.sin(step * 12.9898))


def calm(**changed: Any) -> list[Event]:
    """Return the reports of a game that goes well, with some figures of another kind."""
    values = {name: (lambda step, level=level: noisy(level, step)) for name, level in CALM.items()}
    return reports(EVERY_REPORT, **{**values, **changed})


def good(**changed: Any) -> list[Event]:
    """Return the scores of good samples, with some figures of another kind, named without ``vitals``."""
    values = {name: (lambda step, level=level: noisy(level, step)) for name, level in GOOD.items()}
    return scores(EVERY_PREVIEW, **{**values, **{f"vitals/{name}": value for name, value in changed.items()}})


def after(step: int, then: float, before: float) -> Any:
    """Return a figure that changes once, at ``step``."""
    return lambda at: then if at > step else before


def only(found: list[tuple[int, Condition | None]]) -> tuple[int, Condition]:
    """Return the one condition that was found, which holds to the end."""
    ((step, condition),) = found
    assert condition is not None
    return step, condition


def _at(step: int, values: Mapping[str, Any]) -> dict[str, float]:
    return {
        name.replace("__", "/"): value(step) if callable(value) else value for name, value in values.items()
    }
