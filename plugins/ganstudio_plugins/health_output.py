"""Output: chequered or saturated images. It knows nothing of losses or of what the images show."""

from typing import ClassVar

from ganstudio.api import Condition, ImageSpec, Remedy, RunFacts
from ganstudio_plugins.health_recipes import recipe
from ganstudio_plugins.health_remedies import GENERATORS, change, remedies, slower
from ganstudio_plugins.health_signals import Standing
from ganstudio_plugins.health_watching import FigureRule

NYQUIST, CLIPPED = "score/vitals/nyquist", "score/vitals/clipped"
CHEQUERED, SURELY_CHEQUERED = 4.0, 5.0
"""Energy that alternates from pixel to pixel, over that of real images; and beyond doubt."""
SATURATED, SURELY_SATURATED = 0.2, 0.5
"""Share of black or white values, beyond that of real images; and beyond doubt."""
FALLING = 0.85
"""What is less than this share of what it was a few previews before is on its way out."""
RECENT, LONG = 4, 7
"""Previews by which it is judged, and for how many a pattern stays: some come and go."""
PREVIEWS, STEPS = 3, 100
"""Previews that must span so many steps for a pattern that is there beyond doubt."""


class Artefacts(FigureRule):
    """Watches for a pattern that alternates from pixel to pixel, and for values driven to their ends."""

    title = "Artefacts"
    conditions: ClassVar[tuple[str, ...]] = ("checkerboard", "saturated output")
    follows = (NYQUIST, CLIPPED)

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether samples are drawn, and of images."""
        return isinstance(facts.data, ImageSpec)

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._chequered = Standing(begin=LONG, end=RECENT)
        self._saturated = Standing(begin=RECENT, end=RECENT)

    def judge(self, step: int, new: set[str]) -> None:
        """Judge the samples of a preview."""
        if NYQUIST in new:
            surely = self.doubtless(NYQUIST, lambda times: times > SURELY_CHEQUERED, PREVIEWS, STEPS)
            self._chequered.see(step, self._still(NYQUIST, CHEQUERED), self._stays(NYQUIST, surely))
        if CLIPPED in new:
            surely = self.doubtless(CLIPPED, lambda share: share > SURELY_SATURATED)
            self._saturated.see(step, self._still(CLIPPED, SATURATED), self._stays(CLIPPED, surely))

    def _still(self, name: str, limit: float) -> bool:
        trail = self.trail(name)
        settled = len(trail) >= 2 * RECENT and trail.rise(RECENT) > FALLING
        return settled and trail.middle(RECENT) > limit

    def _stays(self, name: str, since: int | None) -> int | None:
        """Return ``since`` unless the figure has fallen since then."""
        if since is None:
            return None
        trail = self.trail(name)
        return since if trail.newest(1)[0] > FALLING * max(trail.after(since - 1)) else None

    def condition(self) -> Condition | None:
        """Return what holds; of both, saturated values, which make patterns of their own."""
        if self._saturated.since is not None:
            return self._told_saturated(self._saturated.since)
        return None if self._chequered.since is None else self._told_chequered(self._chequered.since)

    def _told_saturated(self, since: int) -> Condition:
        share = self.trail(CLIPPED).middle(RECENT)
        return Condition(
            "saturated output",
            "bad",
            since,
            f"{share:.0%} more of the values of samples are pure black or white than of real images.",
            "The generator's last layer is driven to the ends of its range, where its slope is nothing: it "
            "can hardly learn its way back. Usually its rate is too high, or the discriminator's slope has "
            "no bound and pulls further and further.",
            {"share beyond that of real images": share},
            self.trail(CLIPPED).drawn("Black or white values beyond real ones", SATURATED),
            self._remedies(since, saturated=True),
        )

    def _told_chequered(self, since: int) -> Condition:
        times = self.trail(NYQUIST).middle(RECENT)
        return Condition(
            "checkerboard",
            "watch",
            since,
            f"What alternates from pixel to pixel is {times:.1f} times as strong as in real images.",
            "Samples have a fine pattern like a checkerboard. It comes from transposed convolutions whose "
            "kernels overlap unevenly, or from a step size so high that noise stays; a discriminator that is "
            "still learning may take it away.",
            {"times that of real images": times},
            self.trail(NYQUIST).drawn("Energy at the highest frequency", CHEQUERED),
            self._remedies(since),
        )

    def _remedies(self, since: int, saturated: bool = False) -> tuple[Remedy, ...]:
        facts = self.facts
        if not facts.adversarial:
            why = "Smaller steps leave less noise."
            return remedies(slower(facts, (), 0.3, "Lower the rates to a third", why))
        spacing = list((self.trail(NYQUIST) or self.trail(CLIPPED)).steps)[-2:]
        within = 4 * (spacing[-1] - spacing[0] or 1)
        undone = self.edits.undone(facts, since, within)
        third = slower(
            facts,
            GENERATORS,
            0.3,
            "Lower the generator's rate to a third",
            "Smaller steps leave less noise.",
        )
        if saturated:
            return remedies(undone, recipe(facts, _BOUND), third)
        resized = change(
            facts,
            "Begin anew with upsampling by resizing",
            {"architecture.upsampling": "resize"},
            _RESIZED,
            "anew",
        )
        return remedies(undone, resized, recipe(facts, _BOUND, since), third)


_BOUND = "A bound on the discriminator's slope, and usual rates, leave no value driven to its end."
_RESIZED = (
    "Pixels are doubled and then convolved, so each is given to as often as its neighbours; that leaves no "
    "checkerboard (Odena et al., 2016)."
)
