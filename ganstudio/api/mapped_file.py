"""Mapped files: a file as a tensor, and what is done to large ones in parts. It knows nothing of images."""

import hashlib
import mmap
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil
import torch
from torch import Tensor

PART_BYTES = 16 << 20
"""As much is worked on at a time."""
BLOCK, BLOCKS = 1 << 16, 256
"""A checksum of a file looks at so many blocks of so many bytes."""


def mapped(path: Path, size: int) -> Tensor:
    """Return the first ``size`` bytes of a file as ``uint8`` [size], read from disk when they are used.

    A change in place never reaches the file; where the file is larger than memory it is not possible at all.
    """
    with path.open("rb") as file:
        try:
            return torch.frombuffer(
                mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY), dtype=torch.uint8
            )
        except OSError:
            # The system refuses a map that could be changed when memory would not hold the changes.
            view = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given buffer is not writable")
        return torch.frombuffer(view, dtype=torch.uint8)


def parts(values: Tensor) -> Iterator[slice]:
    """Give slices of the first dimension that cover ``values``, each of about :data:`PART_BYTES`."""
    count = len(values)
    step = max(1, PART_BYTES * count // max(values.nbytes, 1))
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def sampled_sum(path: Path, size: int) -> str:
    """Return a SHA-256 of blocks spread over the first ``size`` bytes of a file, and of all that follows.

    Up to :data:`BLOCKS` blocks of :data:`BLOCK` bytes (16 MiB) are looked at whole; of more, an even sample.
    """
    total = hashlib.sha256()
    blocks = -(-size // BLOCK)
    taken = min(blocks, BLOCKS)
    with path.open("rb") as file:
        for index in range(taken):
            start = index * (blocks - 1) // max(taken - 1, 1) * BLOCK
            file.seek(start)
            total.update(file.read(min(BLOCK, size - start)))
        file.seek(size)
        while rest := file.read(PART_BYTES):
            total.update(rest)
    return total.hexdigest()


def new_file(folder: Path, size: int) -> Path:
    """Return a new file of ``size`` bytes, for which the disk has set the room aside.

    It is named after this process until its maker renames it. Raises ``OSError`` when that cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear_away(folder)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{os.getpid()}-", suffix=".part")
    try:
        _reserve(handle, size)
    except OSError:
        Path(name).unlink()
        raise
    finally:
        os.close(handle)
    return Path(name)


def _reserve(handle: int, size: int) -> None:
    """Set the room aside: a map over a file with holes would end the program when the disk is full."""
    if size and hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
    else:
        os.truncate(handle, size)


def _clear_away(folder: Path) -> None:
    """Remove what processes left behind that are no more."""
    for path in folder.glob(".*.part"):
        owner = path.name[1:].partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            path.unlink(missing_ok=True)
