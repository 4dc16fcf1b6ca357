"""Index: what was read of many runs, kept in one file, so that a list of thousands opens at once.

It is never needed: one that is missing, damaged or old costs the time to read the runs again. Any number of
processes may write it; the last one wins, and nobody ever finds half of it.
"""

import gc
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.runs.atomic import write_text
from ganstudio.runs.cutting import remove_leftovers
from ganstudio.runs.entry import Entry, from_record, to_record
from ganstudio.runs.summary import WATCHED
from ganstudio.runs.tally import Tally

NAME = ".index.json"
FORMAT = 2
"""Raised when what it holds changes; another format is as good as no index."""

_WATCHED = tuple(os.sep + name for name in WATCHED)
_FRESH_NS = 50_000_000
"""A change so soon after another may leave the very same time behind: what is so fresh is read again."""


@dataclass(frozen=True)
class Known:
    """An entry, and the tally to go on with. ``stamp``: of what they were read from; empty: never trusted."""

    stamp: str
    entry: Entry
    tally: Tally


def stamp_of(folder: str) -> str:
    """Return what tells one state of a run's folder from another, without opening a file.

    Empty where it changed so recently that it may change again unseen, and where there is no run.
    """
    newest, parts = 0, []
    for name in _WATCHED:
        try:
            found = os.stat(folder + name)
        except OSError:
            parts.append(b"-")
        else:
            newest = max(newest, found.st_mtime_ns)
            parts.append(b"%d,%d,%d" % (found.st_mtime_ns, found.st_size, found.st_ino))
    # A clock that was set back says nothing about what is fresh.
    if 0 <= time.time_ns() - newest < _FRESH_NS:
        return ""
    return hashlib.blake2b(b";".join(parts), digest_size=12).hexdigest()


def read_index(root: Path) -> dict[str, Known]:
    """Return what is known of the runs in ``root`` by folder; what cannot be used is left out."""
    try:
        content = json.loads((root / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return {}
    runs = content.get("runs")
    known = {}
    with _without_collections():
        for name, values in runs.items() if isinstance(runs, dict) else ():
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                known[name] = _known(root / name, values)
    return known


def write_index(root: Path, known: Mapping[str, Known]) -> None:
    """Keep what is known. A disk that refuses is no failure: the next list takes longer, and no more."""
    runs = {name: _values(one) for name, one in known.items() if one.stamp}
    text = json.dumps({"format": FORMAT, "runs": runs}, separators=(",", ":"))
    with suppress(StudioError):
        write_text(root / NAME, text)
        remove_leftovers(root, seconds=60)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Look for no rubbish meanwhile: all that is made stays, and looking through it costs half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def mark_of(root: Path) -> tuple[int, ...]:
    """Return what tells one index file from the next."""
    try:
        found = (root / NAME).stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _known(folder: Path, values: Mapping[str, Any]) -> Known:
    tally = dict(values["tally"])
    entry = from_record(folder, values["entry"])
    return Known(str(values["stamp"]), entry, Tally(scores=entry.ranges, lower=entry.lower, **tally))


def _values(known: Known) -> dict[str, Any]:
    tally = asdict(known.tally)
    # The same as the entry's own.
    del tally["scores"], tally["lower"]
    return {"stamp": known.stamp, "entry": to_record(known.entry), "tally": tally}
