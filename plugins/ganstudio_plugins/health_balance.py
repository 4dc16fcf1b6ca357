"""Balance: a discriminator that wins, or one too weak to teach. It knows nothing of how samples are made."""

import math
from abc import abstractmethod
from typing import ClassVar

from ganstudio.api import Condition, Remedy, RunFacts
from ganstudio_plugins.health_recipes import recipe
from ganstudio_plugins.health_remedies import (
    DISCRIMINATORS,
    GENERATORS,
    USUAL_RATE,
    change,
    rate,
    remedies,
    same_rates,
    slower,
)
from ganstudio_plugins.health_signals import Standing, deviation, middle, quantile
from ganstudio_plugins.health_watching import COVERAGE, DIVERSITY, MODES, QUALITY, SAMPLES, FigureRule

RECENT = 15
"""Reports by which it is judged."""
SURE = 0.97
"""It ranks more of the real samples above generated ones than this."""
FLOOR = 0.01
"""Its loss, without penalties, is next to none: it has nothing left to learn, and little to teach."""
GAP = 6.0
"""Real and generated logits lie so far apart that a sigmoid of either is 0 or 1."""
CHANCE, SELDOM = 0.65, 0.8
"""It is right no more often than this in the middle, and seldom more often than that."""
FLAT = 0.15
"""A generator's loss that moves less than this share of itself, or this much, is flat."""
COVERED, HIT, MISSED = 0.3, 0.1, 0.75
"""Samples are bad while they cover less of the real images, or fewer points hit a mode, and fewer modes."""

VARIED = 0.3
"""And while they differ less than this share of how much real images do."""

ACCURACY, REAL, FAKE = "accuracy/discriminator", "logits/real", "logits/fake"


class _Balance(FigureRule):
    """What both rules share: the figures of the game, and whether samples are bad."""

    follows = ("accuracy/", "logits/", "loss/", "penalty/", "grad_norm/generator", *SAMPLES)

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether there is a discriminator."""
        return facts.adversarial

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=RECENT, end=RECENT)

    def judge(self, step: int, new: set[str]) -> None:
        """Judge the game by the newest reports."""
        if ACCURACY in new and len(self.trail(ACCURACY)) >= RECENT:
            self._standing.see(step, self.holds())

    @abstractmethod
    def holds(self) -> bool:
        """Say whether the newest reports show it."""

    @property
    def accuracy(self) -> float:
        """How often real is ranked above generated, lately."""
        return self.trail(ACCURACY).middle(RECENT)

    @property
    def gap(self) -> float:
        """How far real logits lie above generated ones, lately."""
        return self.trail(REAL).middle(RECENT) - self.trail(FAKE).middle(RECENT)

    @property
    def bad_samples(self) -> bool | None:
        """Whether samples are bad, or ``None`` where nothing tells."""
        coverage, quality = self.trail(COVERAGE).middle(3), self.trail(QUALITY).middle(3)
        if math.isfinite(coverage):
            # Some of one blur lie near many an image, in a space of few dimensions.
            return coverage < COVERED or self.trail(DIVERSITY).middle(3) < VARIED
        if math.isfinite(quality):
            return quality < HIT and self._missed
        return None

    @property
    def _missed(self) -> bool:
        """Whether points leave a good part of the known modes out."""
        known = len(getattr(self.facts.data, "centres", ()))
        return not known or self.trail(MODES).middle(3) < MISSED * known

    def evidence(self) -> dict[str, float]:
        """Return the figures of the game by what they are called."""
        found = {
            "accuracy": self.accuracy,
            "logit gap": self.gap,
            "loss of the discriminator": self.trail("loss/discriminator").middle(RECENT),
            "loss of the generator": self.trail("loss/generator").middle(RECENT),
            "generator's gradient": self.trail("grad_norm/generator").middle(RECENT),
            "real images covered": self.trail(COVERAGE).middle(3),
            "points that hit a mode": self.trail(QUALITY).middle(3),
        }
        return {name: value for name, value in found.items() if math.isfinite(value)}


class DiscriminatorWins(_Balance):
    """Watches for a discriminator that is always right, from which a generator learns nothing."""

    title = "Discriminator wins"
    conditions: ClassVar[tuple[str, ...]] = ("discriminator wins",)

    def holds(self) -> bool:
        """Say whether it is always right, and sure of it, while samples are bad."""
        if self.accuracy < SURE or self.bad_samples is False or self.improving:
            return False
        if self.facts.settings.get("loss.kind") == "Wasserstein":
            return self.gap > GAP and self.bad_samples is True
        return self.gap > GAP or self._own_loss() < FLOOR

    def condition(self) -> Condition | None:
        """Return it while it holds."""
        since = self._standing.since
        if since is None:
            return None
        return Condition(
            "discriminator wins",
            "bad",
            since,
            f"The discriminator is right about {self.accuracy:.0%} of pairs, and its logits for real and "
            f"generated samples lie {self.gap:.1f} apart.",
            "The discriminator tells every sample for what it is, so surely that small changes of a sample "
            "change nothing: the generator is starved of a slope to follow. It learns too fast for the "
            "generator, or is asked too often.",
            self.evidence(),
            self.trail(ACCURACY).drawn("Accuracy of the discriminator", SURE),
            self._remedies(since),
        )

    def _own_loss(self) -> float:
        """Return its loss without the penalties, as far as they are told."""
        penalties = sum(
            trail.middle(RECENT)
            for name, trail in self.named("penalty/").items()
            if math.isfinite(trail.middle(RECENT)) and name
        )
        return self.trail("loss/discriminator").middle(RECENT) - penalties

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        quick, slow = rate(facts, DISCRIMINATORS), rate(facts, GENERATORS)
        # A critic of several updates a step is as its authors have it.
        critic = facts.settings.get("loss.kind") == "Wasserstein"
        return remedies(
            recipe(
                facts,
                "A penalty and rates that fit each other leave the generator a slope to follow.",
                since,
                "One update of each a step",
                {} if critic else {"architecture.n_critic": 1},
            ),
            self._live(quick, slow),
            change(
                facts,
                "Add instance noise of 0.1",
                {"architecture.instance_noise": max(0.1, _held(facts, "architecture.instance_noise"))},
                "Noise on all it sees makes the discriminator less sure.",
            ),
            slower(facts, DISCRIMINATORS, 0.5, "Halve the discriminator's rate", "It then learns less fast."),
        )

    def _even(self, quick: float, slow: float) -> dict[str, float]:
        """Return changes that make both as quick as each other."""
        facts = self.facts
        changes: dict[str, float] = {}
        if quick > 4 * slow:
            changes = dict.fromkeys(
                [p for p in facts.settings if p.startswith("optimizers.") and p.endswith(".learning_rate")],
                USUAL_RATE,
            )
        if _held(facts, "architecture.n_critic") > 1:
            changes["architecture.n_critic"] = 1
        return changes

    def _live(self, quick: float, slow: float) -> Remedy | None:
        """Return what makes both as quick as each other while it trains."""
        even = self._even(quick, slow)
        return change(
            self.facts, "Let both learn at one pace", even, "Neither then runs away from the other."
        )


class DiscriminatorWeak(_Balance):
    """Watches for a discriminator that cannot tell bad samples from real ones, so that nothing is learned."""

    title = "Discriminator too weak"
    conditions: ClassVar[tuple[str, ...]] = ("discriminator too weak",)

    def holds(self) -> bool:
        """Say whether it guesses while samples are bad and the generator's loss stays where it is."""
        often = quantile(self.trail(ACCURACY).newest(RECENT), 0.8)
        if self.bad_samples is not True or self.reaching or self.accuracy > CHANCE or often > SELDOM:
            return False
        losses = self.trail("loss/generator").newest(2 * RECENT)
        return deviation(losses) < FLAT * max(1.0, abs(middle(losses)))

    def condition(self) -> Condition | None:
        """Return it while it holds."""
        since = self._standing.since
        if since is None:
            return None
        return Condition(
            "discriminator too weak",
            "bad",
            since,
            f"The discriminator is right about {self.accuracy:.0%} of pairs, which is no "
            "better than guessing, while samples are still bad.",
            "The discriminator does not see what is wrong with the samples, so the generator is told nothing "
            "and its loss stays where it is. It learns too slowly, is held too hard by a penalty, or what it "
            "sees is drowned in noise.",
            self.evidence(),
            self.trail(ACCURACY).drawn("Accuracy of the discriminator", 0.5),
            self._remedies(since),
        )

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        slow, quick = rate(facts, DISCRIMINATORS), rate(facts, GENERATORS)
        strong = {
            path: value / 100
            for path, value in ((path, _held(facts, path)) for path in facts.settings)
            if path.startswith("regularizers.") and path.endswith(".gamma") and value > 10
        }
        return remedies(
            change(
                facts,
                "Take the noise away",
                dict.fromkeys(("architecture.instance_noise", "architecture.label_flipping"), 0.0),
                "The discriminator then sees what samples look like.",
            ),
            change(
                facts,
                "Weaken the penalty a hundredfold",
                strong,
                "The discriminator may then have a slope that tells samples apart.",
            ),
            recipe(facts, "The discriminator then keeps up with what the generator makes.", since),
            same_rates(
                facts,
                max(slow, min(quick, USUAL_RATE)),
                "Let both learn at one pace",
                "Neither then falls behind the other.",
            )
            if slow < quick / 2
            else None,
            slower(
                facts,
                DISCRIMINATORS,
                2.0,
                "Double the discriminator's rate",
                "It then learns to tell sooner.",
            ),
            change(
                facts,
                "Two updates of the discriminator a step",
                {"architecture.n_critic": int(_held(facts, "architecture.n_critic")) + 1},
                "It then learns more for each step of the generator.",
            ),
        )


def _held(facts: RunFacts, path: str) -> float:
    value = facts.settings.get(path, 0.0)
    return float(value) if isinstance(value, int | float) else 0.0
