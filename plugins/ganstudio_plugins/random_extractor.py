"""The random extractor: features by filters that nothing ever trained.

It knows nothing of what they are used for.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api import DataSpec, FeatureExtractor, Features, ImageSpec, LoadedData, Report

_SEED = 2016
_WIDTHS = (32, 64, 64)


class RandomExtractor(FeatureExtractor):
    """Convolutions with random weights, the same everywhere and always.

    Random filters answer to edges and textures well enough to compare images by (He et al., 2016,
    arXiv:1606.04801), need no file and no training, and take grey as well as colour. What objects are, they
    do not know.
    """

    title = "Random filters"
    short: ClassVar[str] = "random"

    def __init__(self, settings: FeatureExtractor.Settings | None = None) -> None:
        super().__init__(settings)
        self._layers: nn.ModuleList | None = None

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images alone."""
        return isinstance(data, ImageSpec)

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """Draw the weights for images with as many channels."""
        assert isinstance(data.spec, ImageSpec)
        self._layers = _drawn(data.spec.channels)

    @torch.no_grad()
    def features(self, images: Tensor) -> Features:
        """Return the mean and the spread of every filter's answers, [N, 320]."""
        parts = [
            part
            for found in self.perceive(images.float())
            for part in (found.mean((2, 3)), found.std((2, 3)))
        ]
        return Features(torch.cat(parts, 1).cpu())

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return maps of 32, 64 and 64 features at the whole size, the half and the quarter."""
        assert self._layers is not None, "prepare() comes first"
        found = []
        for layer in self._layers.to(images.device):
            images = functional.relu(layer(images))
            found.append(images)
            images = functional.avg_pool2d(images, 2)
        return found


def _drawn(channels: int) -> nn.ModuleList:
    """Return the layers; their weights are drawn as in He et al., 2015, arXiv:1502.01852."""
    # From a generator of its own, as drawing them would else move that of the training.
    generator = torch.Generator().manual_seed(_SEED)
    layers = nn.ModuleList()
    for width in _WIDTHS:
        layer = nn.Conv2d(channels, width, 3, padding=1, bias=False, device="meta").to_empty(device="cpu")
        with torch.no_grad():
            layer.weight.normal_(0.0, (2 / (9 * channels)) ** 0.5, generator=generator)
        layers.append(layer)
        channels = width
    return layers.requires_grad_(False)
