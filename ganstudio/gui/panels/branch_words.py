"""Branch words: checkpoints, names and changes as the branch dialog writes them. Plain text, no Qt."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ganstudio import differences
from ganstudio.experiment import Experiment
from ganstudio.gui import words
from ganstudio.gui.data_words import memory

if TYPE_CHECKING:
    from ganstudio.runs.history import History, Kept

_FROM = re.compile(r" from \d+$")
_REASONS = {"end": "at the end", "best": "★ the best"}
_MOST = 6
"""So many changes are named; the rest are counted."""


def branch_name(name: str, step: int) -> str:
    """Return what a branch at a step is called: ``ring from 4000``."""
    return f"{_FROM.sub('', name)} from {step}"


def times(history: "History") -> dict[int, datetime]:
    """Return when each checkpoint was kept, by its step, as far as the events tell; local time."""
    found = {}
    for record in history.events:
        match record:
            case {"event": "CheckpointSaved", "step": int(step), "time": str(time)}:
                try:
                    found[step] = datetime.fromisoformat(time).astimezone()
                except ValueError:
                    continue
    return found


def row(kept: "Kept", time: datetime | None) -> tuple[str, str, str, str]:
    """Return step, time, size and reason of a checkpoint."""
    when = "" if time is None else f"{time:%H:%M}" if time.date() == _today() else f"{time:%d %b %H:%M}"
    size = memory(kept.size) if kept.size else ""
    reasons = kept.reason.split(", ")
    return words.grouped(kept.step), when, size, ", ".join(_REASONS.get(each, each) for each in reasons)


def steps_left(step: int, total: int) -> str:
    """Return how many steps the branch makes, or that there are none left."""
    if total <= step:
        return f"{words.grouped(step)} steps are made already. Ask for more than that in all."
    return f"{words.grouped(step)} steps are made already, {words.grouped(total - step)} follow."


def changes(base: Experiment, wanted: Experiment, edited: Mapping[str, Any]) -> str:
    """Return what a branch changes, in one sentence.

    ``base``: what held, whole. ``edited``: the value of each field that the user has given another.
    """
    before = differences.settings_of(base)
    named = [*_loss(base, wanted), *_parts("regularizers", base, wanted)]
    named += _parts("augmentations", base, wanted)
    for path, value in edited.items():
        if _apart(path) or not _in_use(path, wanted):
            continue
        named.append(words.edit(path, before.get(path, "default"), value))
    if not named:
        return "Nothing is changed: the branch goes on as the run would have."
    rest = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return f"Changed: {', '.join(named[:_MOST])}{rest}."


def _loss(base: Experiment, wanted: Experiment) -> list[str]:
    if base.loss is None or wanted.loss is None or base.loss.kind == wanted.loss.kind:
        return []
    return [f"loss {base.loss.kind} → {wanted.loss.kind}"]


def _parts(part: str, base: Experiment, wanted: Experiment) -> list[str]:
    """Return the regularizers or augmentations that are added or left out."""
    before, after = getattr(base, part), getattr(wanted, part)
    added = [f"{kind} added" for kind in after if kind not in before]
    return [*added, *(f"{kind} left out" for kind in before if kind not in after)]


def _apart(path: str) -> bool:
    return path in ("name", "training.steps")


def _in_use(path: str, wanted: Experiment) -> bool:
    part, kind, *_ = [*path.split("."), ""]
    return part not in ("regularizers", "augmentations") or kind in getattr(wanted, part)


def _today() -> Any:
    return datetime.now().astimezone().date()
