"""Cutting: taking back what a run recorded after the checkpoint that it goes on from.

Those steps are made anew, and no curve, preview or edit is to stand there twice. What is cut may be cut
again: a process that dies half way leaves nothing wrong.
"""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ganstudio.runs.atomic import TEMPORARY, sync_folder, write_bytes
from ganstudio.runs.checkpoint import list_checkpoints
from ganstudio.runs.lines import decode, encode
from ganstudio.runs.refusals import explained

_BLOCK = 1 << 16
_SAMPLE = re.compile(r"(\d{9,})(-.+)?\.(png|npy|npz)")
_ENDINGS = ("Finished", "Failed")
"""What is said of an end stays: it did end so before it went on."""


def cut_metrics(path: Path, step: int) -> None:
    """Take away the lines of steps after ``step``; steps never fall from one line to the next."""
    with explained(path):
        try:
            file = path.open("rb+")
        except FileNotFoundError:
            return
        with file:
            keep = size = file.seek(0, os.SEEK_END)
            for start, line in _lines_backwards(file):
                record = decode(line) if line.endswith(b"\n") else {}
                if record and _step(record) <= step:
                    break
                if record is not None:
                    keep = start
            if keep < size:
                file.truncate(keep)
                file.flush()
                os.fsync(file.fileno())


def cut_events(path: Path, step: int, changes: int, added: Mapping[str, Any]) -> None:
    """Take away what happened after ``step``, and all but the first ``changes`` changed settings.

    ``added``, which tells of it, comes into the file in the same moment.
    """
    lines = []
    with explained(path), suppress(FileNotFoundError):
        lines = path.read_bytes().splitlines(keepends=True)
    kept, changed = [], 0
    for line in lines:
        record = decode(line) if line.endswith(b"\n") else None
        if record is None:
            continue
        kind = record.get("event")
        changed += kind == "SettingChanged"
        undone = _step(record) > step or (kind == "SettingChanged" and changed > changes)
        if kind in _ENDINGS or not undone:
            kept.append(line)
    write_bytes(path, b"".join([*kept, encode(added)]))


def cut_samples(folder: Path, step: int) -> None:
    """Remove the previews of later steps; nothing else that lies there is touched."""
    if not folder.is_dir():
        return
    with explained(folder):
        for path in folder.iterdir():
            name = _SAMPLE.fullmatch(path.name)
            # A folder of such a name is nobody's preview.
            if name and int(name[1]) > step and (path.is_symlink() or not path.is_dir()):
                path.unlink()
        sync_folder(folder)


def set_aside_checkpoints(folder: Path, step: int) -> None:
    """Rename checkpoints of later steps, which are damaged or would have been gone on from."""
    with explained(folder):
        for path in list_checkpoints(folder):
            name = path.name.strip(".").removesuffix(".old")
            if int(name) > step:
                path.rename(_free_name(folder / f"{name}.damaged"))


def remove_leftovers(folder: Path, seconds: float = 0.0) -> None:
    """Remove the files that a process killed while it wrote them left behind, ``seconds`` ago or more.

    At 0 all go, those too that a clock set back meanwhile makes younger than now.
    """
    with explained(folder):
        for path in folder.glob(TEMPORARY):
            # Somebody else may be about to give it its name.
            with suppress(FileNotFoundError):
                if path.is_file() and (not seconds or time.time() - path.stat().st_mtime >= seconds):
                    path.unlink()


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.name}-{number}")
        number += 1
    return free


def _step(record: dict[str, Any]) -> int:
    step = record.get("step")
    return step if isinstance(step, int) else 0


def _lines_backwards(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield every line with the place of its first byte, the last line first."""
    end = file.seek(0, os.SEEK_END)
    rest = b""
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        block = file.read(end - start) + rest
        lines = block.splitlines(keepends=True)
        # The first may go on further to the left.
        rest = lines.pop(0) if start else b""
        place = start + len(block)
        for line in reversed(lines):
            place -= len(line)
            yield place, line
        end = start
