"""Posterior collapse: latents of an autoencoder that carry nothing. It knows nothing of other losses."""

from typing import ClassVar

from ganstudio.api import Condition, Event, Remedy, RunFacts, VectorRecord
from ganstudio_plugins.health_remedies import change, rate, remedies, rounded
from ganstudio_plugins.health_signals import Standing
from ganstudio_plugins.health_watching import FigureRule

LATENTS, NATS = "kl/latents", "nats/kl"
IDLE = 0.02
"""Nats: a latent dimension with less KL than this says next to nothing of the image."""
MOST = 0.9
"""Share of idle dimensions from which it is a collapse; some that are not needed are idle in any."""
RECENT = 3


class PosteriorCollapse(FigureRule):
    """Watches the KL of each latent dimension: one without any says nothing of the image it stands for."""

    title = "Posterior collapse"
    conditions: ClassVar[tuple[str, ...]] = ("posterior collapse",)
    follows = (NATS,)

    @classmethod
    def suits(cls, facts: RunFacts) -> bool:
        """Say whether it is an autoencoder with latents: one whose KL term has a weight."""
        return not facts.adversarial and "architecture.beta" in facts.settings

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=RECENT, end=RECENT)
        self._latents: tuple[float, ...] = ()

    def take(self, event: Event) -> None:
        """Remember the KL, of each dimension where that is told."""
        super().take(event)
        if isinstance(event, VectorRecord) and LATENTS in event.values:
            self.step = event.step
            self._latents = tuple(event.values[LATENTS])
            if self.warm and self._latents:
                self._standing.see(event.step, self._idle >= MOST)

    def judge(self, step: int, new: set[str]) -> None:
        """Judge by the sum where the dimensions are not told."""
        if not self._latents and NATS in new:
            size = int(self.facts.settings.get("architecture.latent_dim", 1))
            self._standing.see(step, self.trail(NATS).middle(RECENT) < IDLE * size)

    def condition(self) -> Condition | None:
        """Return it while it holds."""
        since = self._standing.since
        if since is None:
            return None
        nats = self.trail(NATS).middle(RECENT)
        idle = round(self._idle * len(self._latents))
        return Condition(
            "posterior collapse",
            "bad",
            since,
            f"{idle} of {len(self._latents)} latent dimensions carry nothing, all of them {nats:.2f} nats.",
            "The encoder says the same of every image, and the decoder has learned to do without it: it "
            "draws one mean image whatever the latents are. The KL term then weighs too much beside the "
            "reconstruction, or the encoder learns too slowly to be worth listening to.",
            {"KL in nats": nats, "idle share": self._idle},
            self.trail(NATS).drawn("KL in nats", IDLE * max(len(self._latents), 1)),
            self._remedies(since),
        )

    @property
    def _idle(self) -> float:
        """The share of dimensions that carry nothing."""
        return sum(value < IDLE for value in self._latents) / max(len(self._latents), 1)

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        encoder, decoder = rate(facts, ("encoder",)), rate(facts, ("decoder",))
        beta = facts.settings["architecture.beta"]
        return remedies(
            change(
                facts,
                "Let the encoder learn as fast as the decoder",
                {"optimizers.encoder.learning_rate": decoder},
                "The decoder then has something to listen to.",
            )
            if encoder < decoder / 3
            else None,
            change(
                facts,
                f"Lower β from {beta:g} to {min(1.0, rounded(beta / 4)):g}",
                {"architecture.beta": min(1.0, rounded(beta / 4))},
                "Saying something of the image then costs less.",
            ),
        )
