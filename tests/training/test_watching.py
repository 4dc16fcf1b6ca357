"""Looks beside a training: of a stand-in whose looks take as long as a test lets them."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from ganstudio.api.events import FieldReady, PointScene, WatchRefused
from ganstudio.training.controls import Tell, Watch
from ganstudio.training.watching import Watching

SCENE = PointScene(np.zeros((1, 2)), np.zeros((0, 2)))


class Slow:
    """Looks only once it is let."""

    def __init__(self) -> None:
        self.let, self.taken, self.asked = threading.Semaphore(0), 0, []
        self.error: Exception | None = None

    def look_at(self, label=0, region=None) -> None:
        self.asked.append((label, region))

    def take(self) -> None:
        self.taken += 1

    def ready(self, step: int) -> FieldReady:
        assert self.let.acquire(timeout=30)
        if self.error:
            raise self.error
        return FieldReady(step, SCENE, np.zeros((1, 2)), (0.0, 1.0, 0.0, 1.0))


class Box:
    """Keeps what is told, and lets a test wait for it."""

    def __init__(self) -> None:
        self.told: list[Tell] = []
        self.came = threading.Semaphore(0)

    def __call__(self, tell: Tell) -> None:
        self.told.append(tell)
        self.came.release()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def watching(slow: Slow, box: Box) -> Iterator[Watching]:
    made = Watching(lambda: slow, box)
    yield made
    slow.let.release(100)
    made.end()


def test_nothing_is_made_unasked(watching: Watching, slow: Slow) -> None:
    watching.offer(1)
    assert list(watching.now(1)) == []
    assert slow.taken == 0


def test_training_does_not_wait_for_a_look(watching: Watching, slow: Slow, box: Box) -> None:
    assert list(watching.ask(Watch(1e-6), 1, holds=False)) == []
    for step in range(2, 10):
        watching.offer(step)
    assert (slow.taken, box.told) == (1, [])
    slow.let.release()
    assert box.came.acquire(timeout=30)
    assert [tell.event.step for tell in box.told] == [2]


def test_while_training_holds_the_look_comes_at_once(watching: Watching, slow: Slow, box: Box) -> None:
    slow.let.release()
    (look,) = watching.ask(Watch(1.0, 2, (0, 1, 2, 3)), 5, holds=True)
    assert (look.step, slow.asked, box.told) == (5, [(2, (0, 1, 2, 3))], [])


def test_what_comes_late_is_no_news(watching: Watching, slow: Slow, box: Box) -> None:
    list(watching.ask(Watch(1e-6), 1, holds=False))
    watching.offer(2)
    slow.let.release(2)
    assert box.came.acquire(timeout=30)
    assert [look.step for look in watching.now(3)] == [3]
    assert not watching.fresh(box.told[0].event)
    assert watching.fresh(FieldReady(4, SCENE, np.zeros((1, 2)), (0.0, 1.0, 0.0, 1.0)))


def test_ending_it_ends_the_looks(watching: Watching, slow: Slow) -> None:
    list(watching.ask(Watch(1e-6), 1, holds=False))
    list(watching.ask(Watch(0), 1, holds=False))
    watching.offer(2)
    assert slow.taken == 0


def test_why_there_is_nothing_to_see_is_said(box: Box) -> None:
    watching = Watching(lambda: "These are images.", box)
    assert list(watching.ask(Watch(1.0), 3, holds=True)) == [WatchRefused(3, "These are images.")]
    assert not watching.on


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("holds", [True, False])
def test_a_look_that_fails_ends_the_watching_alone(
    watching: Watching, slow: Slow, box: Box, holds: bool
) -> None:
    slow.error = RuntimeError("shapes do not fit")
    slow.let.release()
    told = list(watching.ask(Watch(1e-6), 1, holds=holds))
    if not holds:
        watching.offer(1)
        assert box.came.acquire(timeout=30)
        told = [tell.event for tell in box.told]
    (refused,) = told
    assert isinstance(refused, WatchRefused)
    assert "shapes do not fit" in refused.reason
    assert not watching.on
