"""Thinning: removing checkpoints that are no longer wanted. It knows nothing of what they hold."""

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from ganstudio.runs.atomic import temporary_beside
from ganstudio.runs.checkpoint import list_checkpoints


def thin(parent: Path, keep: int, written: Path, spared: Collection[Path] = ()) -> None:
    """Remove all but the newest ``keep`` checkpoints (0: none is removed).

    ``written``, which is known to be whole, counts as the newest and stays whatever its step; so do those
    ``spared``. One that cannot be removed stays as well.
    """
    others = [path for path in list_checkpoints(parent) if path != written]
    for path in others[: max(0, len(others) - (keep - 1))] if keep else []:
        if path in spared:
            continue
        gone = temporary_beside(path)
        # Under a name that nobody reads, so that a removal cut short leaves no checkpoint that is not whole.
        with suppress(OSError):
            path.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
