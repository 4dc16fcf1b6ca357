"""Condition records: what health rules found, as it stands in ``events.jsonl``. It knows nothing of files.

What is not as it is written is no condition.
"""

from collections.abc import Mapping
from typing import Any, get_args

from ganstudio.api.conditions import Condition, Level, Remedy, Trend, Way


def condition_of(record: Any) -> Condition | None:
    """Return the condition that a table tells of, or ``None``."""
    match record:
        case {
            "name": str(name),
            "level": "watch" | "bad" as level,
            "since": int(since),
            "sentence": str(sentence),
            "explanation": str(explanation),
        }:
            grave: Level = "bad" if level == "bad" else "watch"
            evidence, remedies = record.get("evidence"), record.get("remedies")
            return Condition(
                name,
                grave,
                since,
                sentence,
                explanation,
                _numbers(evidence) if isinstance(evidence, Mapping) else {},
                _trend(record.get("trend")),
                tuple(found for each in _list(remedies) if (found := _remedy(each))),
            )
    return None


def _trend(record: Any) -> Trend | None:
    match record:
        case {"name": str(name), "steps": list(steps), "values": list(values)} if len(steps) == len(values):
            limit = record.get("limit")
            whole = tuple(int(step) for step in steps if isinstance(step, int))
            if len(whole) == len(values):
                return Trend(
                    name, whole, tuple(map(_number, values)), None if limit is None else _number(limit)
                )
    return None


def _remedy(record: Any) -> Remedy | None:
    match record:
        case {"title": str(title), "changes": dict(changes)}:
            way = record.get("way")
            known: Way = way if way in get_args(Way) else "live"
            return Remedy(title, changes, known, str(record.get("why") or ""))
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): _number(value) for name, value in values.items()}


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
