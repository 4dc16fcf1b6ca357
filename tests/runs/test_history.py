import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.api import InputError
from ganstudio.api.events import Failed, Finished, Restarted, SettingChanged, Started
from ganstudio.experiment import Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import Change, Family, read_history
from ganstudio.runs.recorder import event_record
from tests.runs.conftest import State

RATE = "optimizers.generator.learning_rate"
Make = Callable[..., RunFolder]


@pytest.fixture
def make(tmp_path: Path, experiment: Experiment) -> Make:
    """Return what makes a run of some reports, every tenth step, previews and a change of a setting."""

    def made(
        name: str, first: int, last: int, changed: int = 0, parent: dict[str, Any] | None = None
    ) -> RunFolder:
        path = tmp_path / "runs" / name
        with RunFolder.create_at(path, experiment, {"device": "cpu", "parent": parent}) as run:
            run.append_event(
                event_record(Started(first, name, 400, "cpu", {}, modes=8, classes=("cat", "dog")))
            )
            for step in range(first, last + 1):
                if step % 10 == 0:
                    values = {"loss/generator": float(step), f"loss/{name}": 1.0}
                    run.append_metrics(
                        {"step": step, "seconds": step / 10, "images_seen": step * 64, "values": values}
                    )
                if step % 20 == 0:
                    run.write_sample(step, np.zeros((4, 8, 8, 1), np.uint8))
                if step == changed:
                    run.append_event(event_record(SettingChanged(step, RATE, 1e-3, 2e-3)))
        return run

    return made


def branch_of(run: RunFolder, step: int) -> dict[str, Any]:
    return {"run": run.name, "path": run.name, "step": step}


def test_a_run_is_read_as_it_was_recorded(make: Make):
    run = make("one", 1, 100, changed=40)
    run.write_sample(60, np.zeros((4, 8, 8, 1), np.uint8), "reconstructed")
    run.write_real(np.zeros((4, 8, 8, 1), np.uint8))
    saved = run.write_checkpoint(State(step=100), "end")
    run.append_event({**event_record(saved), "path": "checkpoints/000000100"})
    run.append_event(event_record(Finished(100, "done", 10.5)))
    run.close()
    history = read_history(run.path)
    assert (history.path, history.experiment, history.state) == (run.path, run.experiment, "finished")
    assert (history.step, history.total_steps) == (100, 400)
    assert (history.seconds, history.images_seen) == (10.5, 6400)
    assert (history.device, history.modes, history.classes) == ("cpu", 8, ("cat", "dog"))
    assert history.curves["loss/generator"].values.tolist() == list(range(10, 101, 10))
    assert history.changes == (Change(40, RATE, 1e-3, 2e-3),)
    (checkpoint,) = history.checkpoints
    assert (checkpoint.step, checkpoint.path, checkpoint.reason) == (100, Path(saved.path), "end")
    assert checkpoint.size == saved.size > 0
    assert [kept.step for kept in history.previews[""]] == [20, 40, 60, 80, 100]
    assert history.previews[""][0].path == run.path / "samples" / "000000020.png"
    assert [kept.step for kept in history.previews["reconstructed"]] == [60]
    assert history.real == run.path / "samples" / "real.png"
    assert [record["event"] for record in history.events][-1] == "Finished"
    assert (history.parent, history.failure, history.thinned) == (None, "", False)


def test_a_run_without_anything_recorded_can_be_read(run: RunFolder):
    history = read_history(run.path)
    assert (history.state, history.step, history.seconds, history.images_seen) == ("running", 0, 0.0, 0)
    assert (dict(history.curves), history.events, history.previews, history.real) == ({}, (), {}, None)
    run.close()
    assert read_history(run.path).state == "interrupted"


def test_where_there_is_no_run_that_is_said(tmp_path: Path):
    with pytest.raises(InputError, match="is no run"):
        read_history(tmp_path)


def test_the_failure_is_told_until_the_run_goes_on(run: RunFolder):
    run.append_event(event_record(Started(1, run.name, 400, "cpu", {})))
    run.append_event(event_record(Failed(70, "The loss is not finite.")))
    failed = read_history(run.path)
    assert (failed.state, failed.failure, failed.step) == ("failed", "The loss is not finite.", 70)
    run.append_event(event_record(Restarted(50, run.name, 900, "cuda:0", {})))
    again = read_history(run.path)
    assert (again.state, again.failure, again.step) == ("running", "", 50)
    assert (again.total_steps, again.device) == (900, "cuda:0")


def test_of_many_events_the_newest_are_kept_and_every_change(run: RunFolder):
    with (run.path / "events.jsonl").open("w") as file:
        for step in range(5000):
            file.write(json.dumps(event_record(SettingChanged(step, RATE, step, step - 1))) + "\n")
    history = read_history(run.path)
    assert len(history.events) == 2000
    assert history.events[-1]["step"] == 4999
    assert len(history.changes) == 5000


def test_a_checkpoint_that_no_event_tells_of_is_known_by_its_manifest(run: RunFolder):
    saved = run.write_checkpoint(State(step=100), "branch")
    (run.path / "checkpoints" / "000000200").mkdir()
    whole, damaged = read_history(run.path).checkpoints
    assert (whole.step, whole.reason) == (100, "branch")
    assert 0 < whole.size <= saved.size
    assert (damaged.step, damaged.size, damaged.reason) == (200, 0, "")


def test_records_of_another_kind_are_passed_over(run: RunFolder):
    for record in (
        {"event": "Started", "step": "one"},
        {"event": "SettingChanged", "step": 3},
        {"event": "CheckpointSaved", "step": 3, "size": "big"},
        {"event": "Finished", "seconds": None},
        {"event": 7},
        {},
    ):
        run.append_event(record)
    history = read_history(run.path)
    assert (history.changes, history.checkpoints, len(history.events)) == ((), (), 6)


def test_a_damaged_provenance_hides_nothing_else(make: Make):
    run = make("one", 1, 100)
    (run.path / "provenance.json").write_text("{")
    assert read_history(run.path).curves["loss/generator"].steps[-1] == 100


def test_a_branch_begins_with_its_parents_past(make: Make):
    parent = make("parent", 1, 100, changed=40)
    branch = make("branch", 61, 120, changed=70, parent=branch_of(parent, 60))
    history = read_history(branch.path)
    assert history.parent == Family("parent", parent.path, 60)
    curve = history.curves["loss/generator"]
    assert curve.steps.tolist() == list(range(10, 121, 10))
    assert curve.seconds[-1] == 12.0
    assert history.curves["loss/parent"].steps.tolist() == list(range(10, 61, 10))
    assert history.curves["loss/branch"].steps.tolist() == list(range(70, 121, 10))
    assert [change.step for change in history.changes] == [40, 70]
    assert [kept.step for kept in history.previews[""]] == list(range(20, 121, 20))
    assert {kept.path.parent.parent for kept in history.previews[""][:3]} == {parent.path}
    own = read_history(branch.path, ancestors=False)
    assert own.curves["loss/generator"].steps.tolist() == list(range(70, 121, 10))
    assert (own.parent, own.previews[""][0].step) == (history.parent, 80)


def test_a_branch_that_has_just_begun_shows_its_parents_past_alone(make: Make):
    parent = make("parent", 1, 100)
    history = read_history(make("branch", 60, 59, parent=branch_of(parent, 60)).path)
    assert (history.step, history.images_seen) == (60, 3840)
    assert history.curves["loss/generator"].steps[-1] == 60


def test_the_past_reaches_through_all_generations(make: Make):
    first = make("first", 1, 100)
    second = make("second", 51, 100, parent=branch_of(first, 50))
    third = make("third", 81, 100, parent=branch_of(second, 80))
    history = read_history(third.path)
    assert history.curves["loss/generator"].steps.tolist() == list(range(10, 101, 10))
    assert {name: curve.steps.tolist()[-1] for name, curve in history.curves.items()} == {
        "loss/generator": 100,
        "loss/first": 50,
        "loss/second": 80,
        "loss/third": 100,
    }


def test_what_is_known_of_scores_and_the_ancestors_reach_through_all_generations(make: Make):
    def scored(run: RunFolder, step: int, value: float) -> None:
        known = {"lower": ["score/FID"], "intervals": {"score/FID": [value - 1, value + 1]}}
        run.append_metrics({"step": step, "scores": {"score/FID": value}, "took": 0.1, **known})

    oldest = make("one", 1, 100)
    for step in (20, 40, 60):
        scored(oldest, step, step)
    middle = make("two", 51, 100, parent=branch_of(oldest, 50))
    newest = make("three", 81, 120, parent=branch_of(middle, 80))
    scored(newest, 100, 5.0)
    history = read_history(newest.path)
    assert [(family.run, family.step) for family in history.ancestors] == [("two", 80), ("one", 50)]
    margin = history.margins["score/FID"]
    assert margin.low.steps.tolist() == [20, 40, 100]
    assert margin.high.values.tolist() == [21.0, 41.0, 6.0]
    assert margin.lower


@pytest.mark.parametrize("damage", ["gone", "unreadable"])
def test_a_parent_that_cannot_be_read_leaves_the_branch_its_own_part(make: Make, damage: str):
    parent = make("parent", 1, 100)
    branch = make("branch", 61, 120, parent=branch_of(parent, 60))
    if damage == "gone":
        parent.path.rename(parent.path.with_name("elsewhere"))
    else:
        (parent.path / "experiment.toml").write_text("[[[")
    history = read_history(branch.path)
    assert history.curves["loss/generator"].steps[0] == 70
    assert history.parent == Family("parent", None if damage == "gone" else parent.path, 60)


def test_a_parent_is_found_wherever_its_path_leads(make: Make, tmp_path: Path):
    parent = make("parent", 1, 100)
    elsewhere = tmp_path / "elsewhere" / "parent"
    elsewhere.parent.mkdir()
    parent.path.rename(elsewhere)
    branch = make("branch", 61, 120, parent={"run": "parent", "path": str(elsewhere), "step": 60})
    assert read_history(branch.path).parent == Family("parent", elsewhere, 60)


def test_runs_that_call_each_other_parents_are_read_once_each(make: Make):
    one = make("one", 1, 100, parent={"run": "two", "path": "two", "step": 50})
    make("two", 1, 100, parent={"run": "one", "path": "one", "step": 50})
    assert read_history(one.path).curves["loss/generator"].steps.tolist() == list(range(10, 101, 10))


def test_reading_loads_neither_torch_nor_qt(make: Make):
    import subprocess

    run = make("one", 1, 20)
    code = (
        "import sys, pathlib; from ganstudio.runs.history import read_history; "
        f"read_history(pathlib.Path({str(run.path)!r})); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
