"""The Inception extractor: features of the network by which FID is defined, where its weights are there.

Nothing fetches them. Two files are known, in the studio's folder for downloads or in torch's:
``pt_inception-2015-12-05-6726825d.pth``, the weights of the original FID as PyTorch ports hold them, and
``inception_v3_google-0cc3c7bd.pth``, torchvision's own. It knows nothing of what its features are used for.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

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

_NAMES = ("pt_inception-2015-12-05-6726825d.pth", "inception_v3_google-0cc3c7bd.pth")
_FILES = ("pt_inception-2015-12-05-*.pth", "inception_v3_google-*.pth")
_SIDE = 299
_AT_ONCE = 32
_LEAST = 75
"""Pixels that an image needs to have a feature left at the end."""
_PARTS = (
    ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1"),
    ("Conv2d_3b_1x1", "Conv2d_4a_3x3", "maxpool2"),
    ("Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"),
)
"""The network up to each map that a loss compares, as FID knows its blocks."""
_CLASSES_OF_FID = 1008
"""The weights of the original FID tell so many classes, torchvision's 1000."""


def weights_file() -> Path | None:
    """Return the weights that are there, those of the original FID first, or ``None``."""
    return weight_files.found(*_FILES)


class InceptionExtractor(FeatureExtractor):
    """The last pooled features of InceptionV3 (Szegedy et al., 2016, arXiv:1512.00567), trained on ImageNet.

    Slow on a CPU: some twenty images a second on one core.
    """

    title = "Inception"
    short: ClassVar[str] = "Inception"

    def __init__(self, settings: FeatureExtractor.Settings | None = None) -> None:
        super().__init__(settings)
        self._network: nn.Module | None = None
        self._last: Any = None

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images, where the weights are there."""
        return isinstance(data, ImageSpec) and weights_file() is not None

    @classmethod
    def needs(cls) -> str:
        """Return where the weights are to be put."""
        return weight_files.wanted("Inception", *_NAMES)

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """Read the weights; raises ``InputError`` when the file cannot be read as such."""
        file = weights_file()
        if file is None:
            raise InputError(self.needs())
        report(f"Reading {file.name}", None)
        network = read_network(file).requires_grad_(False).eval()
        # What comes out are then the features themselves.
        self._last, network.fc = network.fc, nn.Identity()
        self._network = network

    @torch.no_grad()
    def features(self, images: Tensor) -> Features:
        """Return features [N, 2048] and logits [N, K] of images, brought to 299 × 299."""
        assert self._network is not None, "prepare() comes first"
        values, logits = [], []
        for some in torch.split(images.float(), _AT_ONCE):
            pooled = self._network(_seen(some))
            values.append(pooled)
            logits.append(self._last(pooled))
        return Features(torch.cat(values), torch.cat(logits))

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return maps of 64, 192 and 768 features; images smaller than 75 pixels are enlarged to that."""
        assert self._network is not None, "prepare() comes first"
        return _maps(self._network.to(images.device), images)


def read_network(file: Path) -> Any:
    """Return InceptionV3 with the weights of a file, of 1000 classes as torchvision's or 1008 as FID's.

    Raises ``InputError`` with what is wrong with the file, and what to do.
    """
    from torchvision.models.inception import Inception3

    weights = _weights(file)
    with torch.device("meta"):
        network: Any = Inception3(num_classes=len(weights["fc.bias"]), aux_logits=False, init_weights=False)
    _check(file, weights, network.state_dict())
    if len(weights["fc.bias"]) == _CLASSES_OF_FID:
        _as_of_fid(network)
    network.load_state_dict(weights, assign=True)
    return network


def _weights(file: Path) -> dict[str, Tensor]:
    """Return what a file holds of the network; ``fc.bias`` is among it."""
    try:
        loaded: Any = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise _refused(file, f"it cannot be read: {error.strerror or error}") from error
    # A file that is damaged, or is something else, may raise almost anything, in many lines.
    except Exception as error:
        size = f"{file.stat().st_size:,}".replace(",", " ")
        raise _refused(file, f"it is no file of weights, or only a part of one ({size} bytes)") from error
    if not isinstance(loaded, Mapping) or not all(isinstance(each, Tensor) for each in loaded.values()):
        raise _refused(file, "it holds something else than a table of weights")
    if "fc.bias" not in loaded or loaded["fc.bias"].ndim != 1:
        raise _refused(file, "it holds weights of another network, without a last layer called fc")
    return {name: tensor for name, tensor in loaded.items() if not name.startswith("AuxLogits.")}


def _check(file: Path, weights: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    """Refuse weights that are missing, left over, or of other shapes than those of the network."""
    missing = [name for name in wanted if name not in weights and not name.endswith("num_batches_tracked")]
    other = [name for name in weights if name not in wanted]
    unlike = [
        name for name, tensor in weights.items() if name in wanted and tensor.shape != wanted[name].shape
    ]
    for names, what in ((missing, "lacks"), (other, "has besides"), (unlike, "has in another shape")):
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise _refused(file, f"it holds weights of another network: it {what} {names[0]}{more}")


def _refused(file: Path, why: str) -> InputError:
    return InputError(
        f"{file} does not hold the weights of InceptionV3: {why}. Fetch it anew, or take it away, so that "
        "the studio's own extractor is used alone."
    )


def _as_of_fid(network: Any) -> None:
    """Let it pool as the network of the original FID does.

    Averages leave out what lies outside of the image, and the last block takes the largest instead.
    """

    def average(images: Tensor) -> Tensor:
        return functional.avg_pool2d(images, 3, stride=1, padding=1, count_include_pad=False)

    def largest(images: Tensor) -> Tensor:
        return functional.max_pool2d(images, 3, stride=1, padding=1)

    for name in ("5b", "5c", "5d", "6b", "6c", "6d", "6e", "7b"):
        _pool_by(getattr(network, f"Mixed_{name}"), average)
    _pool_by(network.Mixed_7c, largest)


def _maps(network: Any, images: Tensor) -> list[Tensor]:
    """Return what follows from the first three of the network's four parts."""
    seen = images.expand(-1, 3, -1, -1)
    if min(seen.shape[2:]) < _LEAST:
        seen = functional.interpolate(seen, scale_factor=_LEAST / min(seen.shape[2:]), mode="bilinear")
    found = []
    for part in _PARTS:
        for layer in part:
            seen = getattr(network, layer)(seen)
        found.append(seen)
    return found


def _pool_by(block: Any, pool: Callable[[Tensor], Tensor]) -> None:
    """Let the branch of a block that pools, which is its last, do it so."""

    def forward(images: Tensor) -> Tensor:
        return torch.cat([*block._forward(images)[:-1], block.branch_pool(pool(images))], 1)

    block.forward = forward


def _seen(images: Tensor) -> Tensor:
    """Return images in [-1, 1] as the network takes them: in colour, 299 × 299."""
    sized = functional.interpolate(images, size=(_SIDE, _SIDE), mode="bilinear", align_corners=False)
    return sized.expand(-1, 3, -1, -1) if sized.shape[1] == 1 else sized
