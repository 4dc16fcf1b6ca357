"""Where pictures lie: in a folder with subfolders, or in a zip. It knows nothing of what is in them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

import torch
from torch import Tensor

from ganstudio.api import InputError, Report
from ganstudio_plugins.picture_zip import files_in, open_zip
from ganstudio_plugins.pictures import SUFFIXES, Openable


@dataclass(frozen=True)
class Picture:
    """A file that is taken for a picture, and its name within the folder or zip."""

    name: PurePath
    file: Openable


def checked(place: Path | None, setting: str = "Folder") -> Path:
    """Return the folder or zip that a setting names, absolute; raises ``InputError`` when there is none."""
    if place is None:
        raise InputError(f"No folder of images is chosen. Set {setting} to the one that holds your images.")
    place = Path(os.path.abspath(place.expanduser()))
    if not place.exists():
        raise InputError(
            f"The folder {place} does not exist. Set {setting} to the one that holds your images."
        )
    if not place.is_dir() and place.suffix.lower() != ".zip":
        raise InputError(f"{place} is a file. Set {setting} to the folder or zip that holds your images.")
    if not os.access(place, os.R_OK | os.X_OK if place.is_dir() else os.R_OK):
        kind = "folder" if place.is_dir() else "file"
        raise InputError(
            f"The {kind} {place} may not be read by you. Change its permissions or choose another."
        )
    return place


@contextmanager
def pictures_in(place: Path, report: Report) -> Iterator[list[Picture]]:
    """Lend every picture in a folder or zip, in an order that depends on names alone.

    Raises ``InputError`` when there is none, or when the zip is damaged as a whole.
    """
    if place.is_dir():
        files = files_under(place, report)
        yield _some([Picture(path.relative_to(place), path) for path in files], place)
        return
    with open_zip(place) as archive:
        found = [Picture(file.path, file) for file in files_in(archive) if _is_picture(file.path)]
        report(f"Looking for images: {len(found)} so far", None)
        yield _some(sorted(found, key=lambda picture: picture.name.parts), place)


def files_under(folder: Path, report: Report) -> list[Path]:
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
        found += [Path(parent, name) for name in names if _is_picture(PurePath(name))]
        report(f"Looking for images: {len(found)} so far", None)
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def classes_by_folder(names: list[PurePath]) -> tuple[Tensor | None, tuple[str, ...]]:
    """Return the class of each image: its direct subfolder, where every image lies in one of several."""
    top = _common_folder(names)
    inside = [name.parts[top:] for name in names]
    if any(len(parts) < 2 for parts in inside):
        return None, ()
    classes = sorted({parts[0] for parts in inside})
    number = {name: index for index, name in enumerate(classes)}
    return torch.tensor([number[parts[0]] for parts in inside]), tuple(classes)


def _common_folder(names: list[PurePath]) -> int:
    """Return how many folders deep the one is that holds all of them."""
    folders = [name.parts[:-1] for name in names]
    first, last = min(folders), max(folders)
    same = (a == b for a, b in zip(first, last, strict=False))
    return next((depth for depth, equal in enumerate(same) if not equal), min(len(first), len(last)))


def _some(pictures: list[Picture], place: Path) -> list[Picture]:
    if not pictures:
        where = f"{place} or its subfolders" if place.is_dir() else f"{place}"
        raise InputError(
            f"There are no images in {where}. Files named .png, .jpg, .webp, .bmp, .gif or .tif are taken "
            "for images."
        )
    return pictures


def _is_picture(name: PurePath) -> bool:
    return name.suffix.lower() in SUFFIXES and not any(_hidden(part) for part in name.parts)


def _hidden(name: str) -> bool:
    return name == "__MACOSX" or (name.startswith(".") and name not in (".", ".."))
