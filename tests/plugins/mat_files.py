"""MATLAB files of level 5, as small as the tests need them. Written from the format's description alone."""

import struct
import zlib

import numpy as np

TYPES = {"uint8": (2, 9), "float64": (9, 6)}
"""How values are stored, and the class of the array."""


def mat_file(arrays: dict[str, np.ndarray], order: str = "<", packed: bool = True) -> bytes:
    """Return a file with these arrays, whose bytes are in the order ``<`` or ``>``."""
    content = b"".join(_matrix(name, array, order, packed) for name, array in arrays.items())
    return b"MATLAB 5.0".ljust(124) + struct.pack(f"{order}HH", 0x0100, 0x4D49) + content


def _matrix(name: str, array: np.ndarray, order: str, packed: bool) -> bytes:
    stored, cls = TYPES[array.dtype.name]
    values = array.astype(array.dtype.newbyteorder(order)).tobytes(order="F")
    inside = _element(6, struct.pack(f"{order}II", cls, 0), order)
    inside += _element(5, struct.pack(f"{order}{array.ndim}i", *array.shape), order)
    inside += _element(1, name.encode(), order) + _element(stored, values, order)
    whole = struct.pack(f"{order}II", 14, len(inside)) + inside
    if not packed:
        return whole
    small = zlib.compress(whole)
    return struct.pack(f"{order}II", 15, len(small)) + small


def _element(kind: int, content: bytes, order: str) -> bytes:
    return struct.pack(f"{order}II", kind, len(content)) + content + bytes(-len(content) % 8)
