"""Atomic: files that are on disk whole or not at all. It knows nothing of runs or of what the files hold."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from ganstudio.runs.refusals import explained

__all__ = [
    "TEMPORARY",
    "explained",
    "sync_file",
    "sync_folder",
    "temporary_beside",
    "write_bytes",
    "write_text",
]

TEMPORARY = ".tmp-*"
"""What files are called while they are written."""


def write_text(path: Path, text: str) -> None:
    """Put ``text`` into the file ``path`` as UTF-8; see :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Make ``data`` the content of the file ``path``, which holds the old or the new content at any time.

    Raises ``DiskError`` with a sentence when the disk refuses; the file is then as it was.
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
