from pathlib import Path

import pytest

from ganstudio.api.errors import InputError, StudioError
from ganstudio.runs import trash as trashing
from ganstudio.runs.lock import Lock
from ganstudio.runs.trash import Trash
from tests.runs.conftest import names
from tests.runs.made import make_run


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path)


def test_a_deleted_run_comes_back_whole(trash: Trash) -> None:
    run = make_run(trash.root)
    before = names(run)
    trashed = trash.take(run)
    assert not run.exists()
    assert [one.home for one in trash.runs()] == [run]
    assert trash.put_back(trashed) == run
    assert names(run) == before
    assert trash.runs() == []


def test_runs_of_one_name_lie_beside_each_other(trash: Trash) -> None:
    first = trash.take(make_run(trash.root, steps=10))
    second = trash.take(make_run(trash.root, steps=20))
    assert len(trash.runs()) == 2
    trash.put_back(first)
    with pytest.raises(InputError, match="is taken by another run"):
        trash.put_back(second)
    assert second.path.is_dir()


def test_a_run_that_is_written_stays(trash: Trash) -> None:
    run = make_run(trash.root)
    held = Lock.take(run)
    assert held is not None
    with pytest.raises(InputError, match="it is training"):
        trash.take(run)
    held.release()
    assert run.is_dir()
    assert trash.take(run).path.is_dir()


def test_what_is_no_run_of_the_library_is_not_touched(trash: Trash, tmp_path: Path) -> None:
    inner = make_run(tmp_path / "elsewhere")
    trash.path.mkdir()
    for path in (inner, tmp_path / "missing", trash.path, tmp_path):
        with pytest.raises(InputError, match="is no run"):
            trash.take(path)
    assert inner.is_dir()


def test_emptied_is_gone_for_good(trash: Trash) -> None:
    trashed = trash.take(make_run(trash.root, "one"))
    trash.take(make_run(trash.root, "two"))
    assert trash.empty() == 2
    assert not trash.path.exists()
    with pytest.raises(InputError, match="not in the trash any more"):
        trash.put_back(trashed)
    assert trash.empty() == 0


def test_an_emptying_cut_short_leaves_no_half_run(trash: Trash, monkeypatch: pytest.MonkeyPatch) -> None:
    trash.take(make_run(trash.root))

    def refuse(path: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(trashing.shutil, "rmtree", refuse)
    with pytest.raises(StudioError, match="denied"):
        trash.empty()
    monkeypatch.undo()
    assert trash.runs() == []
    trash.empty()
    assert not trash.path.exists()


def test_foreign_things_in_the_trash_are_no_runs(trash: Trash) -> None:
    trash.path.mkdir()
    (trash.path / "note.txt").write_text("x")
    (trash.path / "odd-name").mkdir()
    assert trash.runs() == []


def test_a_disk_that_refuses_leaves_the_run(trash: Trash, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(trash.root)

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(trashing.os, "rename", refuse)
    with pytest.raises(StudioError, match="can only be read"):
        trash.take(run)
    monkeypatch.undo()
    assert run.is_dir()
    assert names(trash.path) == []
