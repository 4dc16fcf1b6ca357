"""Keeping: when a training hands over its state, and why.

Every few minutes, at every so many steps, when a score is the best so far, when somebody asks, and at the
end. It writes nothing: what is handed over is for the recorder.
"""

import math
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, Protocol

from ganstudio.api.events import BEST, KEPT, CheckpointReady, Event, Warned
from ganstudio.training.clock import Clock
from ganstudio.training.parts import Parts
from ganstudio.training.settings import AUTO, NONE, TrainingSettings
from ganstudio.training.snapshots import Snapshots
from ganstudio.training.state import TrainingState

KEEP_GOOD_SECONDS = 5.0
"""A copy of the last good state is taken at most this often; what failed later goes back to it."""
KEEP_GOOD_SHARE = 0.005
"""Of the time, at most, that these copies take: those of large networks come more rarely."""

_VITALS = "score/vitals/"
"""Scores by which no run is judged: the best of them means nothing."""

Better = Literal["higher", "lower"]


class Training(Protocol):
    """What is asked of a training: where it is, and what holds in it."""

    step: int
    images_seen: int
    settings: TrainingSettings
    clock: Clock


class Keeping:
    """Hands over the states of one training, and remembers which score was the best."""

    def __init__(self, training: Training) -> None:
        self.good: TrainingState | None = None
        """The last state that was all finite; what fails later goes back to it."""
        self._training = training
        self._parts: Parts | None = None
        self._snapshots = Snapshots()
        self._good_due = 0.0
        self._kept_since = 0.0
        self._best: dict[str, Any] = {}
        self._is_best = False
        self._missed = ""

    def start(self, parts: Parts) -> None:
        """Begin to count the minutes; ``parts``: what the training is made of."""
        self._parts = parts
        self._kept_since = time.monotonic()

    def go_on_from(self, state: TrainingState) -> None:
        """Remember the best score of a state that the training goes on from."""
        self._best = dict(state.rest.get("best", {}))

    def state(self) -> TrainingState:
        """Return a copy of the whole training state, on the CPU."""
        return self._completed(self._made_of.state(*self._place()))

    def keep_good(self) -> None:
        """Take a copy to go back to, now and then, while everything is still finite."""
        now = time.monotonic()
        if now < self._good_due:
            return
        if self._made_of.all_finite():
            self.good = self._snapshot()
        took = time.monotonic() - now
        self._good_due = now + max(KEEP_GOOD_SECONDS, took / KEEP_GOOD_SHARE)

    def score(
        self,
        scores: Mapping[str, float],
        better: Mapping[str, Better],
        coming: Collection[str] = (),
        dear: bool = False,
    ) -> Iterator[Event]:
        """Hold scores against the best so far; ``better``: which way is better, by name.

        ``coming``: short names of scores that are taken at other times, such as FID. ``dear``: whether these
        are such.
        """
        wanted = self._training.settings.keep_best
        if wanted in ("", NONE):
            return
        if wanted == AUTO:
            self._follow(scores, better, dear)
            return
        name = _named(wanted, scores)
        if not name:
            if wanted.removeprefix("score/").split(" (")[0] not in coming:
                yield from self._no_such_score(wanted, [*scores, *coming])
        elif self._beats(name, scores[name], better.get(name, "higher")):
            self._found(name, scores[name])

    def due(self) -> Iterator[Event]:
        """Hand over the state when it is to be kept after this step."""
        reasons = [BEST] if self._is_best else []
        settings = self._training.settings
        if settings.keep_every and self._training.step % settings.keep_every == 0:
            reasons.append(KEPT)
        minutes = settings.checkpoint_minutes
        if minutes and time.monotonic() - self._kept_since >= 60 * minutes:
            reasons.append("every few minutes")
        if reasons:
            yield from self.now(", ".join(reasons))

    def now(self, reason: str, awaited: bool = False) -> Iterator[Event]:
        """Hand over a checkpoint of this step, unless there is nothing in it to go back to."""
        now = time.monotonic()
        if reason != BEST:
            # The best goes when a better one comes, so it is none of those every few minutes.
            self._kept_since = now
        self._is_best = False
        step = self._training.step
        if not self._made_of.all_finite():
            yield Warned(step, "No checkpoint is kept now: some weights are not finite numbers.")
            return
        self.good = self._snapshot()
        self._good_due = now + KEEP_GOOD_SECONDS
        keep = self._training.settings.keep_checkpoints
        yield CheckpointReady(step, self.good, reason, keep, background=True, awaited=awaited)

    def end(self) -> CheckpointReady:
        """Return the checkpoint of a training that ends."""
        reason = f"{BEST}, end" if self._is_best else "end"
        keep = self._training.settings.keep_checkpoints
        return CheckpointReady(self._training.step, self.state(), reason, keep)

    def last_good(self) -> Iterator[CheckpointReady]:
        """Hand over what a training that failed can go back to, if anything."""
        if self.good is not None:
            keep = self._training.settings.keep_checkpoints
            yield CheckpointReady(self.good.step, self.good, "last good state", keep)

    # --- Details -----------------------------------------------------------------------------------

    @property
    def _made_of(self) -> Parts:
        assert self._parts is not None, "The training was not built."
        return self._parts

    def _place(self) -> tuple[int, int, float]:
        training = self._training
        return training.step, training.images_seen, training.clock.seconds()

    def _snapshot(self) -> TrainingState:
        """Return the state for as long as somebody holds it; its memory is then used again."""
        at = self._place()
        return self._completed(self._snapshots.take(lambda copy: self._made_of.state(*at, copy)))

    def _completed(self, state: TrainingState) -> TrainingState:
        state.rest["best"] = dict(self._best)
        return state

    def _follow(self, scores: Mapping[str, float], better: Mapping[str, Better], dear: bool) -> None:
        """Hold what a run is judged by against the best: the first figure, and among equals the others.

        What costs seconds goes before what every preview is scored by, as FID does before all else.
        """
        judging = [name for name in scores if not name.startswith(_VITALS)]
        before = self._best.get("name")
        if before not in judging:
            if not judging or (before and not (dear and not self._best.get("dear"))):
                return
            before = judging[0]
        judging = [before, *(name for name in judging if name != before)]
        ranks = [-scores[name] if better.get(name) == "lower" else scores[name] for name in judging]
        if not math.isfinite(ranks[0]):
            return
        same = self._best.get("name") == before and "ranks" in self._best
        if not same or ranks > self._best["ranks"]:
            self._found(before, scores[before])
            self._best |= {"dear": dear, "ranks": ranks}

    def _found(self, name: str, value: float) -> None:
        self._best = {"name": name, "value": value, "step": self._training.step}
        self._is_best = True

    def _beats(self, name: str, value: float, better: Better) -> bool:
        if not math.isfinite(value):
            return False
        if self._best.get("name") != name:
            return True
        before: float = self._best["value"]
        return value < before if better == "lower" else value > before

    def _no_such_score(self, wanted: str, scores: Collection[str]) -> Iterator[Event]:
        """Say once that there is no such score."""
        if self._missed == wanted:
            return
        self._missed = wanted
        there = f"There is {', '.join(scores)}." if scores else "This run has no scores."
        yield Warned(
            self._training.step,
            f"training.keep_best: no score is called {wanted!r}, so no checkpoint is kept as the best. "
            f"{there}",
        )


def _named(wanted: str, scores: Collection[str]) -> str:
    """Return the score that is called so, or so before what stands in brackets behind it; else nothing."""
    full = f"score/{wanted.removeprefix('score/')}"
    exact = [name for name in (wanted, full) if name in scores]
    return next((name for name in (*exact, *scores) if name in exact or name.startswith(f"{full} (")), "")
