"""Refusals: what to tell the user when the disk refuses to be written, and whether it may yet relent.

It knows nothing of runs or of what is written.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ganstudio.api.errors import StudioError


class DiskError(StudioError):
    """The disk refused. ``what`` is wrong, without a full stop; ``remedy``: what lets it be written again.

    ``passing``: whether it may be written later as it stands, as when a full disk gets room.
    """

    def __init__(self, message: str, what: str = "", remedy: str = "", passing: bool = False) -> None:
        super().__init__(message)
        self.what, self.remedy, self.passing = what or message, remedy, passing


@contextmanager
def explained(path: Path, kind: type[StudioError] = DiskError) -> Iterator[None]:
    """Turn an ``OSError`` about ``path`` into a ``kind`` of ``StudioError`` with a sentence."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path, kind) from error


def disk_error(error: OSError, path: Path, kind: type[StudioError] = DiskError) -> StudioError:
    """Return what to tell the user when writing ``path`` failed with ``error``."""
    words = _WORDS.get(error.errno or 0, _OTHER)
    what = words.what(error, path)
    message = f"{what}{words.instead}"
    return kind(message, what, words.remedy, words.passing) if issubclass(kind, DiskError) else kind(message)


def gone(path: Path) -> DiskError:
    """Return what to tell when ``path``, or the folder it is in, is not what was written to any more."""
    what = f"{_missing(path)} was removed, renamed or replaced while the training wrote there"
    return DiskError(f"{what}. Nothing more can be written to the run; it is not made anew.", what)


@dataclass(frozen=True)
class _Words:
    """``what`` is wrong; ``instead``: the end of the sentence, and what to do; ``remedy``: to be written."""

    what: Callable[[OSError, Path], str]
    instead: str
    remedy: str = ""

    @property
    def passing(self) -> bool:
        return bool(self.remedy)


def _unwritten(reason: str) -> Callable[[OSError, Path], str]:
    return lambda error, path: f"{path} cannot be written: {reason}"


def _full(error: OSError, path: Path) -> str:
    return f"The disk holding {path} is full"


def _not_a_folder(error: OSError, path: Path) -> str:
    files = [part for part in (*reversed(path.parents), path) if _there(part) and not part.is_dir()]
    what = f"{files[0]} is a file, not a folder" if files else "a part of it is not a folder"
    return f"{path} cannot be written: {what}"


def _absent(error: OSError, path: Path) -> str:
    return f"{path} cannot be written: {_missing(path)} is not there"


def _as_told(error: OSError, path: Path) -> str:
    return f"{path} cannot be written: {error.strerror or str(error) or type(error).__name__}"


def _missing(path: Path) -> Path:
    return next((part for part in (*reversed(path.parents), path) if not _there(part)), path)


def _there(path: Path) -> bool:
    # A disk in trouble may refuse even this.
    try:
        return path.exists()
    except OSError:
        return False


_OTHER = _Words(_as_told, ". Check the disk, or choose another folder.", "Look after the disk")
_FULL = _Words(_full, "; free some space on it, or choose a folder on another disk.", "Free some space on it")
_DENIED = _Words(
    _unwritten("access to it is denied"),
    ". Choose another folder, or ask for the right to write there.",
    "Let it be written again",
)
_NOT_A_FOLDER = _Words(_not_a_folder, ". Choose another folder.")
_GONE = _Words(
    _absent,
    ". It was removed or renamed, or its disk was taken away; put it back, or choose another folder.",
)
_WORDS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _Words(
        _unwritten("its disk can only be read"),
        ". Choose a folder on another disk.",
        "Let that disk be written again",
    ),
    errno.EFBIG: _Words(
        _unwritten("it would become larger than files may be"),
        ". Raise that limit, or choose a folder on another disk.",
        "Raise that limit",
    ),
    errno.EISDIR: _Words(
        _unwritten("there is a folder of that name"), ". Move it away first.", "Move it away"
    ),
    errno.ENAMETOOLONG: _Words(_unwritten("the name is too long for this disk"), ". Choose a shorter one."),
    errno.ELOOP: _Words(_unwritten("its links lead in a circle"), ". Choose another folder."),
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
    errno.ENOENT: _GONE,
    errno.ESTALE: _GONE,
}
