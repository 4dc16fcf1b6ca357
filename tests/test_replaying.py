"""Replays: runs made once more with their edits, which end with the same weights."""

import json
from pathlib import Path
from typing import Any

import pytest

from ganstudio import launch
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import Finished, SettingChanged, Started
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.replaying import course_of, verdict
from ganstudio.runs.checkpoint import read_checkpoint, write_checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import CheckpointNow, Controls, Edit, Pause, Resume, StepOnce, Stop
from tests import experiments
from tests.commands import ganstudio
from tests.test_branching import DECAY, RATE, branch, followed, kept, quiet, train

pytestmark = pytest.mark.allow_log_warnings

LIVELY = Experiment(
    Choice("Digits"),
    Choice("MLPGAN", {"width": 8}),
    regularizers={"R1": {"every": 2}},
    augmentations={"ADA": {"speed": 1.0}},
    training={"steps": 40, "batch_size": 16, "report_every": 1, "preview_count": 4, "preview_every": 7},
)
EDITS: dict[int, list[Any]] = {
    3: [Edit("architecture.n_critic", 2)],
    5: [Edit("regularizers.R1.gamma", 0.3), Edit(RATE, 5e-3)],
    9: [Edit("training.steps", 4), Edit(DECAY, 0.5), Edit("augmentations.ADA.target", 0.1)],
    12: [Pause(), StepOnce(), Edit("regularizers.R1.every", 3), Resume()],
    15: [
        Edit("architecture.n_critic", 1),
        Edit("training.preview_every", 4),
        Edit("training.report_every", 2),
    ],
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def replay(run: RunFolder, registry: Registry) -> tuple[RunFolder, list[Any]]:
    controls = Controls()
    prepared = launch.prepare(launch.Replay(run.path), registry, controls, quiet)
    return RunFolder(prepared.run.path), followed(prepared, controls, {})


def changes(run: RunFolder) -> list[Any]:
    return [
        (e["step"], e["path"], e["value"], e["before"])
        for e in run.events()
        if e["event"] == "SettingChanged"
    ]


def assert_replayed(run: RunFolder, registry: Registry, step: int) -> RunFolder:
    again, events = replay(run, registry)
    for name in ("weights.safetensors", "averages.safetensors"):
        assert (kept(run, step) / name).read_bytes() == (kept(again, step) / name).read_bytes(), name
    assert verdict(run.path, again.path) == (
        True,
        f"The weights at step {step} are those of {run.name}, bit for bit.",
    )
    assert events[-1].step == step
    return again


def test_a_run_with_edits_ends_with_the_same_weights(registry: Registry) -> None:
    run = train(LIVELY, registry, EDITS)
    again = assert_replayed(run, registry, 40)
    assert len(changes(run)) == 9
    assert changes(again) == changes(run)
    assert again.state == "finished"
    assert again.provenance["replay"] == {"run": run.name, "path": run.name, "step": 40}
    # Without its edits it is another run: the test would see them missing.
    plain = train(LIVELY, registry, {})
    assert verdict(run.path, plain.path)[0] is False


def test_it_goes_as_far_as_the_newest_checkpoint(registry: Registry) -> None:
    at = {10: [Edit(RATE, 5e-3)], 20: [CheckpointNow()], 25: [Edit(RATE, 1e-4)]}
    run = train(experiments.ring(steps=40, schedule="cosine"), registry, at, leave=30)
    assert run.state == "interrupted"
    again = assert_replayed(run, registry, 20)
    assert [step for step, *_ in changes(again)] == [10]
    assert again.state == "stopped"


def test_a_run_that_went_on_to_more_steps_falls_with_the_total_of_each_time(registry: Registry) -> None:
    run = train(experiments.ring(steps=20, schedule="linear"), registry, {8: [Edit(RATE, 5e-3)]})
    for steps in (30, 45):
        resumed = launch.prepare(launch.Resume(run.path, steps=steps), registry, Controls(), quiet)
        followed(resumed, resumed.trainer.controls, {33: [Edit(DECAY, 0.5)]})
    run = RunFolder(run.path)
    assert course_of(run).totals == ((0, 20), (20, 30), (30, 45))
    assert_replayed(run, registry, 45)


def test_a_resumed_run_replays_what_counts_of_it(registry: Registry) -> None:
    run = train(
        experiments.ring(steps=40), registry, {10: [CheckpointNow()], 20: [Edit(RATE, 5e-3)]}, leave=30
    )
    resumed = launch.prepare(launch.Resume(run.path), registry, Controls(), quiet)
    followed(resumed, resumed.trainer.controls, {30: [Edit(DECAY, 0.5)]})
    assert_replayed(run, registry, 40)


def test_a_branch_is_replayed_from_where_it_began(registry: Registry) -> None:
    parent = train(experiments.ring(steps=30), registry, {10: [Edit(RATE, 5e-3)], 20: [CheckpointNow()]})
    child, _events = branch(parent, registry, {DECAY: 0.9, "training.keep_checkpoints": 1})
    assert [path.name for path in child.checkpoints()] == ["000000020", "000000030"]
    again = assert_replayed(child, registry, 30)
    assert again.provenance["parent"] == child.provenance["parent"]
    assert next(line["step"] for line in again.metrics() if "values" in line) == 21


def test_a_replay_that_is_killed_goes_on_with_its_edits(registry: Registry) -> None:
    run = train(experiments.ring(steps=40), registry, {10: [Edit(DECAY, 0.5)], 30: [Edit(RATE, 5e-3)]})
    controls = Controls()
    prepared = launch.prepare(launch.Replay(run.path), registry, controls, quiet)
    followed(prepared, controls, {20: [CheckpointNow()]}, leave=25)
    resumed = launch.prepare(launch.Resume(prepared.run.path), registry, Controls(), quiet)
    followed(resumed, Controls(), {})
    assert verdict(run.path, prepared.run.path)[0] is True


def test_the_edits_that_wait_are_told_at_its_start(registry: Registry) -> None:
    run = train(experiments.ring(steps=20), registry, {10: [Edit(RATE, 5e-3)]})
    _again, events = replay(run, registry)
    started = next(event for event in events if isinstance(event, Started))
    assert started.replay == ((10, RATE, 5e-3),)
    assert [event.again for event in events if isinstance(event, SettingChanged)] == [True]


class TestRefused:
    def test_where_no_step_was_made(self, registry: Registry) -> None:
        prepared = launch.prepare(
            launch.Request(experiments.ring(steps=20), "cpu"), registry, Controls(), quiet
        )
        prepared.run.close()
        with pytest.raises(InputError, match="made no step that was recorded"):
            replay(prepared.run, registry)

    def test_of_a_branch_whose_beginning_is_gone(self, registry: Registry) -> None:
        parent = train(experiments.ring(steps=30), registry, {20: [CheckpointNow()]})
        child, _events = branch(parent, registry, {})
        kept(child, 20).rename(child.path / "elsewhere")
        with pytest.raises(StudioError, match="the checkpoint of step 20 that it began with is gone"):
            replay(child, registry)

    def test_of_data_that_changed(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5), registry, {})
        path = run.path / "provenance.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "data_fingerprint": "0" * 64}))
        with pytest.raises(InputError, match="The data has changed since"):
            replay(RunFolder(run.path), registry)


class TestVerdict:
    def altered(self, registry: Registry, **facts: Any) -> tuple[RunFolder, RunFolder]:
        """Return a run and a replay in which one weight is another."""
        run = train(experiments.ring(steps=5), registry, {})
        again, _events = replay(run, registry)
        state = read_checkpoint(kept(again, 5))
        next(iter(state.weights.values())).view(-1)[0] += 0.5
        write_checkpoint(again.path / "checkpoints", state, "end")
        path = again.path / "provenance.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))
        return run, again

    def test_of_other_weights_says_how_many_and_by_how_much(self, registry: Registry) -> None:
        run, again = self.altered(registry)
        same, sentence = verdict(run.path, again.path)
        assert not same
        assert "1 of 24 tensors differ, by up to 0.5. Nothing that is recorded" in sentence

    def test_names_what_was_other_when_it_was_made(self, registry: Registry) -> None:
        run, again = self.altered(registry, device="cuda:0", versions={"torch": "1.0"})
        sentence = verdict(run.path, again.path)[1]
        assert sentence.endswith(
            "It was made with another device, another ganstudio, another torch, another numpy."
        )

    def test_of_one_that_was_stopped_before_is_none(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=20), registry, {})
        controls = Controls()
        prepared = launch.prepare(launch.Replay(run.path), registry, controls, quiet)
        events = followed(prepared, controls, {10: [Stop()]})
        assert isinstance(events[-1], Finished)
        assert verdict(run.path, prepared.run.path) == (
            False,
            "The replay has no checkpoint of step 20, so there is nothing to compare.",
        )


class TestCommand:
    def test_says_that_the_weights_are_the_same(self, registry: Registry, tmp_path: Path) -> None:
        run = train(experiments.ring(steps=20), registry, {10: [Edit(RATE, 5e-3)]})
        result = ganstudio("replay", run.path, "--run-dir", tmp_path / "again")
        assert result.exit_code == 0
        assert result.stdout == f"The weights at step 20 are those of {run.name}, bit for bit.\n"
        assert RunFolder(tmp_path / "again").state == "finished"

    def test_takes_the_name_of_a_run_in_the_library(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5), registry, {})
        assert ganstudio("replay", run.name).exit_code == 0

    def test_ends_with_status_1_when_they_are_not(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = train(experiments.ring(steps=5), registry, {})
        state = read_checkpoint(kept(run, 5))
        next(iter(state.weights.values())).view(-1)[0] += 0.5
        write_checkpoint(run.path / "checkpoints", state, "end")
        result = ganstudio("replay", run.path)
        assert result.exit_code == 1
        assert "are not those of" in result.stdout

    def test_of_no_run_is_a_sentence(self, tmp_path: Path) -> None:
        result = ganstudio("replay", tmp_path / "none")
        assert result.exit_code == 2
        assert "There is no folder" in result.stderr
