"""The generator of super-resolution: residual blocks at the small size, and shuffled pixels at the large one.

It knows nothing of losses, nor of how images were made small.
"""

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional


class ResidualUpscaler(nn.Module):
    """Images [N, C, h, w] → [N, outputs, scale · h, scale · w].

    Ledig et al., 2017, arXiv:1609.04802, figure 4, with 3 × 3 convolutions throughout. ``at_once``: the last
    convolution makes all pixels of the large image at the small size (Shi et al., 2016, arXiv:1609.05158);
    otherwise features are doubled in size until they are large, as in the paper, for several times the
    arithmetic. ``added``: what is made is added to the bicubic enlargement (Kim et al., 2016,
    arXiv:1511.04587), with which an untrained network begins.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        scale: int,
        width: int,
        blocks: int,
        normalised: bool = False,
        at_once: bool = True,
        added: bool = True,
    ) -> None:
        super().__init__()
        self.scale, self.outputs, self.added = scale, outputs, added
        self.head = nn.Sequential(_convolution(inputs, width), nn.PReLU())
        body = [Block(width, normalised) for _ in range(blocks)]
        self.body = nn.Sequential(*body, _convolution(width, width))
        factors = [scale] if at_once else _factors(scale)
        self.tail = nn.Sequential(*_tail(width, outputs, factors, at_once))
        self.reach = _reach(blocks, factors, at_once)
        """Pixels of the input, to each side, that a pixel of the output depends on."""
        if added:
            last = next(layer for layer in reversed(self.tail) if isinstance(layer, nn.Conv2d))
            assert last.bias is not None
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, images: Tensor) -> Tensor:
        """Return the large images; nothing bounds them but what they were trained to be."""
        # On a CPU, convolutions are a fifth faster with the channels of a pixel beside each other.
        features = self.head(images.contiguous(memory_format=torch.channels_last))
        made = cast(Tensor, self.tail(features + self.body(features)))
        if not self.added:
            return made
        large = bicubic(images, self.scale)
        return made + (large if large.shape[1] == self.outputs else large.mean(1, keepdim=True))


class Block(nn.Module):
    """x + F(x), two convolutions with PReLU between them; normalised by the batch where that is asked."""

    def __init__(self, width: int, normalised: bool) -> None:
        super().__init__()
        layers = [_convolution(width, width), nn.PReLU(), _convolution(width, width)]
        if normalised:
            layers = [layers[0], nn.BatchNorm2d(width), layers[1], layers[2], nn.BatchNorm2d(width)]
        self.change = nn.Sequential(*layers)

    def forward(self, features: Tensor) -> Tensor:
        """Return the features with what is added to them, [N, C, H, W]."""
        return features + cast(Tensor, self.change(features))


def bicubic(images: Tensor, scale: int) -> Tensor:
    """Return images [N, C, h, w] enlarged ``scale`` times, as Pillow does it (a = −½)."""
    if scale == 1:
        return images
    size = [scale * side for side in images.shape[2:]]
    # Without antialias, torch takes another cubic (a = −¾); enlarging, that is all the difference there is.
    with torch.no_grad():
        return functional.interpolate(images.float(), size, mode="bicubic", antialias=True)


def _tail(width: int, outputs: int, factors: list[int], at_once: bool) -> list[nn.Module]:
    if at_once:
        (scale,) = factors
        return [_convolution(width, outputs * scale**2), nn.PixelShuffle(scale)]
    layers: list[nn.Module] = []
    for factor in factors:
        layers += [_convolution(width, width * factor**2), nn.PixelShuffle(factor), nn.PReLU()]
    return [*layers, _convolution(width, outputs)]


def _reach(blocks: int, factors: list[int], at_once: bool) -> int:
    """Return how many pixels of the input the convolutions reach to one side; bicubic reaches two."""
    reach = 0 if at_once else 1
    for factor in reversed(factors):
        # A convolution at the size before its pixels were shuffled.
        reach = math.ceil(reach / factor) + 1
    return reach + 2 + 2 * blocks


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, 1, 1)


def _factors(scale: int) -> list[int]:
    """Return the prime factors: 4 is 2 · 2."""
    found, divisor = [], 2
    while scale > 1:
        if scale % divisor:
            divisor += 1
        else:
            found.append(divisor)
            scale //= divisor
    return found
