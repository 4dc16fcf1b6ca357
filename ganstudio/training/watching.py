"""Watching: the game shown while it is played, made on a thread of its own beside the training.

Training pays for a copy of the weights and no more. It knows nothing of what is shown, nor of who looks.
"""

import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Protocol

import torch

from ganstudio.api.events import Event, FieldReady, WatchRefused
from ganstudio.failures import describe_failure
from ganstudio.training.controls import Tell, Watch
from ganstudio.training.device import flush_denormals
from ganstudio.training.state import randomness_kept

SHARE = 0.6
"""Of its core, at most, that the thread uses: where a look is slow, there is more time between two."""


class Shown(Protocol):
    """What is asked of a ``Field``."""

    def look_at(self, label: int = 0, region: tuple[float, float, float, float] | None = None) -> None:
        """Ask for something else from now on."""

    def take(self) -> None:
        """Copy the weights."""

    def ready(self, step: int) -> FieldReady:
        """Return the game as it was when they were taken."""


class Watching:
    """Hands ``post`` a :class:`Tell` for each look, while it is asked to watch.

    ``begin`` makes what is asked, or returns why it cannot; it is called once, on the thread that trains.
    """

    def __init__(self, begin: Callable[[], Shown | str], post: Callable[[Tell], None]) -> None:
        self._begin, self._post = begin, post
        self._shown: Shown | None = None
        self._seconds = self._due = 0.0
        self._told = -1
        self._idle = threading.Event()
        self._idle.set()
        self._asked: SimpleQueue[tuple[int, float] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def on(self) -> bool:
        """Whether anybody watches."""
        return self._seconds > 0

    def ask(self, watch: Watch, step: int, holds: bool) -> Iterator[Event]:
        """Begin, end or change it; ``holds``: no step will follow soon, so that the first look comes now."""
        self._seconds = watch.seconds
        if not self.on:
            return
        if self._shown is None:
            with randomness_kept(torch.device("cpu")):
                begun = self._begin()
            if isinstance(begun, str):
                self._seconds = 0.0
                yield WatchRefused(step, begun)
                return
            self._shown = begun
        self._idle.wait()
        self._shown.look_at(watch.label, watch.region)
        self._due = 0.0
        if holds:
            yield from self.now(step)

    def offer(self, step: int) -> None:
        """Begin a look, if one is due and the one before is done; called between two steps."""
        if self._seconds and time.perf_counter() >= self._due and self._idle.is_set():
            assert self._shown is not None
            self._due = time.perf_counter() + self._seconds
            self._idle.clear()
            self._shown.take()
            self._start()
            self._asked.put((step, self._due))

    def now(self, step: int) -> Iterator[Event]:
        """Look at once, on the thread that trains, and wait for it: for when training holds."""
        if self._shown is None or not self.on:
            return
        self._idle.wait()
        self._shown.take()
        try:
            with randomness_kept(torch.device("cpu")):
                event: Event = self._shown.ready(step)
        except Exception as error:
            event = self._refused(step, error)
        self._told = step
        yield event

    def fresh(self, event: Event) -> bool:
        """Say whether what was made beside the training is still news, and take note of it."""
        if event.step < self._told:
            return False
        self._told = event.step
        return True

    def end(self) -> None:
        """End the thread."""
        self._seconds = 0.0
        if self._thread is not None:
            self._asked.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="watching", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        flush_denormals()
        torch.set_num_threads(1)
        while (asked := self._asked.get()) is not None:
            step, due = asked
            began = time.perf_counter()
            assert self._shown is not None
            try:
                event: Event = self._shown.ready(step)
            except Exception as error:
                event = self._refused(step, error)
            took = time.perf_counter() - began
            self._due = max(due, began + took / SHARE)
            self._idle.set()
            self._post(Tell(event))

    def _refused(self, step: int, error: Exception) -> WatchRefused:
        """End the watching, not the training."""
        self._seconds = 0.0
        return WatchRefused(step, f"The game cannot be shown any more. {describe_failure(error)[0]}")
