"""The public data sets that torchvision knows: fetched once, then read from the folder they are kept in.

torchvision takes over a second to import, so that waits until a set is read.
"""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, LoadedData, Report, StudioError, downloads_folder
from ganstudio_plugins.downloads import checksum, fetch, unzip, unzip_from, writing

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

    def made_of(self, report: Report) -> Sequence[Path]:
        """Fetch what is missing; raises ``StudioError`` when it cannot be had."""
        report(f"Loading {self.title}", None)
        return self.complete(self.folder(), report)

    def read(self, report: Report) -> LoadedData:
        """Return the images of the chosen part; raises ``StudioError`` when the files cannot be read."""
        report(f"Reading {self.title}", None)
        parts = [self._part(train) for train in _TRAIN[self.settings.part]]
        images = torch.cat([self.images(part) for part in parts])
        labels = torch.cat([torch.as_tensor(part.targets) for part in parts])
        _, channels, height, width = images.shape
        spec = ImageSpec(channels, height, width, classes=tuple(parts[0].classes))
        return LoadedData(spec, images, labels.long())

    def folder(self) -> Path:
        """Return the folder that the files are kept in."""
        return (self.settings.folder or downloads_folder()).expanduser()

    def complete(self, folder: Path, report: Report) -> Sequence[Path]:
        """See to it that all files are in ``folder``, and return those that are read."""
        raise NotImplementedError

    def opened(self, train: bool) -> Any:
        """Return the data set of torchvision, with ``data``, ``targets`` and ``classes``."""
        return self.torchvision_class()(self.folder(), train=train)

    def images(self, part: Any) -> Tensor:
        """Return the images of a torchvision data set as [N, C, H, W]."""
        values = torch.as_tensor(part.data)
        return values.unsqueeze(1) if values.ndim == 3 else values.permute(0, 3, 1, 2).contiguous()

    def torchvision_class(self) -> "type[VisionDataset]":
        """Return the class in ``torchvision.datasets``."""
        from torchvision import datasets

        return getattr(datasets, self.dataset)  # type: ignore[no-any-return]

    def unreadable(self, error: Exception) -> StudioError:
        """Return the sentence for files that are there and cannot be read."""
        return StudioError(
            f"The files of {self.title} in {self.folder()} cannot be read: {error}. Delete them there, and "
            "they are fetched anew."
        )

    def _part(self, train: bool) -> Any:
        try:
            with warnings.catch_warnings():
                # The official CIFAR files were pickled by a NumPy whose dtypes a new one warns of.
                warnings.simplefilter("ignore", np.exceptions.VisibleDeprecationWarning)
                return self.opened(train)
        except (OSError, RuntimeError, ValueError, EOFError, AssertionError) as error:
            raise self.unreadable(error) from error


_TRAIN = {"training": (True,), "test": (False,), "both": (True, False)}


class MNIST(TorchvisionSource):
    """70 000 handwritten digits, 28 × 28, grey (LeCun et al., 1998)."""

    title = "MNIST (download, 12 MB)"
    dataset = "MNIST"

    def complete(self, folder: Path, report: Report) -> Sequence[Path]:
        """Download and unpack whichever of the four files is missing."""
        dataset: Any = self.torchvision_class()
        raw = folder / dataset.__name__ / "raw"
        files = []
        for name, md5 in dataset.resources:
            unpacked = raw / Path(name).stem
            if not unpacked.is_file():
                fetch(_places(dataset, name), raw / name, md5, report, self.title)
                unzip(raw / name, unpacked, self.title)
            files.append(unpacked)
        return files


class FashionMNIST(MNIST):
    """70 000 pieces of clothing of ten kinds, 28 × 28, grey (Xiao et al., 2017, arXiv:1708.07747)."""

    title = "Fashion-MNIST (download, 31 MB)"
    dataset = "FashionMNIST"


class KMNIST(MNIST):
    """70 000 cursive Japanese characters, 28 × 28, grey (Clanuwat et al., 2018, arXiv:1812.01718)."""

    title = "KMNIST (download, 21 MB)"
    dataset = "KMNIST"


class EMNIST(TorchvisionSource):
    """Up to 814 255 handwritten letters and digits, 28 × 28, grey (Cohen et al., 2017, arXiv:1702.05373)."""

    title = "EMNIST (download, 562 MB)"
    dataset = "EMNIST"

    class Settings(TorchvisionSource.Settings):
        """Which characters are read."""

        split: Annotated[
            Literal["balanced", "letters", "digits", "byclass", "bymerge", "mnist"],
            "Balanced: 47 kinds, as many of each. Letters: 26 kinds, large and small together. Digits: 10 "
            "kinds. Byclass: all 62 kinds. Bymerge: 47 kinds of all. Mnist: 10 digits, as many as MNIST has",
        ] = "balanced"

    settings: "EMNIST.Settings"

    def complete(self, folder: Path, report: Report) -> Sequence[Path]:
        """Download the one archive of all splits, and unpack the files of the chosen one."""
        dataset: Any = self.torchvision_class()
        raw = folder / dataset.__name__ / "raw"
        names = [
            f"emnist-{self.settings.split}-{part}-{what}-ubyte"
            for part in ("train", "test")
            for what in ("images-idx3", "labels-idx1")
        ]
        for name in names:
            if not (raw / name).is_file():
                archive = raw / "gzip.zip"
                fetch([dataset.url], archive, dataset.md5, report, self.title)
                report(f"Unpacking {self.title}: {name}", None)
                unzip_from(archive, f"gzip/{name}.gz", raw / name, self.title)
        return [raw / name for name in names]

    def opened(self, train: bool) -> Any:
        """Return the split; the 26 letters are counted from 0, where the files count them from 1."""
        dataset: Any = self.torchvision_class()
        part = dataset(self.folder(), split=self.settings.split, train=train)
        if part.classes[0] == "N/A":
            part.classes, part.targets = part.classes[1:], part.targets - 1
        return part

    def images(self, part: Any) -> Tensor:
        """Return the images upright: the files hold them with rows and columns exchanged."""
        return super().images(part).transpose(2, 3).contiguous()


class CIFAR10(TorchvisionSource):
    """60 000 photographs of ten kinds, 32 × 32, colour (Krizhevsky, 2009)."""

    title = "CIFAR-10 (download, 170 MB)"
    dataset = "CIFAR10"

    def complete(self, folder: Path, report: Report) -> Sequence[Path]:
        """Download and unpack the archive unless every file of it is there and right."""
        dataset: Any = self.torchvision_class()
        batches = folder / dataset.base_folder
        meta = dataset.meta["filename"], dataset.meta["md5"]
        files = {batches / name: md5 for name, md5 in (*dataset.train_list, *dataset.test_list, meta)}
        if all(path.is_file() and checksum(path) == md5 for path, md5 in files.items()):
            return list(files)
        archive = folder / dataset.filename
        fetch([dataset.url], archive, dataset.tgz_md5, report, self.title)
        report(f"Unpacking {self.title}", None)
        from torchvision.datasets.utils import extract_archive

        with writing(folder, self.title):
            extract_archive(archive, folder)
        return list(files)


class CIFAR100(CIFAR10):
    """60 000 photographs of a hundred kinds, 32 × 32, colour (Krizhevsky, 2009)."""

    title = "CIFAR-100 (download, 169 MB)"
    dataset = "CIFAR100"


def _places(dataset: Any, name: str) -> Iterator[str]:
    return (f"{mirror}{name}" for mirror in dataset.mirrors)
