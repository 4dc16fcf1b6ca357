"""Oscillation: two networks that go round each other. It tells by losses, by movement, and by scores."""

import math
from typing import ClassVar

from ganstudio.api import Condition, Remedy, RunFacts
from ganstudio_plugins.health_recipes import recipe
from ganstudio_plugins.health_remedies import change, remedies, slower
from ganstudio_plugins.health_signals import Standing, middle, quantile, swing
from ganstudio_plugins.health_watching import FigureRule

MOVEMENT = "movement/fixed"
ROUNDS = 48
"""Reports whose spectrum is looked at."""
PEAK = 0.45
"""Share of a loss's variance at one frequency; noise has far less."""
SIZE = 0.25
"""A swing of a loss that is less than this share of it, or than this, is none."""
RESTLESS = 0.06
"""Samples at fixed latents that move this much of the whole range between previews find no rest."""
WILD, PREVIEWS = 0.15, 4
"""And that much is beyond doubt, in so many previews."""
RECENT = 6


class Oscillation(FigureRule):
    """Watches how samples at fixed latents move, and the spectrum of the losses, for what never settles."""

    title = "Oscillation"
    conditions: ClassVar[tuple[str, ...]] = ("oscillation",)
    follows = ("loss/", MOVEMENT)

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether two networks play against each other."""
        return facts.adversarial

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=RECENT, end=RECENT)
        self._loss, self._share, self._period = "", 0.0, 0.0

    def judge(self, step: int, new: set[str]) -> None:
        """Judge by how far samples moved since the preview before."""
        if MOVEMENT not in new:
            return
        self._loss, self._share, self._period = self._strongest()
        movement = self.trail(MOVEMENT)
        restless = len(movement) >= RECENT and quantile(movement.newest(RECENT), 0.3) > RESTLESS
        wild = self.doubtless(MOVEMENT, lambda moved: moved > WILD, PREVIEWS)
        self._standing.see(step, restless or (self._share > PEAK and self._moving), wild)

    def condition(self) -> Condition | None:
        """Return it while it holds."""
        since = self._standing.since
        if since is None:
            return None
        movement = self.trail(MOVEMENT).middle(RECENT)
        evidence = {"movement between previews": movement, "share at one frequency": self._share}
        if self._period:
            evidence["period in reports"] = self._period
        return Condition(
            "oscillation",
            "bad",
            since,
            f"Samples at the same latents move by {movement:.0%} of the whole range from one preview to the "
            "next, and do not come to rest.",
            "Generator and discriminator go round each other instead of meeting: what one learns, the other "
            "has left by then. It comes of high rates, of momentum, and of a discriminator whose slope "
            "nothing damps.",
            {name: value for name, value in evidence.items() if math.isfinite(value)},
            self.trail(MOVEMENT).drawn("Movement of samples", RESTLESS),
            self._remedies(since),
        )

    @property
    def _moving(self) -> bool:
        return self.trail(MOVEMENT).middle(RECENT) > RESTLESS / 2

    def _strongest(self) -> tuple[str, float, float]:
        """Return the loss that swings most, its share of variance at one frequency, and the period."""
        best = ("", 0.0, 0.0)
        for name, trail in self.named("loss/").items():
            values = trail.newest(ROUNDS)
            size = quantile(values, 0.9) - quantile(values, 0.1)
            if len(values) < ROUNDS or size < SIZE * max(1.0, abs(middle(values))):
                continue
            share, period = swing(values)
            best = max(best, (name, share, period), key=lambda each: each[1])
        return best

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        ema = facts.settings.get("training.ema_decay")
        return remedies(
            recipe(facts, "A penalty, and rates without momentum, damp the turning.", since),
            slower(facts, (), 0.3, "Lower both rates to a third", "Smaller steps turn in smaller circles."),
            change(
                facts,
                "Show averaged weights",
                {"training.ema_decay": 0.99},
                "The average lies in the middle of the circle.",
            )
            if isinstance(ema, int | float) and ema < 0.9
            else None,
        )
