"""Arrays of numbers in a MATLAB file of level 5. It reads what SVHN needs, and knows nothing of images.

The format is described in "MAT-File Format" (The MathWorks, 2019). Structures, cells, text, sparse and
complex arrays are passed over.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""How values are stored, by the type in front of them."""
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
"""What values are, by the class of the array: MATLAB stores doubles in fewer bytes where they fit."""
_COMPLEX = 0x08


def read_mat(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of real numbers by their names; raises ``ValueError`` for another kind of file."""
    with path.open("rb") as file:
        head = file.read(128)
        if len(head) < 128 or head[126:128] not in (b"IM", b"MI"):
            raise ValueError("it is no MATLAB file of level 5")
        order = "<" if head[126:128] == b"IM" else ">"
        return dict(_matrices(file, order))


def _matrices(file: IO[bytes], order: str) -> Iterator[tuple[str, NDArray[Any]]]:
    for kind, content in _elements(file, order, padded=False):
        if kind == _COMPRESSED:
            yield from _matrices(io.BytesIO(_unpacked(content)), order)
        elif kind == _MATRIX:
            yield from _matrix(content, order)


def _matrix(content: bytes, order: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give the array in one element, if it is one of real numbers: flags, sides, name, values."""
    elements = _elements(io.BytesIO(content), order, padded=True)
    parts = [element for element, _ in zip(elements, range(4), strict=False)]
    if len(parts) < 4 or len(parts[0][1]) < 4:
        return
    (flags,) = struct.unpack_from(f"{order}I", parts[0][1])
    cls, stored = _CLASSES.get(flags & 0xFF), _NUMBERS.get(parts[3][0])
    if cls is None or stored is None or (flags >> 8) & _COMPLEX:
        return
    sides = np.frombuffer(parts[1][1], f"{order}i4").tolist()
    values = np.frombuffer(parts[3][1], f"{order}{stored}").reshape(sides, order="F")
    yield parts[2][1].decode("latin-1"), values.astype(cls, order="K", copy=False)


def _elements(file: IO[bytes], order: str, padded: bool) -> Iterator[tuple[int, bytes]]:
    """Give the type and the content of each element; inside an array they are padded to 8 bytes."""
    while tag := file.read(8):
        if len(tag) < 8:
            raise ValueError("it breaks off")
        kind, size = struct.unpack(f"{order}II", tag)
        if kind >> 16:
            # Small elements keep size and content in the tag itself.
            yield kind & 0xFFFF, tag[4 : 4 + (kind >> 16)]
            continue
        content = file.read(size)
        if len(content) < size:
            raise ValueError("it breaks off")
        yield kind, content
        if padded:
            file.read(-size % 8)


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise ValueError("it is damaged") from error
