"""How a session ends badly, and how it is shut down."""

import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Failed, Finished
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.session.session import Session
from ganstudio.training import keeping
from ganstudio.training.trainer import Trainer
from tests import experiments
from tests.faults.disks import refuse
from tests.installing import InstallPlugin
from tests.session.conftest import PATIENCE_MS, Watched

ENDLESS = 10_000_000


@pytest.mark.allow_log_warnings
class TestFailing:
    SOURCE = """
    from torch import nn
    from ganstudio.api import GAN, PointSpec, hookimpl

    class Broken(GAN):
        "Broken."
        accepts = (PointSpec,)
        def build_generator(self, data):
            return nn.Linear(100, 2)
        def build_discriminator(self, data):
            return nn.Linear(2, 1)
        def training_step(self, batches):
            if self.step == 2:
                raise ValueError("my own fault")
            yield from super().training_step(batches)

    @hookimpl
    def ganstudio_architectures():
        return [Broken]
    """

    def test_of_a_plugin_is_told_and_the_next_training_works(
        self, unloaded: Watched, install_plugin: InstallPlugin
    ) -> None:
        installed = install_plugin("broken_gan", self.SOURCE)
        unloaded.load()
        broken = experiments.ring().with_value("architecture.kind", "Broken")
        unloaded.train(broken)
        unloaded.until_state("failed")
        (failed,) = unloaded.only(Failed)
        line = installed.line("my own fault")
        assert failed.message == (
            f"{installed.module} line {line}, in training_step: ValueError: my own fault"
        )
        assert "Traceback" in failed.details
        assert RunFolder.open(unloaded.session.run_path).state == "failed"
        unloaded.train(experiments.ring(steps=2))
        unloaded.until_state("finished")
        assert unloaded.states == ["preparing", "running", "failed", "preparing", "running", "finished"]

    def test_of_everything_that_loads_is_told(
        self, unloaded: Watched, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Registry, "load", lambda: 1 / 0)
        unloaded.session.load()
        unloaded.until_state("failed")
        assert unloaded.only(Failed)[0].message.startswith("The plugins could not be loaded. ")
        assert unloaded.loading[-1] == ""
        assert not unloaded.session.ready


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the file names of /proc")
class TestFullDisk:
    def test_holds_the_run_and_says_why_until_there_is_room(
        self, watched: Watched, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        disk = refuse(monkeypatch, "*/metrics.jsonl", after=5)
        watched.train(experiments.ring(steps=60))
        watched.until(lambda: watched.session.held)
        assert "is full, so training holds" in watched.session.held
        assert watched.session.state == "running"
        disk.relent()
        watched.until_state("finished")
        assert watched.session.held == ""
        assert watched.only(Finished)[0].reason == "done"

    def test_leaves_stop_as_it_is(self, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        refuse(monkeypatch, "*/metrics.jsonl", after=5)
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until(lambda: watched.session.held)
        watched.session.stop()
        watched.until_state("finished")
        assert watched.session.held == ""

    def test_does_not_keep_the_window_open(self, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        refuse(monkeypatch, "*/metrics.jsonl", after=5)
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until(lambda: watched.session.held)
        assert watched.session.shutdown(PATIENCE_MS) is True


class TestShutdown:
    def test_while_training_stops_and_saves(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until_state("running")
        path = watched.session.run_path
        assert watched.session.shutdown(PATIENCE_MS) is True
        assert isinstance(watched.events[-1], Finished)
        run = RunFolder.open(path)
        assert run.state == "stopped"
        assert len(run.checkpoints()) == 1

    def test_while_paused_stops_and_saves(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until_state("running")
        watched.session.pause()
        watched.until_state("paused")
        assert watched.session.shutdown(PATIENCE_MS) is True
        assert RunFolder.open(watched.session.run_path).state == "stopped"

    def test_while_loading_waits_for_it(self, unloaded: Watched) -> None:
        unloaded.session.load()
        assert unloaded.session.shutdown(PATIENCE_MS) is True

    def test_before_anything_and_twice_does_nothing(self, qtbot: QtBot) -> None:
        session = Session()
        assert session.shutdown() is True
        assert session.shutdown() is True

    def test_gives_up_after_its_time(self, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 1e9)
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until_state("running")
        state = Trainer.state
        monkeypatch.setattr(Trainer, "state", lambda self: (time.sleep(0.5), state(self))[1])
        assert watched.session.shutdown(1) is False
        assert watched.session.shutdown(PATIENCE_MS) is True
        assert isinstance(watched.events[-1], Finished)
