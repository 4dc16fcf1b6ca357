"""Networks whose features a perceptual loss compares. They are never trained here.

It knows nothing of what makes the images, nor of how the loss is weighed.
"""

from pathlib import Path
from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api import InputError

Kind = Literal["own", "VGG19"]

VGG19 = "vgg19-dcbb9e9d.pth"
"""The file that torchvision keeps the weights in."""
_VGG_LAYERS = 36
"""Up to and with the activation after conv5_4: φ of the paper, with i = 5 and j = 4."""
_SEED = 2016
_WIDTHS = (32, 64, 64)


class OwnFeatures(nn.Module):
    """Features of three sizes by convolutions with random weights, the same everywhere and always.

    Not trained: random filters answer to edges and textures well enough to compare images by (He et al.,
    2016, arXiv:1606.04801), need no file, and take grey as well as colour. What objects are, they do not
    know.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(_SEED)
        self.layers = nn.ModuleList()
        for width in _WIDTHS:
            # Made without weights, as drawing them would move the training's own source of randomness.
            layer = nn.Conv2d(channels, width, 3, padding=1, bias=False, device="meta").to_empty(device="cpu")
            with torch.no_grad():
                layer.weight.normal_(0.0, (2 / (9 * channels)) ** 0.5, generator=generator)
            self.layers.append(layer)
            channels = width

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the features of images in [-1, 1] [N, C, H, W], from fine to coarse."""
        found = []
        for layer in self.layers:
            images = functional.relu(layer(images))
            found.append(images)
            images = functional.avg_pool2d(images, 2)
        return found


class VGGFeatures(nn.Module):
    """Features of VGG19 (Simonyan & Zisserman, 2015, arXiv:1409.1556), trained on ImageNet by torchvision."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        from torchvision.models import vgg19

        with torch.device("meta"):
            self.layers = vgg19(weights=None).features[:_VGG_LAYERS]
        weights = _read(file)
        self.layers.load_state_dict(
            {name: weights[f"features.{name}"] for name in self.layers.state_dict()}, assign=True
        )
        # In place, an activation would change features that are still to be compared.
        for layer in self.layers:
            if isinstance(layer, nn.ReLU):
                layer.inplace = False
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("spread", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the features of images in [-1, 1] [N, C, H, W], scaled by 1/12.75 as in the paper."""
        mean, spread = cast(Tensor, self.mean), cast(Tensor, self.spread)
        seen = ((images + 1) / 2 - mean) / spread
        return [self.layers(seen) / 12.75]


def vgg_file() -> Path:
    """Return where torchvision would keep the weights; nothing is fetched."""
    return Path(torch.hub.get_dir()) / "checkpoints" / VGG19


def missing(kind: Kind) -> str | None:
    """Return why these features cannot be had and what to do, or ``None``."""
    if kind == "own" or vgg_file().is_file():
        return None
    return (
        f"VGG19 needs its weights in {vgg_file()}, and they are not there; nothing fetches them by itself. "
        "Put the file there, or set Features to own."
    )


def features(kind: Kind, channels: int) -> nn.Module:
    """Return the network, without gradients of its own; raises ``InputError`` when it cannot be had."""
    if reason := missing(kind):
        raise InputError(reason)
    network = OwnFeatures(channels) if kind == "own" else VGGFeatures(vgg_file())
    return network.requires_grad_(False).eval()


def difference(network: nn.Module, made: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean squared difference of the features of images [N, C, H, W], over all their sizes."""
    with torch.no_grad():
        targets = network(wanted)
    pairs = list(zip(network(made), targets, strict=True))
    return torch.stack([functional.mse_loss(*pair) for pair in pairs]).mean()


def _read(file: Path) -> dict[str, Tensor]:
    try:
        return cast(dict[str, Tensor], torch.load(file, map_location="cpu", weights_only=True))
    # A damaged file may raise almost anything.
    except Exception as error:
        raise InputError(
            f"{file} cannot be read as the weights of VGG19: {error}. Take it away, or fetch it anew."
        ) from error
