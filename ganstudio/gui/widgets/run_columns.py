"""Run columns: what a table of runs says in each column, and by what it sorts. Plain data, no Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ganstudio.gui import score_words, words
from ganstudio.gui.data_words import memory
from ganstudio.gui.pace import duration
from ganstudio.runs.entry import Entry

Titles = Mapping[str, str]
"""What kinds of data and architectures are called, by their class names."""

_MOST_SCORES = 3
_LAST = "\uffff"
"""Sorts behind what is there."""


@dataclass(frozen=True)
class Column:
    """One column. ``order``: what it sorts by; ``width``: to begin with, in pixels, as is ``shown``."""

    key: str
    title: str
    width: int
    text: Callable[[Entry, Titles], str]
    order: Callable[[Entry, Titles], Any]
    right: bool = False
    """Whether it holds figures, which stand at the right."""
    shown: bool = True
    falling: bool = False
    """Whether the largest comes first when one sorts by it."""
    edited: bool = False


def steps(entry: Entry, titles: Titles) -> str:
    """Return ``400 / 2 000``."""
    if entry.state == "damaged":
        return ""
    total = f" / {words.grouped(entry.total_steps)}" if entry.total_steps else ""
    return f"{words.grouped(entry.step)}{total}"


def scores(entry: Entry, titles: Titles) -> str:
    """Return the first few scores: ``modes 8, high quality 94 %``."""
    return ", ".join(f"{name} {value}" for name, value in best_scores(entry)[:_MOST_SCORES])


def best_scores(entry: Entry) -> list[tuple[str, str]]:
    """Return names and values of the best scores in words, those that compare features first.

    Vital signs are not among them: the best of one says nothing.
    """
    names = sorted(filter(score_words.judges, entry.scores), key=lambda name: not score_words.dear(name))
    return [(score_words.full(name), words.score(name, entry.scores[name])) for name in names]


def parent(entry: Entry, titles: Titles) -> str:
    """Return ``2026-11-22-0748-ring at step 200``."""
    return f"{entry.parent} at {words.step(entry.parent_step)}" if entry.parent else ""


def began(entry: Entry, titles: Titles) -> str:
    """Return the local time of day: ``22 Nov 2026 07:48``."""
    try:
        return f"{datetime.fromisoformat(entry.began).astimezone():%d %b %Y %H:%M}".lstrip("0")
    except (ValueError, OverflowError, OSError):
        return ""


def first_line(entry: Entry, titles: Titles) -> str:
    """Return the first line of the notes."""
    return entry.text.strip().partition("\n")[0]


def title(kind: str, titles: Titles) -> str:
    """Return what a kind is called, or its own name where its plugin is not here."""
    return titles.get(kind, kind)


def data(entry: Entry, titles: Titles) -> str:
    """Return what its data is called."""
    return title(entry.data, titles)


def architecture(entry: Entry, titles: Titles) -> str:
    """Return what its architecture is called."""
    return title(entry.architecture, titles)


def time(entry: Entry, titles: Titles) -> str:
    """Return how long it has trained."""
    return duration(entry.seconds) if entry.seconds else ""


def _tags(entry: Entry, titles: Titles) -> list[str]:
    return [tag.lower() for tag in entry.tags] or [_LAST]


def _first_score(entry: Entry, titles: Titles) -> tuple[str, float]:
    names = sorted(filter(score_words.judges, entry.scores), key=lambda name: not score_words.dear(name))
    return (names[0], entry.scores[names[0]]) if names else (_LAST, 0.0)


def _share(entry: Entry, titles: Titles) -> tuple[int, int]:
    return entry.step, entry.total_steps


COLUMNS = (
    Column("star", "Starred", 32, lambda e, t: "", lambda e, t: e.starred, falling=True),
    Column("picture", "Samples", 56, lambda e, t: "", lambda e, t: e.thumbnail is None),
    Column("name", "Name", 224, lambda e, t: e.name, lambda e, t: e.name.lower(), edited=True),
    Column("state", "State", 112, lambda e, t: e.state, lambda e, t: e.state),
    Column("steps", "Steps", 112, steps, _share, right=True, falling=True),
    Column("scores", "Best scores", 192, scores, _first_score),
    Column("data", "Data", 104, data, lambda e, t: data(e, t).lower()),
    Column("architecture", "Architecture", 104, architecture, lambda e, t: architecture(e, t).lower()),
    Column("tags", "Tags", 128, lambda e, t: ", ".join(e.tags), _tags, edited=True),
    Column("time", "Time", 80, time, lambda e, t: e.seconds, right=True, falling=True),
    Column("began", "Began", 136, began, lambda e, t: e.began, falling=True),
    Column("parent", "Branch of", 200, parent, lambda e, t: (e.parent or _LAST, e.parent_step)),
    Column("size", "On disk", 80, lambda e, t: memory(e.size), lambda e, t: e.size, right=True, falling=True),
    Column("notes", "Notes", 200, first_line, lambda e, t: first_line(e, t).lower() or _LAST),
)
KEYS = tuple(column.key for column in COLUMNS)
STAR, PICTURE, NAME, STATE, TAGS, BEGAN = map(
    KEYS.index, ("star", "picture", "name", "state", "tags", "began")
)


def searched(entry: Entry, titles: Titles) -> str:
    """Return all that typing finds a run by, in small letters."""
    called = f"{title(entry.data, titles)} {title(entry.architecture, titles)}".lower()
    return f"{entry.searched} {called}{' starred' if entry.starred else ''}"
