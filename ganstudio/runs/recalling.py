"""Recalling: the newest of what a run recorded, as the events they were, for whoever goes on with it.

What is read of reports does not grow with the run. It writes nothing and knows nothing of who asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from pathlib import Path

from ganstudio.api.errors import StudioError
from ganstudio.api.events import Event, Failed, Finished, HealthChanged, SettingChanged, StepRecord
from ganstudio.runs.event_records import event_of, measured
from ganstudio.runs.lines import LineReader, decode
from ganstudio.runs.recorded import EVENTS, METRICS
from ganstudio.runs.tail import Tail
from ganstudio.runs.vectors import newest_vectors

REPORTS = 4000
"""Reports that are read, the newest, with the scores between them."""
BYTES = 1 << 22
"""So many bytes of reports are read at most, about."""
VECTORS = 200
"""Vectors that are read, the newest."""


@dataclass(frozen=True)
class Recalled:
    """``events`` by their steps; ``health``: what was last told of each rule, by its class name."""

    events: tuple[Event, ...]
    health: dict[str, HealthChanged]


def recall(run: Path, step: int, changes: int) -> Recalled:
    """Return what the run in the folder ``run`` knew once ``step`` steps were done.

    Of its changed settings the first ``changes``, which are those that held then. Ends are left out. Raises
    ``StudioError`` when a file cannot be read.
    """
    told = list(_told(run, step, changes))
    health = {event.rule: event for event in told if isinstance(event, HealthChanged)}
    others = [event for event in told if not isinstance(event, HealthChanged | Finished | Failed)]
    reports = _reports(run / METRICS, step)
    vectors = newest_vectors(run, VECTORS, step)
    return Recalled(tuple(merge(reports, vectors, others, key=lambda event: event.step)), health)


def _told(run: Path, step: int, changes: int) -> Iterator[Event]:
    changed = 0
    for record in LineReader(run / EVENTS):
        event = event_of(record, run)
        if event is None or event.step > step:
            continue
        changed += isinstance(event, SettingChanged)
        if not isinstance(event, SettingChanged) or changed <= changes:
            yield event


def _reports(path: Path, step: int) -> list[Event]:
    """Return the newest reports and scores until ``step``."""
    found: list[Event] = []
    reports = 0
    try:
        for _behind, line in Tail(path).backwards(BYTES):
            event = measured(decode(line) or {})
            if event is None or event.step > step:
                continue
            found.append(event)
            reports += isinstance(event, StepRecord)
            if reports >= REPORTS:
                break
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror or error}.") from error
    return found[::-1]
