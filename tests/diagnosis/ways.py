"""Ways of bringing trouble about: what the lists of cases are written with. It knows no trouble by name."""

from collections.abc import Iterator
from typing import Any

from tests.diagnosis.case import HALVES, Case
from tests.diagnosis.recipes import Table, adversarial, rates


def pair(trouble: str, way: str, first: Any, second: Any, previews: int = 25) -> Iterator[Case]:
    """Yield one way on two runs, each a name, a table, how many steps, and edits if any."""
    for half, (name, table, steps, *edits) in zip(HALVES, (first, second), strict=True):
        name = f"{trouble.replace(' ', '-')}-{name}"
        yield Case(name, table, trouble, way, half, tuple(edits), steps, previews)


def further(trouble: str, way: str, name: str, table: Table, steps: int) -> Case:
    """Return one more run to choose thresholds on."""
    return Case(f"{trouble.replace(' ', '-')}-{name}", table, trouble, way, HALVES[0], (), steps)


def plain(table: Table, generator: float, discriminator: float, beta1: float = 0.5) -> Table:
    """Return a table with a plain non-saturating loss, no regularizer, and these rates."""
    rest = {"beta1": beta1, "beta2": 0.999}
    optimizers = rates(
        {"learning_rate": generator, **rest}, discriminator={"learning_rate": discriminator, **rest}
    )
    return adversarial(table, "NonSaturating", {}) | {"optimizers": optimizers}


def trained(table: Table, **training: Any) -> Table:
    return table | {"training": table["training"] | training}
