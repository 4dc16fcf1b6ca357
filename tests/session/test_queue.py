"""The queue's runner with a real session: what it starts, when it holds, and what it survives."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ganstudio import launch, preparing, queueing
from ganstudio.api import LoadedData
from ganstudio.experiment import Choice, Experiment
from ganstudio.queueing import Queue
from ganstudio.resolve import Resolved
from ganstudio.runs.folder import RunFolder
from ganstudio.session.queue import QueueRunner
from tests import experiments
from tests.session.conftest import Watched

ENDLESS = 10_000_000


class Worked:
    """A runner on a watched session, and everything it says."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.session = watched.session
        self.runner = QueueRunner(watched.session)
        self.queue = self.runner.queue
        self.said: list[str] = []
        self.failures: list[tuple[str, str]] = []
        self.progress: list[tuple[int, int]] = []
        self.runner.said.connect(self.said.append)
        self.runner.failed.connect(lambda what, why: self.failures.append((what, why)))
        self.runner.progressed.connect(lambda step, total: self.progress.append((step, total)))

    def add(self, experiment: Experiment) -> str:
        entry = queueing.training(experiment, "cpu")
        self.runner.add(entry)
        return entry.key

    def states(self) -> list[str]:
        return [entry.state for entry in self.queue.entries()]

    def once_running(self, act: Callable[[], object]) -> None:
        """Do something at the moment the session says that it trains, however soon it is over."""

        def take(state: str) -> None:
            if state == "running":
                self.session.stateChanged.disconnect(take)
                act()

        self.session.stateChanged.connect(take)

    def until_states(self, *states: str) -> None:
        self.watched.until(lambda: self.states() == list(states))


@pytest.fixture
def worked(watched: Watched) -> Iterator[Worked]:
    made = Worked(watched)
    yield made
    made.session.shutdown(60_000)
    made.runner.shutdown()


def broken() -> Experiment:
    return Experiment(Choice("Ring"), Choice("NoSuchGAN"), name="broken")


def test_trains_one_after_another_and_ends(worked: Worked) -> None:
    worked.add(experiments.ring(4).renamed("first"))
    worked.add(experiments.ring(5).renamed("second"))
    assert worked.states() == ["waiting", "waiting"]
    worked.runner.start()
    worked.until_states("done", "done")
    worked.watched.until(lambda: not worked.runner.working)
    runs = [entry.run for entry in worked.queue.entries()]
    assert [RunFolder.open(run).experiment.name for run in runs if run] == ["first", "second"]
    assert worked.progress[-1] == (5, 5)
    assert not worked.queue.worked
    assert worked.said[-1] == "Nothing waits in the queue any more."
    assert worked.failures == []


@pytest.mark.allow_log_warnings
def test_goes_on_after_a_refusal_and_after_a_failure(worked: Worked, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [worked.add(experiment) for experiment in (broken(), experiments.ring(4), experiments.ring(3))]
    append = RunFolder.append_metrics

    def fail_once(run: RunFolder, record: dict[str, object]) -> None:
        if record["step"] == 4:
            raise ValueError("torn apart")
        append(run, record)

    monkeypatch.setattr(RunFolder, "append_metrics", fail_once)
    worked.runner.start()
    worked.until_states("refused", "failed", "done")
    refused, failed, _done = worked.queue.entries()
    assert "NoSuchGAN" in refused.sentence
    assert refused.run is None
    assert "torn apart" in failed.sentence
    assert failed.run is not None
    worked.watched.until(lambda: not worked.runner.working)
    monkeypatch.undo()
    worked.runner.try_again(keys[1])
    assert worked.states() == ["refused", "waiting", "done"]
    worked.runner.start()
    worked.until_states("refused", "done", "done")


def test_a_stop_of_the_user_holds_it(worked: Worked) -> None:
    worked.add(experiments.ring(ENDLESS, report_every=100))
    worked.add(experiments.ring(3))
    worked.runner.start()
    worked.watched.until_state("running")
    worked.watched.until(lambda: worked.queue.entries()[0].run is not None)
    worked.session.stop()
    worked.until_states("stopped", "waiting")
    worked.watched.until(lambda: not worked.runner.working)
    worked.watched.until_free()
    assert worked.states() == ["stopped", "waiting"]
    assert "the queue is held" in worked.said[-1]
    assert not worked.queue.worked
    worked.runner.start()
    worked.until_states("stopped", "done")


def test_a_stop_before_the_first_step_keeps_the_entry_where_it_is(
    worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    load = preparing.load

    def load_once_asked(resolved: Resolved, progress: preparing.Progress) -> LoadedData:
        assert asked.wait(60)
        return load(resolved, progress)

    monkeypatch.setattr(launch, "load", load_once_asked)
    worked.add(experiments.ring(3))
    worked.runner.start()
    worked.session.stop()
    asked.set()
    worked.watched.until(lambda: not worked.runner.working)
    assert worked.states() == ["waiting"]
    assert not worked.queue.worked


def test_waits_for_a_run_of_the_users_own(worked: Worked) -> None:
    worked.watched.train(experiments.ring(ENDLESS, report_every=100))
    worked.watched.until_state("running")
    worked.add(experiments.ring(3))
    worked.runner.start()
    assert worked.runner.waits_for_user
    worked.watched.qtbot.wait(50)
    assert worked.states() == ["waiting"]
    worked.session.stop()
    worked.until_states("done")


def test_a_hold_lets_what_trains_come_to_its_end(worked: Worked) -> None:
    worked.add(experiments.ring(30))
    worked.add(experiments.ring(3))
    worked_on: list[bool] = []

    def hold() -> None:
        worked.runner.hold()
        worked_on.append(worked.queue.worked)

    worked.once_running(hold)
    worked.runner.start()
    worked.until_states("done", "waiting")
    assert worked_on == [True]
    worked.watched.until_free()
    worked.watched.qtbot.wait(50)
    assert worked.states() == ["done", "waiting"]
    assert not worked.queue.worked


def test_takes_up_what_is_added_while_it_trains(worked: Worked) -> None:
    worked.add(experiments.ring(50))
    worked.once_running(lambda: Queue().add(queueing.training(experiments.ring(3), "cpu")))
    worked.runner.start()
    worked.until_states("done", "done")


def test_is_not_started_while_another_process_works_it(worked: Worked) -> None:
    worked.add(experiments.ring(3))
    other = Queue()
    assert other.begin_work()
    worked.runner.start()
    assert (worked.runner.working, worked.runner.elsewhere) == (False, True)
    assert "Another window" in worked.failures[0][1]
    other.end_work()
    worked.runner.start()
    worked.until_states("done")


def test_closing_marks_what_trains_and_it_goes_on_in_the_next_window(worked: Worked) -> None:
    worked.add(experiments.ring(ENDLESS, report_every=100, keep_checkpoints=1))
    worked.runner.start()
    worked.watched.until_state("running")
    worked.watched.until(lambda: worked.queue.entries()[0].run is not None)
    assert worked.session.shutdown(60_000)
    worked.runner.shutdown()
    (entry,) = Queue().entries()
    assert (entry.state, entry.resumable) == ("interrupted", True)
    assert "window was closed" in entry.sentence
    assert not Queue().worked


def test_goes_on_with_a_run(worked: Worked, tmp_path: Path) -> None:
    worked.watched.train(experiments.ring(4))
    worked.watched.until_state("finished")
    worked.watched.until_free()
    run = worked.session.run_path
    assert run is not None
    worked.runner.add(queueing.resuming(run, 9))
    worked.runner.start()
    worked.until_states("done")
    assert RunFolder.open(run).experiment.training["steps"] == 9
    assert worked.queue.entries()[0].run == run


def test_branches_from_a_run(worked: Worked) -> None:
    worked.watched.train(experiments.ring(4))
    worked.watched.until_state("finished")
    worked.watched.until_free()
    run = worked.session.run_path
    assert run is not None
    complete = RunFolder.open(run).experiment.with_value("training.steps", 8).renamed("branch")
    worked.runner.add(queueing.branching(run, None, complete))
    worked.runner.start()
    worked.until_states("done")
    branch = worked.queue.entries()[0].run
    assert branch is not None
    assert branch != run
    assert RunFolder.open(branch).experiment.name == "branch"


def test_follows_what_others_do_while_it_is_watched(worked: Worked) -> None:
    worked.runner.watch(True)
    assert worked.runner.entries == []
    Queue().add(queueing.training(experiments.ring(3)))
    worked.watched.until(lambda: len(worked.runner.entries) == 1)
    worked.runner.watch(False)


def test_a_damaged_file_is_named_and_starts_nothing(worked: Worked) -> None:
    worked.queue.folder.mkdir(parents=True)
    (worked.queue.folder / "queue.json").write_text("{")
    worked.runner.refresh()
    assert "damaged" in worked.runner.trouble
    worked.runner.start()
    assert not worked.runner.working
    assert "damaged" in worked.failures[0][1]
    assert not worked.queue.worked
