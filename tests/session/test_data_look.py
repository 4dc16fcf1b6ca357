"""Looking at data beside a session, on a real thread."""

import os
import sys

import pytest

from ganstudio.api.events import StepRecord
from ganstudio.data_report import DataReport
from ganstudio.experiment import Choice, Experiment
from tests import experiments
from tests.installing import InstallPlugin
from tests.session.conftest import Watched

SLOW = """
import time
from ganstudio.api import DataSource, PointSpec, hookimpl

class Slow(DataSource):
    "It only ends when it is cancelled."
    gives = PointSpec
    def load(self, report):
        while True:
            report("Waiting", 0.5)
            time.sleep(0.01)

class Wrong(DataSource):
    "It raises."
    gives = PointSpec
    def load(self, report):
        raise ZeroDivisionError("no points to divide")

@hookimpl
def ganstudio_data_sources():
    return [Slow, Wrong]
"""


class Looks:
    """What came out of a look, in order."""

    def __init__(self, watched: Watched) -> None:
        self.look = watched.session.data_look
        self.found: list[tuple[DataReport, tuple[str, ...]]] = []
        self.failed: list[str] = []
        self.progress: list[tuple[str, float | None]] = []
        self.look.found.connect(lambda report, objections: self.found.append((report, objections)))
        self.look.failed.connect(self.failed.append)
        self.look.progressed.connect(lambda what, share: self.progress.append((what, share)))


@pytest.fixture
def looks(watched: Watched) -> Looks:
    return Looks(watched)


def slow() -> Experiment:
    return Experiment(Choice("Slow"), Choice("PointGAN"))


def test_it_finds_what_is_there_on_a_thread_of_its_own(watched: Watched, looks: Looks) -> None:
    watched.session.data_look.look(experiments.ring())
    assert looks.look.busy
    watched.until(lambda: looks.found)
    report, objections = looks.found[0]
    assert (report.count, objections) == (1000, ())
    assert not looks.look.busy
    assert looks.look._thread is not watched.session._thread


def test_it_says_why_the_architecture_does_not_take_the_data(watched: Watched, looks: Looks) -> None:
    looks.look.look(Experiment(Choice("Digits"), Choice("PointGAN")))
    watched.until(lambda: looks.found)
    report, objections = looks.found[0]
    assert "is trained on points" in objections[0]
    looks.look.check(experiments.digits(), report)
    watched.until(lambda: len(looks.found) == 2)
    assert looks.found[1] == (report, ())


def test_data_that_cannot_be_had_is_a_sentence(watched: Watched, looks: Looks) -> None:
    looks.look.look(Experiment(Choice("ImageFolder", {"folder": "/not/there"}), Choice("ConvGAN")))
    watched.until(lambda: looks.failed)
    assert "does not exist" in looks.failed[0]
    assert not looks.look.busy


def test_before_the_plugins_are_there_nothing_is_done(unloaded: Watched) -> None:
    look = unloaded.session.data_look
    look.look(experiments.ring())
    assert not look.busy
    assert not look._thread.isRunning()


class TestWithAPlugin:
    @pytest.fixture
    def looks(self, install_plugin: InstallPlugin, unloaded: Watched) -> Looks:
        install_plugin("slow_look", SLOW)
        unloaded.load()
        self.watched = unloaded
        return Looks(unloaded)

    def test_a_look_can_be_given_up(self, looks: Looks) -> None:
        looks.look.look(slow())
        self.watched.until(lambda: ("Waiting", 0.5) in looks.progress)
        looks.look.cancel()
        assert not looks.look.busy
        looks.look.look(experiments.ring())
        self.watched.until(lambda: looks.found)
        assert [report.count for report, _ in looks.found] == [1000]

    def test_only_the_last_wish_is_answered(self, looks: Looks) -> None:
        looks.look.look(slow())
        looks.look.look(experiments.ring())
        self.watched.until(lambda: looks.found)
        assert looks.failed == []

    @pytest.mark.usefixtures("allow_log_warnings")
    def test_a_plugin_that_raises_is_a_sentence(self, looks: Looks) -> None:
        looks.look.look(Experiment(Choice("Wrong"), Choice("PointGAN")))
        self.watched.until(lambda: looks.failed)
        assert "ZeroDivisionError: no points to divide" in looks.failed[0]

    def test_closing_gives_up_a_look(self, looks: Looks) -> None:
        looks.look.look(slow())
        self.watched.until(lambda: looks.progress)
        assert self.watched.session.shutdown()
        assert not looks.look._thread.isRunning()


@pytest.mark.skipif(sys.platform != "linux", reason="only there one thread alone can step back")
def test_the_thread_that_looks_steps_back_and_no_other_does(watched: Watched, looks: Looks) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    threads = set(os.listdir("/proc/self/task"))
    looks.look.look(experiments.ring())
    watched.until(lambda: looks.found)
    new = set(os.listdir("/proc/self/task")) - threads
    assert 15 in {os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in new}
    assert {os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in threads} == {before}


def test_a_run_goes_on_while_data_is_looked_at(watched: Watched, looks: Looks) -> None:
    watched.train(experiments.ring(steps=10_000_000, report_every=10))
    watched.until_state("running")
    looks.look.look(experiments.digits())
    watched.until(lambda: looks.found)
    seen = len(watched.only(StepRecord))
    watched.until(lambda: len(watched.only(StepRecord)) > seen)
    assert watched.session.state == "running"
    watched.session.stop()
    watched.until_free()
