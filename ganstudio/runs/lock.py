"""Lock: says which process writes a run folder. The system frees it when that process dies, however it dies.

It knows nothing of what is written.
"""

import os
import sys
import time
from pathlib import Path

NAME = ".lock"
_TRIES, _BREATH = 5, 0.005

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, shared: bool) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(handle: int, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # Some network disks cannot lock. A run there is written all the same.
            return True
        return True


class Lock:
    """The right to write a run folder, held until ``release``."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> "Lock | None":
        """Return the lock of ``folder``, or ``None`` when another holds it; raises ``OSError``."""
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
        for _ in range(_TRIES):
            if _take(handle, shared=False):
                return cls(handle)
            # Somebody may only be looking whether it is held, which takes a few microseconds.
            time.sleep(_BREATH)
        os.close(handle)
        return None

    def release(self) -> None:
        """Let others have it."""
        os.close(self._handle)


def is_held(folder: Path) -> bool:
    """Say whether a living process writes ``folder``; the folder is not touched."""
    try:
        handle = os.open(folder / NAME, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    except OSError:
        return False
    try:
        return not _take(handle, shared=True)
    finally:
        os.close(handle)
