"""Event records: the lines of a run folder as the events they were. It knows nothing of files.

What a newer version wrote and this one does not know, or what is not as it is written, is no event.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from ganstudio.api import events
from ganstudio.api.events import CheckpointSaved, Event, HealthChanged, ScoreRecord, StepRecord
from ganstudio.runs.condition_records import condition_of

_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}


def event_of(record: Mapping[str, Any], run: Path) -> Event | None:
    """Return the event that a line of ``events.jsonl`` tells of, in the folder ``run``; else ``None``."""
    kind, step = _KINDS.get(str(record.get("event"))), record.get("step")
    if kind is None or not isinstance(step, int):
        return None
    values = {each.name: _tuples(record[each.name]) for each in fields(kind) if each.name in record}
    missing = [
        each.name
        for each in fields(kind)
        if each.name not in values and each.default is MISSING and each.default_factory is MISSING
    ]
    if missing or not _well_shaped(values):
        return None
    if kind is CheckpointSaved:
        values["path"] = str(run / str(values["path"]))
    if kind is HealthChanged and values.get("condition") is not None:
        values["condition"] = condition_of(record["condition"])
        if values["condition"] is None:
            return None
    return kind(**values)


def measured(record: Mapping[str, Any]) -> Event | None:
    """Return the event that a line of ``metrics.jsonl`` tells of, or ``None``."""
    match record:
        case {"step": int(step), "values": dict(values), "seconds": seconds, "images_seen": int(images)}:
            return StepRecord(step, _number(seconds), images, _numbers(values))
        case {"step": int(step), "scores": dict(scores)}:
            lower = record.get("lower")
            named = tuple(str(name) for name in lower) if isinstance(lower, list) else ()
            intervals, floors = _intervals(record.get("intervals")), record.get("floors")
            known = _numbers(floors) if isinstance(floors, dict) else {}
            return ScoreRecord(step, _numbers(scores), _number(record.get("took")), named, intervals, known)
    return None


def _well_shaped(values: Mapping[str, Any]) -> bool:
    """Say whether what windows count with is of the kind it was."""
    expected = {
        "total_steps": int,
        "modes": int,
        "classes": tuple,
        "size": int,
        "changes": int,
        "seconds": int | float,
        "networks": dict,
        "notes": tuple,
        "message": str,
        "reason": str,
        "path": str,
        "rule": str,
        "title": str,
    }
    return all(isinstance(values[name], kind) for name, kind in expected.items() if name in values)


def _tuples(value: Any) -> Any:
    """Return a value in which lists, which JSON has in their place, are tuples again."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: _number(value) for name, value in values.items()}


def _intervals(values: Any) -> dict[str, tuple[float, float]]:
    """Return those that are two numbers each."""
    pairs = values.items() if isinstance(values, dict) else ()
    return {
        name: (_number(pair[0]), _number(pair[1]))
        for name, pair in pairs
        if isinstance(pair, list) and len(pair) == 2
    }


def _number(value: Any) -> float:
    """Return a number; what is none, such as ``None`` for what was not finite, is NaN."""
    return float(value) if isinstance(value, int | float) else float("nan")
