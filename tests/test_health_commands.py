"""What is wrong with a run, and its remedies, by the command line."""

import json
import threading
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from ganstudio import launch
from ganstudio.api import Condition, InputError, Remedy
from ganstudio.api.events import Event, HealthChanged, SettingChanged, StepRecord
from ganstudio.commands import health as commands
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.provenance import parent_of
from ganstudio.runs.recorder import event_record
from ganstudio.training.controls import CheckpointNow, Controls, Stop
from tests import experiments

RATE = "optimizers.generator.learning_rate"
SLOWER = Remedy("Half the rate", {RATE: 5e-4}, "live", "It learns half as fast.")
REGULAR = Remedy("Add R1", {"regularizers.R1.gamma": 2.0, "training.steps": 8}, "branch", "It is bound.")
TOLD = (
    ("Wide", Condition("wide", "watch", 2, "It is wide.", "Space adds up.", remedies=(REGULAR,))),
    ("Over", Condition("slow", "bad", 1, "It was slow.", "Time adds up.")),
    (
        "Far",
        Condition("far", "bad", 5, "It is far.", "Steps add up.", {"steps": 6.0}, None, (SLOWER, REGULAR)),
    ),
)


def call(command: click.Command, *arguments: object) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def tell(path: Path) -> None:
    """Write down what rules found, and that one of it is over."""
    events = [HealthChanged(6, rule, rule, condition) for rule, condition in TOLD]
    with RunFolder.open(path, writing=True) as run:
        for event in [*events, HealthChanged(6, "Over", "Over", None, "slow")]:
            run.append_event(event_record(event))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with checkpoints of steps 3 and 6, in which something was found."""
    path = tmp_path_factory.mktemp("runs") / "one"
    controls = Controls()
    request = launch.Request(experiments.ring(steps=6, health=False), "cpu", path)
    for event in launch.train(launch.prepare(request, Registry.load(), controls, _quiet)):
        if isinstance(event, StepRecord) and event.step == 3:
            controls.post(CheckpointNow())
    tell(path)
    return path


class TestHealth:
    def test_shows_what_holds_the_gravest_first_with_numbered_remedies(self, run: Path) -> None:
        lines = call(commands.health, run).output.splitlines()
        assert lines[0] == "Wrong with one: far, wide."
        assert [line for line in lines if line[:1].isalpha()][1:] == [
            "far (bad, since step 5)",
            "wide (watch, since step 2)",
            "Over:",
        ]
        assert [line.strip() for line in lines if line.strip()[:2] in ("1.", "2.", "3.")] == [
            "1. Half the rate (live). It learns half as fast.",
            "2. Add R1 (branch). It is bound.",
            "3. Add R1 (branch). It is bound.",
        ]
        assert lines[-1] == "  slow, steps 1 to 6: It was slow."

    def test_as_json_has_all_of_it(self, run: Path) -> None:
        table: list[dict[str, Any]] = json.loads(call(commands.health, run, "--json").output)
        assert [(each["condition"]["name"], each["holds"], each["until"]) for each in table] == [
            ("far", True, None),
            ("wide", True, None),
            ("slow", False, 6),
        ]
        remedies = [remedy for each in table for remedy in each["condition"]["remedies"]]
        assert [remedy["number"] for remedy in remedies] == [1, 2, 3]
        assert remedies[0]["changes"] == {RATE: 5e-4}


class TestRemedy:
    def test_prints_the_branch_that_it_would_begin(self, run: Path) -> None:
        said = call(commands.remedy, run, 2, "--print").stdout
        assert said == (f"ganstudio branch {run}@3 --set regularizers.R1.gamma=2.0 --set training.steps=8\n")

    def test_begins_a_branch_from_before_the_trouble(self, run: Path, tmp_path: Path) -> None:
        call(commands.remedy, run, 2, "--run-dir", tmp_path / "branch")
        made = RunFolder.open(tmp_path / "branch")
        parent = parent_of(made.provenance)
        assert parent is not None
        assert parent.step == 3
        assert made.state == "finished"
        assert made.experiment.regularizers["R1"]["gamma"] == 2.0

    def test_without_a_checkpoint_before_the_trouble_it_trains_anew(self, run: Path) -> None:
        assert call(commands.remedy, run, 3, "--print").stdout.startswith(f"ganstudio train {run} --set ")

    def test_a_live_one_of_a_run_that_nobody_trains_is_a_branch(self, run: Path) -> None:
        assert call(commands.remedy, run, "--print").stdout == (
            f"ganstudio branch {run}@3 --set {RATE}=0.0005\n"
        )

    def test_a_number_that_there_is_not_is_refused(self, run: Path) -> None:
        with pytest.raises(InputError, match="has 3 remedies"):
            call(commands.remedy, run, 4)

    def test_a_healthy_run_needs_none(self, tmp_path: Path) -> None:
        request = launch.Request(experiments.ring(steps=1), "cpu", tmp_path / "one")
        prepared = launch.prepare(request, Registry.load(), Controls(), _quiet)
        prepared.run.close()
        assert (
            call(commands.health, tmp_path / "one").output
            == "Nothing is wrong with one, as far as is known.\n"
        )
        with pytest.raises(InputError, match="Nothing is wrong with one"):
            call(commands.remedy, tmp_path / "one")


def test_a_live_remedy_changes_a_run_that_is_being_trained(tmp_path: Path) -> None:
    controls = Controls()
    request = launch.Request(experiments.ring(steps=10_000_000, health=False), "cpu", tmp_path / "one")
    prepared = launch.prepare(request, Registry.load(), controls, _quiet)
    prepared.run.append_event(event_record(HealthChanged(0, *TOLD[2][:1], "Far", TOLD[2][1])))
    happened: list[Event] = []
    events = launch.train(prepared)
    happened.append(next(events))
    thread = threading.Thread(target=lambda: happened.extend(events))
    thread.start()
    try:
        said = call(commands.remedy, tmp_path / "one").output
    finally:
        controls.post(Stop())
        thread.join()
    (changed,) = [event for event in happened if isinstance(event, SettingChanged)]
    assert (changed.path, changed.value) == (RATE, 5e-4)
    assert f"{RATE} is 0.0005 from the step after" in said


def _quiet(what: str, share: float | None = None) -> None:
    pass
