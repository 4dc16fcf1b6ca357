"""Lines: records of plain values, one line of JSON each, in a file that only grows.

It knows nothing of what the records say. A line that a crash tore is dropped; it is never fatal.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.runs.refusals import disk_error, explained, gone

_BLOCK = 1 << 16


class LineWriter:
    """Appends records to a file that it keeps open; each is with the system when ``append`` returns.

    Raises ``DiskError`` with a sentence when the disk refuses; of that record nothing is then kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with explained(path):
            self._handle = os.open(path, flags, 0o666)
        self._mended = False

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record."""
        line = encode(record)
        written = 0
        try:
            if not self._mended:
                self._cut_torn_line()
            if not os.fstat(self._handle).st_nlink:
                raise gone(self.path)
            while written < len(line):
                written += os.write(self._handle, line[written:])
        except OSError as error:
            # A part of a line may be there; the next append takes it away before anything else.
            self._mended = False
            raise disk_error(error, self.path) from error

    def sync(self) -> None:
        """Wait until all that was written has reached the disk."""
        with explained(self.path):
            os.fsync(self._handle)

    def close(self) -> None:
        """Give up the file; nothing can be appended after."""
        os.close(self._handle)

    def _cut_torn_line(self) -> None:
        """Take away what stands behind the last line end, so that no record is glued to a torn one."""
        size = os.fstat(self._handle).st_size
        kept = size
        while kept:
            start = max(0, kept - _BLOCK)
            os.lseek(self._handle, start, os.SEEK_SET)
            end = os.read(self._handle, kept - start).rfind(b"\n")
            if end >= 0:
                kept = start + end + 1
                break
            kept = start
        if kept < size:
            os.ftruncate(self._handle, kept)
        self._mended = True


class LineReader(Iterator[dict[str, Any]]):
    """The records of a file, in their order; none when there is no file.

    ``damaged`` counts the lines passed over so far because they hold no record. A last line without an
    end was torn, or is still being written: it is neither given nor counted. Raises ``StudioError`` when
    the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0
        self._records = self._read()

    def __next__(self) -> dict[str, Any]:
        return next(self._records)

    def _read(self) -> Iterator[dict[str, Any]]:
        try:
            with self.path.open("rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    record = decode(line)
                    if record is None:
                        self.damaged += 1
                    else:
                        yield record
        except FileNotFoundError:
            return
        except OSError as error:
            raise StudioError(f"{self.path} cannot be read: {error.strerror or error}.") from error


def encode(record: Mapping[str, Any]) -> bytes:
    """Return a record as one line of valid JSON; a number that is not finite becomes ``null``."""
    try:
        text = _encode(record)
    except ValueError:
        text = _encode(_finite(record))
    # A path may hold bytes that are no text; they are escaped as JSON escapes them.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the record that a line holds, or ``None`` when it holds none."""
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _simple(value: Any) -> Any:
    """Return what JSON holds for a value that it does not know: numpy's numbers as such, all else as text."""
    if isinstance(value, Mapping):
        return dict(value)
    return value.item() if hasattr(value, "item") else str(value)


def _finite(value: Any) -> Any:
    """Return a copy in which every number that is not finite is ``None``."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if hasattr(value, "item"):
        return _finite(value.item())
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None
    return value


# Made once: json.dumps with options makes an encoder at every call, which costs more than the encoding.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_simple).encode
