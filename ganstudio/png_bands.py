"""PNG files written from top to bottom, a few rows at a time, so that no picture has to be held whole.

It knows nothing of where rows come from, nor of names of files.
"""

import struct
import zlib
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}
"""What a PNG calls grey, grey with alpha, RGB and RGBA, by their channels."""
_PAETH = 4
_AT_ONCE = 16
"""Rows that are filtered together, which takes some ten times their own memory."""
_LEVEL = 6


class PngBands:
    """One PNG file of 8 bits a channel; see the specification, W3C PNG (Third Edition), sections 5 and 9.

    ``channels``: 1 grey, 2 grey with alpha, 3 RGB, 4 RGBA. ``profile``: an ICC profile, or none.
    """

    def __init__(
        self, file: BinaryIO, width: int, height: int, channels: int, profile: bytes | None = None
    ) -> None:
        self._file, self._height, self._channels = file, height, channels
        self._above = np.zeros((1, width, channels), np.uint8)
        self._deflate = zlib.compressobj(_LEVEL)
        self._written = 0
        file.write(b"\x89PNG\r\n\x1a\n")
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0))
        if profile:
            self._chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile))

    def add(self, rows: NDArray[np.uint8]) -> None:
        """Write the next rows ``uint8`` [H, W, C]; with the last of all, the file is whole."""
        for top in range(0, len(rows), _AT_ONCE):
            part = rows[top : top + _AT_ONCE]
            self._chunk(b"IDAT", self._deflate.compress(self._filtered(part)))
        self._written += len(rows)
        if self._written == self._height:
            self._chunk(b"IDAT", self._deflate.flush())
            self._chunk(b"IEND", b"")

    def _filtered(self, rows: NDArray[np.uint8]) -> bytes:
        """Return rows as differences from what their neighbours foretell (Paeth's filter, section 9.4)."""
        above = np.concatenate([self._above, rows[:-1]]).astype(np.int16)
        self._above = rows[-1:].copy()
        left, corner = np.zeros_like(above), np.zeros_like(above)
        left[:, 1:], corner[:, 1:] = rows[:, :-1], above[:, :-1]
        across, down = np.abs(above - corner), np.abs(left - corner)
        both = np.abs(left + above - 2 * corner)
        foretold = np.where(
            (across <= down) & (across <= both), left, np.where(down <= both, above, corner)
        ).astype(np.uint8)
        lines = np.empty((len(rows), 1 + rows[0].size), np.uint8)
        lines[:, 0] = _PAETH
        lines[:, 1:] = (rows - foretold).reshape(len(rows), -1)
        return lines.tobytes()

    def _chunk(self, kind: bytes, content: bytes) -> None:
        if content or kind == b"IEND":
            self._file.write(struct.pack(">I", len(content)) + kind + content)
            self._file.write(struct.pack(">I", zlib.crc32(content, zlib.crc32(kind))))
