"""Finished: nothing gained for a while. It is no trouble, but a reason to stop; it knows no other trouble."""

import math
from typing import ClassVar

from ganstudio.api import Condition, Event, RunFacts, ScoreRecord, StepRecord
from ganstudio_plugins.health_signals import Standing, Trail, deviation, middle
from ganstudio_plugins.health_watching import FigureRule

WINDOW = 6
"""Previews that are held against as many before them."""
FEWEST = 15
LASTING = 6
"""Previews in a row that must say so: that it is over, or that it goes on after all."""
NOISE = 1.0
"""A gain of less than so many standard deviations of the mean is none."""
GAIN = 0.15
"""A gain of less than this share of all that was gained is none."""
LITTLE = 0.01
"""Nor is one of less than this share of the loss itself, of an autoencoder: it creeps on for ever."""
LEARNED = 0.5
"""Nothing is finished that was never good: the share of what can be reached, where that is known."""
BOUNDED = {"score/vitals/coverage": 1.0, "score/high_quality": 1.0}
CHANGING = ("score/vitals/diversity", "score/vitals/nyquist", "score/vitals/clipped")
"""Figures that have no better side, and yet say that samples still become others."""
DISTANCES = ("score/FID", "score/KID")
"""How names of distances begin, which are better the lower they are and have no bound but 0."""
BOUND = "loss/encoder+decoder"


class NothingGained(FigureRule):
    """Watches the scores, or the bound of an autoencoder, for when they get no better."""

    title = "Finished"
    conditions: ClassVar[tuple[str, ...]] = ("finished",)
    follows = ("score/", BOUND)

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=LASTING, end=LASTING)
        self._lower: set[str] = set()
        self._flat: dict[str, float] = {}
        self._bound: list[float] = []

    def take(self, event: Event) -> None:
        """Remember which scores are better the lower they are, and the loss between two scores."""
        if isinstance(event, ScoreRecord):
            self._lower.update(event.lower)
        if isinstance(event, StepRecord) and math.isfinite(event.values.get(BOUND, math.nan)):
            self._bound.append(event.values[BOUND])
        super().take(event)

    def judge(self, step: int, new: set[str]) -> None:
        """Judge when scores come."""
        watched = {name: self._gains(name) for name in self._watched() if name in new}
        if self._bound and any(name.startswith("score/") for name in new):
            trail = self.trails.setdefault("bound", Trail())
            trail.add(step, middle(self._bound))
            self._bound = []
            watched = {"bound": self._gains("bound")}
        known = {name: gain for name, gain in watched.items() if gain is not None}
        if not watched:
            return
        self._flat = known
        still = bool(known) and len(known) == len(watched) and all(gain <= 0 for gain in known.values())
        self._standing.see(step, still and ("bound" in known or not any(map(self._changes, CHANGING))))

    def condition(self) -> Condition | None:
        """Return it while nothing is gained."""
        since = self._standing.since
        if since is None or not self._flat:
            return None
        name = next(iter(self._flat))
        trail = self.trail(name)
        spacing = (trail.steps[-1] - trail.steps[0]) // max(len(trail) - 1, 1)
        began = max(since - WINDOW * spacing, 0)
        said = (
            "The loss"
            if name == "bound"
            else name.removeprefix("score/").replace("vitals/", "").replace("_", " ")
        )
        return Condition(
            "finished",
            "watch",
            began,
            f"{said.capitalize()} has gained nothing since about step {began}, and is "
            f"{trail.middle(WINDOW):.3g}.",
            "No score is better than it was, beyond what changes from one look to the next. The training has "
            "likely given what it can with these settings: stop it, or let the rates fall for the last bit.",
            {said: trail.middle(WINDOW), "previews without a gain": float(WINDOW)},
            trail.drawn(said.capitalize()),
        )

    def _watched(self) -> list[str]:
        return [name for name in self.trails if name in BOUNDED or name.startswith(DISTANCES)]

    def _gains(self, name: str) -> float | None:
        """Return how much was gained lately beyond noise; ``None`` where that cannot be said."""
        trail = self.trail(name)
        if len(trail) < FEWEST:
            return None
        sign = -1.0 if name in self._lower or name == "bound" else 1.0
        values = [sign * value for value in trail.values]
        now, before, first = values[-WINDOW:], values[-2 * WINDOW : -WINDOW], values[:3]
        level = middle(now)
        if name in BOUNDED and level < LEARNED * BOUNDED[name]:
            return None
        least = _least(now, before, first)
        return level - middle(before) - (max(least, LITTLE * abs(level)) if name == "bound" else least)

    def _changes(self, name: str) -> bool:
        """Say whether a figure without a better side still goes anywhere."""
        values = list(self.trail(name).values)
        now, before = values[-WINDOW:], values[-2 * WINDOW : -WINDOW]
        return bool(before) and abs(middle(now) - middle(before)) > _least(now, before, values[:3])


def _least(now: list[float], before: list[float], first: list[float]) -> float:
    """Return the least difference that counts: beyond noise, and beside all that was gained."""
    noise = NOISE * max(deviation(now), deviation(before)) * math.sqrt(2 / WINDOW)
    return max(noise, GAIN * abs(middle(now) - middle(first)))
