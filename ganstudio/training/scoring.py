"""Scoring: asks what costs seconds to judge a training, as often as its share of the time allows.

It knows nothing of what is computed, and never changes what is trained.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from ganstudio.api import Architecture
from ganstudio.api.data import Report
from ganstudio.api.events import Event, Preparing, ScoreRecord, Warned
from ganstudio.training.clock import Clock
from ganstudio.training.controls import Controls
from ganstudio.training.settings import TrainingSettings

_log = logging.getLogger(__name__)


class DearObserver(Protocol):
    """Looks at an architecture for seconds; asked within a share of the training time alone."""

    ready: bool

    @property
    def names(self) -> Collection[str]:
        """What its figures are called, without what stands in brackets behind them."""

    def due(self, seconds: float, share: float) -> bool:
        """Say whether one more look stays within ``share`` of the ``seconds`` that were trained."""

    def record(self, architecture: Architecture, step: int, report: Report) -> ScoreRecord | None:
        """Return its figures, or nothing for what it cannot look at; ``report`` may raise to end it."""


class Training(Protocol):
    """What is asked of a training: what holds in it, how long it trains, and who wants it to stop."""

    settings: TrainingSettings
    clock: Clock
    controls: Controls


class _Ended(Exception):  # noqa: N818 - it is no error
    """A stop was asked for meanwhile."""


class Scoring:
    """Asks dear observers of one training; ``lend`` lends the architecture on averaged weights."""

    def __init__(
        self,
        observers: Collection[DearObserver],
        lend: Callable[[], AbstractContextManager[Architecture]],
        training: Training,
    ) -> None:
        self._observers = list(observers)
        self._lend = lend
        self._training = training
        self._since = 0.0

    @property
    def coming(self) -> frozenset[str]:
        """The names of figures that there may yet be; none once the share of the time is 0."""
        if not self._training.settings.score_share:
            return frozenset()
        return frozenset(name for observer in self._observers for name in observer.names)

    def begin(self) -> None:
        """Count the time from now on: what a training that goes on took before is not made up for."""
        self._since = self._training.clock.seconds()

    def due(self, step: int) -> Iterator[Event]:
        """Ask those that may be asked by now; each has as large a part of the time as the others."""
        seconds = self._training.clock.seconds() - self._since
        share = self._training.settings.score_share / max(len(self._observers), 1)
        yield from self._ask([one for one in self._observers if one.due(seconds, share)], step)

    def now(self, step: int) -> Iterator[Event]:
        """Ask all of them, whatever it costs."""
        if not self._observers:
            yield Warned(step, "There are no scores to be asked for of such data, so nothing was scored.")
        yield from self._ask(list(self._observers), step)

    def _ask(self, observers: list[DearObserver], step: int) -> Iterator[Event]:
        for observer in observers:
            if not observer.ready:
                yield Preparing(step, "Preparing scores: what tells the features of this data")
            try:
                with self._lend() as architecture:
                    record = observer.record(architecture, step, self._report)
            except _Ended:
                return
            # It is a plugin's work beside the training, which is to go on without it.
            except Exception as error:
                _log.exception("Scores that cost seconds")
                self._observers.remove(observer)
                yield Warned(
                    step,
                    f"No more is scored in this run of {', '.join(observer.names)}. {_sentence(error)}",
                )
                continue
            if record is None:
                self._observers.remove(observer)
            else:
                yield record

    def _report(self, what: str, share: float | None = None) -> None:
        if self._training.controls.stopping:
            raise _Ended


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".") + "."
