"""Mode collapse: too few different samples, by the vital signs of images or the modes of points.

Partial, total, sudden, or within the classes of a conditional run. It knows nothing of losses.
"""

import math
from typing import ClassVar

from ganstudio.api import Condition, ImageSpec, PointSpec, Remedy, RunFacts
from ganstudio_plugins.health_recipes import recipe
from ganstudio_plugins.health_remedies import change, remedies, slower
from ganstudio_plugins.health_signals import Standing, middle
from ganstudio_plugins.health_watching import COVERAGE, DIVERSITY, MODES, NEAREST, REPEATS, FigureRule

TOTAL, PARTIAL = 0.25, 0.6
"""Diversity of samples over that of real ones: of a few images, and of some of the modes."""
REPEATED_ALL, REPEATED_SOME = 0.95, 0.5
"""Shares of samples that repeat another one."""
WITHIN, APART = 0.55, 1.4
"""Diversity within the worst class over that of real samples of it; and all samples differ that much more."""
RISING = 1.1
"""What is so many times what it was a few previews before is on its way: every run begins with no variety."""
LOST, REACHED = 0.12, 0.2
"""Less variety than the first is a collapse beyond doubt, where nearly all samples repeat another; and so is
less than :data:`TOTAL` of samples that reach less of the real images than the second."""
FAR = 2.5
"""Samples that much farther from the data than data is from itself are of no mode yet."""
MODES_TOTAL, MODES_PARTIAL = 0.25, 0.75
"""Shares of the modes."""
SUDDEN = 0.6
"""Falling below this share of what it had been, within a few previews, is sudden."""
HEAVY, FEW_LATENTS = 10.0, 8
"""Naming the class weighs too much beyond the first; fewer latents than the second are next to none."""
RECENT, SURE = 3, 4
"""Previews by which it is judged, and how many in a row must say so."""

NAMES = ("total mode collapse", "partial mode collapse", "sudden mode collapse", "collapse within a class")
CLASSES = "score/vitals/class_diversity"
REVERSE_KL = "score/reverse_kl"


class ModeCollapse(FigureRule):
    """Watches how different samples are from each other, and how many of the known modes they reach."""

    title = "Mode collapse"
    conditions: ClassVar[tuple[str, ...]] = NAMES
    follows = ("score/vitals/", "score/modes", "score/reverse_kl", "score/high_quality")

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether samples are to be as different as the data: of what is drawn from latents."""
        return facts.adversarial and isinstance(facts.data, ImageSpec | PointSpec)

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=SURE, end=RECENT)
        self._sudden = Standing(begin=1, end=RECENT)
        self._sudden_from = 0.0
        self._known = len(getattr(facts.data, "centres", ()))
        self._name = ""

    def judge(self, step: int, new: set[str]) -> None:
        """Judge the samples of a preview."""
        name = self._of_points() if MODES in new else self._of_images() if DIVERSITY in new else None
        if name is None:
            return
        if name:
            self._name = name
        surely = self._surely()
        if surely is not None and not name:
            self._name = NAMES[0]
        self._standing.see(step, bool(name), surely)
        self._sudden.see(step, self._fell())

    def condition(self) -> Condition | None:
        """Return the form of collapse that holds."""
        fell, since = self._sudden.since, self._standing.since
        if fell is None and since is None:
            return None
        if fell is not None:
            name, since = NAMES[2], fell
        else:
            assert since is not None
            name = self._name
        figure = self._figure()
        trail = self.trail(figure)
        limit = {DIVERSITY: PARTIAL, CLASSES: WITHIN}.get(figure, MODES_PARTIAL * self._known)
        return Condition(
            name,
            "bad",
            since,
            self._sentence(),
            _WHY[name],
            self._evidence(),
            trail.drawn(_DRAWN[figure], limit),
            self._remedies(since),
        )

    # --- Finding -----------------------------------------------------------------------------------

    def _of_images(self) -> str | None:
        diversity, repeats = self.trail(DIVERSITY).middle(RECENT), self.trail(REPEATS).middle(RECENT)
        within = self.trail(CLASSES).middle(RECENT)
        if within < WITHIN and within * APART < diversity and self.trail(CLASSES).rise(RECENT) < RISING:
            return NAMES[3]
        if self.trail(NEAREST).middle(RECENT) > FAR or self.improving:
            return ""
        if diversity < TOTAL or repeats > REPEATED_ALL:
            return NAMES[0]
        return NAMES[1] if diversity < PARTIAL or repeats > REPEATED_SOME else ""

    def _of_points(self) -> str | None:
        if not self._known:
            return None
        share = self._modes() / self._known
        if share < MODES_PARTIAL and self._more_modes():
            return ""
        return NAMES[0] if share <= MODES_TOTAL else NAMES[1] if share < MODES_PARTIAL else ""

    def _surely(self) -> int | None:
        """Return the step since which variety has been lost beyond doubt, or was never there."""
        if self._figure() == MODES:
            return self._unless_growing(MODES, self.doubtless(MODES, self._few))
        least = TOTAL if self.trail(COVERAGE).middle(RECENT) < REACHED else LOST
        spread = self.doubtless(DIVERSITY, lambda share: share < least)
        alike = self.doubtless(REPEATS, lambda share: share > REPEATED_ALL)
        if spread is None or alike is None or self.trail(NEAREST).middle(RECENT) > FAR:
            return None
        return self._unless_growing(DIVERSITY, max(spread, alike))

    def _more_modes(self) -> bool:
        """Say whether modes are still being found."""
        trail = self.trail(MODES)
        if len(trail) >= 2 * RECENT:
            return trail.rise(RECENT) > RISING
        newest = trail.newest(RECENT)
        return newest[-1] > RISING * newest[0]

    def _few(self, modes: float) -> bool:
        return modes <= MODES_TOTAL * self._known

    def _unless_growing(self, name: str, since: int | None) -> int | None:
        before, now = [0.0, 0.0, *self.trail(name).newest(2)][-2:]
        return None if now > RISING * before else since

    def _modes(self) -> float:
        """Return how many modes have samples, or as many as samples of such frequencies would fill evenly."""
        even = self._known * math.exp(-max(self.trail(REVERSE_KL).middle(RECENT), 0.0))
        counted = self.trail(MODES).middle(RECENT)
        return min(counted, even) if math.isfinite(even) else counted

    def _fell(self) -> bool:
        """Say whether variety that was there was lost at once."""
        trail = self.trail(self._figure())
        whole = MODES_PARTIAL * self._known if self._figure() == MODES else PARTIAL
        # What an untrained generator makes differs as well, as noise does.
        newest = trail.after(round(self.warm_from) - 1)[-RECENT - 2 :]
        before, now = newest[:-2], newest[-2:]
        if len(before) < 2:
            return False
        had = self._sudden_from if self._sudden.since is not None else middle(before)
        if had >= whole and max(now) < SUDDEN * had:
            self._sudden_from = had
            return True
        return False

    def _figure(self) -> str:
        if self._known and len(self.trail(MODES)):
            return MODES
        return CLASSES if self._name == NAMES[3] else DIVERSITY

    # --- Telling -----------------------------------------------------------------------------------

    def _sentence(self) -> str:
        if self._figure() == MODES:
            found = self._modes()
            return f"Samples are of {found:.0f} of {self._known} modes, counted by how often each comes."
        if self._name == NAMES[3]:
            within = self.trail(CLASSES).middle(RECENT)
            return f"Within its worst class, samples differ {within:.0%} as much as real ones of that class."
        diversity, repeats = self.trail(DIVERSITY).middle(RECENT), self.trail(REPEATS).middle(RECENT)
        return f"Samples differ {diversity:.0%} as much as real images; {repeats:.0%} of them repeat another."

    def _evidence(self) -> dict[str, float]:
        names = {
            "diversity": DIVERSITY,
            "repeated samples": REPEATS,
            "real images covered": COVERAGE,
            "diversity within the worst class": CLASSES,
            "modes": MODES,
            "reverse KL": REVERSE_KL,
        }
        found = {said: self.trail(name).middle(RECENT) for said, name in names.items() if self.trail(name)}
        return {said: value for said, value in found.items() if math.isfinite(value)}

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        spacing = self.trail(self._figure()).steps
        within = 2 * (spacing[-1] - spacing[-2]) if len(spacing) > 1 else 1
        return remedies(
            self.edits.undone(facts, since, max(within, 1) * 2),
            self._weighed(since),
            self._more_latents(since),
            recipe(facts, _LED, since),
            change(
                facts,
                "Add minibatch standard deviation",
                {"architecture.minibatch": "standard deviation"},
                "The discriminator then sees how much the samples of a batch differ.",
                "anew",
            ),
            slower(facts, ("generator",), 0.5, "Halve the generator's rate", "It then leaves modes less."),
        )

    def _weighed(self, since: int) -> Remedy | None:
        """Return another weight of naming the class, where that drowns the game."""
        path = "architecture.auxiliary_weight"
        weight = self.facts.settings.get(path)
        if self.facts.settings.get("architecture.conditioning") != "auxiliary":
            return None
        if not isinstance(weight, int | float) or weight <= HEAVY:
            return None
        why = "Being taken for real then counts beside being named rightly. " + _LED
        return recipe(self.facts, why, since, "Weigh the classes as the game", {path: 1.0})

    def _more_latents(self, since: int) -> Remedy | None:
        """Return more latents, where images are made from next to none."""
        path = "architecture.latent_dim"
        held = self.facts.settings.get(path)
        if not isinstance(self.facts.data, ImageSpec) or not isinstance(held, int) or held >= FEW_LATENTS:
            return None
        why = "Images differ in more ways than so few numbers can say. " + _LED
        return recipe(self.facts, why, since, "Begin anew with 32 latents", {path: 32})


_LED = "With a penalty and rates that fit each other, no network is chased from one mode to the next."
_DRAWN = {DIVERSITY: "Diversity", CLASSES: "Diversity within the worst class", MODES: "Modes"}
_COMMON = (
    "The generator has found a few samples that the discriminator takes for real and makes little else. It "
    "happens when the discriminator is chased rather than led: it forgets one mode while it learns to refuse "
    "another, and nothing rewards variety. "
)
_WHY = {
    NAMES[0]: _COMMON + "Here hardly anything but one sample is left.",
    NAMES[1]: _COMMON + "Here part of the data is missing from what it makes.",
    NAMES[2]: _COMMON + "Here variety was there and was lost within a few previews, as by a step too far.",
    NAMES[3]: (
        "Samples of one class are nearly the same: the generator listens to the class it is asked for and "
        "not to its latents. It happens where naming the class counts more than being taken for real."
    ),
}
