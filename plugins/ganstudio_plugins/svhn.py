"""House numbers from street pictures. Their files are MATLAB's, and are read without SciPy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, Report
from ganstudio_plugins.downloads import fetch
from ganstudio_plugins.mat_arrays import read_mat
from ganstudio_plugins.torchvision_data import TorchvisionSource

STEP = 4096
"""Images brought into order at a time."""


class SVHN(TorchvisionSource):
    """99 289 house numbers, a digit in the middle of each, 32 × 32, colour (Netzer et al., 2011)."""

    title = "SVHN (download, 246 MB)"
    dataset = "SVHN"

    class Settings(TorchvisionSource.Settings):
        """Which part of the set is read."""

        extra: Annotated[bool, "Add the 531 131 easier images of the set; a further download of 1.3 GB"] = (
            False
        )

    settings: "SVHN.Settings"

    def complete(self, folder: Path, report: Report) -> Sequence[Path]:
        """Download the files of the chosen parts that are missing or damaged."""
        for name, path in self._paths(folder).items():
            url, _, md5 = self._split(name)
            fetch([url], path, md5, report, self.title)
        return list(self._paths(folder).values())

    def read(self, report: Report) -> LoadedData:
        """Return the digits; raises ``StudioError`` when the files cannot be read."""
        report(f"Reading {self.title}", None)
        parts = [self._arrays(path) for path in self._paths(self.folder()).values()]
        values = self.room(sum(images.shape[3] for images, _ in parts), 3, 32, 32)
        start = 0
        for images, _ in parts:
            start = _put(images, values, start)
        # The files call the digit 0 a 10.
        labels = torch.from_numpy(np.concatenate([digits for _, digits in parts])) % 10
        return LoadedData(ImageSpec(3, 32, 32, classes=tuple("0123456789")), values, labels)

    def _paths(self, folder: Path) -> dict[str, Path]:
        names = {"training": ["train"], "test": ["test"], "both": ["train", "test"]}[self.settings.part]
        chosen = [*names, "extra"] if self.settings.extra else names
        return {name: folder / "SVHN" / self._split(name)[1] for name in chosen}

    def _split(self, name: str) -> Sequence[str]:
        """Return address, file name and checksum of a part."""
        dataset: Any = self.torchvision_class()
        split: Sequence[str] = dataset.split_list[name]
        return split

    def _arrays(self, path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return images [32, 32, 3, N] and digits [N] of one file."""
        try:
            arrays = read_mat(path)
            images, digits = arrays["X"], arrays["y"].astype(np.int64).reshape(-1)
            if images.shape != (32, 32, 3, len(digits)) or images.dtype != np.uint8:
                raise ValueError(f"{path.name} holds other arrays than it should")
        except (OSError, ValueError, KeyError) as error:
            raise self.unreadable(error) from error
        return images, digits


def _put(images: NDArray[np.uint8], values: Tensor, start: int) -> int:
    """Put images [32, 32, 3, N] into ``values`` [M, 3, 32, 32] from ``start`` on; return where they end."""
    count = int(images.shape[3])
    for first in range(0, count, STEP):
        part = torch.from_numpy(images[..., first : first + STEP].copy("K"))
        values[start + first : start + first + part.shape[3]] = part.permute(3, 2, 0, 1)
    return start + count
