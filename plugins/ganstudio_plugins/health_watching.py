"""Watching: what health rules that follow figures have in common. It knows of no trouble by itself."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from ganstudio.api import Event, HealthRule, RunFacts, ScoreRecord, StepRecord
from ganstudio_plugins.health_remedies import Edits
from ganstudio_plugins.health_signals import Trail

WARM_UP, SHORTEST_WARM_UP, LONGEST_WARM_UP = 0.1, 150, 2000
"""Nothing is judged within this share of a run, within these bounds of steps: every run begins badly."""
DIVERSITY, COVERAGE, NEAREST = (f"score/vitals/{name}" for name in ("diversity", "coverage", "nearest"))
MODES, QUALITY = "score/modes", "score/high_quality"
REPEATS = "score/vitals/repeats"
SAMPLES = (DIVERSITY, COVERAGE, NEAREST, REPEATS, MODES, QUALITY)
"""Figures that tell how good samples are."""
BETTER, MUCH_BETTER = 1.1, 1.3
"""Samples get better while one of these figures is so many times as good as a few previews before.

While nearly all of them repeat another and differ little it takes the second: to creep is not to learn then.
"""
REPEATED, ALIKE = 0.95, 0.25
NONE = 0.01
"""A share of the data that small is reached by chance."""
PREVIEWS = 3
DOUBTLESS, DOUBTLESS_STEPS, DOUBTLESS_SHARE = 2, 60, 0.04
"""What is far beyond its limit needs so many previews alone, if they span so many steps, or that share."""


class FigureRule(HealthRule):
    """Remembers the figures whose names begin as ``follows`` says, and judges them as they come.

    ``trails``: what is remembered, by the figure's name. ``edits``: the live changes that were made.
    """

    follows: ClassVar[tuple[str, ...]] = ()

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run, of which nothing is known yet."""
        super().begin(facts)
        self.trails: dict[str, Trail] = {}
        self.edits = Edits()
        self.step = 0

    def take(self, event: Event) -> None:
        """Remember figures, and judge them once the run is warm."""
        self.edits.take(event)
        if not isinstance(event, StepRecord | ScoreRecord):
            return
        self.step = event.step
        new = {name for name, value in event.values.items() if self._remembered(event.step, name, value)}
        if new and self.warm:
            self.judge(event.step, new)

    @property
    def warm(self) -> bool:
        """Whether the run is old enough to be judged."""
        return self.step >= self.warm_from

    def doubtless(
        self,
        name: str,
        holds: Callable[[float], bool],
        previews: int = DOUBTLESS,
        steps: int = DOUBTLESS_STEPS,
    ) -> int | None:
        """Return the step since which a figure has been far beyond its limit, as ``holds`` says, or ``None``.

        Previews that are far apart tell as much as many that are close, which see the same weights again.
        """
        span = max(steps, round(DOUBTLESS_SHARE * self.facts.total_steps))
        return self.trail(name).lasting(holds, previews, span, round(self.warm_from))

    @property
    def improving(self) -> bool:
        """Whether samples get better still, by one figure of :data:`SAMPLES` or another.

        So they do, for all that is known, while there are too few scores to tell.
        """
        nearer = self.trail(NEAREST).rise(PREVIEWS) < 1 / self._better
        return nearer or self.reaching or self.trail(DIVERSITY).rise(PREVIEWS) > self._better

    @property
    def reaching(self) -> bool:
        """Whether samples reach more of the data, or hit it more often; also while few scores tell."""
        told = [len(self.trail(name)) for name in (COVERAGE, QUALITY)]
        if 0 < max(told) < 2 * PREVIEWS:
            return True
        some = (
            trail for trail in map(self.trail, (COVERAGE, MODES, QUALITY)) if trail.middle(PREVIEWS) > NONE
        )
        return any(trail.rise(PREVIEWS) > self._better for trail in some)

    @property
    def warm_from(self) -> float:
        """The step from which the run is judged."""
        share = WARM_UP * self.facts.total_steps
        return min(max(share, SHORTEST_WARM_UP), LONGEST_WARM_UP)

    @property
    def _better(self) -> float:
        repeats, diversity = self.trail(REPEATS).middle(PREVIEWS), self.trail(DIVERSITY).middle(PREVIEWS)
        return MUCH_BETTER if repeats > REPEATED and diversity < ALIKE else BETTER

    @abstractmethod
    def judge(self, step: int, new: set[str]) -> None:
        """Look at the trails, to which the figures called ``new`` have just come."""

    def trail(self, name: str) -> Trail:
        """Return the trail of a figure, an empty one where there is none."""
        return self.trails.get(name, _EMPTY)

    def named(self, prefix: str) -> Mapping[str, Trail]:
        """Return the trails of the figures whose names begin so, without that beginning."""
        return {
            name.removeprefix(prefix): trail for name, trail in self.trails.items() if name.startswith(prefix)
        }

    def _remembered(self, step: int, name: str, value: float) -> bool:
        return name.startswith(self.follows) and self.trails.setdefault(name, Trail()).add(step, value)


_EMPTY = Trail(0)
