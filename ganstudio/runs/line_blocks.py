"""Line blocks: the lines of a file, many at a time: all of them, or a sample in a time that is bounded.

It knows nothing of what the lines say, but that they name their step and that steps do not fall.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

SIZE = 1 << 16
"""Bytes of lines that are given at once, more or less."""

_STEP = re.compile(rb'"step":(\d+)')
_AROUND = 2048
"""Bytes before and after a place where a line is looked for."""
_TRIES = 3


def whole(file: BinaryIO) -> Iterator[bytes]:
    """Yield all lines that have an end. ``file`` is one without a buffer, here and below."""
    file.seek(0)
    rest = b""
    while block := file.read(SIZE):
        block = rest + block
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        if end:
            yield block[:end]


@dataclass
class Sample:
    """Lines at ``places`` evenly spaced places of a file, each ``length`` bytes; both ends among them.

    Memory and time do not grow with the file. A disk that is read for the first time seeks once a place.
    """

    file: BinaryIO
    size: int
    """Bytes of the file; above ``places * length``."""
    places: int
    length: int
    _steps: list[int] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def blocks(self) -> Iterator[bytes]:
        """Yield the lines in their order."""
        waiting, ready = [], 0
        for place in range(self.places):
            block = self._block(place * (self.size - self.length) // (self.places - 1))
            waiting.append(block)
            ready += len(block)
            if ready >= SIZE:
                yield b"".join(waiting)
                waiting, ready = [], 0
        if ready:
            yield b"".join(waiting)

    def lines_of(self, steps: Iterable[int], mark: bytes) -> Iterator[bytes]:
        """Yield the lines of these steps that hold ``mark``, as far as they are found where they should be.

        To be asked once all blocks are read.
        """
        if self._steps:
            for step in steps:
                yield from self._lines_near(step, mark)

    def _block(self, start: int) -> bytes:
        """Return the whole lines in ``length`` bytes from ``start`` on, and remember which step is there."""
        block = self._read(start, self.length)
        # What is cut at either end is no line; the very first line of a file is whole.
        begin = block.find(b"\n") + 1 if start else 0
        lines = block[begin : block.rfind(b"\n") + 1]
        step = _STEP.search(lines)
        if step:
            self._steps.append(int(step[1]))
            self._starts.append(start + begin + step.start())
        return lines

    def _lines_near(self, step: int, mark: bytes) -> list[bytes]:
        sought, place = b'"step":%d,' % step, self._place_of(step)
        for _ in range(_TRIES):
            start = max(0, place - _AROUND)
            block = self._read(start, 2 * _AROUND)
            lines = block[block.find(b"\n") + 1 if start else 0 :].splitlines(keepends=True)
            found = [line for line in lines if mark in line and sought in line and line.endswith(b"\n")]
            there = [int(name) for name in _STEP.findall(block)]
            if found or not there or there[0] <= step <= there[-1]:
                return found
            # The steps there tell how far off it was.
            place += round((step - there[0]) * self._slope(0, -1))
        return []

    def _place_of(self, step: int) -> int:
        """Return about where the lines of a step are, judging by the places before and after it."""
        right = min(max(bisect_left(self._steps, step), 1), len(self._steps) - 1)
        steps = step - self._steps[right - 1]
        return self._starts[right - 1] + round(steps * self._slope(right - 1, right))

    def _slope(self, left: int, right: int) -> float:
        """Return the bytes of a step between two of the places read."""
        steps = self._steps[right] - self._steps[left]
        return (self._starts[right] - self._starts[left]) / steps if steps else 0.0

    def _read(self, start: int, length: int) -> bytes:
        self.file.seek(start)
        return self.file.read(length)
