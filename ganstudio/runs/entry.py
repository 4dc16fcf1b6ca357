"""Entry: one run as a list of runs shows it, to and from the plain values of an index.

It knows nothing of files; :mod:`ganstudio.runs.summary` reads them.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

EntryState = Literal["running", "finished", "stopped", "failed", "interrupted", "damaged"]


@dataclass(frozen=True)
class Entry:
    """A run in a list. A ``damaged`` one has little more than its path, and says why in ``sentence``."""

    path: Path
    name: str
    """What it is called in its notes, else its folder's name."""
    experiment_name: str = ""
    state: EntryState = "interrupted"
    data: str = ""
    """The kind of data, as an experiment names it; ``architecture`` and ``loss`` likewise."""
    architecture: str = ""
    loss: str = ""
    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0
    """Of training; pauses do not count."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By name, the best so far."""
    tags: tuple[str, ...] = ()
    text: str = ""
    starred: bool = False
    parent: str = ""
    """The name of the folder of the run it was branched from, at ``parent_step``; empty for most."""
    parent_step: int = 0
    began: str = ""
    """The time of day (UTC, ISO 8601)."""
    size: int = 0
    """Bytes on disk."""
    thumbnail: Path | None = None
    """The picture of the newest kept preview."""
    device: str = ""
    checkpoints: int = 0
    """How many checkpoints lie there; whether they are whole is not looked into."""
    best_step: int = 0
    """The step of the checkpoint that is kept for its score; 0 where there is none."""
    sentence: str = ""
    """Why it is damaged, or failed."""
    ranges: Mapping[str, tuple[float, float, float]] = field(default_factory=dict, repr=False)
    """Of each score the lowest, the highest and the last."""
    lower: tuple[str, ...] = ()
    """The scores that are better the lower they are."""

    @property
    def folder(self) -> str:
        """The folder's name, which tells runs apart."""
        return self.path.name

    @property
    def resumable(self) -> bool:
        """Whether it stands still before its end, with a checkpoint to go on from."""
        return self.state in ("interrupted", "stopped", "failed") and self.checkpoints > 0

    def matches(self, words: Iterable[str]) -> bool:
        """Say whether every word, in small letters, occurs in what the entry says of itself."""
        text = self.searched
        return all(word in text for word in words)

    @property
    def searched(self) -> str:
        """All that is searched, in small letters."""
        parts = (self.name, self.folder, self.experiment_name, self.state, self.data, self.architecture)
        return " ".join((*parts, self.loss, self.parent, *self.tags, self.text)).lower()


def with_scores(entry: Entry, values: Mapping[str, float], lower: Iterable[str]) -> Entry:
    """Return the entry with scores that came just now; ``lower``: which are better the lower they are."""
    ranges = dict(entry.ranges)
    for name, value in values.items():
        if math.isfinite(value):
            low, high, _last = ranges.get(name, (value, value, value))
            ranges[name] = (min(low, value), max(high, value), value)
    known = tuple(dict.fromkeys([*entry.lower, *lower]))
    return replace(entry, ranges=ranges, lower=known, scores=best_of(ranges, known))


def best_of(ranges: Mapping[str, tuple[float, float, float]], lower: Collection[str]) -> dict[str, float]:
    """Return of each score the best value: of those in ``lower`` the lowest, of the others the highest."""
    return {name: values[0 if name in lower else 1] for name, values in ranges.items()}


def to_record(entry: Entry) -> dict[str, Any]:
    """Return what an index keeps of an entry, as JSON holds it; what is empty is left out."""
    values = {name: getattr(entry, name) for name in _PLAIN}
    values["ranges"] = {name: list(three) for name, three in entry.ranges.items()}
    values["tags"], values["lower"] = list(entry.tags), list(entry.lower)
    values["thumbnail"] = entry.thumbnail.relative_to(entry.path).as_posix() if entry.thumbnail else ""
    return {name: value for name, value in values.items() if value}


def from_record(folder: Path, record: Mapping[str, Any]) -> Entry:
    """Return the entry of an index for the run in ``folder``; raises ``ValueError`` for another's values."""
    values = dict(record)
    for name, value in values.items():
        if type(value) not in _TYPES.get(name, ()):
            raise ValueError(f"{name} = {value!r} is no value of an entry.")
    thumbnail = values.pop("thumbnail", "")
    values["tags"], values["lower"] = tuple(values.get("tags", ())), tuple(values.get("lower", ()))
    values["ranges"] = {
        name: (low, high, last) for name, (low, high, last) in record.get("ranges", {}).items()
    }
    values["scores"] = best_of(values["ranges"], values["lower"])
    return Entry(path=folder, thumbnail=folder / thumbnail if thumbnail else None, **values)


_PLAIN = {
    "name": str,
    "experiment_name": str,
    "state": str,
    "data": str,
    "architecture": str,
    "loss": str,
    "step": int,
    "total_steps": int,
    "seconds": float,
    "text": str,
    "starred": bool,
    "parent": str,
    "parent_step": int,
    "began": str,
    "size": int,
    "device": str,
    "checkpoints": int,
    "best_step": int,
    "sentence": str,
}
_TYPES: dict[str, tuple[type, ...]] = {
    **{name: (kind, int) if kind is float else (kind,) for name, kind in _PLAIN.items()},
    **{"ranges": (dict,), "tags": (list,), "lower": (list,), "thumbnail": (str,)},
}
