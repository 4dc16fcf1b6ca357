"""Table treatments: what was found in each column of a table, and how a text asks for another treatment.

Such a text is ``zip=categorical, born=date, "a, b"=leave out``. It knows nothing of cells and of numbers, and
loads no torch.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Treatment = Literal["continuous", "categorical", "date", "leave out"]

TREATMENTS: tuple[Treatment, ...] = ("continuous", "categorical", "date", "leave out")
"""What can be asked for a column."""
LEAVE_OUT: Treatment = "leave out"

_PART = re.compile(r'\s*("(?:[^"]|"")*"[^,;]*|[^,;]+)')
_QUOTED = re.compile(r'[,;"]|^\s|\s$')
"""A name with one of these in it is written in quotation marks, with each mark within it twice."""


@dataclass(frozen=True)
class FoundColumn:
    """What was found in a column, and how it is treated.

    ``holds``: its cells in a word or two. ``missing``: the share of empty ones, 0..1. ``distinct``: how many
    different cells there are, empty ones aside. ``usual``: how it is treated where nobody asks for anything
    else. ``treatment``: how it is treated. ``possible``: what can be asked for it. ``notes``: sentences on
    what is odd about it or was changed.
    """

    name: str
    holds: str
    missing: float
    distinct: int
    usual: Treatment
    treatment: Treatment
    possible: tuple[Treatment, ...]
    notes: tuple[str, ...] = ()


def asked_treatments(text: str) -> Iterator[tuple[str, str, Treatment | None]]:
    """Yield of each part of a text the part, the column, and its treatment; ``None`` where that is none."""
    for part in filter(None, (each.strip() for each in _PART.findall(text))):
        name, _, treatment = (each.strip() for each in part.rpartition("="))
        if len(name) > 1 and name[0] == name[-1] == '"':
            name = name[1:-1].replace('""', '"')
        known = next((each for each in TREATMENTS if each == treatment.lower()), None)
        yield part, name, known if name else None


def treatments_text(asked: Mapping[str, str]) -> str:
    """Return the text that asks for these treatments, by column."""
    return ", ".join(f"{_written(name)}={treatment}" for name, treatment in asked.items())


def _written(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(name) else name
