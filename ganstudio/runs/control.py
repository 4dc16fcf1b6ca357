"""Control: how other processes steer a run, by small files in the folder ``control`` of the run.

Whoever trains takes them a few times a second. A command is a table with its name under ``command``::

    {"command": "set", "path": "training.ema_decay", "value": 0.99}
    {"command": "pause"}    and so on: resume, stop, abort, checkpoint, preview, score

It knows nothing of what commands do. What became of one is told among the run's events.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ganstudio.runs.atomic import TEMPORARY, write_bytes
from ganstudio.runs.lines import decode, encode
from ganstudio.runs.refusals import explained

FOLDER = "control"
_NAME = re.compile(r"(\d{20})-[0-9a-f]{8}\.json")
_LARGEST = 1 << 20
"""Bytes; nobody sends more, and what is larger is not read."""
_FORGOTTEN_SECONDS = 60.0
"""A file still under its temporary name after so long was left by a process that died."""


def send(run: Path, command: Mapping[str, Any]) -> None:
    """Leave a command for whoever trains the run in the folder ``run``.

    It is taken after all that were sent before it. Raises ``StudioError`` with a sentence when the disk
    refuses. Nothing is said of whether anybody trains.
    """
    folder = run / FOLDER
    with explained(folder):
        folder.mkdir(exist_ok=True)
        waiting = [match for match in map(_NAME.fullmatch, os.listdir(folder)) if match]
        newest = max((int(match[1]) for match in waiting), default=0)
    # Beyond the newest that waits, so that a clock that was set back does not change the order.
    number = max(time.time_ns(), newest + 1)
    write_bytes(folder / f"{number:020d}-{secrets.token_hex(4)}.json", encode(command))


def take(run: Path) -> list[dict[str, Any]]:
    """Return the commands that wait, in the order they were sent, and take them away.

    What is no command is taken away without a word. A folder that is missing, or cannot be read or written,
    holds no commands.
    """
    return [command for path in _files(run) if (command := _taken(path)) is not None]


def clear(run: Path) -> None:
    """Take away what was left for a process that trains no more."""
    take(run)


def _files(run: Path) -> list[Path]:
    """Return the files of the folder by name, which is the order they were sent in."""
    folder = run / FOLDER
    # What lies behind a link is not this run's, and is not to be tidied up.
    if folder.is_symlink():
        return []
    try:
        return sorted(path for path in folder.iterdir() if not path.is_dir() or path.is_symlink())
    except OSError:
        return []


def _taken(path: Path) -> dict[str, Any] | None:
    """Remove a file and return its command. What cannot be removed is none, or it would come for ever."""
    command = None
    with suppress(OSError):
        if path.match(TEMPORARY) and time.time() - path.lstat().st_mtime < _FORGOTTEN_SECONDS:
            return None
        if _NAME.fullmatch(path.name) and path.stat().st_size <= _LARGEST and not path.is_symlink():
            command = decode(path.read_bytes())
        path.unlink()
        return command if command and isinstance(command.get("command"), str) else None
    return None
