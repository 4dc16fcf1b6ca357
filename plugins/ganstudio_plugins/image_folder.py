"""A folder of images of the user's own. What cannot be read is left out and named, never fatal."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, InputError, LoadedData, Report
from ganstudio_plugins.pictures import (
    DEEP,
    PALETTE,
    PRINT,
    SUFFIXES,
    TRANSPARENT,
    Look,
    UnreadableError,
    look,
    read,
)

MEMORY_SHARE = 0.6
"""Images may take up to this share of the machine's memory."""


class ImageFolder(ImageSource):
    """A folder of your own images, with all its subfolders; direct subfolders are the classes."""

    title = "Folder of images"

    class Settings(ImageSource.Settings):
        """The folder, and what becomes of images that are not square."""

        folder: Annotated[Path | None, "The folder that holds the images"] = None
        fit: Annotated[
            Literal["crop", "stretch"],
            "When resizing, take the middle square of an image that is not square, or distort all of it",
        ] = "crop"

    settings: "ImageFolder.Settings"

    def read(self, report: Report) -> LoadedData:
        """Return the images; raises ``InputError`` when there are none, or of several sizes and no Resize."""
        folder = _checked(self.settings.folder)
        files = _find(folder, report)
        if not files:
            raise InputError(
                f"There are no images in {folder} or its subfolders. Files named .png, .jpg, .webp, .bmp, "
                ".gif or .tif are taken for images."
            )
        notes = _Notes(folder)
        looks = _look_at_all(files, notes, report)
        if not looks:
            raise InputError(f"None of the {len(files)} images in {folder} can be read. {notes.left_out()}")
        width, height = self._size(looks, folder)
        colour = self._colour(looks, notes)
        _check_memory(len(looks), 3 if colour else 1, width, height)
        values, read_files = self._read_all(looks, colour, (width, height), notes, report)
        labels, classes = _labels(folder, read_files)
        spec = ImageSpec(values.shape[1], height, width, classes)
        return LoadedData(spec, values, labels, notes.sentences())

    def _size(self, looks: dict[Path, Look], folder: Path) -> tuple[int, int]:
        """Return the width and height that all images have, or will have."""
        if self.settings.resize:
            return self.settings.resize, self.settings.resize
        sizes = Counter((seen.width, seen.height) for seen in looks.values())
        if len(sizes) == 1:
            return next(iter(sizes))
        some = ", ".join(f"{w} × {h} ({count})" for (w, h), count in sizes.most_common(3))
        more = f" and {len(sizes) - 3} more" if len(sizes) > 3 else ""
        smallest = min(min(size) for size in sizes)
        side = next((side for side in (64, 48, 32) if side <= smallest), 28)
        raise InputError(
            f"The images in {folder} have {len(sizes)} different sizes: {some}{more}. Set Resize to bring "
            f"all of them to one, for example {side}."
        )

    def _colour(self, looks: dict[Path, Look], notes: "_Notes") -> bool:
        """Return whether the images become RGB: one with colours makes all of them so."""
        if self.settings.colour != "as it is":
            return self.settings.colour == "RGB"
        colour = sum(seen.colour for seen in looks.values())
        if 0 < colour < len(looks):
            notes.grey = len(looks) - colour
        return colour > 0

    def _read_all(
        self,
        looks: dict[Path, Look],
        colour: bool,
        size: tuple[int, int],
        notes: "_Notes",
        report: Report,
    ) -> tuple[Tensor, list[Path]]:
        width, height = size
        values = torch.empty(len(looks), 3 if colour else 1, height, width, dtype=torch.uint8)
        done: list[Path] = []
        for path in _with_progress(list(looks), "Reading the images", report):
            try:
                pixels, changes = read(path, colour, self.settings.resize, self.settings.fit)
            except UnreadableError as reason:
                notes.unreadable[path] = str(reason)
                continue
            if pixels.shape[1:] != (height, width):
                notes.unreadable[path] = "its size is not the one it states"
                continue
            values[len(done)] = torch.from_numpy(pixels)
            notes.changes.update(changes)
            done.append(path)
        if not done:
            raise InputError(f"None of the images in {notes.folder} can be read. {notes.left_out()}")
        return values[: len(done)], done


@dataclass
class _Notes:
    """What happened to the images, to be told in sentences."""

    folder: Path
    unreadable: dict[Path, str] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    grey: int = 0

    def sentences(self) -> list[str]:
        """Return one sentence for each kind of thing that happened."""
        left_out = [self.left_out()] if self.unreadable else []
        grey = [f"{_images(self.grey)} in grey became RGB, as others have colours."] if self.grey else []
        return [*left_out, *grey, *(_CHANGES[c](_images(n)) for c, n in sorted(self.changes.items()))]

    def left_out(self) -> str:
        """Return the sentence about what could not be read."""
        first = list(self.unreadable.items())[:3]
        named = ", ".join(f"{path.relative_to(self.folder)} ({reason})" for path, reason in first)
        more = f" and {len(self.unreadable) - 3} more" if len(self.unreadable) > 3 else ""
        return f"Left out, as they cannot be read: {named}{more}."


_CHANGES: dict[str, Callable[[str], str]] = {
    DEEP: lambda images: f"{images} of 16 bits became 8 bits deep.",
    PALETTE: lambda images: f"{images} with a palette got the colours it stands for.",
    PRINT: lambda images: f"{images} in CMYK or another colour space became RGB.",
    TRANSPARENT: lambda images: f"{images} with transparent parts got a white ground.",
}


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"


def _checked(folder: Path | None) -> Path:
    """Return the folder as an absolute path; raises ``InputError`` when there is none."""
    if folder is None:
        raise InputError("No folder of images is chosen. Set Folder to the one that holds your images.")
    folder = Path(os.path.abspath(folder.expanduser()))
    if not folder.exists():
        raise InputError(f"The folder {folder} does not exist. Set Folder to the one that holds your images.")
    if not folder.is_dir():
        raise InputError(f"{folder} is a file. Set Folder to the folder that holds your images.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise InputError(
            f"The folder {folder} may not be read by you. Change its permissions or choose another."
        )
    return folder


def _find(folder: Path, report: Report) -> list[Path]:
    """Return every image file under ``folder``, in an order that depends on names alone."""
    found: list[Path] = []
    seen: set[str] = set()
    for parent, subfolders, names in os.walk(folder, followlinks=True):
        # A link may lead back to a folder above it.
        seen.add(os.path.realpath(parent))
        subfolders[:] = [
            name
            for name in subfolders
            if not _hidden(name) and os.path.realpath(os.path.join(parent, name)) not in seen
        ]
        found += [Path(parent, n) for n in names if not _hidden(n) and Path(n).suffix.lower() in SUFFIXES]
        report(f"Looking for images: {len(found)} so far", None)
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _look_at_all(files: list[Path], notes: _Notes, report: Report) -> dict[Path, Look]:
    looks = {}
    for path in _with_progress(files, "Looking at the images", report):
        try:
            looks[path] = look(path)
        except UnreadableError as reason:
            notes.unreadable[path] = str(reason)
    return looks


def _with_progress(files: list[Path], what: str, report: Report) -> Iterator[Path]:
    for index, path in enumerate(files):
        if index % 32 == 0:
            report(what, index / len(files))
        yield path


def _labels(folder: Path, files: list[Path]) -> tuple[Tensor | None, tuple[str, ...]]:
    """Return the class of each image: its direct subfolder, where every image lies in one of several."""
    top = Path(os.path.commonpath([path.parent for path in files]))
    inside = [path.relative_to(top).parts for path in files]
    if any(len(parts) < 2 for parts in inside):
        return None, ()
    classes = sorted({parts[0] for parts in inside})
    return torch.tensor([classes.index(parts[0]) for parts in inside]), tuple(classes)


def _check_memory(count: int, channels: int, width: int, height: int) -> None:
    """Raise ``InputError`` when so many images do not fit into the machine's memory."""
    if sys.platform == "win32":
        return
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    size = count * channels * width * height
    if size > MEMORY_SHARE * memory:
        raise InputError(
            f"{count} images of {width} × {height} take {size / 2**30:.1f} GiB of memory, and this machine "
            f"has {memory / 2**30:.1f}. Set Resize to a smaller side."
        )
