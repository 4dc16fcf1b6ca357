"""Divergence: gradients, weights or losses that outgrow their own history. It knows nothing of samples."""

from typing import Any, ClassVar

from ganstudio.api import Condition, Remedy, RunFacts
from ganstudio_plugins.health_recipes import penalised
from ganstudio_plugins.health_remedies import change, rate_paths, remedies, rounded, slower
from ganstudio_plugins.health_signals import Standing, Trail, middle
from ganstudio_plugins.health_watching import FigureRule

RECENT, HISTORY = 3, 60
"""Reports that are held against so many before them."""
FEWEST = 8
BURST = 30.0
"""A gradient so many times as long as it was has left what the rate was chosen for."""
GROWTH = 4.0
"""Weights so many times as large as within their history do not settle."""
LOSS_GROWTH, LEAST_LOSS = 25.0, 5.0
"""A loss so many times as large as before, and no longer small, runs away."""
HUGE = 1e7
"""No loss, logit or gradient of a training that goes well is so large, however little is known of before."""
LOGIT = 60.0
"""Logits larger than this, and growing, have no bound."""


class Divergence(FigureRule):
    """Watches norms of gradients and weights, losses and logits against their own history.

    They warn before numbers stop being numbers, which ends a training.
    """

    title = "Divergence"
    conditions: ClassVar[tuple[str, ...]] = ("divergence",)
    follows = ("grad_norm/", "weight_norm/", "loss/", "logits/")

    def begin(self, facts: RunFacts) -> None:
        """Begin with a run."""
        super().begin(facts)
        self._standing = Standing(begin=2, end=12)
        self._worst = ("", 0.0, 1.0)

    @property
    def warm(self) -> bool:
        """Whether figures are judged: at once, as what is huge is told from the first report on."""
        return True

    def judge(self, step: int, new: set[str]) -> None:
        """Hold the newest figures against those before."""
        if not any(name.startswith("loss/") for name in new):
            return
        worst = max((self._outgrown(name) for name in sorted(new)), key=lambda each: each[1], default=None)
        holds = worst is not None and worst[1] >= 1
        if worst is not None and holds:
            self._worst = worst
        self._standing.see(step, holds)

    def condition(self) -> Condition | None:
        """Return divergence while it holds."""
        since = self._standing.since
        if since is None:
            return None
        name, _, times = self._worst
        trail = self.trail(name)
        return Condition(
            "divergence",
            "bad",
            since,
            f"{_said(name)} is now {_number(trail.middle(RECENT))}, {_number(times)} times what it was.",
            "The training runs away: each step makes the next one larger, until a loss is not a number any "
            "more and nothing can be saved of it. A learning rate that is too high is the usual reason; of a "
            "Wasserstein critic, that nothing limits its slope.",
            {"now": trail.middle(RECENT), "times as large as before": times},
            trail.drawn(name),
            self._remedies(since),
        )

    def _outgrown(self, name: str) -> tuple[str, float, float]:
        """Return a figure, how far it is beyond its limit (1: at it), and how many times it has grown."""
        trail = self.trail(name)
        earlier = [abs(value) for value in trail.before(RECENT)[-HISTORY:]]
        now = abs(trail.middle(RECENT))
        if len(earlier) < FEWEST or not super().warm:
            first = max(abs(trail.values[0]), 1e-12)
            return name, 0.0 if name.startswith("weight_norm/") else now / HUGE, now / first
        times = now / max(middle(earlier), 1e-12)
        if name.startswith("grad_norm/"):
            # A gradient that had vanished may come back without harm.
            return name, times / BURST if now > 1 else 0.0, times
        if name.startswith("weight_norm/"):
            least = min(earlier) or 1e-12
            return name, now / least / GROWTH, now / least
        if name.startswith("loss/"):
            return name, times / LOSS_GROWTH if now > LEAST_LOSS else 0.0, times
        return name, now / LOGIT if _grows(trail) else 0.0, times

    def _remedies(self, since: int) -> tuple[Remedy, ...]:
        facts = self.facts
        return remedies(
            self.edits.undone(facts, since, 30 * self._spacing()),
            penalised(
                facts, "A penalty on the discriminator's slope keeps its gradients short.", _calmer(facts)
            ),
            change(
                facts,
                "A tenth of the rates",
                {path: rounded(float(facts.settings[path]) / 10) for path in rate_paths(facts)},
                "From the newest state that was good, steps a tenth as large do not run away.",
                "branch",
            ),
            slower(facts, (), 0.1, "Go on with a tenth of the rates", "Smaller steps may still catch it."),
        )

    def _spacing(self) -> int:
        steps = list(self.trail(self._worst[0]).steps)[-2:]
        return max(steps[-1] - steps[0], 1) if len(steps) == 2 else 1


def _grows(trail: Trail) -> bool:
    """Say whether the size of a figure rises over its history."""
    sizes = [abs(value) for value in trail.newest(HISTORY)]
    third = len(sizes) // 3
    return third >= RECENT and middle(sizes[-third:]) > 1.5 * middle(sizes[:third])


def _calmer(facts: RunFacts) -> dict[str, Any]:
    """Return half of the rates."""
    return {path: rounded(float(facts.settings[path]) / 2) for path in rate_paths(facts)}


def _said(name: str) -> str:
    kind, _, of = name.partition("/")
    return {
        "grad_norm": f"The length of the {of}'s gradient",
        "weight_norm": f"The length of the {of}'s weights",
        "loss": f"The loss of the {of}",
    }.get(kind, f"The mean logit of {of} samples")


def _number(value: float) -> str:
    return f"{value:.3g}"
