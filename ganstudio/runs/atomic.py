"""Atomic: files that are on disk whole or not at all, and sentences for disks that refuse.

It knows nothing of runs or of what the files hold.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganstudio.api.errors import StudioError

TEMPORARY = ".tmp-*"
"""What files are called while they are written."""


def write_text(path: Path, text: str) -> None:
    """Put ``text`` into the file ``path`` as UTF-8; see :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Make ``data`` the content of the file ``path``, which holds the old or the new content at any time.

    Raises ``StudioError`` with a sentence when the disk refuses; the file is then as it was.
    """
    temporary = temporary_beside(path)
    with explained(path):
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            # Tidying up must not hide what went wrong.
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def temporary_beside(path: Path) -> Path:
    """Return a name in the folder of ``path`` that nothing has: hidden, so that no reader takes it."""
    return path.with_name(f".tmp-{secrets.token_hex(8)}")


def sync_file(path: Path) -> None:
    """Wait until a file's content has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder have reached the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network disks have no such thing for folders.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)


@contextmanager
def explained(path: Path, kind: type[StudioError] = StudioError) -> Iterator[None]:
    """Turn an ``OSError`` about ``path`` into a ``kind`` of ``StudioError`` with a sentence."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path, kind) from error


def disk_error(error: OSError, path: Path, kind: type[StudioError] = StudioError) -> StudioError:
    """Return what to tell the user when writing ``path`` failed with ``error``."""
    return kind(_SENTENCES.get(error.errno or 0, _other)(error, path))


def _full(error: OSError, path: Path) -> str:
    return f"The disk holding {path} is full; free some space on it, or choose a folder on another disk."


def _denied(error: OSError, path: Path) -> str:
    return (
        f"{path} cannot be written: access to it is denied. "
        "Choose another folder, or ask for the right to write there."
    )


def _read_only(error: OSError, path: Path) -> str:
    return f"{path} cannot be written: its disk can only be read. Choose a folder on another disk."


def _not_a_folder(error: OSError, path: Path) -> str:
    files = [part for part in (*reversed(path.parents), path) if part.exists() and not part.is_dir()]
    what = f"{files[0]} is a file, not a folder" if files else "a part of it is not a folder"
    return f"{path} cannot be written: {what}. Choose another folder."


def _gone(error: OSError, path: Path) -> str:
    missing = next((part for part in (*reversed(path.parents), path) if not part.exists()), path)
    return (
        f"{path} cannot be written: {missing} is not there. "
        "It was removed or renamed, or its disk was taken away; put it back, or choose another folder."
    )


def _folder_in_the_way(error: OSError, path: Path) -> str:
    return f"{path} cannot be written: there is a folder of that name. Move it away first."


def _long(error: OSError, path: Path) -> str:
    return f"{path} cannot be written: the name is too long for this disk. Choose a shorter one."


def _other(error: OSError, path: Path) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{path} cannot be written: {reason}. Check the disk, or choose another folder."


_SENTENCES = {
    errno.ENOSPC: _full,
    errno.EDQUOT: _full,
    errno.EACCES: _denied,
    errno.EPERM: _denied,
    errno.EROFS: _read_only,
    errno.ENOTDIR: _not_a_folder,
    errno.EEXIST: _not_a_folder,
    errno.ENOENT: _gone,
    errno.ESTALE: _gone,
    errno.EISDIR: _folder_in_the_way,
    errno.ENAMETOOLONG: _long,
}
