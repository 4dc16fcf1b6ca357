"""Looking: what a training shows of itself on averaged weights, samples and scores.

It never changes what is trained, and knows nothing of when it is asked.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import torch

from ganstudio.api import Architecture, Fixed
from ganstudio.api.events import Event, PreviewReady, ScoreRecord
from ganstudio.training.ema import MovingAverage
from ganstudio.training.keeping import Better, Keeping
from ganstudio.training.movement import Movement
from ganstudio.training.previews import named, real_samples, to_array
from ganstudio.training.scoring import Scoring, Training
from ganstudio.training.state import randomness_kept


class Observer(Protocol):
    """Looks at an architecture on averaged weights now and then, and returns figures.

    It may have an attribute ``better``: which way each figure is better, ``higher`` or ``lower``, by name;
    and an attribute ``dear``: those of kind ``DearObserver`` that are to be asked when time allows.
    """

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        """Return named figures."""


class Looking:
    """Makes the previews of one training from ``fixed`` inputs, and asks its observers for scores."""

    def __init__(
        self,
        architecture: Architecture,
        average: MovingAverage,
        device: torch.device,
        fixed: Fixed,
        observers: Sequence[Observer],
        keeping: Keeping,
        training: Training,
        movement: Movement | None = None,
    ) -> None:
        self._architecture = architecture
        self._average = average
        self._device = device
        self._fixed = fixed
        self._observers = observers
        self._keeping = keeping
        dear = [one for observer in observers for one in getattr(observer, "dear", ())]
        self._scoring = Scoring(dear, self._on_averages, training)
        self._movement = movement

    def at_data(self, step: int, names: tuple[str, ...]) -> Iterator[Event]:
        """Show real samples, of two kinds called ``names`` where there are two, and first samples."""
        self._scoring.begin()
        real = real_samples(self._fixed, names)
        table = self._fixed.table
        kind, array = to_array(real.values, table)
        yield PreviewReady(
            step, kind, array, source="real", columns=real.columns, captions=real.captions, table=table
        )
        yield from self.previews(step, kept=False)

    def keep(self, step: int, regular: bool = True) -> Iterator[Event]:
        """Make previews that the run keeps, and scores.

        ``regular``: whether it is one of every so many steps, between which movement is measured.
        """
        yield from self.previews(step, kept=True, measured=regular)
        if self._observers:
            yield from self._scores(step)
        yield from self._judged(self._scoring.due(step))

    def score_now(self, step: int) -> Iterator[Event]:
        """Take the scores that cost seconds, whatever share of the time they took so far."""
        yield from self._judged(self._scoring.now(step))

    def previews(self, step: int, kept: bool, measured: bool = False) -> Iterator[PreviewReady]:
        """Make each kind of preview the variant has; ``measured``: how far the first of them moved, too."""
        began, table = time.perf_counter(), self._fixed.table
        with self._on_averages() as architecture:
            previews = named(architecture.preview(self._fixed))
            made = {name: (shown, *to_array(shown.values, table)) for name, shown in previews.items()}
        if measured and self._movement:
            self._movement.see(next(iter(made.values()))[0].values)
        took = (time.perf_counter() - began) / len(made)
        for index, (name, (preview, kind, array)) in enumerate(made.items()):
            yield PreviewReady(
                step,
                kind,
                array,
                source=name,
                first=not index,
                columns=preview.columns,
                captions=preview.captions,
                kept=kept,
                seconds=took,
                table=table,
            )

    def _scores(self, step: int) -> Iterator[Event]:
        began = time.perf_counter()
        scores: dict[str, float] = {}
        better: dict[str, Better] = {}
        with self._on_averages() as architecture:
            for observer in self._observers:
                scores.update(observer(architecture))
                better.update(getattr(observer, "better", {}))
        lower = tuple(name for name in scores if better.get(name) == "lower")
        yield ScoreRecord(step, scores, time.perf_counter() - began, lower)
        yield from self._keeping.score(scores, better, self._scoring.coming)

    def _judged(self, events: Iterator[Event]) -> Iterator[Event]:
        """Pass on events, and hold the scores among them against the best so far."""
        for event in events:
            yield event
            if isinstance(event, ScoreRecord):
                better: dict[str, Better] = dict.fromkeys(event.lower, "lower")
                yield from self._keeping.score(event.values, better, self._scoring.coming, dear=True)

    @contextmanager
    def _on_averages(self) -> Iterator[Architecture]:
        """Lend the architecture with averaged weights; a look at it never changes what is trained."""
        with randomness_kept(self._device), self._average.applied(self._architecture) as architecture:
            yield architecture
