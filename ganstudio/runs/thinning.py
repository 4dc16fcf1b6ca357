"""Thinning: removing checkpoints that are no longer wanted. Of what they hold it knows the reason alone.

The newest stay, the one a branch began with, the one with the best score, and those of every so many steps.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ganstudio.api.errors import StudioError
from ganstudio.api.events import BEST, lasting_reasons
from ganstudio.runs.atomic import temporary_beside
from ganstudio.runs.checkpoint import list_checkpoints, step_of
from ganstudio.runs.manifest import read_manifest


def thin(parent: Path, keep: int, written: Path) -> None:
    """Remove all but the newest ``keep`` checkpoints (0: none is removed), and those that outlast newer ones.

    ``written``, which is known to be whole, counts as the newest and stays whatever its step. One that was
    kept for nothing but a score that is the best no more goes at once, and takes no other's place. One that
    cannot be removed stays as well.
    """
    folders = list_checkpoints(parent)
    if not keep or len(folders) < 2:
        return
    why = {path: _reasons(path) for path in folders}
    others = [path for path in folders if path != written and why[path] != [BEST]]
    old = {*others[: max(0, len(others) - (keep - 1))], *(path for path in folders if why[path] == [BEST])}
    for path in sorted(old - _spared(folders, why) - {written}):
        _remove(path)


def with_lasting(reason: str, parent: Path, step: int) -> str:
    """Return ``reason``, and with it those that make the checkpoint of that step outlast newer ones.

    A checkpoint that takes the place of another of its step must not lose why that one was kept.
    """
    there = [path for path in list_checkpoints(parent) if step_of(path) == step]
    lasting = [one for path in there for one in lasting_reasons(", ".join(_reasons(path)))]
    kept = [one for one in lasting if one not in reason.split(", ")]
    return ", ".join([*kept, reason])


def _spared(folders: Sequence[Path], why: Mapping[Path, Sequence[str]]) -> set[Path]:
    """Return the folders, given by step, that stay however old they are; of the best ones the last is it."""
    best = [path for path in folders if BEST in why[path]]
    lasting = {path for path in folders if set(lasting_reasons(", ".join(why[path]))) - {BEST}}
    return lasting | set(best[-1:])


def _reasons(folder: Path) -> list[str]:
    """Return why a checkpoint is kept; one that is not whole is worth nothing to look back to."""
    try:
        return read_manifest(folder).reason.split(", ")
    except StudioError:
        return []


def _remove(folder: Path) -> None:
    gone = temporary_beside(folder)
    # Under a name that nobody reads, so that a removal cut short leaves no checkpoint that is not whole.
    with suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
