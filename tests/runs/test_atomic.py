import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio.api import StudioError
from ganstudio.runs import atomic
from tests.runs.conftest import names

FAILING = ["fsync", "replace"]


def test_a_text_is_written_whole(tmp_path: Path) -> None:
    atomic.write_text(tmp_path / "notes.txt", "Größe × 2\n")
    assert (tmp_path / "notes.txt").read_bytes() == "Größe × 2\n".encode()
    assert names(tmp_path) == ["notes.txt"]


def test_an_earlier_content_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic.write_bytes(path, b"a longer content")
    atomic.write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("call", FAILING)
def test_a_failed_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    def refuse(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StudioError, match="is full; free some space") as caught:
        atomic.write_bytes(path, b"after")
    assert isinstance(caught.value.__cause__, OSError)
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["file"]


def test_an_interrupted_write_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_bytes(tmp_path / "file", b"x")
    assert names(tmp_path) == []


def test_a_full_disk_is_named_and_nothing_half_written_stays(
    tiny_disk: Path, fill: Callable[[Path], Path]
) -> None:
    atomic.write_bytes(tiny_disk / "file", b"before")
    filler = fill(tiny_disk)
    with pytest.raises(StudioError, match=f"disk holding {tiny_disk / 'file'} is full"):
        atomic.write_bytes(tiny_disk / "file", b"x" * 8192)
    assert (tiny_disk / "file").read_bytes() == b"before"
    assert names(tiny_disk) == ["file", "filler"]
    filler.unlink()
    atomic.write_bytes(tiny_disk / "file", b"x" * 8192)
    assert (tiny_disk / "file").stat().st_size == 8192


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudioError, match=f"{tmp_path / 'taken'} is a file, not a folder"):
        atomic.write_bytes(tmp_path / "taken" / "file", b"")


def test_a_folder_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=f"{tmp_path / 'gone'} is not there"):
        atomic.write_bytes(tmp_path / "gone" / "file", b"")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(StudioError, match="there is a folder of that name"):
        atomic.write_bytes(tmp_path / "file", b"")
    assert names(tmp_path) == ["file"]


def test_a_name_too_long_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="name is too long"):
        atomic.write_bytes(tmp_path / ("n" * 300), b"")
    assert names(tmp_path) == []


def test_disks_that_cannot_sync_folders_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def refuse_folders(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(errno.EINVAL, "no")
        real(handle)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    atomic.write_bytes(tmp_path / "file", b"x")
    assert (tmp_path / "file").read_bytes() == b"x"
