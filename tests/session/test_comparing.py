"""Reading several runs and their pictures, on a real thread."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import History
from ganstudio.session import comparing as module
from ganstudio.session.comparing import Comparing
from tests.compared import digits, experiment, make_run

PATIENCE_MS = 30_000


class Compared:
    """A reader, and what came out of it in order."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.reader = Comparing()
        self.runs: list[tuple[Path, History]] = []
        self.failed: list[tuple[Path, str]] = []
        self.pictures: list[tuple[Path, tuple[int, ...]]] = []
        self.listed: list[list[Path]] = []
        self.reader.arrived.connect(lambda path, run: self.runs.append((path, run)))
        self.reader.failed.connect(lambda path, sentence: self.failed.append((path, sentence)))
        self.reader.pictured.connect(lambda path, found: self.pictures.append((path, found.array.shape)))
        self.reader.listed.connect(self.listed.append)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def settle(self) -> None:
        self.until(lambda: not self.reader.busy)


@pytest.fixture
def compared(qtbot: QtBot) -> Iterator[Compared]:
    made = Compared(qtbot)
    yield made
    assert made.reader.shutdown(PATIENCE_MS)
    qtbot.wait(1)


def test_runs_are_read_in_their_order(compared: Compared, tmp_path: Path) -> None:
    paths = [make_run(tmp_path, experiment("a")), make_run(tmp_path, digits("b"))]
    compared.reader.set_runs(paths)
    compared.settle()
    assert [path for path, _ in compared.runs] == paths
    assert compared.runs[1][1].experiment.data.kind == "Digits"


def test_only_new_runs_are_read(compared: Compared, tmp_path: Path) -> None:
    one, other = make_run(tmp_path, experiment("a")), make_run(tmp_path, experiment("b"))
    compared.reader.set_runs([one])
    compared.settle()
    compared.reader.set_runs([one, other])
    compared.settle()
    assert [path for path, _ in compared.runs] == [one, other]


def test_a_run_that_cannot_be_read_is_a_sentence(compared: Compared, tmp_path: Path) -> None:
    run = make_run(tmp_path, experiment())
    (run / "experiment.toml").write_text("[")
    compared.reader.set_runs([run, tmp_path / "gone"])
    compared.settle()
    assert [path for path, _ in compared.failed] == [run, tmp_path / "gone"]
    assert "not valid TOML" in compared.failed[0][1]
    assert "no folder" in compared.failed[1][1]


def test_a_run_that_is_compared_no_longer_is_not_told_of(compared: Compared, tmp_path: Path) -> None:
    run = make_run(tmp_path, experiment())
    compared.reader.set_runs([run])
    compared.reader.set_runs([])
    assert not compared.reader.busy
    compared.qtbot.wait(50)
    assert compared.runs == []


def test_pictures_come_with_their_samples(compared: Compared, tmp_path: Path) -> None:
    points, images = make_run(tmp_path, experiment("a")), make_run(tmp_path, digits("b"))
    paths = [points / "samples/000000020.png", images / "samples/000000020.png"]
    compared.reader.show_pictures(paths)
    compared.settle()
    assert compared.pictures == [(paths[0], (50, 2)), (paths[1], (4, 8, 8, 1))]


def test_a_picture_that_was_read_is_there_at_once(compared: Compared, tmp_path: Path) -> None:
    path = make_run(tmp_path, digits()) / "samples/000000020.png"
    compared.reader.show_pictures([path])
    compared.settle()
    compared.reader.show_pictures([path])
    assert not compared.reader.busy
    assert [each for each, _ in compared.pictures] == [path, path]


def test_pictures_nobody_waits_for_any_more_are_passed_over(compared: Compared, tmp_path: Path) -> None:
    steps = range(1, 30)
    run = make_run(tmp_path, digits(), previews=steps)
    paths = [run / f"samples/{step:09d}.png" for step in steps]
    for path in paths:
        compared.reader.show_pictures([path])
    compared.settle()
    assert [path for path, _ in compared.pictures] == [paths[-1]]


def test_pictures_are_kept_up_to_a_bound(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PICTURE_BYTES", 3 * 4 * 8 * 8)
    compared = Compared(qtbot)
    run = make_run(tmp_path, digits(), previews=range(1, 6))
    paths = [run / f"samples/{step:09d}.png" for step in range(1, 6)]
    compared.reader.show_pictures(paths)
    compared.settle()
    compared.reader.show_pictures(paths[-3:])
    assert not compared.reader.busy
    compared.reader.show_pictures(paths[:1])
    assert compared.reader.busy
    assert compared.reader.shutdown(PATIENCE_MS)


def test_what_is_no_picture_is_a_sentence(compared: Compared, tmp_path: Path) -> None:
    path = make_run(tmp_path, digits()) / "samples/000000020.png"
    path.write_text("no picture")
    compared.reader.show_pictures([path])
    compared.settle()
    assert compared.failed[0][0] == path
    assert str(path) in compared.failed[0][1]


def test_a_library_lists_its_runs_the_newest_first(compared: Compared, tmp_path: Path) -> None:
    runs = [make_run(tmp_path, experiment(name)) for name in ("a", "b")]
    (tmp_path / ".trash").mkdir()
    (tmp_path / "no-run").mkdir()
    compared.reader.list_runs(tmp_path)
    compared.settle()
    assert compared.listed == [runs[::-1]]


def test_a_library_that_is_not_there_has_no_runs(compared: Compared, tmp_path: Path) -> None:
    compared.reader.list_runs(tmp_path / "runs")
    compared.settle()
    assert compared.listed == [[]]


class TestARunThatTrains:
    @pytest.fixture
    def run(self, tmp_path: Path) -> Iterator[RunFolder]:
        path = make_run(tmp_path, experiment(), ended=False)
        with RunFolder.open(path, writing=True) as run:
            yield run

    @pytest.fixture(autouse=True)
    def _often(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "AGAIN_MS", 20)

    def test_is_read_again_while_somebody_looks(self, compared: Compared, run: RunFolder) -> None:
        compared.reader.set_watched(True)
        compared.reader.set_runs([run.path])
        compared.settle()
        run.append_metrics(
            {"step": 50, "seconds": 0.5, "images_seen": 200, "values": {"loss/generator": 0.1}}
        )
        compared.until(lambda: compared.runs[-1][1].step == 50)
        compared.reader.set_watched(False)
        compared.settle()
        seen = len(compared.runs)
        compared.qtbot.wait(100)
        assert len(compared.runs) == seen

    def test_is_read_less_often_where_that_takes_long(self, compared: Compared, run: RunFolder) -> None:
        compared.reader.set_watched(True)
        compared.reader.set_runs([run.path])
        compared.settle()
        compared.reader._timer.stop()
        compared.reader._seconds[run.path] = 2.0
        compared.reader._arrange_timer()
        assert compared.reader._timer.interval() == 40_000

    def test_is_left_alone_once_it_has_ended(self, compared: Compared, run: RunFolder) -> None:
        compared.reader.set_watched(True)
        compared.reader.set_runs([run.path])
        compared.settle()
        run.append_event({"event": "Finished", "step": 50, "reason": "done", "seconds": 1.0})
        compared.until(lambda: compared.runs[-1][1].state == "finished")
        assert not compared.reader._timer.isActive()

    def test_who_looks_anew_sees_what_has_become(self, compared: Compared, run: RunFolder) -> None:
        compared.reader.set_runs([run.path])
        compared.settle()
        run.append_event({"event": "Finished", "step": 50, "reason": "done", "seconds": 1.0})
        compared.reader.set_watched(True)
        compared.settle()
        assert [history.state for _, history in compared.runs] == ["running", "finished"]
