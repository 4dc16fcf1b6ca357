"""Disks that refuse: a real one that is small, and any disk that refuses some files for a while."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from safetensors import SafetensorError
from safetensors import torch as safe


class Refusing:
    """Lets the system refuse what is written for files of some names, until ``relent`` is called.

    ``after``: so many writings of such files go well before. ``times``: how often it refused; it relents by
    itself after ``most``.
    """

    def __init__(self, names: tuple[str, ...], code: int, after: int, most: int) -> None:
        self.names, self.code, self.most = names, code, most
        self.left, self.times, self.refuses = after, 0, True

    def relent(self) -> None:
        self.refuses = False

    def look(self, path: Path) -> None:
        """Raise what the disk would, where it is about this file."""
        if not self.refuses or not any(path.match(name) for name in self.names):
            return
        if self.left:
            self.left -= 1
            return
        self.times += 1
        self.refuses = self.times < self.most
        raise OSError(self.code, os.strerror(self.code))


def refuse(
    patch: pytest.MonkeyPatch, *names: str, code: int = errno.ENOSPC, after: int = 0, most: int = 1 << 62
) -> Refusing:
    """Let the calls by which the studio writes fail for files whose path matches one of ``names``."""
    disk = Refusing(names, code, after, most)
    write, replace, save_file = os.write, os.replace, safe.save_file
    path_of, rename, mkdir = _path_of, Path.rename, Path.mkdir

    def writing(handle: int, data: Any) -> int:
        path = path_of(handle)
        try:
            disk.look(path)
        except OSError:
            # A disk that fills up takes the first part of a line.
            write(handle, data[: len(data) // 2])
            raise
        return write(handle, data)

    def replacing(source: Any, target: Any) -> None:
        disk.look(Path(target))
        replace(source, target)

    def renaming(self: Path, target: Any) -> Path:
        disk.look(Path(target))
        return rename(self, target)

    def making(self: Path, *arguments: Any, **options: Any) -> None:
        disk.look(self)
        mkdir(self, *arguments, **options)

    def saving(tensors: Any, path: Any) -> None:
        try:
            disk.look(Path(path))
        except OSError as error:
            raise SafetensorError(f"I/O error: {error.strerror} (os error {error.errno})") from error
        save_file(tensors, path)

    patch.setattr(os, "write", writing)
    patch.setattr(os, "replace", replacing)
    patch.setattr(Path, "rename", renaming)
    patch.setattr(Path, "mkdir", making)
    patch.setattr(safe, "save_file", saving)
    return disk


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A real disk of that size at ``place``; the test is skipped where none can be mounted."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("mounting a small disk needs Linux and its administrator")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(folder: Path) -> Path:
    """Write a file until the disk of ``folder`` is full, and return it."""
    path = folder / "filler"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    os.write(handle, b"x" * size)
            except OSError:
                continue
    finally:
        os.close(handle)
    return path


def _path_of(handle: int) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{handle}"))
