"""Memorising: samples nearer to the training set than held-out data would be. It knows nothing of losses."""

from typing import ClassVar

from ganstudio.api import Condition, ImageSpec, Remedy, RunFacts
from ganstudio_plugins.health_recipes import recipe
from ganstudio_plugins.health_remedies import change, remedies
from ganstudio_plugins.health_signals import Standing
from ganstudio_plugins.health_watching import DIVERSITY, NEAREST, FigureRule

COPY, SURE_COPY = 0.6, 0.4
"""Distance to the nearest training image over that of one to its nearest other; and beyond doubt."""
VARIED = 0.08
"""One image that is always the same may lie near another by chance: samples must differ among themselves."""
RECENT = 4
HIGHEST_BETA = 100.0
DIFF_AUGMENT = {"augmentations.DiffAugment.translation": 0.125}


class Memorising(FigureRule):
    """Watches how near samples come to training images, held against how near these are to each other."""

    title = "Memorising"
    conditions: ClassVar[tuple[str, ...]] = ("memorising",)
    follows = (NEAREST, DIVERSITY)

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether samples are drawn, and of images."""
        return isinstance(facts.data, ImageSpec)

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=RECENT, end=RECENT)

    def judge(self, step: int, new: set[str]) -> None:
        """Judge the samples of a preview."""
        if NEAREST in new:
            varied = self.trail(DIVERSITY).middle(RECENT) > VARIED
            copied = varied and self.trail(NEAREST).middle(RECENT) < COPY
            self._standing.see(step, copied, self._surely() if varied else None)

    def _surely(self) -> int | None:
        """Return the step since which samples have been copies beyond doubt."""
        return self.doubtless(NEAREST, lambda distance: distance < SURE_COPY)

    def condition(self) -> Condition | None:
        """Return it while it holds."""
        since = self._standing.since
        if since is None:
            return None
        nearest = self.trail(NEAREST).middle(RECENT)
        return Condition(
            "memorising",
            "bad",
            since,
            f"Samples lie {nearest:.2f} times as far from their nearest training image as those lie from "
            "each other; new images of the same kind would be at 1.",
            "The networks have learned the training images by heart and give them back, instead of what they "
            "have in common. It happens with few images, long training and large networks.",
            {"distance to the nearest": nearest, "training images": float(self.facts.count)},
            self.trail(NEAREST).drawn("Distance to the nearest training image", COPY),
            self._remedies(since),
        )

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        why = "What the discriminator sees is changed at random each time, so it cannot know images by heart."
        augmented = (
            recipe(facts, why, since, "Add DiffAugment", DIFF_AUGMENT)
            if "DiffAugment" in facts.offered
            else None
        )
        beta = facts.settings.get("architecture.beta")
        return remedies(
            augmented,
            recipe(facts, "A penalty lets the discriminator make less of single images.", since),
            change(
                facts,
                "Raise β fourfold",
                {"architecture.beta": min(4 * beta, HIGHEST_BETA)},
                "Latents then tell fewer images apart.",
            )
            if isinstance(beta, int | float)
            else None,
        )
