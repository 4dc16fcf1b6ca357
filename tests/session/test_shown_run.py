"""What is shown: a real session's own run, others that have ended, and one that goes on where it ended."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ganstudio.api.events import Event, Preparing, Restarted, StepRecord
from ganstudio.runs.history import History
from ganstudio.runs.recorded import VECTORS
from ganstudio.session.shown_run import ShownRun
from tests import experiments
from tests.session.conftest import PATIENCE_MS, Watched

ENDLESS = 10_000_000


class Shown:
    """A shown run, and what came out of it in order."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.run = ShownRun(watched.session)
        self.told: list[History | Event] = []
        self.failures: list[str] = []
        self.run.historyArrived.connect(self.told.append)
        self.run.eventsArrived.connect(self.told.extend)
        self.run.failed.connect(self.failures.append)

    @property
    def histories(self) -> list[History]:
        return [each for each in self.told if isinstance(each, History)]

    @property
    def steps(self) -> list[int]:
        """Return the reports in the order in which a plot is given them."""
        found: list[int] = []
        for each in self.told:
            if isinstance(each, History):
                found = each.curves["loss/generator"].steps.tolist()
            elif isinstance(each, StepRecord):
                found.append(each.step)
        return found

    def finished(self, steps: int = 6) -> Path:
        """Train a run to its end."""
        self.watched.train(experiments.ring(steps))
        self.watched.until_state("finished")
        self.watched.until_free()
        path = self.watched.session.run_path
        assert path is not None
        return path


@pytest.fixture
def shown(watched: Watched) -> Iterator[Shown]:
    shown = Shown(watched)
    yield shown
    watched.session.stop()
    assert shown.run.shutdown(PATIENCE_MS)


def test_the_sessions_own_run_is_shown_as_it_comes(shown: Shown) -> None:
    shown.finished(6)
    begun = [event for event in shown.watched.events if not isinstance(event, Preparing)]
    assert [event for event in shown.told if not isinstance(event, Preparing)] == begun
    assert shown.run.own
    assert shown.histories == []


def test_a_run_that_ended_is_shown_with_its_past(shown: Shown) -> None:
    path = shown.finished(6)
    other = path.with_name("other")
    shutil.copytree(path, other)
    shown.run.open(other)
    shown.watched.until(lambda: shown.histories)
    assert not shown.run.own
    assert shown.run.folder == other
    assert shown.run.state == "finished"
    assert shown.histories[0].curves["loss/generator"].steps.tolist() == [1, 2, 3, 4, 5, 6]
    shown.run.close()
    shown.watched.until(lambda: len(shown.histories) == 2)
    assert shown.run.own
    assert shown.histories[1].path == path


def test_a_run_that_goes_on_has_no_gap_and_no_double(shown: Shown) -> None:
    path = shown.finished(6)
    shown.watched.session.go_on(path, 12)
    shown.watched.until(lambda: shown.steps[-1:] == [12])
    assert shown.steps == list(range(1, 13))
    assert len(shown.histories) == 1


def test_a_branch_is_shown_with_the_past_of_its_parent(shown: Shown) -> None:
    path = shown.finished(6)
    shown.watched.session.branch(path, 6, experiments.ring(9))
    shown.watched.until(lambda: shown.steps[-1:] == [9])
    assert shown.steps == list(range(1, 10))
    assert shown.run.folder != path


def test_a_training_that_begins_takes_the_place_of_a_run_that_was_opened(shown: Shown) -> None:
    path = shown.finished(6)
    other = path.with_name("other")
    shutil.copytree(path, other)
    shown.run.open(other)
    shown.watched.until(lambda: shown.histories)
    shown.finished(4)
    assert shown.run.own
    assert [each.step for each in shown.told if isinstance(each, StepRecord)][-4:] == [1, 2, 3, 4]


def test_looking_back_while_training_loses_nothing_of_the_run_that_goes_on(shown: Shown) -> None:
    path = shown.finished(6)
    shown.watched.train(experiments.ring(ENDLESS))
    shown.watched.until_state("running")
    shown.run.open(path)
    shown.watched.until(lambda: shown.histories)
    shown.watched.until(lambda: len(shown.watched.only(StepRecord)) > 40)
    shown.run.close()
    shown.watched.until(lambda: len(shown.histories) == 2)
    reached = shown.steps[-1]
    shown.watched.until(lambda: shown.steps[-1] > reached + 20)
    assert shown.steps == list(range(1, shown.steps[-1] + 1))


def test_what_is_no_run_is_said_and_nothing_is_shown(shown: Shown, tmp_path: Path) -> None:
    shown.run.open(tmp_path)
    shown.watched.until(lambda: shown.failures)
    assert "is no run" in shown.failures[0]
    assert shown.run.own
    assert shown.told == []


def test_a_run_is_not_begun_anew_by_what_it_tells_when_it_goes_on(shown: Shown) -> None:
    path = shown.finished(6)
    shown.watched.session.go_on(path, 8)
    shown.watched.until(lambda: shown.steps[-1:] == [8])
    assert not [each for each in shown.told if isinstance(each, Restarted)]


def test_the_vectors_of_an_opened_run_come_after_its_history(shown: Shown) -> None:
    path = shown.finished()
    shutil.copytree(path, copy := path.parent / "copy")
    (copy / VECTORS).write_text(
        '{"step":3,"values":{"kl/latents":[1.5,null]},"labels":{"kl/latents":["a","b"]}}\n'
    )
    arrived: list[Any] = []
    shown.run.historyArrived.connect(arrived.append)
    shown.run.vectorsArrived.connect(arrived.append)
    shown.run.open(copy)
    shown.watched.until(lambda: len(arrived) >= 2)
    history, vectors = arrived
    assert isinstance(history, History)
    assert [(each.step, each.labels) for each in vectors] == [(3, {"kl/latents": ("a", "b")})]


def test_vectors_that_cannot_be_read_hide_nothing_else(shown: Shown) -> None:
    path = shown.finished()
    shutil.copytree(path, copy := path.parent / "copy")
    (copy / VECTORS).unlink(missing_ok=True)
    (copy / VECTORS).mkdir()
    arrived: list[list[Event]] = []
    shown.run.vectorsArrived.connect(arrived.append)
    shown.run.open(copy)
    shown.watched.until(lambda: bool(arrived))
    assert arrived == [[]]
    assert shown.run.history is not None
    assert shown.failures == []
