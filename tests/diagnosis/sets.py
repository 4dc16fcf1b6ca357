"""The data of the cases: the studio's digits, and small files made of them. Nothing is fetched."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ganstudio.api import ImageSpec
from ganstudio_plugins.digits import Digits

Table = dict[str, Any]


class Sets:
    """Makes the data that the cases ask for in a folder, each file once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def ring(self, modes: int = 8, sigma: float = 0.02) -> Table:
        """Gaussians on a circle."""
        return {"kind": "Ring", "count": 20_000, "modes": modes, "sigma": sigma}

    def grid(self) -> Table:
        """25 Gaussians on a square grid."""
        return {"kind": "Grid", "count": 20_000}

    def digits(self) -> Table:
        """The 5 000 digits."""
        return {"kind": "Digits"}

    def few(self, count: int, seed: int = 0) -> Table:
        """So few of the digits, without labels."""
        images, _ = _digits()
        chosen = np.random.default_rng(seed).permutation(len(images))[:count]
        return self._arrays(f"few-{count}-{seed}", images[chosen])

    def fewer_classes(self, *missing: int) -> Table:
        """The digits, where some classes are named and none or next to none of them are there."""
        images, labels = _digits()
        kept = ~np.isin(labels, missing)
        # One of each stays, so that the class is there by name.
        for one in missing:
            kept[np.flatnonzero(labels == one)[0]] = True
        return self._arrays(f"fewer-{'-'.join(map(str, missing))}", images[kept], labels[kept])

    def blank(self, share: float) -> Table:
        """The digits, that share of them without anything on them."""
        images, _ = _digits()
        images = images.copy()
        images[:: max(round(1 / share), 1)] = 0
        return self._arrays(f"blank-{share}", images)

    def narrow(self, low: int, high: int) -> Table:
        """The digits, dark ones or faint ones, between two values of 0..255."""
        images, _ = _digits()
        scaled = low + images.astype(np.float32) / 255 * (high - low)
        return self._arrays(f"range-{low}-{high}", scaled.round().astype(np.uint8))

    def soft(self) -> Table:
        """The digits in greys from 64 to 192 with a slope of light: nothing in them is black or white."""
        images, _ = _digits()
        slope = np.linspace(-24, 24, 28)[None, None, :]
        return self._arrays("soft", (104 + slope + images.astype(np.float32) / 3).round().astype(np.uint8))

    def mosaics(self) -> Table:
        """A folder of larger pictures, each of sixteen digits, for super-resolution."""
        folder = self._folder / "mosaics"
        if not folder.is_dir():
            folder.mkdir()
            images, _ = _digits()
            order = np.random.default_rng(0).permutation(len(images))[: 16 * 24].reshape(24, 4, 4)
            for number, chosen in enumerate(order):
                rows = [np.concatenate(list(images[row]), 1) for row in chosen]
                Image.fromarray(np.concatenate(rows)).save(folder / f"{number}.png")
        return {"kind": "SuperResolutionFolder", "folder": str(folder), "scale": 2, "patch": 32}

    def _arrays(self, name: str, images: NDArray[Any], labels: NDArray[Any] | None = None) -> Table:
        file = self._folder / f"{name}.npz"
        if not file.is_file():
            if labels is None:
                np.savez_compressed(file, images=images)
            else:
                np.savez_compressed(file, images=images, labels=labels)
        return {"kind": "ImageArrays", "file": str(file)}


def _digits() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the digits [5000, 28, 28] and their classes."""
    data = Digits().load(lambda *_: None)
    assert isinstance(data.spec, ImageSpec)
    assert data.labels is not None
    return data.values[:, 0].numpy(), data.labels.numpy()
