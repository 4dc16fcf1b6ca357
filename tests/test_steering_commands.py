"""Steering and branching from another terminal: real trainings in processes of their own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ganstudio.commands import steering
from ganstudio.experiment import Experiment
from ganstudio.runs import control
from ganstudio.runs.folder import RunFolder
from tests import experiments
from tests.commands import ganstudio, start

pytestmark = pytest.mark.allow_log_warnings

PATIENCE = 60.0


def until(condition: Callable[[], Any], what: str) -> Any:
    ends = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < ends, what
        time.sleep(0.02)
    return found


def events(run: Path, kind: str) -> list[dict[str, Any]]:
    return [record for record in RunFolder(run).events() if record["event"] == kind]


class Training:
    """A training by the command line, in a process of its own."""

    def __init__(self, place: Path, experiment: Experiment) -> None:
        file = place / "experiment.toml"
        file.write_text(experiment.to_toml(), encoding="utf-8")
        self.run = place / "run"
        self.process = start("train", file, "--run-dir", self.run, "--device", "cpu")
        until(lambda: events(self.run, "Started"), "it did not start")

    def end(self, how: str = "kill") -> None:
        getattr(self.process, how)()
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Training]:
    """Steered by one test after another: a start of torch for each would take long. The last one ends it."""
    place = tmp_path_factory.mktemp("steered")
    made = Training(place, experiments.ring(steps=10_000_000, report_every=10, preview_every=100_000))
    yield made
    made.end()


def test_an_assignment_without_a_value_is_refused_before_anything_is_sent(training: Training) -> None:
    torn = ganstudio("set", training.run, "training.ema_decay=0.5", "training.seed")
    assert torn.exit_code == 2
    assert "write it as path=value" in torn.stderr
    assert events(training.run, "SettingChanged") == []


def test_a_training_that_does_not_answer_is_said(training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steering, "_SECONDS", 0.3)
    monkeypatch.setattr(control, "send", lambda run, command: None)
    silent = ganstudio("pause", training.run)
    assert silent.exit_code == 1
    assert "run has not answered within " in silent.stderr


def test_a_run_that_is_trained_is_gone_on_with_by_nobody_else_and_may_be_branched(training: Training) -> None:
    assert ganstudio("checkpoint", training.run).exit_code == 0
    refused = ganstudio("resume", training.run)
    assert refused.exit_code == 2
    assert "Another process is writing" in refused.stderr
    assert events(training.run, "Restarted") == []
    step = RunFolder(training.run).latest_checkpoint()[0].step
    branched = ganstudio("branch", f"{training.run}@{step}", "--steps", str(step + 10), "--device", "cpu")
    assert branched.exit_code == 0, branched.stderr


def test_a_training_is_steered_from_another_terminal(training: Training) -> None:
    run = training.run
    changed = ganstudio("set", run, "training.ema_decay=0.5", "optimizers.generator.learning_rate=0.002")
    assert changed.exit_code == 0, changed.stderr
    made = events(run, "SettingChanged")
    assert [(each["path"], each["value"]) for each in made] == [
        ("training.ema_decay", 0.5),
        ("optimizers.generator.learning_rate", 0.002),
    ]
    assert changed.stdout.splitlines()[0] == (
        f"training.ema_decay is 0.5 from the step after {made[0]['step']} on; it was 0.999."
    )

    refused = ganstudio("set", run, "training.ema_decay=0.25", "training.seed=3", "architecture.width=many")
    assert refused.exit_code == 2
    assert "training.ema_decay is 0.25" in refused.stdout
    assert "training.seed: this setting cannot change while training." in refused.stderr
    assert "architecture.width: this setting cannot change while training." in refused.stderr
    assert "ema_decay: 7 is not a number from 0 to" in ganstudio("set", run, "training.ema_decay=7").stderr

    assert ganstudio("pause", run).stdout.startswith("Paused after step ")
    assert ganstudio("pause", run).stdout == "run is paused already.\n"
    step = events(run, "Paused")[0]["step"]
    kept = ganstudio("checkpoint", run)
    assert kept.stdout == f"The state of step {step} is kept in checkpoints/{step:09d}.\n"
    assert RunFolder(run).latest_checkpoint()[0].step == step
    assert ganstudio("continue", run).stdout == f"Going on from step {step}.\n"
    assert ganstudio("continue", run).stdout == "run is not paused.\n"

    stopped = ganstudio("stop", run)
    assert stopped.exit_code == 0
    assert stopped.stdout.startswith("Ended at step ")
    assert training.process.wait(timeout=PATIENCE) == 0
    assert RunFolder(run).state == "stopped"
    after = ganstudio("set", run, "training.ema_decay=0.5")
    assert after.exit_code == 2
    assert (
        "run is not being trained now (stopped), so nothing can be changed in it. "
        f"Go on with it by `ganstudio resume {run}`." in after.stderr
    )
    assert not list((run / "control").iterdir())


@pytest.mark.parametrize("command", ["pause", "continue", "stop", "checkpoint", "set"])
def test_what_is_no_run_is_said(command: str, tmp_path: Path) -> None:
    more = ["training.ema_decay=0.5"] if command == "set" else []
    result = ganstudio(command, tmp_path / "none", *more)
    assert result.exit_code == 2
    assert "There is no folder" in result.stderr


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("parent")
    file = place / "experiment.toml"
    file.write_text(experiments.ring(steps=20, keep_every=10).to_toml(), encoding="utf-8")
    assert ganstudio("train", file, "--run-dir", place / "parent @ home").exit_code == 0
    return place / "parent @ home"


class TestBranch:
    def test_trains_a_new_run_with_other_settings(self, parent: Path) -> None:
        place = parent.with_name("child")
        result = ganstudio(
            *("branch", f"{parent}@10", "--run-dir", place, "--steps", "30"),
            *("--set", "optimizers.generator.learning_rate=0.01", "--device", "cpu"),
        )
        assert result.exit_code == 0, result.stderr
        assert "Going on from step 10." in result.stderr
        run = RunFolder(place)
        assert run.state == "finished"
        assert run.experiment.optimizers["generator"]["learning_rate"] == 0.01
        assert run.provenance["parent"] == {"run": parent.name, "path": parent.name, "step": 10}

    def test_begins_at_the_newest_checkpoint_where_no_step_is_said(self, parent: Path) -> None:
        result = ganstudio("branch", parent, "--steps", "30")
        assert "Going on from step 20." in result.stderr

    @pytest.mark.parametrize(
        ("step", "options", "said"),
        [
            ("@11", [], "parent @ home has no checkpoint of step 11; there are those of steps 10, 20."),
            (
                "@10",
                ["--set", "architecture.width=12"],
                "--set architecture.width=12: architecture.width: the weights",
            ),
            ("@10", ["--set", "nonsense.width=12"], "nonsense"),
            ("@20", [], "training.steps: 20 steps are made where this branch begins; ask for more"),
            ("@10", ["--steps", "5"], "--steps 5: training.steps: 10 steps are made"),
            ("@10", ["--device", "quantum"], "There is no device 'quantum'"),
            ("@ten", [], "There is no folder"),
        ],
        ids=["no such step", "does not fit", "no setting", "no steps left", "fewer", "device", "no number"],
    )
    def test_refuses_with_a_sentence_and_status_2(
        self, parent: Path, step: str, options: list[str], said: str, studio_home: Path
    ) -> None:
        result = ganstudio("branch", f"{parent}{step}", *options)
        assert result.exit_code == 2
        assert said in result.stderr
        assert not list(studio_home.glob("runs/*"))


def test_the_commands_are_found_by_their_names() -> None:
    listed = ganstudio("--help").stdout
    for name in ("branch", "checkpoint", "continue", "pause", "replay", "set", "stop"):
        assert f"\n  {name} " in listed, name
