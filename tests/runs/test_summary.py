import os
from pathlib import Path

import pytest

from ganstudio.runs import folder, summary
from ganstudio.runs.entry import Entry
from ganstudio.runs.lock import Lock
from ganstudio.runs.manifest import Manifest
from ganstudio.runs.notes import change_notes
from ganstudio.runs.summary import read_summary
from tests.runs.made import edit_provenance, make_run


def read(path: Path) -> Entry:
    found = read_summary(path)
    assert found is not None
    return found[0]


def test_the_names_are_those_of_the_run_folder() -> None:
    assert summary._EXPERIMENT == folder.EXPERIMENT
    assert summary._PROVENANCE == folder.PROVENANCE
    assert (summary._METRICS, summary._EVENTS) == (folder.METRICS, folder.EVENTS)
    assert (summary._SAMPLES, summary._CHECKPOINTS) == (folder.SAMPLES, folder.CHECKPOINTS)


def test_a_run_is_summed_up(tmp_path: Path) -> None:
    run = make_run(tmp_path, scores={10: {"score/modes": 8.0}, 20: {"score/modes": 6.0}})
    change_notes(run, name="mine", tags=["a"], text="good", starred=True)
    entry = read(run)
    assert (entry.name, entry.folder, entry.experiment_name) == ("mine", "a-run", "trial")
    assert (entry.state, entry.data, entry.architecture) == ("finished", "Ring", "PointGAN")
    assert (entry.step, entry.total_steps, entry.seconds) == (20, 20, 2.0)
    assert entry.ranges == {"score/modes": (6.0, 8.0, 6.0)}
    assert (entry.tags, entry.text, entry.starred) == (("a",), "good", True)
    assert entry.thumbnail == run / "samples" / "000000020.png"
    assert (entry.checkpoints, entry.device, entry.began) == (1, "cpu", "2026-11-22T08:00:00+00:00")
    files = [path for path in run.rglob("*") if path.is_file()]
    assert entry.size == sum(path.stat().st_size for path in files)


@pytest.mark.parametrize(
    ("reasons", "step"),
    [
        ({1: "best", 2: "kept, best", 3: "end"}, 2),
        ({1: "end"}, 0),
        ({1: "best", **dict.fromkeys(range(2, 40), "end")}, 0),
    ],
    ids=["the newest of the best", "none", "none of the newest"],
)
def test_the_best_checkpoint_is_known(tmp_path: Path, reasons: dict[int, str], step: int) -> None:
    run = make_run(tmp_path, checkpoint=False)
    for place, reason in reasons.items():
        folder = run / "checkpoints" / f"{place:09d}"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(Manifest(place, 0, 0.0, reason, {}, {}, "").to_text())
    (run / "checkpoints" / "000000050").mkdir()
    assert read(run).best_step == step


@pytest.mark.parametrize(
    ("ends", "state"),
    [("done", "finished"), ("stopped", "stopped"), ("failed", "failed"), ("", "interrupted")],
)
def test_the_last_end_is_the_state(tmp_path: Path, ends: str, state: str) -> None:
    assert read(make_run(tmp_path, ends=ends)).state == state


def test_a_failure_is_told(tmp_path: Path) -> None:
    assert read(make_run(tmp_path, ends="failed")).sentence == "The loss is NaN."


def test_a_run_that_went_on_has_not_ended(tmp_path: Path) -> None:
    run = make_run(tmp_path, ends="stopped")
    with (run / "events.jsonl").open("a") as file:
        file.write('{"event":"Restarted","step":20}\n')
        file.writelines(f'{{"event":"CheckpointSaved","step":{step}}}\n' for step in range(21, 5000))
    entry = read(run)
    assert entry.state == "interrupted"
    assert entry.step == 4999


def test_a_torn_tail_is_passed_over(tmp_path: Path) -> None:
    run = make_run(tmp_path, ends="")
    for name in ("events.jsonl", "metrics.jsonl"):
        with (run / name).open("ab") as file:
            file.write(b'{"event":"Finished","step":99,"reason":"done"')
    entry = read(run)
    assert (entry.state, entry.step, entry.seconds) == ("interrupted", 20, 2.0)


def test_long_lines_are_read_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "_TAIL", 50)
    assert read(make_run(tmp_path)).state == "finished"


@pytest.mark.parametrize(
    "values",
    [
        {"parent": {"run": "first", "path": "../first", "step": 10}},
        {"parent_run": "first", "parent_step": 10},
    ],
    ids=["table", "earlier"],
)
def test_a_branch_names_its_parent(tmp_path: Path, values: dict[str, object]) -> None:
    run = make_run(tmp_path)
    edit_provenance(run, **values)
    assert (read(run).parent, read(run).parent_step) == ("first", 10)


def test_the_first_kind_of_previews_is_the_thumbnail(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    for name in ("000000030-edges.png", "real.png", "000000005.png", "note.txt"):
        (run / "samples" / name).write_bytes(b"")
    assert read(run).thumbnail == run / "samples" / "000000020.png"


@pytest.mark.parametrize(
    "content", [b"name = [", b"\xff\xff", b'name = "x"'], ids=["torn", "no-text", "incomplete"]
)
def test_a_damaged_experiment_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    run = make_run(tmp_path)
    change_notes(run, tags=["kept"])
    (run / "experiment.toml").write_bytes(content)
    entry = read(run)
    assert entry.state == "damaged"
    assert "experiment.toml" in entry.sentence
    assert entry.tags == ("kept",)
    assert entry.size > 0


def test_a_run_without_its_experiment_is_damaged(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (run / "experiment.toml").unlink()
    entry = read(run)
    assert entry.state == "damaged"
    assert "has no experiment.toml" in entry.sentence


def test_a_run_that_is_just_being_made_is_none_yet(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (run / "experiment.toml").unlink()
    held = Lock.take(run)
    assert held is not None
    assert read_summary(run) is None
    held.release()


def test_another_folder_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"x")
    assert read_summary(tmp_path / "pictures") is None


def test_damaged_side_files_do_not_matter(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (run / "notes.json").write_text("{")
    (run / "provenance.json").write_text("[")
    entry = read(run)
    assert (entry.state, entry.name, entry.began) == ("finished", "a-run", "")


def test_a_file_in_the_place_of_a_folder_does_not_matter(tmp_path: Path) -> None:
    run = make_run(tmp_path, picture=False, checkpoint=False)
    (run / "samples").write_text("x")
    entry = read(run)
    assert (entry.thumbnail, entry.checkpoints) == (None, 0)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs rights that can be taken away")
def test_what_may_not_be_read_is_damaged(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (run / "metrics.jsonl").chmod(0)
    assert read(run).state == "damaged"
