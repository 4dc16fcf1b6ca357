"""Tail: the lines that are added to a file which another process writes. It knows nothing of their content.

A line that is being written waits until it has its end. A file that was rewritten or cut is noticed by its
last line read, which is not there any more.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LIMIT = 1 << 19
"""Bytes read at once, some thousand reports, so that nobody waits long for the rest of the work."""
_BLOCK = 1 << 16
_REMEMBERED = 4096
"""Bytes of the last line that are held against the file."""


class Tail:
    """Reads on from the beginning, or from where :meth:`move` put it.

    ``more``: whether the last reading left lines behind. ``went_back``: whether it found another file than
    before; what was read of it does not count then, and it goes on where :meth:`move` says.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.more = self.went_back = False
        self._offset = 0
        self._last = b""
        self._seen: tuple[int, int, int] | None = None

    def read(self, limit: int = LIMIT) -> list[bytes]:
        """Return the new lines, each with its end; none where nothing is new. Raises ``OSError``.

        ``limit``: bytes after which the rest waits for the next time; a longer line is read whole.
        """
        self.more = self.went_back = False
        try:
            with self.path.open("rb", buffering=0) as file:
                return self._read(file, limit)
        except FileNotFoundError:
            self.went_back = self._offset > 0
            self._move(0, b"")
            return []

    def move(self, behind: int) -> None:
        """Go on after all lines up to this place in bytes."""
        try:
            with self.path.open("rb", buffering=0) as file:
                self._move(behind, _bytes_before(file, behind))
        except FileNotFoundError:
            self._move(0, b"")

    def backwards(self, limit: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield every whole line with the place behind it, the last line first. Raises ``OSError``.

        ``limit``: so many bytes are read, about, and no line that begins before them is told.
        """
        try:
            with self.path.open("rb", buffering=0) as file:
                yield from _backwards(file, limit)
        except FileNotFoundError:
            return

    def _read(self, file: BinaryIO, limit: int) -> list[bytes]:
        stat = os.fstat(file.fileno())
        seen = stat.st_ino, stat.st_size, stat.st_mtime_ns
        if seen == self._seen:
            return []
        if stat.st_size < self._offset or not _bytes_before(file, self._offset).endswith(self._last):
            self.went_back = True
            self._move(0, b"")
            return []
        file.seek(self._offset)
        block = file.read(limit)
        end = block.rfind(b"\n") + 1
        if not end and len(block) == limit:
            return self._read(file, 2 * limit)
        self.more = self._offset + len(block) < stat.st_size
        self._seen = None if self.more else seen
        if end:
            self._offset += end
            self._last = block[:end][-_REMEMBERED:]
        return block[:end].splitlines(keepends=True)

    def _move(self, offset: int, last: bytes) -> None:
        self._offset, self._last, self._seen = offset, last, None


def _bytes_before(file: BinaryIO, place: int) -> bytes:
    start = max(0, place - _REMEMBERED)
    file.seek(start)
    return file.read(place - start)


def _backwards(file: BinaryIO, limit: int | None) -> Iterator[tuple[int, bytes]]:
    end = file.seek(0, os.SEEK_END)
    last = 0 if limit is None else end - limit
    rest = b""
    while end > max(last, 0):
        start = max(0, end - _BLOCK)
        file.seek(start)
        block = file.read(end - start) + rest
        lines = block.splitlines(keepends=True)
        place = start + len(block)
        # The first may go on further to the left.
        rest = lines.pop(0) if start and lines else b""
        for line in reversed(lines):
            if line.endswith(b"\n"):
                yield place, line
            place -= len(line)
        end = start
