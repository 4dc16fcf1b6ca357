"""Tally: the lowest, the highest and the last of every score in a metrics file, read on from where it stood.

What has been read is not read again while the file only grows. It knows nothing of what a score means.
"""

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ganstudio.runs.lines import decode

_MARK = b'"scores":'
_BLOCK = 1 << 20
_ANCHOR = 32
LIMIT = 64 << 20
"""Bytes read at a time at most: what is beyond waits for the next time."""


@dataclass(frozen=True)
class Tally:
    """What was found in the first ``read`` bytes. ``scores``: by name, the lowest, the highest, the last."""

    read: int = 0
    anchor: str = ""
    """The bytes just before, in hexadecimal digits: they tell whether the file is still the same so far."""
    scores: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    lower: tuple[str, ...] = ()
    """The scores that are better the lower they are."""
    whole: bool = True
    """Whether nothing is left to be read."""


def tally(path: Path, known: Tally | None = None, limit: int = LIMIT) -> Tally:
    """Return what there is in the file ``path``, of which ``known`` was found before; raises ``OSError``."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Tally()
    with file:
        if known is None or not known.read or _anchor(file, known.read) != known.anchor:
            known = Tally()
        scores, lower, read = dict(known.scores), dict.fromkeys(known.lower), known.read
        for reached, line in _score_lines(file, known.read, limit):
            read = reached
            _add(scores, lower, decode(line) if line else None)
        whole = file.seek(0, os.SEEK_END) <= known.read + limit
        return Tally(read, _anchor(file, read), scores, tuple(lower), whole)


def _score_lines(file: BinaryIO, start: int, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that may hold scores, each with how far is read; an empty one tells of that alone."""
    file.seek(start)
    read, rest, left = start, b"", limit
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        left -= len(block)
        block = rest + block
        end = block.rfind(b"\n") + 1
        lines, rest = block[:end], block[end:]
        read += end
        at = lines.find(_MARK)
        while at >= 0:
            stop = lines.find(b"\n", at) + 1
            yield read, lines[lines.rfind(b"\n", 0, at) + 1 : stop]
            at = lines.find(_MARK, stop)
        yield read, b""


def _add(
    scores: dict[str, tuple[float, float, float]], lower: dict[str, None], record: Mapping[str, Any] | None
) -> None:
    values = record.get("scores") if record else None
    if not record or not isinstance(values, dict):
        return
    for name, value in values.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            low, high, _last = scores.get(name, (value, value, value))
            scores[name] = (min(low, value), max(high, value), float(value))
    named = record.get("lower")
    lower |= dict.fromkeys(name for name in named if name in values) if isinstance(named, list) else {}


def _anchor(file: BinaryIO, read: int) -> str:
    file.seek(max(0, read - _ANCHOR))
    return file.read(min(read, _ANCHOR)).hex()
