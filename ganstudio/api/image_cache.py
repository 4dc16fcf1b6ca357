"""Image cache: sets of images that are too large for memory, kept in files that are mapped into it.

A cache is made once and looked through on every use. It knows nothing of where images come from, nor of how
they are scaled: it gives room for them, keeps them, and finds them again.
"""

import hashlib
import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import torch
from torch import Tensor

from ganstudio.api.data import ImageSpec, LoadedData, Report
from ganstudio.api.errors import InputError, StudioError
from ganstudio.api.folders import caches_folder
from ganstudio.api.mapped_file import mapped, new_file, parts, sampled_sum

VERSION = 1
"""Changes with the layout of the files, and with whatever else makes older ones useless."""
BUDGET_NAME = "GANSTUDIO_MEMORY_BUDGET"
BUDGET_SHARE = 0.25
"""Images may take up to this share of the machine's memory, unless the environment says otherwise."""
WHOLE_SHARE = 0.8
"""Images that cannot be kept on disk may take up to this share."""


def memory_budget() -> int:
    """Return how many bytes of images are held in memory; raises ``InputError`` for a bad environment."""
    named = os.environ.get(BUDGET_NAME)
    if named is None:
        return int(BUDGET_SHARE * psutil.virtual_memory().total)
    if not named.strip().isdecimal():
        raise InputError(
            f"The environment variable {BUDGET_NAME} is {named!r}. Set it to a whole number of bytes, or "
            "take it away."
        )
    return int(named)


class ImageCache:
    """The cache of one source with its settings. Leaving the context removes what was not kept.

    ``identity`` is what tells this set from another; ``made_of`` are the files that the images come from,
    or ``None`` when nothing tells whether a cache would still be right: then nothing is kept.
    """

    def __init__(
        self, name: str, identity: Mapping[str, Any], made_of: Sequence[Path] | None, report: Report
    ) -> None:
        slot = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
        self._made_of = None if made_of is None else _fingerprint(made_of)
        self._images = caches_folder() / f"{name}-{slot}.images"
        self._header = self._images.with_suffix(".json")
        self._report = report
        # Held as long as this context, so that no other tensor gets the address of one of them.
        self._rooms: list[tuple[Tensor, Path]] = []
        self._anew = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        paths = [path for _, path in self._rooms]
        self._rooms.clear()
        for path in paths:
            # Some systems keep a file as long as it is mapped; a later process clears it away.
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def find(self) -> LoadedData | None:
        """Return the set as it was kept, or ``None`` when it was not, or not from these very files."""
        if self._made_of is None or not self._header.is_file():
            return None
        self._report("Looking through the images kept on disk", None)
        try:
            return self._read()
        except _UnfitError as reason:
            self._anew = f"The file of these images on disk {reason}, and was made anew."
        except (OSError, ValueError, KeyError, TypeError):
            self._anew = "The file of these images on disk was damaged, and was made anew."
        return None

    def room(self, shape: Sequence[int]) -> Tensor:
        """Return a ``uint8`` tensor to be filled: in memory, or over a file where that is too small.

        Raises ``InputError`` when neither memory nor disk has the room.
        """
        size = math.prod(shape)
        if self._made_of is None or size <= memory_budget():
            _check_memory(size)
            return torch.empty(*shape, dtype=torch.uint8)
        path = self._new_file(size)
        values = torch.from_file(str(path), shared=True, size=size, dtype=torch.uint8)
        self._rooms.append((values, path))
        return values.view(*shape)

    def keep(self, loaded: LoadedData) -> LoadedData:
        """Keep the set where it is larger than the budget, and return it read from there.

        What was handed over is not to be used any more then.
        """
        if self._made_of is None or loaded.values.nbytes <= memory_budget():
            return self._in_memory(loaded)
        path = self._file_of(loaded.values) or self._copied(loaded.values)
        with _writing(self._images.parent):
            _append_labels(path, loaded)
            header = self._describe(loaded, path)
            # Some systems give no new name to a file that is mapped.
            loaded.values = torch.empty(0)
            self._rooms = [(room, other) for room, other in self._rooms if other != path]
            os.replace(path, self._images)
            self._write_header(header)
        return self._read()

    def _in_memory(self, loaded: LoadedData) -> LoadedData:
        if self._file_of(loaded.values):
            # The file it was read into goes away; it turned out smaller than was thought.
            loaded.values = loaded.values.clone()
        if self._anew:
            self._images.unlink(missing_ok=True)
            self._header.unlink(missing_ok=True)
        return loaded

    def _file_of(self, values: Tensor) -> Path | None:
        """Return the file under a room that was filled from its beginning."""
        if not values.is_contiguous():
            return None
        return next((path for room, path in self._rooms if room.data_ptr() == values.data_ptr()), None)

    def _copied(self, values: Tensor) -> Path:
        room = self.room(values.shape)
        for part in parts(values):
            self._report("Keeping the images on disk", part.start / len(values))
            room[part] = values[part]
        return self._rooms[-1][1]

    def _describe(self, loaded: LoadedData, path: Path) -> dict[str, Any]:
        assert isinstance(loaded.spec, ImageSpec), "a source of images gives images"
        return {
            "version": VERSION,
            "made_of": self._made_of,
            "shape": list(loaded.values.shape),
            "dtype": "uint8",
            "labels": loaded.labels is not None,
            "sum": sampled_sum(path, loaded.values.nbytes),
            "classes": list(loaded.spec.classes),
            "notes": loaded.notes,
            "unreadable": loaded.unreadable,
        }

    def _write_header(self, header: dict[str, Any]) -> None:
        path = new_file(self._header.parent, 0)
        path.write_text(json.dumps(header, indent=1), "utf-8")
        os.replace(path, self._header)

    def _read(self) -> LoadedData:
        """Return what is kept; raises :class:`_UnfitError` and whatever broken files raise."""
        header = json.loads(self._header.read_text("utf-8"))
        if header["version"] != VERSION or header["dtype"] != "uint8":
            raise _UnfitError("was of another version")
        if header["made_of"] != self._made_of:
            raise _UnfitError("was older than the images it is made of")
        count, channels, height, width = (int(side) for side in header["shape"])
        size = count * channels * height * width
        if self._images.stat().st_size != size + (8 * count if header["labels"] else 0):
            raise _UnfitError("was damaged (its length was wrong)")
        if sampled_sum(self._images, size) != header["sum"]:
            raise _UnfitError("was damaged (its checksum was wrong)")
        values = mapped(self._images, size).view(count, channels, height, width)
        spec = ImageSpec(channels, height, width, tuple(header["classes"]))
        kept = f"The images take {_in_words(size)} and are read from disk, from {self._images}."
        notes = [*header["notes"], *([self._anew] if self._anew else []), kept]
        unreadable = [(name, reason) for name, reason in header["unreadable"]]
        return LoadedData(spec, values, self._labels(header, size), notes, unreadable=unreadable)

    def _labels(self, header: dict[str, Any], offset: int) -> Tensor | None:
        if not header["labels"]:
            return None
        with self._images.open("rb") as file:
            file.seek(offset)
            return torch.frombuffer(bytearray(file.read()), dtype=torch.int64)

    def _new_file(self, size: int) -> Path:
        folder = self._images.parent
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _check_disk(folder, size)
            return new_file(folder, size)


class _UnfitError(Exception):
    """What is kept cannot be used; the message says why, to stand in a sentence."""


def _fingerprint(files: Sequence[Path]) -> str:
    """Return a checksum of the files' names, sizes and times of change."""
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.absolute()}\0{_facts(path)}\n".encode(errors="surrogateescape"))
    return total.hexdigest()


def _facts(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        # Such as a link that leads nowhere; whoever reads the images says so.
        return "unreadable"
    return f"{facts.st_size} {facts.st_mtime_ns}"


def _append_labels(path: Path, loaded: LoadedData) -> None:
    with path.open("r+b") as file:
        # Images that could not be read leave the end of the room empty.
        file.truncate(loaded.values.nbytes)
        file.seek(0, os.SEEK_END)
        if loaded.labels is not None:
            file.write(loaded.labels.to(torch.int64).contiguous().numpy().tobytes())
        file.flush()
        os.fsync(file.fileno())


def _check_disk(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise InputError(
            f"The images take {_in_words(size)}, more than the memory budget of "
            f"{_in_words(memory_budget())}; on disk they would be kept in {folder}, which has "
            f"{_in_words(free)} left. Set Resize to a smaller side, or free some of the disk."
        )


def _check_memory(size: int) -> None:
    memory = psutil.virtual_memory().total
    if size > WHOLE_SHARE * memory:
        raise InputError(
            f"The images take {_in_words(size)} of memory, and this machine has {_in_words(memory)}. Set "
            "Resize to a smaller side."
        )


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn an operating system's refusal to write into a ``StudioError`` that names the folder."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudioError(
            f"The images are too large for memory and cannot be kept in {folder}: {reason}. Set Resize to a "
            "smaller side, or make that folder one that can be written."
        ) from error


def _in_words(size: int) -> str:
    for unit, scale in (("GiB", 2**30), ("MiB", 2**20)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size / 2**10:.1f} KiB"
