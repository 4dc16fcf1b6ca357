"""Migration: which format a run folder has, and how one of an older format becomes one of today's.

Whatever reads runs understands every older format; a folder is migrated once it is written again. It knows
nothing of what a run is for.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganstudio.api.errors import InputError
from ganstudio.runs.atomic import write_bytes
from ganstudio.runs.refusals import explained

FORMAT = 1
"""Raised with a step in ``_STEPS`` whenever an older studio would misread a run."""
KEY = "format"
"""What the format is called in the provenance; runs from before it was written down have format 0."""
END = "# The end of this experiment; a file that lacks this line is torn.\n"
"""The last line of an experiment file from format 1 on."""

_EXPERIMENT, _PROVENANCE = "experiment.toml", "provenance.json"


def format_of(folder: Path) -> int:
    """Return the format of the run in ``folder``, 0 where none can be read."""
    found = _provenance(folder).get(KEY)
    return found if isinstance(found, int) else 0


def refuse_newer(folder: Path) -> None:
    """Raise ``InputError`` when the run in ``folder`` has a format that only a newer studio knows."""
    found = format_of(folder)
    if found > FORMAT:
        raise InputError(
            f"{folder} was written by a newer GAN Studio: its format is {found}, and this version knows "
            f"those up to {FORMAT}. Open it with that version, or install a newer one."
        )


def migrate(folder: Path) -> None:
    """Bring the run in ``folder`` to today's format, step by step; one that has it is not touched.

    Each file that changes is kept beside itself as it was, as ``provenance.json.format0``. Cut short, it
    can be done again. Raises ``DiskError`` with a sentence when the disk refuses.
    """
    while (found := format_of(folder)) < FORMAT:
        _STEPS[found](folder)


def set_aside_damaged(folder: Path) -> tuple[str, ...]:
    """Rename a provenance that cannot be read, and say so; without it a run can still be gone on with."""
    path = folder / _PROVENANCE
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (ValueError, RecursionError):
        values = None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if isinstance(values, dict):
        return ()
    kept = path.with_name(f"{path.name}.damaged")
    with explained(path, InputError):
        os.replace(path, kept)
    return (
        f"{path} was damaged, and is now called {kept.name}. What the run was made with is not known any "
        "more, so nobody can say whether its data is still the same.",
    )


def _end_and_format(folder: Path) -> None:
    """0 to 1: the format is written down, an experiment ends with a line that says so."""
    experiment = folder / _EXPERIMENT
    with explained(experiment):
        text = experiment.read_bytes()
    if not text.endswith(END.encode()):
        _replace(experiment, text.rstrip(b"\n") + b"\n\n" + END.encode(), 0)
    values = {KEY: 1, **_provenance(folder)}
    run, step = values.pop("parent_run", None), values.pop("parent_step", None)
    if run and "parent" not in values:
        values["parent"] = {"run": run, "path": run, "step": step}
    # Last: until then the folder has the format it had.
    _replace(folder / _PROVENANCE, (json.dumps(values, indent=2) + "\n").encode(), 0)


def _replace(path: Path, data: bytes, was: int) -> None:
    """Put ``data`` into a file and keep what it held under the name of its format."""
    kept = path.with_name(f"{path.name}.format{was}")
    with explained(path):
        before = path.read_bytes() if path.exists() else None
        missing = not kept.exists()
    if before is not None and missing:
        write_bytes(kept, before)
    write_bytes(path, data)


def _provenance(folder: Path) -> dict[str, Any]:
    """Return what is written of how the run was made; nothing where that is missing or damaged."""
    try:
        values = json.loads((folder / _PROVENANCE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


_STEPS: dict[int, Callable[[Path], None]] = {0: _end_and_format}
"""What makes of a folder of each older format one of the next."""
