"""Generators that make an image of an image: residual networks and U-Nets. They know nothing of losses."""

from typing import cast

import torch
from torch import Tensor, nn

from ganstudio_plugins.patch_discriminator import SLOPE, convolution, initialised, normalised


class ResidualBlock(nn.Module):
    """x + F(x), with two reflected 3 × 3 convolutions (He et al., 2016, arXiv:1512.03385)."""

    def __init__(self, channels: int, normalisation: str) -> None:
        super().__init__()
        self.change = nn.Sequential(
            nn.ReflectionPad2d(1),
            *convolution(channels, channels, 3, 1, 0, normalisation),
            nn.ReLU(),
            nn.ReflectionPad2d(1),
            *convolution(channels, channels, 3, 1, 0, normalisation),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return the features with what is added to them, [N, C, H, W]."""
        return features + cast(Tensor, self.change(features))


class Level(nn.Module):
    """One level of a U-Net: half the size, whatever lies deeper, and back, with what came in beside it."""

    def __init__(self, down: nn.Sequential, deeper: nn.Module, up: nn.Sequential) -> None:
        super().__init__()
        self.down, self.deeper, self.up = down, deeper, up

    def forward(self, features: Tensor) -> Tensor:
        """Return [N, C + C', H, W]: the features that came in, and those made of them."""
        return torch.cat([features, self.up(self.deeper(self.down(features)))], 1)


class Added(nn.Module):
    """A network that says what is to be added to an image; untrained, it leaves the image as it is."""

    def __init__(self, network: nn.Sequential) -> None:
        super().__init__()
        self.network = network
        last = next(layer for layer in reversed(network) if isinstance(layer, nn.Conv2d))
        assert last.bias is not None
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def forward(self, images: Tensor) -> Tensor:
        """Return changed images [N, C, H, W]; nothing bounds them but the discriminator."""
        return images + cast(Tensor, self.network(images))


def residual_generator(
    inputs: int, outputs: int, width: int, blocks: int, halvings: int, normalisation: str, added: bool
) -> nn.Module:
    """Return images [N, inputs, H, W] → [N, outputs, H, W]: down, residual blocks, and up again.

    Johnson et al., 2016, arXiv:1603.08155, as in CycleGAN: a 7 × 7 convolution, ``halvings`` strided ones,
    ``blocks`` residual blocks, and sub-pixel steps back (nearest neighbours and a convolution, which leaves
    no checkerboard: Odena et al., 2016). ``added``: it makes what is added to its input instead of an image.
    """
    layers: list[nn.Module] = [nn.ReflectionPad2d(3), *convolution(inputs, width, 7, 1, 0, normalisation)]
    layers += [nn.ReLU()]
    for _halving in range(halvings):
        layers += [*convolution(width, 2 * width, 3, 2, 1, normalisation), nn.ReLU()]
        width *= 2
    layers += [ResidualBlock(width, normalisation) for _block in range(blocks)]
    for _doubling in range(halvings):
        layers += [nn.Upsample(scale_factor=2), nn.ReflectionPad2d(1)]
        layers += [*convolution(width, width // 2, 3, 1, 0, normalisation), nn.ReLU()]
        width //= 2
    layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, outputs, 7)]
    return _ended(layers, added)


def u_net(
    inputs: int, outputs: int, width: int, levels: int, normalisation: str, dropout: float, added: bool
) -> nn.Module:
    """Return images [N, inputs, H, W] → [N, outputs, H, W]: a U-Net that halves the size ``levels`` times.

    Ronneberger et al., 2015, arXiv:1505.04597, as in pix2pix (Isola et al., 2017, section 6.1.1). Sides are
    multiples of 2 to the power of ``levels``. Its innermost features are not normalised: they may be one
    pixel. ``dropout``: the share of features lost in the three innermost levels on the way up.
    """
    widths = [width * 2 ** min(level, 3) for level in range(levels)]
    made: nn.Module = nn.Identity()
    for level in reversed(range(1, levels)):
        inner = level == levels - 1
        down = [
            nn.LeakyReLU(SLOPE),
            *convolution(widths[level - 1], widths[level], 4, 2, 1, "none" if inner else normalisation),
        ]
        deeper = widths[level] * (1 if inner else 2)
        up: list[nn.Module] = [nn.ReLU(), *_doubled(deeper, widths[level - 1], normalisation)]
        if dropout and level >= levels - 3:
            up.append(nn.Dropout(dropout))
        made = Level(nn.Sequential(*down), made, nn.Sequential(*up))
    whole = widths[0] * (2 if levels > 1 else 1)
    first = nn.Conv2d(inputs, widths[0], 4, 2, 1)
    # Four times the channels, put side by side: as many products as at the full size, with less to move.
    layers = [first, made, nn.ReLU(), nn.Conv2d(whole, 4 * outputs, 3, 1, 1), nn.PixelShuffle(2)]
    return _ended(layers, added)


def _doubled(inputs: int, outputs: int, normalisation: str) -> list[nn.Module]:
    layer = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=normalisation == "none")
    return [layer, *normalised(outputs, normalisation)]


def _ended(layers: list[nn.Module], added: bool) -> nn.Module:
    network = initialised(nn.Sequential(*layers))
    return Added(network) if added else network.append(nn.Tanh())
