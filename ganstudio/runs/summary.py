"""Summary: what a list says of a run, read from the ends of its files. A damaged run is an entry too.

Nothing is read whole but the small files, and nothing is written. It knows nothing of lists.
"""

import errno
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ganstudio.api.errors import InputError, StudioError
from ganstudio.api.events import BEST, lasting_reasons
from ganstudio.experiment import Experiment
from ganstudio.runs import lock
from ganstudio.runs.entry import Entry, best_of
from ganstudio.runs.lines import decode
from ganstudio.runs.manifest import read_manifest
from ganstudio.runs.notes import Notes, read_notes
from ganstudio.runs.tally import Tally, tally

# As in ganstudio.runs.folder, which loads numpy: the window lists runs before that is there.
_EXPERIMENT, _PROVENANCE = "experiment.toml", "provenance.json"
_METRICS, _EVENTS = "metrics.jsonl", "events.jsonl"
_SAMPLES, _CHECKPOINTS = "samples", "checkpoints"

WATCHED = (_EXPERIMENT, _METRICS, _EVENTS, "notes.json", _SAMPLES, _CHECKPOINTS, "exports")
"""What an entry depends on, within the run's folder, and what may change: provenance is written once."""

_SIGNS = (_PROVENANCE, _METRICS, _EVENTS, _CHECKPOINTS)
"""Where one of these lies without an experiment, a run has lost it."""

_LOOKED_INTO = 20
"""Checkpoints whose reasons are read at most, from the newest on."""
_TAIL = 1 << 16
_LONGEST_TAIL = 1 << 20
_MOST_FILES = 100_000
_ENDINGS = {"done": "finished"}


def read_summary(folder: Path, known: Tally | None = None) -> tuple[Entry, Tally] | None:
    """Return the entry of the run in ``folder`` and the tally of its scores; ``None`` where there is no run.

    An unfinished run reads as interrupted: whether it is written just now is for the lock to say. Never
    raises for what a folder holds; a run that cannot be read is ``damaged``.
    """
    try:
        return _read(folder, known)
    except FileNotFoundError:
        return None if not _lost(folder) else (_damaged(folder, _without_experiment(folder)), Tally())
    except StudioError as error:
        return _damaged(folder, str(error)), Tally()
    except OSError as error:
        return _damaged(folder, f"{folder} cannot be read: {error.strerror or error}."), Tally()


def _read(folder: Path, known: Tally | None) -> tuple[Entry, Tally]:
    experiment = _experiment(folder / _EXPERIMENT)
    notes = _notes(folder)
    provenance = _provenance(folder)
    parent, parent_step = _parent(provenance)
    state, sentence = _ending(folder / _EVENTS)
    scores = tally(folder / _METRICS, known)
    step, seconds = _reached(folder)
    entry = Entry(
        path=folder,
        name=notes.name or folder.name,
        experiment_name=experiment.name,
        state=state or "interrupted",  # type: ignore[arg-type]
        data=experiment.data.kind,
        architecture=experiment.architecture.kind,
        loss=experiment.loss.kind if experiment.loss else "",
        step=step,
        total_steps=_whole(experiment.training.get("steps")),
        seconds=seconds,
        tags=notes.tags,
        text=notes.text,
        starred=notes.starred,
        parent=parent,
        parent_step=parent_step,
        began=str(provenance.get("time") or ""),
        size=_size(folder),
        thumbnail=_newest_picture(folder / _SAMPLES),
        device=str(provenance.get("device") or ""),
        checkpoints=_count_checkpoints(folder / _CHECKPOINTS),
        best_step=_best_step(folder / _CHECKPOINTS),
        sentence=sentence,
        scores=best_of(scores.scores, scores.lower),
        ranges=scores.scores,
        lower=scores.lower,
    )
    return entry, scores


def _experiment(path: Path) -> Experiment:
    """Read an experiment; raises ``FileNotFoundError``, or ``InputError`` with a sentence."""
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    try:
        return Experiment.from_dict(table)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _notes(folder: Path) -> Notes:
    try:
        return read_notes(folder)
    except StudioError:
        # They are no part of the run: it is listed without them.
        return Notes()


def _provenance(folder: Path) -> Mapping[str, Any]:
    try:
        values = json.loads((folder / _PROVENANCE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _parent(provenance: Mapping[str, Any]) -> tuple[str, int]:
    """Return the name of the run that this one is a branch of, and the step; earlier ones wrote two keys."""
    parent = provenance.get("parent")
    if isinstance(parent, dict):
        return str(parent.get("run") or ""), _whole(parent.get("step"))
    return str(provenance.get("parent_run") or ""), _whole(provenance.get("parent_step"))


def _ending(events: Path) -> tuple[str, str]:
    """Return how a run ended and what it failed of; empty texts for one that did not end."""
    # What happens after an end is a start, so that an end which counts is never far from the file's own.
    for record in _backwards(events, _LONGEST_TAIL):
        match record.get("event"):
            case "Started" | "Restarted":
                break
            case "Finished":
                return _ENDINGS.get(str(record.get("reason")), "stopped"), ""
            case "Failed":
                return "failed", str(record.get("message") or "")
    return "", ""


def _reached(folder: Path) -> tuple[int, float]:
    """Return how many steps are made, and the seconds they took."""
    step, seconds = 0, 0.0
    for record in _backwards(folder / _METRICS, _TAIL):
        step = max(step, _whole(record.get("step")))
        if isinstance(record.get("seconds"), int | float):
            seconds = float(record["seconds"])
            break
    last = next(_backwards(folder / _EVENTS, _TAIL), {})
    return max(step, _whole(last.get("step"))), seconds


def _backwards(path: Path, most: int) -> Iterator[dict[str, Any]]:
    """Yield the records in the last ``most`` bytes of a file, the last first; none where there is no file.

    A torn last line is passed over, as is what is no record.
    """
    with suppress(FileNotFoundError), path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        stop, rest, torn = max(0, end - most), b"", True
        while end > stop:
            start = max(stop, end - _TAIL)
            file.seek(start)
            lines = (file.read(end - start) + rest).split(b"\n")
            if torn:
                torn = False
                lines.pop()
            # The first may go on further to the left.
            rest = lines.pop(0) + b"\n" if start and lines else b""
            for line in reversed(lines):
                record = decode(line)
                if record is not None:
                    yield record
            end = start


def _newest_picture(samples: Path) -> Path | None:
    newest, name = -1, ""
    for each in _scan(samples):
        stem, _, kind = each.name.partition(".")
        if kind == "png" and stem.isdecimal() and int(stem) > newest:
            newest, name = int(stem), each.name
    return samples / name if name else None


def _count_checkpoints(folder: Path) -> int:
    return sum(each.name.isdecimal() and _is_folder(each) for each in _scan(folder))


def _best_step(checkpoints: Path) -> int:
    """Return the step of the newest that was kept for its score, of the newest twenty; else 0."""
    names = sorted(each.name for each in _scan(checkpoints) if each.name.isdecimal() and _is_folder(each))
    for name in names[: -_LOOKED_INTO - 1 : -1]:
        try:
            manifest = read_manifest(checkpoints / name)
        except StudioError:
            continue
        if BEST in lasting_reasons(manifest.reason):
            return manifest.step
    return 0


def _size(folder: Path) -> int:
    """Return the bytes of all files below ``folder``, of the first hundred thousand at least."""
    total, files, waiting = 0, 0, [folder]
    while waiting and files < _MOST_FILES:
        for each in _scan(waiting.pop()):
            if each.is_dir(follow_symlinks=False):
                waiting.append(Path(each.path))
                continue
            files += 1
            # It may be gone by now.
            with suppress(OSError):
                total += each.stat(follow_symlinks=False).st_size
    return total


def _scan(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return []
        raise


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    # A link that leads to itself is an error to ask, and no folder.
    with suppress(OSError):
        return entry.is_dir()
    return False


def _lost(folder: Path) -> bool:
    """Say whether ``folder`` was a run: one that is just being made has no experiment yet either."""
    return any((folder / name).exists() for name in _SIGNS) and not lock.is_held(folder)


def _damaged(folder: Path, sentence: str) -> Entry:
    notes = _notes(folder)
    try:
        size = _size(folder)
    except OSError:
        size = 0
    return Entry(
        folder,
        notes.name or folder.name,
        state="damaged",
        sentence=sentence,
        size=size,
        tags=notes.tags,
        text=notes.text,
        starred=notes.starred,
        began=str(_provenance(folder).get("time") or ""),
    )


def _without_experiment(folder: Path) -> str:
    return (
        f"{folder} has no {_EXPERIMENT}, so nobody can say what was asked. Put the file back, or delete it."
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
