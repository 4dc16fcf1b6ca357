"""Searching nearest training images beside a session, on a real thread."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ganstudio.evaluation.neighbours import Neighbours
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.session.neighbour_search import NeighbourSearch
from tests import experiments
from tests.session.conftest import Watched


class Searches:
    """What came of searches, in order."""

    def __init__(self, watched: Watched) -> None:
        self.search = NeighbourSearch()
        self.watched = watched
        self.found: list[Neighbours] = []
        self.failed: list[str] = []
        self.progress: list[str] = []
        self.search.found.connect(self.found.append)
        self.search.failed.connect(self.failed.append)
        self.search.progressed.connect(lambda what, share: self.progress.append(what))

    @property
    def registry(self) -> Registry:
        registry = self.watched.session.data_look.registry
        assert registry is not None
        return registry

    def find(self, image: np.ndarray, experiment: Experiment | None = None, run: Path | None = None) -> None:
        self.search.find(experiment or experiments.digits(), run, image, self.registry)

    def answer(self) -> Neighbours:
        self.watched.until(lambda: self.found or self.failed)
        assert not self.failed
        return self.found.pop()


@pytest.fixture
def searches(watched: Watched) -> Iterator[Searches]:
    made = Searches(watched)
    yield made
    assert made.search.shutdown(10_000)


def black() -> np.ndarray:
    return np.zeros((28, 28, 1), np.uint8)


def test_it_finds_the_nearest_and_does_not_read_the_data_twice(searches: Searches) -> None:
    searches.find(black())
    assert searches.search.busy
    first = searches.answer()
    assert (first.count, len(first.nearest), first.same) == (5000, 3, False)
    assert searches.progress
    searches.progress.clear()
    searches.find(first.nearest[1].image)
    again = searches.answer()
    assert again.same
    assert again.nearest[0].index == first.nearest[1].index
    assert not searches.progress
    assert not searches.search.busy


def test_a_wish_of_the_same_data_waits_for_it_and_alone_is_answered(searches: Searches) -> None:
    searches.find(black())
    searches.find(np.full((28, 28, 1), 255, np.uint8))
    bright = searches.answer()
    searches.find(black())
    dark = searches.answer()
    assert bright.nearest[0].image.mean() > dark.nearest[0].image.mean()


def test_data_that_is_gone_is_said(searches: Searches, tmp_path: Path) -> None:
    gone = Experiment(Choice("ImageFolder", {"folder": str(tmp_path / "gone")}), Choice("MLPGAN"))
    searches.find(black(), gone)
    searches.watched.until(lambda: searches.failed)
    assert searches.failed[0].startswith("The training images cannot be had any more.")
    assert "gone" in searches.failed[0]


def test_data_that_has_changed_since_the_run_is_not_searched(searches: Searches, tmp_path: Path) -> None:
    experiment = experiments.digits()
    RunFolder.create_at(tmp_path / "run", experiment, {"data_fingerprint": "other"}).close()
    searches.find(black(), experiment, tmp_path / "run")
    searches.watched.until(lambda: searches.failed)
    assert "has changed since run was trained" in searches.failed[0]


def test_points_are_no_images(searches: Searches) -> None:
    searches.find(black(), experiments.ring())
    searches.watched.until(lambda: searches.failed)
    assert "2-D points" in searches.failed[0]


def test_an_answer_that_nobody_waits_for_does_not_come(searches: Searches) -> None:
    searches.find(black())
    searches.search.cancel()
    assert not searches.search.busy
    searches.find(black(), experiments.digits(seed=1))
    searches.answer()
    assert searches.found == []
