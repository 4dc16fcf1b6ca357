from pathlib import Path
from typing import Any

import pytest

from ganstudio import places
from ganstudio.api.events import (
    CheckpointReady,
    CheckpointSaved,
    Finished,
    Paused,
    Preparing,
    PreviewReady,
    Resumed,
    ScoreRecord,
    SettingChanged,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.catalogue import Catalogue, find
from ganstudio.runs.folder import RunFolder
from ganstudio.session.session import Session
from tests import commands, experiments
from tests.installing import InstallPlugin
from tests.session.conftest import PATIENCE_MS, Watched

ENDLESS = 10_000_000

SLOW_DATA = """
import time
from ganstudio.api import DataSource, PointSpec, hookimpl

class Slow(DataSource):
    "It only ends when it is stopped."
    gives = PointSpec
    def load(self, report):
        while True:
            report("Waiting", None)
            time.sleep(0.01)

@hookimpl
def ganstudio_data_sources():
    return [Slow]
"""


class TestLoading:
    def test_brings_catalogue_and_devices(self, unloaded: Watched) -> None:
        session = unloaded.session
        assert (session.ready, session.devices, session.catalogue) == (False, [], Catalogue())
        with unloaded.qtbot.waitSignals(
            [session.catalogueChanged, session.devicesChanged], timeout=PATIENCE_MS
        ):
            session.load()
        unloaded.until(lambda: session.ready)
        assert unloaded.loading == ["Loading torch and the plugins…", ""]
        assert find(session.catalogue.architectures, "PointGAN")
        assert session.devices[-1].key == "cpu"
        assert session.devices[-1].memory > 0
        assert session.devices[-1].describe().startswith("cpu — ")
        assert session.state == "idle"

    def test_remembers_the_catalogue_for_the_next_start(self, watched: Watched) -> None:
        kept = Catalogue.from_json(places.catalogue().read_text(encoding="utf-8"))
        assert kept == watched.session.catalogue
        again = Session()
        assert again.catalogue == kept
        assert not again.ready

    @pytest.mark.parametrize(
        "text",
        ["", "{", '{"format": 1}', '{"format": 99}', "[1]"],
        ids=["empty", "torn", "half", "newer", "list"],
    )
    def test_ignores_a_corrupt_catalogue(self, text: str, qapp: object) -> None:
        places.catalogue().parent.mkdir(parents=True)
        places.catalogue().write_text(text)
        assert Session().catalogue == Catalogue()

    def test_goes_on_where_the_catalogue_cannot_be_kept(self, unloaded: Watched) -> None:
        places.home().joinpath("cache").write_text("in the way")
        unloaded.load()
        assert unloaded.session.catalogue.architectures

    def test_lists_a_plugin_that_failed(self, unloaded: Watched, install_plugin: InstallPlugin) -> None:
        install_plugin("broken", "1 / 0")
        unloaded.load()
        (failed,) = [plugin for plugin in unloaded.session.catalogue.plugins if plugin.failed]
        assert failed.failed.startswith("It raised ZeroDivisionError: division by zero, ")
        assert failed.failed.endswith("broken.py line 1.")

    def test_is_waited_for_before_anything_is_trained(self, unloaded: Watched) -> None:
        unloaded.train(experiments.ring())
        assert unloaded.session.state == "idle"


class TestTraining:
    def test_goes_from_idle_to_finished_with_events_in_order(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=20, preview_every=10))
        assert watched.session.state == "preparing"
        watched.until_state("finished")
        assert watched.states == ["preparing", "running", "finished"]
        kinds = [type(event) for event in watched.events]
        assert kinds[0] is Preparing
        assert kinds[-1] is Finished
        assert kinds.index(Started) < kinds.index(StepRecord)
        assert {PreviewReady, ScoreRecord, CheckpointSaved} <= set(kinds)
        assert CheckpointReady not in kinds
        assert [record.step for record in watched.only(StepRecord)] == list(range(1, 21))
        assert [p.step for p in watched.only(PreviewReady) if p.source == "real"] == [1]
        steps = [event.step for event in watched.events]
        assert steps == sorted(steps)

    def test_tells_what_runs_and_where(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=3))
        watched.until_state("finished")
        session = watched.session
        assert session.experiment.architecture.settings["n_critic"] == 1
        assert session.experiment.training["steps"] == 3
        assert session.run_path.parent == places.runs()
        run = RunFolder.open(session.run_path)
        assert run.state == "finished"
        assert run.experiment == session.experiment

    def test_can_be_done_again_and_again(self, watched: Watched) -> None:
        paths = set()
        for _ in range(3):
            watched.train(experiments.ring(steps=2))
            # At once when the end is seen, though the worker's thread may not be free yet.
            watched.until_state("finished")
            paths.add(watched.session.run_path)
        assert watched.states == ["preparing", "running", "finished"] * 3
        assert len(paths) == 3

    def test_is_one_at_a_time(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=ENDLESS))
        watched.until_state("running")
        watched.train(experiments.ring(steps=1))
        assert watched.session.state == "running"
        watched.session.stop()
        watched.until_state("finished")
        assert watched.only(Finished)[0].reason == "stopped"
        assert len(watched.only(Started)) == 1

    def test_shows_live_previews_that_the_run_does_not_keep(self, watched: Watched) -> None:
        watched.train(experiments.ring(steps=ENDLESS, preview_every=1_000_000, report_every=100))
        watched.until(lambda: len(watched.only(PreviewReady)) >= 4)
        watched.session.stop()
        watched.until_state("finished")
        live = [p for p in watched.only(PreviewReady) if p.source == "fixed" and not p.kept]
        assert len(live) >= 2
        assert len(RunFolder.open(watched.session.run_path).samples()) == 1

    def test_is_refused_with_every_problem(self, watched: Watched) -> None:
        wrong = experiments.ring(steps=0).with_value("architecture.widht", 3)
        watched.train(wrong)
        watched.until(lambda: watched.problems)
        assert [problem.path for problem in watched.problems[0]] == ["architecture.widht", "training.steps"]
        watched.until_free()
        assert watched.states == ["preparing", "idle"]
        assert watched.session.run_path is None
        assert not places.runs().exists()

    @pytest.mark.allow_log_warnings
    def test_is_refused_where_the_device_is_not_there(self, watched: Watched) -> None:
        watched.session.train(experiments.ring(), "quantum")
        watched.until(lambda: watched.problems)
        (problem,) = watched.problems[0]
        assert "There is no device 'quantum'" in problem.sentence
        watched.until_free()
        assert watched.states == ["preparing", "idle"]

    def test_may_be_corrected_the_moment_it_is_refused(self, watched: Watched) -> None:
        session = watched.session
        session.problemsFound.connect(lambda problems: watched.train(experiments.ring(steps=2)))
        watched.train(experiments.ring(steps=0))
        watched.until_state("finished")
        assert watched.states == ["preparing", "idle", "preparing", "running", "finished"]


class TestSteering:
    def running(self, watched: Watched, **training: Any) -> Session:
        watched.train(experiments.ring(**{"steps": ENDLESS, "report_every": 50, **training}))
        watched.until_state("running")
        return watched.session

    def test_pause_and_resume(self, watched: Watched) -> None:
        session = self.running(watched)
        session.pause()
        watched.until_state("paused")
        before = watched.only(Paused)[0].step
        session.resume()
        watched.until_state("running")
        assert watched.only(Resumed)[0].step == before
        watched.until(lambda: watched.events[-1].step > before)
        session.stop()
        watched.until_state("finished")
        expected = ["preparing", "running", "paused", "running", "stopping", "finished"]
        assert watched.states == expected

    def test_one_step_at_a_time(self, watched: Watched) -> None:
        session = self.running(watched)
        session.pause()
        watched.until_state("paused")
        paused = watched.only(Paused)[0].step
        for number in (1, 2):
            session.step_once()
            due = paused + number
            watched.until(lambda due=due: due in [record.step for record in watched.only(StepRecord)])
        assert session.state == "paused"
        session.stop()
        watched.until_state("finished")
        assert watched.only(Finished)[0].step == paused + 2

    def test_an_edit_comes_back_as_what_holds(self, watched: Watched) -> None:
        session = self.running(watched)
        session.edit("optimizers.generator.learning_rate", 5e-4)
        watched.until(lambda: watched.only(SettingChanged))
        changed = watched.only(SettingChanged)[0]
        assert (changed.path, changed.value, changed.before) == (
            *("optimizers.generator.learning_rate", 5e-4, 1e-3),
        )
        session.edit("optimizers.generator.learning_rate", 5.0)
        watched.until(lambda: watched.only(SettingRefused))
        assert "is not a number from 1e-07 to 1" in watched.only(SettingRefused)[0].reason
        session.stop()
        watched.until_state("finished")
        kept = [r["event"] for r in RunFolder.open(session.run_path).events()]
        assert {"SettingChanged", "SettingRefused"} <= set(kept)

    def test_a_preview_can_be_asked_for(self, watched: Watched) -> None:
        session = self.running(watched)
        session.pause()
        watched.until_state("paused")
        before = len(watched.only(PreviewReady))
        session.request_preview()
        watched.until(lambda: len(watched.only(PreviewReady)) > before)
        session.stop()
        watched.until_state("finished")

    def test_scores_can_be_asked_for(self, watched: Watched) -> None:
        session = self.running(watched)
        session.pause()
        watched.until_state("paused")
        before = len(watched.only(ScoreRecord)) + len(watched.only(Warned))
        session.score_now()
        watched.until(lambda: len(watched.only(ScoreRecord)) + len(watched.only(Warned)) > before)
        session.stop()
        watched.until_state("finished")

    def test_stop_keeps_a_checkpoint(self, watched: Watched) -> None:
        session = self.running(watched)
        session.stop()
        assert session.state == "stopping"
        watched.until_state("finished")
        finished = watched.only(Finished)[0]
        assert finished.reason == "stopped"
        assert watched.only(CheckpointSaved)[0].step == finished.step
        run = RunFolder.open(session.run_path)
        assert run.latest_checkpoint()[0].step == finished.step
        assert run.state == "stopped"

    def test_stop_without_saving_keeps_none(self, watched: Watched) -> None:
        session = self.running(watched)
        session.stop(save=False)
        watched.until_state("finished")
        assert watched.only(Finished)[0].reason == "aborted"
        assert RunFolder.open(session.run_path).checkpoints() == []

    def test_stop_while_preparing_leaves_nothing(
        self, unloaded: Watched, install_plugin: InstallPlugin
    ) -> None:
        install_plugin("slow_data", SLOW_DATA)
        unloaded.load()
        unloaded.train(experiments.ring().with_value("data.kind", "Slow"))
        # What is made ready is shown meanwhile.
        unloaded.until(lambda: "Waiting" in [event.what for event in unloaded.only(Preparing)])
        unloaded.session.stop()
        assert unloaded.session.state == "stopping"
        unloaded.until_state("idle")
        assert unloaded.states == ["preparing", "stopping", "idle"]
        assert not places.runs().exists()
        unloaded.train(experiments.ring(steps=1))
        unloaded.until_state("finished")

    def test_what_makes_no_sense_does_nothing(self, watched: Watched) -> None:
        session = watched.session
        for ask in (session.pause, session.resume, session.step_once, session.stop, session.request_preview):
            ask()
        session.edit("training.ema_decay", 0.5)
        assert session.state == "idle"
        self.running(watched)
        session.resume()
        session.step_once()
        assert session.state == "running"
        session.stop()
        session.stop()
        session.pause()
        watched.until_state("finished")
        assert watched.only(Paused) == []


def test_the_window_and_the_command_line_end_with_the_same_weights(watched: Watched, tmp_path: Path) -> None:
    """The same seed and experiment: bit for bit, though one is steered and looked at all the while."""
    experiment = experiments.digits(steps=150, seed=11, preview_every=40)
    file = tmp_path / "same.toml"
    file.write_text(experiment.to_toml())
    process = commands.start("train", file, "--device", "cpu", "--run-dir", tmp_path / "run")
    watched.train(experiment)
    watched.until_state("running")
    watched.session.pause()
    watched.until_state("paused", "finished")
    watched.session.request_preview()
    watched.session.resume()
    watched.until_state("finished")
    _stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    ours = watched.session.run_path / "checkpoints" / "000000150"
    theirs = tmp_path / "run" / "checkpoints" / "000000150"
    for name in ("weights.safetensors", "averages.safetensors"):
        assert ours.joinpath(name).read_bytes() == theirs.joinpath(name).read_bytes()
