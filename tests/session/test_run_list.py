from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import (
    CheckpointSaved,
    Failed,
    Finished,
    PreviewReady,
    ScoreRecord,
    Started,
    StepRecord,
)
from ganstudio.runs.entry import Entry
from ganstudio.runs.library import Library
from ganstudio.runs.lock import Lock
from ganstudio.runs.notes import change_notes
from ganstudio.session import run_list
from ganstudio.session.run_list import RunList
from tests.runs.made import make_run


@pytest.fixture
def runs(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunList]:
    monkeypatch.setattr(run_list, "CALM_MS", 20)
    monkeypatch.setattr(run_list, "WATCH_MS", 20)
    made = RunList(Library(tmp_path))
    yield made
    assert made.shutdown(5000)


def refreshed(qtbot: QtBot, runs: RunList) -> list[Entry]:
    with qtbot.waitSignal(runs.changed) as told:
        runs.refresh()
    return list(told.args[0])


def test_the_list_comes_from_another_thread(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path)
    with qtbot.waitSignals([runs.changed, runs.trashChanged]):
        runs.refresh()
        assert runs.busy
    assert list(runs.entries) == ["a-run"]
    qtbot.waitUntil(lambda: not runs.busy)


def test_a_library_without_runs_is_told_too(qtbot: QtBot, runs: RunList) -> None:
    assert refreshed(qtbot, runs) == []


def test_one_changed_run_is_told_alone(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path, "one")
    make_run(tmp_path, "two")
    refreshed(qtbot, runs)
    change_notes(tmp_path / "one", tags=["new"])
    with qtbot.assertNotEmitted(runs.changed), qtbot.waitSignal(runs.entryChanged) as told:
        runs.refresh()
    assert (told.args[0].folder, told.args[0].tags) == ("one", ("new",))
    assert runs.entries["one"].tags == ("new",)


def test_asked_again_meanwhile_it_looks_once_more(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    runs.refresh()
    make_run(tmp_path)
    runs.refresh()
    qtbot.waitUntil(lambda: list(runs.entries) == ["a-run"])
    qtbot.waitUntil(lambda: not runs.busy)


def test_while_watched_new_runs_appear_unasked(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    refreshed(qtbot, runs)
    runs.watch(True)
    make_run(tmp_path)
    qtbot.waitUntil(lambda: list(runs.entries) == ["a-run"])
    runs.watch(False)
    qtbot.waitUntil(lambda: not runs.busy)
    make_run(tmp_path, "another")
    with qtbot.assertNotEmitted(runs.changed, wait=100):
        pass


def test_a_failure_is_a_sentence(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    with qtbot.waitSignal(runs.failed) as told:
        runs.note(tmp_path / "missing", name="x")
    assert "not there any more" in told.args[0]


def test_notes_are_written_and_told(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path)
    refreshed(qtbot, runs)
    with qtbot.waitSignal(runs.entryChanged) as told:
        runs.note(tmp_path / "a-run", name="mine", starred=True)
    assert (told.args[0].name, told.args[0].starred) == ("mine", True)


def test_deleted_runs_go_and_come_back(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path, "one")
    make_run(tmp_path, "two")
    refreshed(qtbot, runs)
    with qtbot.waitSignal(runs.deleted) as told:
        runs.delete([tmp_path / "one"])
    qtbot.waitUntil(lambda: list(runs.entries) == ["two"])
    with qtbot.waitSignal(runs.changed):
        runs.restore(told.args[0])
    assert set(runs.entries) == {"one", "two"}


def test_of_several_those_that_can_be_are_deleted(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    kept, gone = make_run(tmp_path, "kept"), make_run(tmp_path, "gone")
    refreshed(qtbot, runs)
    held = Lock.take(kept)
    assert held is not None
    with qtbot.waitSignals([runs.failed, runs.deleted, runs.changed]):
        runs.delete([kept, gone])
    held.release()
    assert list(runs.entries) == ["kept"]


def test_the_trash_is_emptied(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path)
    with qtbot.waitSignal(runs.deleted):
        runs.delete([tmp_path / "a-run"])
    with qtbot.waitSignal(runs.trashChanged, check_params_cb=lambda count: count == 0):
        runs.empty_trash()
    assert not (tmp_path / ".trash").exists()


# --- The run that trains here ----------------------------------------------------------------------


def test_the_running_run_is_live(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    run = make_run(tmp_path, ends="", scores={10: {"score/fid": 9.0}})
    refreshed(qtbot, runs)
    array = np.zeros((1, 2, 2, 1), np.uint8)
    events = [
        Started(1, "a-run", 500, "cpu", {}),
        StepRecord(30, 3.5, 960, {"loss/generator": 1.0}),
        ScoreRecord(30, {"score/fid": 7.0, "score/odd": float("nan")}, lower=("score/fid",)),
        PreviewReady(30, "images", array, kept=True),
        CheckpointSaved(30, "checkpoints/000000030", 10, "policy"),
    ]
    with qtbot.waitSignal(runs.entryChanged, check_params_cb=lambda entry: entry.step == 30) as told:
        runs.take(events)
    entry = told.args[0]
    assert (entry.state, entry.total_steps, entry.seconds) == ("running", 500, 3.5)
    assert entry.scores == {"score/fid": 7.0}
    assert entry.thumbnail == run / "samples" / "000000030.png"
    with qtbot.waitSignal(runs.entryChanged, check_params_cb=lambda entry: entry.step == 40) as told:
        runs.take([ScoreRecord(40, {"score/fid": 8.0}, lower=("score/fid",))])
    assert told.args[0].scores == {"score/fid": 7.0}


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Finished(40, "done", 4.0), "finished"),
        (Finished(40, "stopped", 4.0), "stopped"),
        (Failed(40, "It is NaN."), "failed"),
    ],
    ids=["done", "stopped", "failed"],
)
def test_an_end_is_shown(
    qtbot: QtBot, runs: RunList, tmp_path: Path, ending: Finished | Failed, state: str
) -> None:
    make_run(tmp_path, ends="")
    refreshed(qtbot, runs)
    with qtbot.waitSignal(runs.entryChanged, check_params_cb=lambda entry: entry.state == state):
        runs.take([Started(1, "a-run", 500, "cpu", {}), ending])


def test_many_events_are_few_changes(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    make_run(tmp_path, ends="")
    refreshed(qtbot, runs)
    seen: list[int] = []
    runs.entryChanged.connect(lambda entry: seen.append(entry.step))
    runs.take([Started(1, "a-run", 500, "cpu", {})])
    qtbot.waitUntil(lambda: 1 in seen and not runs.busy)
    seen.clear()
    runs._calm.setInterval(100)
    for step in range(50, 250):
        runs.take([StepRecord(step, step / 10, step, {})])
    qtbot.waitUntil(lambda: 249 in seen)
    assert len(seen) <= 2


def test_a_new_run_is_listed_as_soon_as_it_starts(qtbot: QtBot, runs: RunList, tmp_path: Path) -> None:
    refreshed(qtbot, runs)
    make_run(tmp_path, "new", ends="")
    with qtbot.waitSignal(runs.changed):
        runs.take([Started(1, "new", 500, "cpu", {})])
    assert runs.entries["new"].total_steps in (20, 500)


def test_a_list_under_way_does_not_keep_the_window_open(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        make_run(tmp_path, f"run-{number}", picture=False, checkpoint=False)
    made = RunList(Library(tmp_path))
    made.refresh()
    assert made.shutdown(5000)
    assert made.entries == {}
