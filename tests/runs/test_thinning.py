import shutil
from pathlib import Path

import pytest

from ganstudio.runs.checkpoint import list_checkpoints, read_checkpoint, write_checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.thinning import thin
from tests.runs.conftest import State, names


def keep(folder: Path, *steps: int) -> list[Path]:
    return [Path(write_checkpoint(folder, State(step), "test").path) for step in steps]


def steps(folder: Path) -> list[int]:
    return [int(path.name) for path in list_checkpoints(folder)]


@pytest.mark.parametrize(
    ("count", "left"), [(0, [1, 2, 3, 4]), (1, [4]), (2, [3, 4]), (4, [1, 2, 3, 4]), (9, [1, 2, 3, 4])]
)
def test_the_newest_stay(tmp_path: Path, count: int, left: list[int]) -> None:
    written = keep(tmp_path, 1, 2, 3, 4)
    thin(tmp_path, count, written[-1])
    assert steps(tmp_path) == left
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_was_just_written_stays_whatever_its_step(tmp_path: Path) -> None:
    written = keep(tmp_path, 5, 7, 3)
    thin(tmp_path, 1, written[-1])
    assert steps(tmp_path) == [3]


def kept_as(folder: Path, reasons: dict[int, str]) -> Path:
    """Write a checkpoint for each reason, by step, and return the last."""
    return [Path(write_checkpoint(folder, State(step), why).path) for step, why in reasons.items()][-1]


@pytest.mark.parametrize(
    ("reasons", "left"),
    [
        ({1: "branch", 2: "end", 3: "end"}, [1, 3]),
        ({1: "kept", 2: "end", 3: "kept, every few minutes", 4: "end"}, [1, 3, 4]),
        ({1: "best", 2: "end", 3: "end"}, [1, 3]),
        ({1: "best", 2: "best", 3: "end"}, [2, 3]),
        ({1: "best, kept", 2: "best", 3: "end"}, [1, 2, 3]),
        ({1: "best", 2: "end", 3: "best"}, [3]),
        ({1: "bestseller", 2: "end"}, [2]),
        ({1: "best, end", 2: "end", 3: "best", 4: "end"}, [3, 4]),
    ],
    ids=[
        *("the first of a branch", "every so many steps", "the best", "the last of the best"),
        *("an earlier best for another reason", "the best is the newest", "no such reason"),
        "an earlier best that was the end",
    ],
)
def test_what_outlasts_newer_ones_stays(tmp_path: Path, reasons: dict[int, str], left: list[int]) -> None:
    thin(tmp_path, 1, kept_as(tmp_path, reasons))
    assert steps(tmp_path) == left


def test_what_was_the_best_goes_at_once_and_takes_no_place(tmp_path: Path) -> None:
    thin(tmp_path, 3, kept_as(tmp_path, {1: "end", 2: "best", 3: "end", 4: "best", 5: "end", 6: "best"}))
    assert steps(tmp_path) == [3, 5, 6]
    thin(tmp_path, 3, kept_as(tmp_path, {7: "end"}))
    assert steps(tmp_path) == [3, 5, 6, 7]


def test_one_that_is_not_whole_outlasts_nothing(tmp_path: Path) -> None:
    last = kept_as(tmp_path, {1: "best", 2: "branch", 3: "end"})
    (tmp_path / "000000001" / "manifest.json").write_text("{")
    thin(tmp_path, 1, last)
    assert steps(tmp_path) == [2, 3]


def test_a_checkpoint_in_the_place_of_another_keeps_why_that_one_stays(run: RunFolder) -> None:
    run.write_checkpoint(State(5), "best, kept", keep=1)
    assert run.write_checkpoint(State(5), "end", keep=1).reason == "best, kept, end"
    assert run.write_checkpoint(State(5), "best, asked for", keep=1).reason == "kept, best, asked for"
    run.write_checkpoint(State(6), "end", keep=1)
    assert [read_checkpoint(path).step for path in run.checkpoints()] == [5, 6]


def test_a_removal_cut_short_leaves_no_checkpoint_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = keep(tmp_path, 1, 2)

    def die(path: Path, **options: object) -> None:
        next(path.iterdir()).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", die)
        with pytest.raises(KeyboardInterrupt):
            thin(tmp_path, 1, written[-1])
    assert steps(tmp_path) == [2]
    keep(tmp_path, 3)
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_a_run_keeps_as_many_as_it_is_told(run: RunFolder) -> None:
    for step in range(1, 6):
        run.write_checkpoint(State(step), "test", keep=2)
    assert [read_checkpoint(path).step for path in run.checkpoints()] == [4, 5]
