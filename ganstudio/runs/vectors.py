"""Vectors: what ``vectors.jsonl`` holds, as the records it was made of. It knows nothing of what they say.

A run from before there were any has no such file, which gives none.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.api.events import VectorRecord
from ganstudio.runs.lines import LineReader, decode
from ganstudio.runs.recorded import VECTORS
from ganstudio.runs.tail import Tail


def read_vectors(run: Path) -> list[VectorRecord]:
    """Return all vectors of the run in the folder ``run``, by step.

    Lines without a record are passed over, as is a last one without an end. What the figures are called
    stands in the first record that has them, and in each first one after the run went on. Raises
    ``StudioError`` when the file cannot be read.
    """
    return [vector for line in LineReader(run / VECTORS) if (vector := vector_of(line))]


def newest_vectors(run: Path, count: int, until: int | None = None) -> list[VectorRecord]:
    """Return the newest ``count`` vectors, of the step ``until`` at the latest, by step.

    Read from the end of the file, whatever its length. Raises ``StudioError`` when it cannot be read.
    """
    path = run / VECTORS
    try:
        return list(islice(_backwards(path, until), count))[::-1]
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror or error}.") from error


def vector_of(record: Mapping[str, Any]) -> VectorRecord | None:
    """Return the event that a line of ``vectors.jsonl`` tells of, or ``None``."""
    match record:
        case {"step": int(step), "values": dict(values)}:
            labels = record.get("labels")
            named = labels if isinstance(labels, dict) else {}
            return VectorRecord(
                step,
                {str(name): _numbers(row) for name, row in values.items() if isinstance(row, list)},
                {str(n): tuple(map(str, row)) for n, row in named.items() if isinstance(row, list)},
            )
    return None


def _backwards(path: Path, until: int | None) -> Iterator[VectorRecord]:
    for _behind, line in Tail(path).backwards():
        vector = vector_of(decode(line) or {})
        if vector and (until is None or vector.step <= until):
            yield vector


def _numbers(row: list[Any]) -> tuple[float, ...]:
    """Return figures; what is none, such as ``None`` for what was not finite, is NaN."""
    return tuple(float(value) if isinstance(value, int | float) else float("nan") for value in row)
