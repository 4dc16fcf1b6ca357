"""The public data sets that torchvision knows: fetched once, then read from the folder they are kept in.

torchvision takes over a second to import, so that waits until a set is read.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, LoadedData, Report, StudioError, downloads_folder
from ganstudio_plugins.downloads import checksum, fetch, unzip, writing

if TYPE_CHECKING:
    from torchvision.datasets import VisionDataset


class TorchvisionSource(ImageSource):
    """What the public data sets share: where they are kept, and which part is read."""

    dataset: ClassVar[str]
    """The name of the class in ``torchvision.datasets``."""

    class Settings(ImageSource.Settings):
        """Where the set is kept, and which part of it is read."""

        part: Annotated[Literal["training", "test", "both"], "Which images of the set to use"] = "training"
        folder: Annotated[
            Path | None, "Where the files are kept; empty: in the studio's own folder for data sets"
        ] = None

    settings: "TorchvisionSource.Settings"

    def read(self, report: Report) -> LoadedData:
        """Return the images of the chosen part; raises ``StudioError`` when the files cannot be had."""
        report(f"Loading {self.title}", None)
        folder = (self.settings.folder or downloads_folder()).expanduser()
        self.complete(folder, report)
        report(f"Reading {self.title}", None)
        parts = [self._part(folder, train) for train in _TRAIN[self.settings.part]]
        images = torch.cat([_images(part) for part in parts])
        labels = torch.cat([torch.as_tensor(part.targets) for part in parts])
        _, channels, height, width = images.shape
        spec = ImageSpec(channels, height, width, classes=tuple(parts[0].classes))
        return LoadedData(spec, images, labels.long())

    def complete(self, folder: Path, report: Report) -> None:
        """See to it that all files are in ``folder``."""
        raise NotImplementedError

    def _class(self) -> "type[VisionDataset]":
        from torchvision import datasets

        return getattr(datasets, self.dataset)  # type: ignore[no-any-return]

    def _part(self, folder: Path, train: bool) -> Any:
        try:
            with warnings.catch_warnings():
                # The official CIFAR files were pickled by a NumPy whose dtypes a new one warns of.
                warnings.simplefilter("ignore", np.exceptions.VisibleDeprecationWarning)
                return self._class()(folder, train=train)
        except (OSError, RuntimeError, ValueError, EOFError, AssertionError) as error:
            raise StudioError(
                f"The files of {self.title} in {folder} cannot be read: {error}. Delete them there, and they "
                "are fetched anew."
            ) from error


class MNIST(TorchvisionSource):
    """70 000 handwritten digits, 28 × 28, grey; a download of 12 MB (LeCun et al., 1998)."""

    title = "MNIST (download)"
    dataset = "MNIST"

    def complete(self, folder: Path, report: Report) -> None:
        """Download and unpack whichever of the four files is missing."""
        dataset: Any = self._class()
        raw = folder / dataset.__name__ / "raw"
        for name, md5 in dataset.resources:
            unpacked = raw / Path(name).stem
            if not unpacked.is_file():
                fetch(_places(dataset, name), raw / name, md5, report, self.title)
                unzip(raw / name, unpacked, self.title)


class FashionMNIST(MNIST):
    """70 000 pieces of clothing, 28 × 28, grey; a download of 31 MB (Xiao et al., 2017, arXiv:1708.07747)."""

    title = "Fashion-MNIST (download)"
    dataset = "FashionMNIST"


class CIFAR10(TorchvisionSource):
    """60 000 photographs of ten kinds, 32 × 32, colour; a download of 170 MB (Krizhevsky, 2009)."""

    title = "CIFAR-10 (download)"
    dataset = "CIFAR10"

    def complete(self, folder: Path, report: Report) -> None:
        """Download and unpack the archive unless every file of it is there and right."""
        dataset: Any = self._class()
        batches = folder / dataset.base_folder
        meta = dataset.meta["filename"], dataset.meta["md5"]
        files = {batches / name: md5 for name, md5 in (*dataset.train_list, *dataset.test_list, meta)}
        if all(path.is_file() and checksum(path) == md5 for path, md5 in files.items()):
            return
        archive = folder / dataset.filename
        fetch([dataset.url], archive, dataset.tgz_md5, report, self.title)
        report(f"Unpacking {self.title}", None)
        from torchvision.datasets.utils import extract_archive

        with writing(folder, self.title):
            extract_archive(archive, folder)


_TRAIN = {"training": (True,), "test": (False,), "both": (True, False)}


def _places(dataset: Any, name: str) -> Iterator[str]:
    return (f"{mirror}{name}" for mirror in dataset.mirrors)


def _images(part: Any) -> Tensor:
    """Return the images of a torchvision data set as [N, C, H, W]."""
    values = torch.as_tensor(part.data)
    return values.unsqueeze(1) if values.ndim == 3 else values.permute(0, 3, 1, 2).contiguous()
