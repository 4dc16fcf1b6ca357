"""Not finite: what is told of a training that ended because its figures are no numbers any more.

It knows nothing of how that was found, nor of files.
"""

from collections.abc import Mapping

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.api.events import HealthChanged

RULE = "NotFinite"
SLOWER = 0.5
"""What learning rates are multiplied by for another try."""

_EXPLANATION = (
    "Weights grew, or a loss rose, until a result no longer fitted into a number; every step from there on "
    "would only spread it. Updates that are too large are the usual cause: a learning rate that is too high, "
    "or a discriminator whose gradients nothing bounds. The last good state is kept, where there was one."
)


def not_finite(
    step: int, sentence: str, rates: Mapping[str, float], before: Mapping[str, float]
) -> HealthChanged:
    """Return what is told of a training whose figures ceased to be finite in ``step``.

    ``sentence`` names the first bad layer; ``rates``: the learning rate of each network, by its name;
    ``before``: those that held in the state which is kept, which may have been lower.
    """
    good = {name: min(rate, before.get(name, rate)) for name, rate in rates.items()}
    changes = {f"optimizers.{name}.learning_rate": rate * SLOWER for name, rate in good.items()}
    remedy = Remedy(
        "Half the rates" if good == rates else "Half the rates of the kept state",
        changes,
        "branch",
        "Every network then learns half as fast as it did there.",
    )
    condition = Condition(
        "divergence", "bad", step, sentence, _EXPLANATION, dict(rates), remedies=(remedy,) if changes else ()
    )
    return HealthChanged(step, RULE, "Finite numbers", condition)
