"""The arrays in a ``.npz`` file: what there are, and their values a part at a time.

It knows nothing of images. Nothing is ever unpickled: arrays of objects are not read.
"""

import math
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ganstudio.api import InputError

PART_BYTES = 16 << 20
"""As much of an array is read at a time."""


@dataclass(frozen=True)
class Header:
    """What the head of an array tells."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    column_major: bool
    """The first index runs fastest, as Fortran and MATLAB have it."""

    def described(self) -> str:
        """Return the array in a few words, such as ``images (uint8, 60000 × 28 × 28)``."""
        return f"{self.name} ({self.dtype.name}, {' × '.join(map(str, self.shape)) or 'one value'})"


class NpzFile:
    """An open ``.npz``; raises ``InputError`` with a sentence for whatever is wrong with it."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self.headers: dict[str, Header] = {}
        for member in archive.namelist():
            if member.endswith(".npy"):
                name = member.removesuffix(".npy")
                with self._member(name) as file:
                    self.headers[name] = _header(name, file)

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator["NpzFile"]:
        """Lend the file."""
        with ExitStack() as stack:
            with broken_is_told(path, ".npz"):
                found = cls(path, stack.enter_context(zipfile.ZipFile(path)))
            yield found

    def described(self) -> str:
        """Return what arrays there are, to stand in a sentence."""
        return ", ".join(header.described() for header in self.headers.values()) or "no arrays at all"

    def whole(self, name: str) -> NDArray[Any]:
        """Return one array, which is not to be one of objects."""
        with broken_is_told(self._path, ".npz"), self._member(name) as file:
            array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
        return array

    def parts(self, name: str) -> Iterator[tuple[int, NDArray[Any]]]:
        """Give an array along its first dimension, a part at a time, each with the index it begins at."""
        header = self.headers[name]
        if header.column_major:
            yield 0, self.whole(name)
            return
        count, *rest = header.shape
        size = math.prod(rest) * header.dtype.itemsize
        step = max(1, PART_BYTES // max(size, 1))
        with broken_is_told(self._path, ".npz"), self._member(name) as file:
            _header(name, file)
            for start in range(0, count, step):
                part = min(step, count - start)
                yield start, np.frombuffer(_exactly(file, part * size), header.dtype).reshape(part, *rest)

    def _member(self, name: str) -> IO[bytes]:
        return self._archive.open(f"{name}.npy")


@contextmanager
def broken_is_told(path: Path, kind: str) -> Iterator[None]:
    """Turn what the readers of a broken file raise, which is almost anything, into an ``InputError``."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, ValueError, SyntaxError, tokenize.TokenError),
        *(RuntimeError, MemoryError, TypeError, LookupError),
    ) as error:
        reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
        raise InputError(f"{path} is no {kind} file, or is damaged: {reason}.") from error


def _header(name: str, file: IO[bytes]) -> Header:
    """Read the head of an array, and leave the file at its first value."""
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, column_major, dtype = read(file)
    if not all(isinstance(side, int) and side >= 0 for side in shape):
        raise ValueError(f"the array {name} has the shape {shape}")
    return Header(name, shape, dtype, column_major)


def _exactly(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError("it breaks off")
    return content
