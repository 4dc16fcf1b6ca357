"""Branches: new runs that begin in the state of another, with settings of their own."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from ganstudio import launch, places
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import Event, Failed, Preparing, Restarted, SettingChanged, StepRecord, Warned
from ganstudio.experiment import Choice, Experiment, ExperimentError
from ganstudio.registry import Registry
from ganstudio.runs.checkpoint import read_checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import CheckpointNow, Controls, Edit
from tests import experiments
from tests.runs.conftest import names
from tests.training.test_resume import alike

RATE, DECAY = "optimizers.generator.learning_rate", "training.ema_decay"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def quiet(what: str, share: float | None = None) -> None:
    pass


def followed(
    prepared: launch.Prepared, controls: Controls, at: dict[int, list[Any]], leave: int = 0
) -> list[Event]:
    """Train to the end, or to the step ``leave``, and post commands at their steps."""
    events = []
    training = launch.train(prepared)
    for event in training:
        events.append(event)
        assert not isinstance(event, Failed), event
        if isinstance(event, StepRecord):
            for command in at.get(event.step, ()):
                controls.post(command)
            if leave and event.step >= leave:
                break
    training.close()
    return events


def train(experiment: Experiment, registry: Registry, at: dict[int, list[Any]], leave: int = 0) -> RunFolder:
    controls = Controls()
    prepared = launch.prepare(launch.Request(experiment, "cpu"), registry, controls, quiet)
    followed(prepared, controls, at, leave)
    return RunFolder(prepared.run.path)


def branch(
    parent: RunFolder, registry: Registry, changes: dict[str, Any], step: int | None = 20, leave: int = 0
) -> tuple[RunFolder, list[Event]]:
    experiment = launch.branch_experiment(parent.path, step)
    for path, value in changes.items():
        experiment = experiment.with_value(path, value)
    controls = Controls()
    request = launch.Branch(parent.path, step, experiment)
    prepared = launch.prepare(request, registry, controls, quiet)
    return RunFolder(prepared.run.path), followed(prepared, controls, {}, leave)


def warned(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


def kept(run: RunFolder, step: int) -> Path:
    return run.path / "checkpoints" / f"{step:09d}"


def assert_same_state(one: Path, other: Path) -> None:
    for name in ("weights.safetensors", "averages.safetensors"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


EDITS = {10: [Edit(RATE, 5e-3)], 20: [CheckpointNow(), Edit(DECAY, 0.5)], 25: [CheckpointNow()]}


@pytest.fixture(scope="module")
def parent(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """To step 40, with checkpoints at 20, 25 and 40; its learning rate was changed after step 10."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANSTUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        return train(experiments.ring(steps=40, keep_checkpoints=10), registry, EDITS)


class TestUnchanged:
    def test_goes_on_as_its_parent_did(self, parent: RunFolder, registry: Registry) -> None:
        run, _events = branch(parent, registry, {})
        assert_same_state(kept(run, 40), kept(parent, 40))
        one, other = (read_checkpoint(kept(each, 40)).rest for each in (run, parent))
        assert alike({**one, "settings": {}, "changes": 0}, {**other, "settings": {}, "changes": 0})
        lines = [
            [
                (line["step"], line["values"])
                for line in each.metrics()
                if "values" in line and line["step"] > 20
            ]
            for each in (run, parent)
        ]
        assert lines[0] == lines[1]
        assert run.state == "finished"

    def test_shares_what_it_begins_with_and_says_where_it_is_from(self, registry: Registry) -> None:
        parent = train(experiments.ring(steps=30), registry, {20: [CheckpointNow()]})
        run, events = branch(parent, registry, {})
        assert run.provenance["parent"] == {"run": parent.name, "path": parent.name, "step": 20}
        first = next(event for event in events if not isinstance(event, Preparing))
        assert isinstance(first, Restarted)
        assert (first.step, first.changes, first.replay) == (20, 0, ())
        records = list(run.events())
        assert (records[0]["event"], records[0]["step"]) == ("Restarted", 20)
        # Nothing of the state is left out, so no byte of it lies twice on the disk.
        for name in ("weights.safetensors", "averages.safetensors", "state.pt"):
            assert os.path.samefile(kept(run, 20) / name, kept(parent, 20) / name)
        assert json.loads((kept(run, 20) / "manifest.json").read_text())["reason"] == "branch"

    def test_needs_its_parent_no_more(self, registry: Registry) -> None:
        parent = train(experiments.ring(steps=30), registry, {20: [CheckpointNow()]})
        run, _events = branch(parent, registry, {"training.steps": 40}, leave=30)
        shutil.rmtree(parent.path)
        prepared = launch.prepare(launch.Resume(run.path), registry, Controls(), quiet)
        assert followed(prepared, Controls(), {})[-1].step == 40
        assert run.state == "finished"

    def test_names_a_parent_elsewhere_by_its_whole_path(
        self, parent: RunFolder, registry: Registry, tmp_path: Path
    ) -> None:
        experiment = launch.branch_experiment(parent.path, 20)
        request = launch.Branch(parent.path, 20, experiment, run_dir=tmp_path / "far" / "branch")
        prepared = launch.prepare(request, registry, Controls(), quiet)
        prepared.run.close()
        assert prepared.run.path == tmp_path / "far" / "branch"
        assert prepared.run.provenance["parent"]["path"] == str(parent.path.resolve())

    def test_copies_where_the_disk_has_no_links(
        self, parent: RunFolder, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*names: Any) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "link", refuse)
        run, _events = branch(parent, registry, {}, step=40 - 15)
        assert_same_state(kept(run, 40), kept(parent, 40))
        name = "weights.safetensors"
        assert not os.path.samefile(kept(run, 25) / name, kept(parent, 25) / name)


class TestExperiment:
    @pytest.mark.parametrize(
        ("step", "rate", "decay"),
        [(20, 5e-3, 0.5), (25, 5e-3, 0.5), (None, 5e-3, 0.5)],
        ids=["at an edit", "later", "newest"],
    )
    def test_has_the_changes_made_until_then(
        self, parent: RunFolder, step: int | None, rate: float, decay: float
    ) -> None:
        held = launch.branch_experiment(parent.path, step)
        assert held.optimizers["generator"]["learning_rate"] == rate
        assert held.training["ema_decay"] == decay
        assert parent.experiment.optimizers["generator"]["learning_rate"] != rate

    def test_has_not_those_made_later(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=30), registry, {10: [CheckpointNow()], 11: [Edit(RATE, 5e-3)]})
        held = launch.branch_experiment(run.path, 10)
        assert held == run.experiment

    def test_of_a_step_without_checkpoint_names_those_there_are(self, parent: RunFolder) -> None:
        with pytest.raises(
            InputError, match=r"no checkpoint of step 21; there are those of steps 20, 25, 40\.$"
        ):
            launch.branch_experiment(parent.path, 21)

    def test_of_a_run_without_any_says_so(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=30), registry, {}, leave=5)
        with pytest.raises(InputError, match="has no checkpoint yet"):
            launch.branch_experiment(run.path)


class TestChanged:
    def test_holds_the_new_settings_whatever_the_parent_had_changed(
        self, parent: RunFolder, registry: Registry
    ) -> None:
        run, events = branch(parent, registry, {RATE: 5e-4, DECAY: 0.9})
        assert not [event for event in events if isinstance(event, SettingChanged)]
        rest = read_checkpoint(kept(run, 40)).rest
        assert rest["optimizers"]["generator"]["param_groups"][0]["lr"] == 5e-4
        assert rest["settings"] == {}
        assert run.experiment.training["ema_decay"] == 0.9

    def test_holds_them_too_when_it_was_killed_before_its_first_checkpoint(
        self, parent: RunFolder, registry: Registry
    ) -> None:
        straight, _events = branch(parent, registry, {RATE: 5e-4})
        run, _events = branch(parent, registry, {RATE: 5e-4}, leave=30)
        prepared = launch.prepare(launch.Resume(run.path), registry, Controls(), quiet)
        followed(prepared, Controls(), {})
        assert_same_state(kept(run, 40), kept(straight, 40))

    @pytest.mark.parametrize(
        ("changes", "note"),
        [
            ({"training.batch_size": 16}, ""),
            ({"training.steps": 50, "training.schedule": "cosine"}, ""),
            ({"loss.kind": "Hinge"}, ""),
            ({"regularizers": {"R1": {"gamma": 0.5}}}, ""),
            (
                {"optimizers.generator.kind": "RMSprop"},
                "The optimizer of the generator begins anew, because RMSprop",
            ),
            ({"optimizers.generator.kind": "SGD"}, "The optimizer of the generator begins anew, because SGD"),
            ({"training.seed": 9}, "The seed is another one"),
            ({"data.count": 1500}, "The data is not what the parent was trained on"),
            ({"data.kind": "Moons"}, "The data is not what the parent was trained on"),
            ({"training.ema_decay": 0.0}, ""),
        ],
        ids=[
            *("batch size", "steps and schedule", "loss", "regularizer", "RMSprop", "SGD", "seed"),
            *("less data", "other data", "no average"),
        ],
    )
    def test_goes_on_where_the_state_fits(
        self, parent: RunFolder, registry: Registry, changes: dict[str, Any], note: str
    ) -> None:
        table = launch.branch_experiment(parent.path, 20).to_dict()
        if "regularizers" in changes:
            experiment = Experiment.from_dict({**table, **changes})
        else:
            experiment = Experiment.from_dict(table)
            for path, value in changes.items():
                experiment = experiment.with_value(path, value)
        prepared = launch.prepare(launch.Branch(parent.path, 20, experiment), registry, Controls(), quiet)
        events = followed(prepared, Controls(), {})
        assert events[-1].step == experiment.training["steps"]
        notes = warned(events)
        assert (len(notes) == 1 and notes[0].startswith(note)) if note else notes == []
        last = kept(prepared.run, events[-1].step) / "weights.safetensors"
        assert changes.keys() == {"training.ema_decay"} or (
            last.read_bytes() != (kept(parent, 40) / "weights.safetensors").read_bytes()
        )

    def test_with_another_seed_goes_another_way_and_always_the_same(
        self, parent: RunFolder, registry: Registry
    ) -> None:
        runs = [branch(parent, registry, {"training.seed": 9})[0] for _ in range(2)]
        assert_same_state(*(kept(run, 40) for run in runs))


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "path", "said"),
        [
            ({"architecture.width": 24}, "architecture.width", "the weights of step 20 do not fit"),
            ({"architecture.kind": "MLPGAN", "data.kind": "Digits"}, "architecture.kind", "has others"),
            ({"training.steps": 20}, "training.steps", "20 steps are made where this branch begins"),
            ({"training.batch_size": 0}, "training.batch_size", "is not a whole number"),
        ],
        ids=["another width", "another architecture", "no steps left", "what cannot be"],
    )
    def test_before_a_folder_is_left_behind(
        self, parent: RunFolder, registry: Registry, changes: dict[str, Any], path: str, said: str
    ) -> None:
        before = names(parent.path)
        with pytest.raises(ExperimentError) as refused:
            branch(parent, registry, changes)
        assert [problem.path for problem in refused.value.problems] == [path]
        assert said in str(refused.value)
        assert not places.runs().exists()
        assert names(parent.path) == before

    def test_blames_the_setting_that_does_not_fit_alone(self, parent: RunFolder, registry: Registry) -> None:
        with pytest.raises(ExperimentError) as refused:
            branch(parent, registry, {"architecture.n_critic": 2, "architecture.width": 24, RATE: 1e-2})
        assert [problem.path for problem in refused.value.problems] == ["architecture.width"]

    def test_of_data_of_another_size_names_the_data(self, registry: Registry) -> None:
        parent = train(experiments.digits(steps=3), registry, {})
        with pytest.raises(ExperimentError) as refused:
            branch(parent, registry, {"data.resize": 16, "training.steps": 9}, step=3)
        assert [problem.path for problem in refused.value.problems] == ["data.resize"]

    def test_of_a_damaged_checkpoint(self, registry: Registry) -> None:
        parent = train(experiments.ring(steps=30), registry, {20: [CheckpointNow()]})
        (kept(parent, 20) / "weights.safetensors").write_bytes(b"no weights")
        with pytest.raises(StudioError, match="is damaged"):
            branch(parent, registry, {"training.steps": 40})
        (kept(parent, 30) / "state.pt").unlink()
        with pytest.raises(StudioError, match="has no checkpoint that is whole"):
            branch(parent, registry, {"training.steps": 40}, step=None)
        assert [path.name for path in places.runs().iterdir()] == [parent.name]

    def test_where_the_disk_takes_no_checkpoint(
        self, parent: RunFolder, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*names: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "link", full)
        monkeypatch.setattr(shutil, "copyfile", full)
        with pytest.raises(StudioError, match="is full"):
            branch(parent, registry, {})
        assert list(places.runs().iterdir()) == []


def test_the_newest_whole_checkpoint_is_taken_where_no_step_is_said(registry: Registry) -> None:
    parent = train(experiments.ring(steps=30), registry, {20: [CheckpointNow()]})
    (kept(parent, 30) / "state.pt").unlink()
    run, events = branch(parent, registry, {}, step=None)
    assert next(event for event in events if isinstance(event, Restarted)).step == 20
    assert warned(events)[0].endswith("The checkpoint of step 20 is used instead.")
    assert run.state == "finished"


def test_a_branch_of_a_branch_names_its_own_parent(parent: RunFolder, registry: Registry) -> None:
    child, _events = branch(parent, registry, {RATE: 5e-4})
    grandchild, _events = branch(child, registry, {"training.steps": 50}, step=40)
    assert grandchild.provenance["parent"] == {"run": child.name, "path": child.name, "step": 40}
    assert grandchild.experiment.optimizers["generator"]["learning_rate"] == 5e-4


def test_a_conditional_run_with_adaptive_augmentation_goes_on_exactly(registry: Registry) -> None:
    experiment = Experiment(
        Choice("Digits"),
        Choice("MLPGAN", {"width": 8, "conditioning": "concatenated"}),
        augmentations={"ADA": {"speed": 1.0}},
        training={"steps": 12, "batch_size": 16, "report_every": 1, "preview_count": 4, "preview_every": 5},
    )
    parent = train(experiment, registry, {6: [CheckpointNow()]})
    run, _events = branch(parent, registry, {}, step=6)
    assert_same_state(kept(run, 12), kept(parent, 12))
    assert alike(read_checkpoint(kept(run, 12)).rest, read_checkpoint(kept(parent, 12)).rest)
