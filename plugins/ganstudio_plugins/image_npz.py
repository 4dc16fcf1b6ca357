"""Images in the arrays of a ``.npz`` file. How such a file is read is known to ``npz_arrays`` alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, InputError, LoadedData, Report
from ganstudio_plugins.npz_arrays import Header, NpzFile

PAIRS = {"images": "labels", "train_images": "train_labels", "x_train": "y_train", "x": "y", "data": "labels"}
"""Usual names of the images, the most usual first, each with the name its labels have then."""
CLASS_NAMES = ("class_names", "classes", "label_names")


class ImageArrays(ImageSource):
    """Images and labels in the arrays of a NumPy file (Harris et al., 2020, Nature 585)."""

    title = "Arrays in a .npz file"

    class Settings(ImageSource.Settings):
        """The file, and which of its arrays are used."""

        file: Annotated[Path | None, "The .npz file that holds the images"] = None
        images: Annotated[
            str,
            "Name of the array of images: whole numbers of 8 bits, count × height × width, or with 1 or 3 "
            "colours at the end; empty: found by itself",
        ] = ""
        labels: Annotated[
            str, "Name of the array of labels: one whole number for each image; empty: found by itself"
        ] = ""

    settings: "ImageArrays.Settings"

    def made_of(self, report: Report) -> Sequence[Path]:
        """Return the file; raises ``InputError`` when there is none."""
        return [self._file()]

    def read(self, report: Report) -> LoadedData:
        """Return the images; raises ``InputError`` when there are none that can be used."""
        path = self._file()
        report(f"Looking into {path.name}", None)
        with NpzFile.opened(path) as arrays:
            images = self._images(arrays, path)
            values = self._read_images(arrays, images, report)
            labels, classes = self._labels(arrays, images, path)
        _, channels, height, width = values.shape
        return LoadedData(ImageSpec(channels, height, width, classes), values, labels)

    @property
    def called(self) -> str:
        """What the setting of the array of images is called, where its array has to be named."""
        return ""

    def _file(self) -> Path:
        path = self.settings.file
        if path is None:
            raise InputError("No file is chosen. Set File to the .npz file that holds your images.")
        path = path.expanduser().absolute()
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise InputError(f"{path} {what}. Set File to the .npz file that holds your images.")
        return path

    def _images(self, arrays: NpzFile, path: Path) -> Header:
        """Return the head of the array of images."""
        if self.settings.images:
            found = _named(self.settings.images, arrays, path, "Images", self.called)
            if problem := _no_images(found):
                raise InputError(f"The array {found.described()} in {path} cannot be used: {problem}.")
            return found
        fit = {name.lower(): header for name, header in arrays.headers.items() if not _no_images(header)}
        usual = next((fit[name] for name in PAIRS if name in fit), None)
        if usual or len(fit) == 1:
            return usual or next(iter(fit.values()))
        if fit:
            several = ", ".join(header.described() for header in fit.values())
            raise InputError(
                f"{path} has several arrays of images: {several}. Set Images to one of the names."
            )
        raise InputError(
            f"{path} has no array of images. It holds {arrays.described()}; images are whole numbers of "
            "8 bits (uint8), count × height × width, or with 1 or 3 colours at the end."
        )

    def _read_images(self, arrays: NpzFile, images: Header, report: Report) -> Tensor:
        count, height, width, *colours = images.shape
        channels = colours[0] if colours else 1
        values = self.room(count, channels, height, width)
        for start, part in arrays.parts(images.name):
            report("Reading the images", start / count)
            pixels = torch.from_numpy(part.reshape(-1, height, width, channels).copy())
            values[start : start + len(part)] = pixels.permute(0, 3, 1, 2)
        return values

    def _labels(self, arrays: NpzFile, images: Header, path: Path) -> tuple[Tensor | None, tuple[str, ...]]:
        """Return labels ``int64`` [N] and the names of the classes, or nothing where there are none."""
        if self.settings.labels:
            found = _named(self.settings.labels, arrays, path, "Labels")
            if problem := _no_labels(found, images):
                raise InputError(f"The array {found.described()} in {path} cannot be used: {problem}.")
        else:
            usual = PAIRS.get(images.name.lower(), "labels")
            named = {name.lower(): header for name, header in arrays.headers.items()}
            fit = [h for h in (named.get(usual), named.get("labels")) if h and not _no_labels(h, images)]
            if not fit:
                return None, ()
            found = fit[0]
        return _numbered(arrays.whole(found.name).reshape(-1), _class_names(arrays), found, path)


def _named(name: str, arrays: NpzFile, path: Path, setting: str, needed: str = "") -> Header:
    """Return the head of an array; ``needed``: the setting to name, where it may not be left empty."""
    if name not in arrays.headers:
        raise InputError(
            f"{path} has no array named {name}. It holds {arrays.described()}. "
            + (
                f"Set {needed} to one."
                if needed
                else f"Set {setting} to one of the names, or leave it empty."
            )
        )
    return arrays.headers[name]


def _no_images(header: Header) -> str:
    """Return why an array holds no images, or nothing when it does."""
    if header.dtype != np.uint8:
        return "images are whole numbers of 8 bits, from 0 to 255 (uint8)"
    if len(header.shape) not in (3, 4) or (len(header.shape) == 4 and header.shape[3] not in (1, 3)):
        return "images are count × height × width, or count × height × width × colours with 1 or 3 colours"
    if 0 in header.shape:
        return "it is empty"
    return ""


def _no_labels(header: Header, images: Header) -> str:
    """Return why an array holds no labels of the images, or nothing when it does."""
    if header.dtype.kind not in "iu":
        return "labels are whole numbers"
    if header.shape not in ((images.shape[0],), (images.shape[0], 1)):
        return f"there is to be one label for each of the {images.shape[0]} images"
    return ""


def _class_names(arrays: NpzFile) -> tuple[str, ...]:
    for name in CLASS_NAMES:
        header = arrays.headers.get(name)
        if header and header.dtype.kind in "US" and len(header.shape) == 1:
            return tuple(str(text) for text in arrays.whole(name).astype(str))
    return ()


def _numbered(
    labels: NDArray[Any], names: tuple[str, ...], header: Header, path: Path
) -> tuple[Tensor, tuple[str, ...]]:
    """Return the labels counted from 0, and the classes' names: those given, or the labels themselves."""
    if not names:
        found, index = np.unique(labels, return_inverse=True)
        return torch.from_numpy(index.astype(np.int64)), tuple(str(label) for label in found)
    if labels.min() < 0 or labels.max() >= len(names):
        raise InputError(
            f"The labels {header.described()} in {path} go from {labels.min()} to {labels.max()}, and there "
            f"are {len(names)} names of classes: they are to go from 0 to {len(names) - 1}."
        )
    return torch.from_numpy(labels.astype(np.int64)), names
