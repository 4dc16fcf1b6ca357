"""Curves: what ``metrics.jsonl`` holds, as arrays. It knows its lines, and nothing of the rest of a run.

A file of ordinary length is read whole. Of one that is longer, blocks at evenly spaced places are read:
enough for a plot, in a time that does not grow with the file. What lies between them is not looked at.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from numpy.typing import NDArray

from ganstudio.api.errors import StudioError
from ganstudio.runs import line_blocks
from ganstudio.runs.line_blocks import Sample
from ganstudio.runs.lines import decode

WHOLE = 64 << 20
"""Bytes up to which a file is read whole: some 180 000 reports."""
PLACES, LENGTH = 8192, 5 << 10
"""Blocks that are read of a longer file, and the bytes of each: some 100 000 reports in all."""
SCORES = 2000
"""Scores that are looked for one by one in a longer file; they lie too far apart to be met by chance."""

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve over steps, which rise strictly. All arrays have one length [n].

    ``steps`` and ``images`` int64, ``values`` and ``seconds`` float64; a value is NaN where there is none.
    ``seconds``: of training, pauses left out. ``images``: seen until then.
    """

    steps: Numbers = field(repr=False)
    values: Numbers = field(repr=False)
    seconds: Numbers = field(repr=False)
    images: Numbers = field(repr=False)

    def __len__(self) -> int:
        return len(self.steps)

    def until(self, step: int) -> "Curve":
        """Return the part that ends at ``step``, that step among it."""
        end = int(np.searchsorted(self.steps, step, side="right"))
        return Curve(self.steps[:end], self.values[:end], self.seconds[:end], self.images[:end])

    def then(self, later: "Curve") -> "Curve":
        """Return this curve as far as ``later`` has not begun, and ``later`` after it."""
        head = self.until(int(later.steps[0]) - 1) if len(later) else self
        return Curve(
            np.concatenate([head.steps, later.steps]),
            np.concatenate([head.values, later.values]),
            np.concatenate([head.seconds, later.seconds]),
            np.concatenate([head.images, later.images]),
        )


@dataclass(frozen=True)
class Metrics:
    """All curves of a run by name, and where its last report stands. ``thinned``: not every line was read."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    step: int = 0
    seconds: float = 0.0
    images_seen: int = 0
    thinned: bool = False
    margins: Mapping[str, "Margin"] = field(default_factory=dict)
    """Of each score what is known beside its values; not of one of which nothing is."""


@dataclass(frozen=True, eq=False)
class Margin:
    """What is known of a score beside its values.

    ``low`` and ``high``: its interval of 95 % confidence, as two curves of one length; ``floor``: what real
    samples against other real samples score. Each is empty where nothing was recorded.
    """

    low: Curve
    high: Curve
    floor: Curve
    lower: bool = False
    """Whether it is better the lower it is."""

    def until(self, step: int) -> "Margin":
        """Return the part that ends at ``step``, that step among it."""
        return Margin(self.low.until(step), self.high.until(step), self.floor.until(step), self.lower)

    def then(self, later: "Margin") -> "Margin":
        """Return this margin as far as ``later`` has not begun, and ``later`` after it."""
        low, high = self.low.then(later.low), self.high.then(later.high)
        return Margin(low, high, self.floor.then(later.floor), later.lower)


def score_name(name: str) -> str:
    """Return the name of a score as a curve: ``score/modes`` for ``modes`` and for itself."""
    return name if name.startswith("score/") else f"score/{name}"


def read_metrics(path: Path, wanted: Iterable[int] = (), whole: int | None = WHOLE) -> Metrics:
    """Read the file ``path``; one that is not there gives no curves.

    ``whole``: bytes up to which every line is read, ``None`` for any length. Of a longer file the scores of
    the steps ``wanted``, which rise, are read as well. Lines without a record are passed over, as is a last
    one without an end. Raises ``StudioError`` when the file cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if whole is None or size <= whole:
                return _all(file)
            return _sampled(Sample(file, size, PLACES, min(LENGTH, whole // PLACES)), list(wanted))
    except FileNotFoundError:
        return Metrics()
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror or error}.") from error


def _all(file: BinaryIO) -> Metrics:
    table = _Table()
    for block in line_blocks.whole(file):
        table.add(_records(block))
    return table.metrics(thinned=False)


def _sampled(sample: Sample, wanted: list[int]) -> Metrics:
    table = _Table()
    for block in sample.blocks():
        table.add(_records(block))
    chosen = wanted[:: -(-len(wanted) // SCORES) or 1]
    lines = b"".join(sample.lines_of(chosen, b'"scores"'))
    table.add_scores(_records(lines))
    return table.metrics(thinned=True)


def _records(block: bytes) -> list[dict[str, Any]]:
    """Return the records of whole lines."""
    try:
        records = orjson.loads(b"[" + block[:-1].replace(b"\n", b",") + b"]")
    except ValueError:
        records = [decode(line) for line in block.splitlines()]
    return [record for record in records if isinstance(record, dict)]


@dataclass(frozen=True)
class _Piece:
    """Records with the same names, one after another: ``values`` [n, names], the others [n]."""

    names: tuple[str, ...]
    steps: Numbers
    seconds: Numbers
    images: Numbers
    values: Numbers


class _Table:
    """Gathers records into columns."""

    def __init__(self) -> None:
        self._reports: list[_Piece] = []
        self._scores: list[dict[str, Any]] = []

    def add(self, records: list[dict[str, Any]]) -> None:
        """Take records in their order."""
        self._reports += _pieces(records, "values")
        self._scores += [record for record in records if "scores" in record]

    def add_scores(self, records: list[dict[str, Any]]) -> None:
        """Take scores of any steps; those that are there already do not count twice."""
        both = [record for record in [*self._scores, *records] if _sound(record, "scores")]
        # Several kinds of scores may be made at one step, each kind with a record of its own.
        by_step = {(record["step"], *record["scores"]): record for record in both}
        self._scores = [by_step[key] for key in sorted(by_step, key=lambda key: key[0])]

    def metrics(self, thinned: bool) -> Metrics:
        """Return what was gathered."""
        curves = _curves(self._reports)
        clock = _clock(self._reports)
        for name, curve in _curves(_pieces(self._scores, "scores")).items():
            curves[score_name(name)] = _timed(curve, clock)
        margins = _margins(self._scores)
        if len(clock):
            seconds, images = float(clock.seconds[-1]), int(clock.images[-1])
            return Metrics(curves, int(clock.steps[-1]), seconds, images, thinned, margins)
        last = max((int(curve.steps[-1]) for curve in curves.values() if len(curve)), default=0)
        return Metrics(curves, last, thinned=thinned, margins=margins)


def _margins(scores: list[dict[str, Any]]) -> dict[str, Margin]:
    """Return what is known of scores beside their values."""
    apart = [part for record in scores if (part := _parted(record))]
    low, high, floors = (_curves(_pieces(apart, key)) for key in ("low", "high", "floors"))
    lower = {score_name(name) for record in scores for name in _named(record.get("lower"))}
    names = dict.fromkeys(score_name(name) for name in (*low, *floors, *sorted(lower)))
    none = np.empty(0, np.int64)
    empty = Curve(none, np.empty(0), np.empty(0), none)
    low, high, floors = ({score_name(name): row for name, row in r.items()} for r in (low, high, floors))
    return {
        name: Margin(low.get(name, empty), high.get(name, empty), floors.get(name, empty), name in lower)
        for name in names
    }


def _parted(record: dict[str, Any]) -> dict[str, Any]:
    """Return the ends of the intervals and the floors of one record, each by score."""
    intervals, floors = record.get("intervals"), record.get("floors")
    pairs = intervals.items() if isinstance(intervals, dict) else ()
    sound = {name: pair for name, pair in pairs if isinstance(pair, list) and len(pair) == 2}
    ends = {"low": {name: pair[0] for name, pair in sound.items()}} if sound else {}
    if sound:
        ends["high"] = {name: pair[1] for name, pair in sound.items()}
    if isinstance(floors, dict) and floors:
        ends["floors"] = floors
    return {"step": record.get("step"), **ends} if ends else {}


def _named(lower: Any) -> list[str]:
    return [name for name in lower if isinstance(name, str)] if isinstance(lower, list) else []


def _pieces(records: list[dict[str, Any]], key: str) -> list[_Piece]:
    """Return the records that have ``key``; those that are not as they are written are passed over."""
    chosen = [record for record in records if key in record]
    try:
        return _grouped(chosen, key)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return _grouped([record for record in chosen if _sound(record, key)], key)


def _grouped(records: list[dict[str, Any]], key: str) -> list[_Piece]:
    groups = groupby(records, lambda record: tuple(record[key]))
    return [_piece(names, list(group), key) for names, group in groups]


def _piece(names: tuple[str, ...], records: list[dict[str, Any]], key: str) -> _Piece:
    count = len(records)
    flat = list(chain.from_iterable(record[key].values() for record in records))
    return _Piece(
        names,
        np.fromiter((record["step"] for record in records), np.int64, count),
        # A score says what it took, not when it was made.
        np.array([record.get("seconds", 0.0) for record in records], np.float64),
        np.fromiter((record.get("images_seen", 0) for record in records), np.int64, count),
        # None, which stands for what is not finite, becomes NaN.
        np.array(flat, np.float64).reshape(count, len(names)),
    )


def _sound(record: dict[str, Any], key: str) -> bool:
    try:
        _piece(tuple(record[key]), [record], key)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return False
    return True


def _curves(pieces: list[_Piece]) -> dict[str, Curve]:
    """Return all curves by name; those that have the same steps share their arrays."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, piece in enumerate(pieces):
        for column, name in enumerate(piece.names):
            places.setdefault(name, []).append((number, column))
    shared: dict[tuple[int, ...], tuple[Curve, Numbers]] = {}
    curves = {}
    for name, cells in places.items():
        numbers = tuple(number for number, _ in cells)
        if numbers not in shared:
            shared[numbers] = _base([pieces[number] for number in numbers])
        base, kept = shared[numbers]
        values = np.concatenate([pieces[number].values[:, column] for number, column in cells])[kept]
        curves[name] = Curve(base.steps, values, base.seconds, base.images)
    return curves


def _clock(pieces: list[_Piece]) -> Curve:
    """Return a curve of all reports, whatever they name."""
    return _base(pieces)[0]


def _base(pieces: list[_Piece]) -> tuple[Curve, Numbers]:
    """Return the steps, seconds and images of pieces, as a curve without values, and which records count.

    Where steps fall, the run went back: what was recorded later takes the place of what was before.
    """
    if not pieces:
        none = np.empty(0, np.int64)
        return Curve(none, np.empty(0), np.empty(0), none), none
    steps = np.concatenate([piece.steps for piece in pieces])
    seconds = np.concatenate([piece.seconds for piece in pieces])
    images = np.concatenate([piece.images for piece in pieces])
    least_after = np.minimum.accumulate(steps[::-1])[::-1][1:]
    kept = np.append(steps[:-1] < least_after, True)
    return Curve(steps[kept], np.empty(0), seconds[kept], images[kept]), kept


def _timed(score: Curve, clock: Curve) -> Curve:
    """Return a curve of scores with the seconds and images of the reports around it."""
    if not len(clock):
        return score
    seconds = np.interp(score.steps, clock.steps, clock.seconds)
    images = np.interp(score.steps, clock.steps, clock.images).astype(np.int64)
    return Curve(score.steps, score.values, seconds, images)
