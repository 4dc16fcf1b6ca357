"""The digits that come with the studio. Nothing here touches the network or a folder of the user's."""

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import torch

from ganstudio.api import DataSource, ImageSource, ImageSpec, LoadedData, Report, hookimpl


class Digits(ImageSource):
    """5 000 handwritten digits of MNIST, 500 of each, 28 × 28 (LeCun, Cortes & Burges; CC BY-SA 3.0)."""

    title = "MNIST digits (5 000, built in)"
    instant = True

    def read(self, report: Report) -> LoadedData:
        """Return the digits, ``uint8`` [5000, 1, 28, 28], in the order of their classes."""
        report("Reading the digits", None)
        with files("ganstudio_resources").joinpath("data/mnist_5k.npz").open("rb") as file:
            arrays = np.load(file)
            images, labels = torch.from_numpy(arrays["images"]), torch.from_numpy(arrays["labels"])
        spec = ImageSpec(1, 28, 28, classes=tuple("0123456789"))
        return LoadedData(spec, images.unsqueeze(1), labels.long())


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the digits."""
    return [Digits]
