"""A zip of pictures, read in memory. Nothing of it is ever written to disk, wherever its names may lead."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from ganstudio.api import InputError
from ganstudio_plugins.pictures import UnreadableError

LARGEST = 256 << 20
"""Bytes that one picture may unpack to; a small file may else fill the memory there is."""


@dataclass(frozen=True)
class ZippedFile:
    """One file in a zip, which stays open as long as its files are to be read."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    @property
    def path(self) -> PurePosixPath:
        """The name inside the zip, with ``/`` between folders whatever wrote it."""
        return PurePosixPath(self.info.filename.replace("\\", "/"))

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Return what is in the file; raises ``UnreadableError`` when that cannot or should not be had."""
        if escapes(self.info.filename):
            raise UnreadableError("its name leads out of the zip")
        if self.info.file_size > LARGEST:
            raise UnreadableError(f"it unpacks to more than {LARGEST >> 20} MiB")
        try:
            return io.BytesIO(self.archive.read(self.info))
        except NotImplementedError as error:
            raise UnreadableError("it is packed in a way that cannot be read here") from error
        except RuntimeError as error:
            raise UnreadableError("it is locked with a password") from error
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
            raise UnreadableError("it is damaged in the zip") from error


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip for reading; raises ``InputError`` when it is none, or broken."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path} is no zip, or is damaged: {_reason(error)}. Choose another file, or a folder."
        ) from error
    except (OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{path} cannot be read: {_reason(error)}.") from error


def files_in(archive: zipfile.ZipFile) -> list[ZippedFile]:
    """Return every file in the zip, in its order."""
    return [ZippedFile(archive, info) for info in archive.infolist() if not info.is_dir()]


def escapes(name: str) -> bool:
    r"""Say whether a name in a zip leads out of it: ``../x``, ``/x``, ``C:\x``, or an empty one.

    The separators of every system count, whichever this is.
    """
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or bool(re.match(r"[A-Za-z]:", name)) or "\0" in name


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
