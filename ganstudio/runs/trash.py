"""Trash: runs that were deleted, until somebody empties it. It knows nothing of what a run holds."""

import os
import secrets
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ganstudio.api.errors import InputError
from ganstudio.runs.atomic import explained
from ganstudio.runs.lock import Lock

NAME = ".trash"


@dataclass(frozen=True)
class Trashed:
    """A deleted run: where it lies now, and where it was. ``when``: UTC, ISO 8601."""

    path: Path
    home: Path
    when: str = ""


class Trash:
    """The folder ``.trash`` in a library; each run lies in a folder of its own there, under its own name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / NAME

    def take(self, path: Path) -> Trashed:
        """Move the run in the folder ``path`` here.

        Raises ``InputError`` when somebody writes it just now, or it is no run of this library, and
        ``StudioError`` when the disk refuses; it is then where it was.
        """
        if path.parent != self.root or path.name.startswith(".") or not path.is_dir():
            raise InputError(f"{path} is no run in {self.root}, so it is not deleted.")
        with explained(path):
            held = Lock.take(path)
            if held is None:
                raise InputError(
                    f"{path.name} is being written: it is training. Stop it first, then delete it."
                )
            try:
                if sys.platform == "win32":
                    # There, a folder with an open file cannot be moved.
                    held.release()
                return self._move(path)
            finally:
                if sys.platform != "win32":
                    held.release()

    def put_back(self, trashed: Trashed) -> Path:
        """Move a run back to where it was and return its folder.

        Raises ``InputError`` when it is not here any more, or another has its place by now.
        """
        if not trashed.path.is_dir():
            raise InputError(f"{trashed.home.name} is not in the trash any more: it was emptied meanwhile.")
        if trashed.home.exists():
            raise InputError(
                f"{trashed.home} is taken by another run now. Rename its folder, then try again."
            )
        with explained(trashed.home):
            os.rename(trashed.path, trashed.home)
            with suppress(OSError):
                trashed.path.parent.rmdir()
        return trashed.home

    def runs(self) -> list[Trashed]:
        """Return what lies here, the newest first."""
        found = [
            Trashed(run, self.root / run.name, _time(holder))
            for holder in _folders(self.path)
            for run in _folders(holder)
        ]
        return sorted(found, key=lambda trashed: trashed.when, reverse=True)

    def empty(self) -> int:
        """Remove all of it for good and return how many runs that were; raises ``StudioError``.

        What cannot be removed stays, and is named.
        """
        runs = self.runs()
        for trashed in runs:
            with explained(trashed.path):
                # First to a name that is no run's, so that one half removed is never put back.
                gone = trashed.path.with_name(f".{trashed.path.name}")
                os.rename(trashed.path, gone)
                shutil.rmtree(gone)
        with explained(self.path), suppress(FileNotFoundError):
            shutil.rmtree(self.path)
        return len(runs)

    def _move(self, path: Path) -> Trashed:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        holder = self.path / f"{stamp}-{secrets.token_hex(4)}"
        holder.mkdir(parents=True)
        target = holder / path.name
        try:
            os.rename(path, target)
        except OSError:
            with suppress(OSError):
                holder.rmdir()
            raise
        return Trashed(target, path, _time(holder))


def _time(holder: Path) -> str:
    try:
        stamp = datetime.strptime(holder.name.partition("-")[0], "%Y%m%dT%H%M%SZ")
    except ValueError:
        return ""
    return stamp.replace(tzinfo=UTC).isoformat(timespec="seconds")


def _folders(path: Path) -> list[Path]:
    try:
        return [each for each in path.iterdir() if each.is_dir() and not each.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
