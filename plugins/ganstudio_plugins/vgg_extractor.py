"""The VGG19 extractor: the features that perceptual losses are known by, where the weights are there.

Nothing fetches them. It knows nothing of what its features are used for.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ganstudio.api import (
    DataSpec,
    FeatureExtractor,
    Features,
    ImageSpec,
    InputError,
    LoadedData,
    Report,
)
from ganstudio_plugins import weight_files

FILE = "vgg19-dcbb9e9d.pth"
"""The file that torchvision keeps the weights in."""
_LAYERS = 36
"""Up to and with the activation after conv5_4: φ of the paper, with i = 5 and j = 4."""
_SCALE = 1 / 12.75
"""Of features, so that their difference is of the size of that of pixels: as in SRGAN."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_AT_ONCE = 32


class VGGExtractor(FeatureExtractor):
    """The last features of VGG19 (Simonyan & Zisserman, 2015, arXiv:1409.1556), trained on ImageNet.

    As SRGAN compares them (Ledig et al., 2017, arXiv:1609.04802, equation 5).
    """

    title = "VGG19"
    short: ClassVar[str] = "VGG19"

    def __init__(self, settings: FeatureExtractor.Settings | None = None) -> None:
        super().__init__(settings)
        self._layers: nn.Sequential | None = None

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images, where the weights are there."""
        return isinstance(data, ImageSpec) and weights_file() is not None

    @classmethod
    def needs(cls) -> str:
        """Return where the weights are to be put."""
        return weight_files.wanted("VGG19", FILE)

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """Read the weights; raises ``InputError`` when the file cannot be read as such."""
        file = weights_file()
        if file is None:
            raise InputError(self.needs())
        report(f"Reading {file.name}", None)
        self._layers = _read(file)

    @torch.no_grad()
    def features(self, images: Tensor) -> Features:
        """Return the means of the last maps, [N, 512]."""
        parts = [self.perceive(some)[0].mean((2, 3)) for some in torch.split(images.float(), _AT_ONCE)]
        return Features(torch.cat(parts).cpu())

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return one map of 512 features, at a sixteenth of the size."""
        assert self._layers is not None, "prepare() comes first"
        mean, spread = (images.new_tensor(values).view(1, 3, 1, 1) for values in (_MEAN, _SPREAD))
        seen = ((images + 1) / 2 - mean) / spread
        return [self._layers.to(images.device)(seen) * _SCALE]


def weights_file() -> Path | None:
    """Return the weights that are there, or ``None``."""
    return weight_files.found(FILE)


def _read(file: Path) -> nn.Sequential:
    from torchvision.models import vgg19

    with torch.device("meta"):
        layers: nn.Sequential = vgg19(weights=None).features[:_LAYERS]
    try:
        weights: Any = torch.load(file, map_location="cpu", weights_only=True)
        layers.load_state_dict(
            {name: weights[f"features.{name}"] for name in layers.state_dict()}, assign=True
        )
    # A damaged file, or one of something else, may raise almost anything, in many lines.
    except Exception as error:
        raise InputError(
            f"{file} does not hold the weights of VGG19, or only a part of them. Fetch it anew, or take it "
            "away."
        ) from error
    # In place, an activation would change features that are still to be compared.
    for layer in layers:
        if isinstance(layer, nn.ReLU):
            layer.inplace = False
    return layers.requires_grad_(False).eval()
