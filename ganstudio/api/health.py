"""Health rules: each watches the events of a run for one kind of trouble.

They know nothing of networks, files or windows: what a rule needs to know arrives as an event.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ganstudio.api.component import Component
from ganstudio.api.conditions import Condition
from ganstudio.api.data import DataSpec
from ganstudio.api.events import Event


@dataclass(frozen=True)
class RunFacts:
    """What a rule is told of a run before its first event.

    ``settings``: every setting of the run by its path, such as ``optimizers.generator.learning_rate``, as it
    holds now: a live change shows in it at once. ``live``: the paths of those that may change while it
    trains. ``offered``: the class names of regularizers and augmentations that could be added to it.

    Of the data: ``count`` samples, of two kinds the fewer (0: not known); ``class_counts``, how many of each
    class. Of images also, as far as an even sample of them tells: ``value_range`` that all but a thousandth
    at either end lie in, in 0..255; ``blank``, the share of those that have one colour alone; ``repeated``,
    the share of those that are the very same as another.
    """

    architecture: str
    data: DataSpec
    adversarial: bool
    classes: int
    total_steps: int
    settings: Mapping[str, Any]
    live: frozenset[str] = field(default_factory=frozenset)
    offered: frozenset[str] = field(default_factory=frozenset)
    count: int = 0
    class_counts: tuple[int, ...] = ()
    value_range: tuple[float, float] | None = None
    blank: float = 0.0
    repeated: float = 0.0


class HealthRule(Component, ABC):
    """A lamp in the Health panel: good until :meth:`condition` returns something."""

    category: ClassVar[str] = "health"

    conditions: ClassVar[tuple[str, ...]] = ()
    """The names of the conditions it may find."""

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether it means anything for such a run."""
        return True

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run; called once, before :meth:`take`. By default ``self.facts`` is kept."""
        self.facts = facts

    @abstractmethod
    def take(self, event: Event) -> None:
        """Take what has happened, the oldest first. Nothing slow belongs here: training waits for it.

        Of a run that goes on, what was recorded of it before comes first.
        """

    @abstractmethod
    def condition(self) -> Condition | None:
        """Return the trouble that holds now, the gravest if several, or ``None`` while all is well."""
