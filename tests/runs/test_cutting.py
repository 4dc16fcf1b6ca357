import json
import os
from pathlib import Path

import numpy as np
import pytest

from ganstudio.runs import cutting
from ganstudio.runs.cutting import cut_events, cut_metrics, cut_samples, set_aside_checkpoints
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.lines import LineReader
from tests.runs.conftest import State, names

RESTARTED = {"event": "Restarted", "step": 10}


def write(path: Path, records: list[dict[str, object]], tail: bytes = b"") -> Path:
    path.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in records) + tail)
    return path


def steps(path: Path) -> list[int]:
    return [record["step"] for record in LineReader(path)]


@pytest.mark.parametrize("block", [7, 64, 1 << 16])
@pytest.mark.parametrize(("step", "left"), [(0, 0), (10, 1), (15, 1), (20, 3), (30, 4), (99, 4)])
def test_lines_of_later_steps_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, step: int, left: int
) -> None:
    monkeypatch.setattr(cutting, "_BLOCK", block)
    path = write(tmp_path / "lines", [{"step": n, "a": "ü" * n} for n in (10, 20, 20, 30)])
    cut_metrics(path, step)
    assert steps(path) == [10, 20, 20, 30][:left]
    assert len(path.read_bytes().splitlines()) == left


@pytest.mark.parametrize(
    "tail", [b'{"step": 3', b"\xff\xfe", b'garbage\n{"step": 40}\n', b'{"step": 40}\n{"st'], ids=range(4)
)
def test_what_is_torn_behind_goes_with_it(tmp_path: Path, tail: bytes) -> None:
    path = write(tmp_path / "lines", [{"step": 10}, {"step": 20}], tail)
    cut_metrics(path, 20)
    assert steps(path) == [10, 20]
    assert path.read_bytes().startswith(b'{"step": 10}\n{"step": 20}\n')
    cut_metrics(path, 10)
    assert path.read_bytes() == b'{"step": 10}\n'


def test_only_what_is_cut_is_read(tmp_path: Path) -> None:
    """However long a run was, going on takes no longer."""
    path = write(tmp_path / "lines", [{"step": n} for n in range(100_000)])
    read: list[int] = []

    class Watched:
        def __init__(self, file: object) -> None:
            self.file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def read(self, size: int) -> bytes:
            read.append(size)
            return self.file.read(size)

    with path.open("rb") as file:
        for _place, line in cutting._lines_backwards(Watched(file)):
            if json.loads(line)["step"] < 99_990:
                break
    assert sum(read) == cutting._BLOCK


def test_files_that_are_not_there_need_no_cut(tmp_path: Path) -> None:
    cut_metrics(tmp_path / "none", 3)
    cut_samples(tmp_path / "none", 3)
    set_aside_checkpoints(tmp_path / "none", 3)
    assert names(tmp_path) == []


def test_events_after_the_step_and_changes_after_the_last_kept_are_cut(tmp_path: Path) -> None:
    path = write(
        tmp_path / "events",
        [
            {"event": "Started", "step": 1},
            {"event": "SettingChanged", "step": 20, "path": "first"},
            {"event": "SettingChanged", "step": 20, "path": "second"},
            {"event": "Paused", "step": 25},
            {"event": "CheckpointSaved", "step": 20},
            {"event": "Failed", "step": 30},
        ],
        b'{"event": "Pau',
    )
    left = [("Started", None), ("SettingChanged", "first"), ("CheckpointSaved", None), ("Failed", None)]
    for times in (1, 2):
        cut_events(path, 20, changes=1, added={"event": "Restarted", "step": 20})
        told = [(record["event"], record.get("path")) for record in LineReader(path)]
        assert told == [*left, *[("Restarted", None)] * times]


def test_events_that_are_not_there_begin_with_what_is_added(tmp_path: Path) -> None:
    cut_events(tmp_path / "events", 3, 0, {"event": "Restarted", "step": 3})
    assert steps(tmp_path / "events") == [3]


def test_previews_of_later_steps_are_removed_and_nothing_else(tmp_path: Path) -> None:
    stay = [
        "real.png",
        "real.npy",
        "000000010.png",
        "000000010-pairs.png",
        "2000.png",
        "mine.png",
        "000000030.txt",
    ]
    for name in [*stay, "000000011.png", "000000011-pairs.png", "000000200.npy", "1000000000.png"]:
        (tmp_path / name).touch()
    cut_samples(tmp_path, 10)
    assert names(tmp_path) == sorted(stay)


def test_checkpoints_of_later_steps_are_set_aside(run: RunFolder) -> None:
    for step in (10, 20, 30):
        run.write_checkpoint(State(step), "test")
    (run.path / "checkpoints" / "000000030").rename(run.path / "checkpoints" / ".000000030.old")
    (run.path / "checkpoints" / "000000020.damaged").mkdir()
    run.cut_back(10, 0, RESTARTED)
    assert [path.name for path in run.checkpoints()] == ["000000010"]
    assert names(run.path / "checkpoints")[0] == "000000010"
    found = {path.name for path in (run.path / "checkpoints").iterdir()}
    assert found == {"000000010", "000000020.damaged", "000000020.damaged-2", "000000030.damaged"}


def test_a_run_is_appended_to_after_it_was_cut_back(run: RunFolder) -> None:
    for step in (10, 20):
        run.append_metrics({"step": step})
        run.append_event({"event": "Paused", "step": step})
    run.cut_back(10, 0, RESTARTED)
    run.append_metrics({"step": 15})
    run.append_event({"event": "Paused", "step": 15})
    assert [record["step"] for record in run.metrics()] == [10, 15]
    assert [record["step"] for record in run.events()] == [10, 10, 15]


def test_what_was_half_written_is_removed_but_what_others_are_writing_stays(run: RunFolder) -> None:
    run.write_sample(5, np.zeros((1, 2, 2, 1), np.uint8))
    old, young, half = run.path / ".tmp-1", run.path / ".tmp-2", run.path / "samples" / ".tmp-3"
    for path in (old, young, half):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    run.cut_back(10, 0, RESTARTED)
    assert [path.exists() for path in (old, young, half)] == [False, True, False]
    assert [path.name for path in run.samples()] == ["000000005.png"]
