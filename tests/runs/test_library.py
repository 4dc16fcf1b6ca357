import json
import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio.api.errors import InputError, StudioError
from ganstudio.runs import index, library
from ganstudio.runs.library import Entry, Library, in_families
from ganstudio.runs.lock import Lock
from ganstudio.runs.notes import change_notes
from tests.runs.made import make_run, settle

Counter = Callable[[], int]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Return a function that says how many runs were read since it was last asked."""
    count = 0
    read = library.read_summary

    def counted(*arguments: object) -> object:
        nonlocal count
        count += 1
        return read(*arguments)  # type: ignore[arg-type]

    def since() -> int:
        nonlocal count
        count, before = 0, count
        return before

    monkeypatch.setattr(library, "read_summary", counted)
    return since


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(3):
        make_run(tmp_path, f"run-{number}", began=f"2026-11-2{number}T08:00:00+00:00")
    return tmp_path


def folders(entries: list[Entry]) -> list[str]:
    return [entry.folder for entry in entries]


# --- The list --------------------------------------------------------------------------------------


def test_a_library_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert Library(tmp_path / "runs").entries() == []
    assert not (tmp_path / "runs").exists()


def test_the_newest_comes_first(root: Path) -> None:
    assert folders(Library(root).entries()) == ["run-2", "run-1", "run-0"]


def test_what_is_known_is_not_read_again(root: Path, reads: Counter) -> None:
    first = Library(root).entries()
    assert reads() == 3
    assert Library(root).entries() == first
    assert reads() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda run: change_notes(run, tags=["new"]),
        lambda run: (run / "samples" / "000000099.png").write_bytes(b"x"),
        lambda run: (run / "checkpoints" / "000000099").mkdir(),
        lambda run: (run / "metrics.jsonl").open("a").write('{"step":30}\n'),
        lambda run: (run / "events.jsonl").open("a").write('{"event":"Restarted","step":20}\n'),
        lambda run: (run / "experiment.toml").write_text("["),
    ],
    ids=["notes", "preview", "checkpoint", "metrics", "events", "experiment"],
)
@pytest.mark.filterwarnings("ignore:unclosed file")
def test_a_run_that_changed_is_read_again(
    root: Path, reads: Counter, change: Callable[[Path], object]
) -> None:
    before = {entry.folder: entry for entry in Library(root).entries()}
    reads()
    change(root / "run-1")
    after = {entry.folder: entry for entry in Library(root).entries()}
    assert reads() == 1
    assert after["run-1"] != before["run-1"]
    assert after["run-0"] == before["run-0"]


def test_a_change_right_after_a_look_is_not_missed(tmp_path: Path) -> None:
    run = make_run(tmp_path, settled=False)
    one = Library(tmp_path)
    change_notes(run, tags=["ab"])
    assert one.entries()[0].tags == ("ab",)
    time_now = (run / "notes.json").stat().st_mtime_ns
    # The same size, and as on a coarse clock the same time.
    change_notes(run, tags=["cd"])
    os.utime(run / "notes.json", ns=(time_now, time_now))
    assert one.entries()[0].tags == ("cd",)


def test_runs_that_are_gone_leave_the_index(root: Path) -> None:
    one = Library(root)
    one.entries()
    one.delete(root / "run-1")
    assert folders(one.entries()) == ["run-2", "run-0"]
    assert set(json.loads((root / index.NAME).read_text())["runs"]) == {"run-0", "run-2"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format": 1, "runs": 3}', b'{"format": 99, "runs": {}}', b"\xff\x00"],
    ids=["empty", "torn", "list", "no-runs", "newer", "no-text"],
)
def test_a_damaged_index_is_made_anew(root: Path, reads: Counter, content: bytes) -> None:
    expected = Library(root).entries()
    (root / index.NAME).write_bytes(content)
    reads()
    assert Library(root).entries() == expected
    assert reads() == 3
    assert Library(root).entries() == expected
    assert reads() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"entry": {"state": 3}},
        {"entry": {"unheard": 1}},
        {"entry": {"ranges": {"a": [1]}}},
        {"entry": 3},
        {"tally": {"odd": 1}},
        {"stamp": None},
    ],
    ids=["type", "field", "ranges", "no-entry", "tally", "stamp"],
)
def test_a_damaged_record_costs_its_run_alone(root: Path, reads: Counter, change: dict[str, object]) -> None:
    expected = Library(root).entries()
    content = json.loads((root / index.NAME).read_text())
    content["runs"]["run-1"] |= change
    (root / index.NAME).write_text(json.dumps(content))
    reads()
    assert Library(root).entries() == expected
    assert reads() == 1


def test_a_library_that_cannot_be_written_is_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StudioError("read-only")

    monkeypatch.setattr(index, "write_text", refuse)
    assert len(Library(root).entries()) == 3
    assert not (root / index.NAME).exists()


def test_a_file_in_the_place_of_the_library_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("x")
    with pytest.raises(StudioError, match="cannot be listed"):
        Library(tmp_path / "runs").entries()


def test_a_damaged_run_does_not_spoil_the_list(root: Path, reads: Counter) -> None:
    (root / "run-1" / "experiment.toml").write_text("name = [")
    settle(root / "run-1")
    states = {entry.folder: entry.state for entry in Library(root).entries()}
    assert states == {"run-0": "finished", "run-1": "damaged", "run-2": "finished"}
    reads()
    Library(root).entries()
    # It may have been mended without a trace.
    assert reads() == 1


def test_a_run_that_is_written_is_running(tmp_path: Path) -> None:
    run = make_run(tmp_path, ends="")
    one = Library(tmp_path)
    held = Lock.take(run)
    assert held is not None
    assert one.entries()[0].state == "running"
    assert one.interrupted() == []
    held.release()
    assert one.entries()[0].state == "interrupted"
    assert folders(one.interrupted()) == ["a-run"]


def test_without_a_checkpoint_nothing_can_be_resumed(tmp_path: Path) -> None:
    make_run(tmp_path, ends="", checkpoint=False)
    assert Library(tmp_path).interrupted() == []


def test_reading_that_is_given_up_is_not_lost(root: Path, reads: Counter) -> None:
    def give_up(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Library(root).entries(give_up)
    assert reads() == 2
    assert len(Library(root).entries()) == 3
    assert reads() == 1


# --- Scores ----------------------------------------------------------------------------------------


def test_the_best_is_shown(tmp_path: Path) -> None:
    values = {10: {"score/fid": 9.0, "score/modes": 8.0}, 20: {"score/fid": 11.0, "score/modes": 7.0}}
    make_run(tmp_path, scores=values, lower=("score/fid",))
    one = Library(tmp_path)
    best = {"score/fid": 9.0, "score/modes": 8.0}
    assert one.entries()[0].scores == best
    # From the index as well.
    assert Library(tmp_path).entries()[0].scores == best


# --- Families --------------------------------------------------------------------------------------


def entry(name: str, parent: str = "") -> Entry:
    return Entry(Path("/runs") / name, name, parent=parent)


def depths(*entries: Entry) -> list[tuple[str, int]]:
    return [(one.folder, depth) for one, depth in in_families(entries)]


def test_branches_stand_below_their_parents() -> None:
    rows = depths(entry("c", "b"), entry("x"), entry("b", "a"), entry("a"), entry("d", "a"))
    assert rows == [("x", 0), ("a", 0), ("b", 1), ("c", 2), ("d", 1)]


def test_a_branch_of_a_run_that_is_gone_stands_for_itself() -> None:
    assert depths(entry("b", "a"), entry("c", "b")) == [("b", 0), ("c", 1)]


def test_runs_that_claim_to_descend_from_each_other_are_listed_once() -> None:
    assert sorted(name for name, _ in depths(entry("a", "b"), entry("b", "a"), entry("c", "c"))) == [
        "a",
        "b",
        "c",
    ]


def test_a_family_is_found_from_any_of_it(tmp_path: Path) -> None:
    make_run(tmp_path, "a")
    make_run(tmp_path, "b", parent={"run": "a", "step": 10})
    make_run(tmp_path, "c", parent={"run": "b", "step": 10})
    make_run(tmp_path, "other")
    one = Library(tmp_path)
    for name in "abc":
        assert folders(one.family(tmp_path / name)) == ["a", "b", "c"]
    assert folders(one.family(tmp_path / "other")) == ["other"]
    assert one.family(tmp_path / "missing") == []


def test_deleting_a_parent_leaves_its_branches(tmp_path: Path) -> None:
    make_run(tmp_path, "a")
    branch = make_run(tmp_path, "b", parent={"run": "a", "step": 10})
    before = sorted(branch.rglob("*"))
    one = Library(tmp_path)
    one.delete(tmp_path / "a")
    one.empty_trash()
    assert sorted(branch.rglob("*")) == before
    assert [(each.folder, each.parent) for each in one.entries()] == [("b", "a")]


# --- Notes, finding, trash -------------------------------------------------------------------------


def test_what_is_noted_is_listed(root: Path) -> None:
    one = Library(root)
    one.entries()
    assert one.note(root / "run-1", name="best", tags=["a"]).name == "best"
    assert {entry.name for entry in one.entries()} == {"run-0", "best", "run-2"}
    with pytest.raises(InputError, match="not there any more"):
        one.note(root / "missing", name="x")


def test_a_run_is_found_by_what_people_call_it(root: Path) -> None:
    one = Library(root)
    one.note(root / "run-1", name="best")
    assert one.find("best") == root / "run-1"
    assert one.find("run-2") == root / "run-2"
    assert one.find(str(root / "run-0")) == root / "run-0"
    with pytest.raises(InputError, match="Did you mean best"):
        one.find("bets")
    one.note(root / "run-2", name="best")
    with pytest.raises(InputError, match="2 runs are called best"):
        one.find("best")


def test_a_deleted_run_comes_back(root: Path) -> None:
    one = Library(root)
    before = one.entries()
    trashed = one.delete(root / "run-1")
    assert [each.home.name for each in one.trash()] == ["run-1"]
    assert len(one.entries()) == 2
    one.restore(trashed)
    assert one.entries() == before


# --- Several processes -----------------------------------------------------------------------------


def _list_often(root: Path, times: int, failed: "multiprocessing.queues.Queue[str]") -> None:
    try:
        for number in range(times):
            assert len(Library(root).entries()) == 12
            change_notes(root / f"run-{number % 12}", tags=[f"{os.getpid()}-{number}"])
    except BaseException as error:
        failed.put(repr(error))


def test_processes_that_write_the_index_at_once_never_tear_it(tmp_path: Path) -> None:
    for number in range(12):
        make_run(tmp_path, f"run-{number}", picture=False)
    context = multiprocessing.get_context("spawn")
    failed = context.Queue()
    workers = [context.Process(target=_list_often, args=(tmp_path, 30, failed)) for _ in range(2)]
    for worker in workers:
        worker.start()
    ends = time.monotonic() + 60
    while any(worker.is_alive() for worker in workers) and time.monotonic() < ends:
        if (tmp_path / index.NAME).exists():
            assert json.loads((tmp_path / index.NAME).read_bytes())["format"] == index.FORMAT
    for worker in workers:
        worker.join()
    assert failed.empty()
    failed.close()
    failed.join_thread()
    fresh = Library(tmp_path).entries()
    (tmp_path / index.NAME).unlink()
    assert Library(tmp_path).entries() == fresh
