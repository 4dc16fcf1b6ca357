"""A real session with its worker thread, and everything it says."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Event
from ganstudio.experiment import Experiment, Problem
from ganstudio.session.session import Session

E = TypeVar("E", bound=Event)

PATIENCE_MS = 60_000
"""Others may use the processors meanwhile."""


class Watched:
    """A session, and what came out of it in order."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.events: list[Event] = []
        self.states: list[str] = []
        self.loading: list[str] = []
        self.problems: list[list[Problem]] = []
        self.session.eventsArrived.connect(self.events.extend)
        self.session.stateChanged.connect(self.states.append)
        self.session.loadingChanged.connect(self.loading.append)
        self.session.problemsFound.connect(self.problems.append)

    def load(self) -> None:
        self.session.load()
        self.until(lambda: self.session.ready)

    def train(self, experiment: Experiment) -> None:
        self.session.train(experiment, "cpu")

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def until_state(self, *states: str) -> None:
        self.until(lambda: self.session.state in states)

    def until_free(self) -> None:
        """Wait until the worker has said that its thread is free again."""
        self.until(lambda: not self.session.active and not self.session._timer.isActive())

    def only(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def unloaded(qtbot: QtBot) -> Iterator[Watched]:
    watched = Watched(qtbot)
    yield watched
    assert watched.session.shutdown(PATIENCE_MS)
    # What the worker said last is delivered before the session goes.
    qtbot.wait(1)


@pytest.fixture
def watched(unloaded: Watched) -> Watched:
    unloaded.load()
    return unloaded
