import errno
import os
from pathlib import Path

import pytest

from ganstudio.api import InputError
from ganstudio.runs.refusals import DiskError, disk_error, explained, gone


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(errno.EACCES, "access to it is denied", id="denied"),
        pytest.param(errno.EPERM, "access to it is denied", id="not permitted"),
        pytest.param(errno.EROFS, "can only be read", id="read-only disk"),
        pytest.param(errno.EDQUOT, "is full", id="quota"),
        pytest.param(errno.EIO, "Input/output error. Check the disk", id="broken disk"),
    ],
)
def test_each_refusal_has_its_sentence(code: int, words: str) -> None:
    error = disk_error(OSError(code, os.strerror(code)), Path("/some/file"))
    assert words in str(error)
    assert "/some/file" in str(error)
    assert str(error).endswith(".")


def test_the_kind_of_error_can_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(InputError), explained(tmp_path, InputError):
        raise PermissionError(errno.EACCES, "denied")


@pytest.mark.parametrize(
    ("code", "passing"),
    [
        pytest.param(errno.ENOSPC, True, id="full"),
        pytest.param(errno.EACCES, True, id="denied"),
        pytest.param(errno.EROFS, True, id="read-only"),
        pytest.param(errno.EIO, True, id="broken"),
        pytest.param(errno.EMFILE, True, id="one that nobody thought of"),
        pytest.param(errno.EISDIR, True, id="folder in the way"),
        pytest.param(errno.ENOENT, False, id="gone"),
        pytest.param(errno.ENOTDIR, False, id="replaced by a file"),
        pytest.param(errno.ENAMETOOLONG, False, id="too long"),
        pytest.param(errno.ELOOP, False, id="circle"),
    ],
)
def test_it_says_whether_the_disk_may_yet_relent_and_what_helps(code: int, passing: bool) -> None:
    error = disk_error(OSError(code, os.strerror(code)), Path("/some/file"))
    assert isinstance(error, DiskError)
    assert error.passing == passing == bool(error.remedy)
    assert str(error).startswith(error.what)
    assert not error.what.endswith(".")


def test_what_is_gone_is_named_by_the_first_part_that_is_missing(tmp_path: Path) -> None:
    error = gone(tmp_path / "run" / "samples" / "000000010.png")
    assert str(error).startswith(f"{tmp_path / 'run'} was removed, renamed or replaced while")
    assert not error.passing


def test_a_link_in_a_circle_is_explained_too(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(DiskError, match="its links lead in a circle"), explained(tmp_path / "circle"):
        (tmp_path / "circle" / "file").write_text("")
