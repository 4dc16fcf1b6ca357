"""The networks of BEGAN: the paper's, and shallow ones. They know nothing of losses, or of the balance."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

from torch import nn

from ganstudio.api import ImageSpec
from ganstudio_plugins.sides import pyramid

Maker = Callable[[ImageSpec, int, int, bool], nn.Module]
"""Takes the images, numbers of a code, channels, and whether batch normalisation follows each layer."""


class Networks(NamedTuple):
    """What makes the generator, codes [N, code] → images [N, C, H, W], and the discriminator's halves."""

    generator: Maker
    encoder: Maker
    decoder: Maker


def _encoder(data: ImageSpec, code: int, width: int, normalised: bool) -> nn.Module:
    """Return images [N, C, H, W] → codes [N, code]; each level has one more ``width`` of channels."""
    side, levels = pyramid(data.height, 1)
    layers: list[nn.Module] = [nn.Conv2d(data.channels, width, 3, padding=1), nn.ELU()]
    for level in range(1, len(levels) + 1):
        layers += _block(level * width, level * width, normalised)
        layers += _block(level * width, (level + 1) * width, normalised, stride=2)
    top = (len(levels) + 1) * width
    layers += [*_block(top, top, normalised), nn.Flatten(), nn.Linear(top * side * side, code)]
    return nn.Sequential(*layers)


def _decoder(data: ImageSpec, code: int, width: int, normalised: bool) -> nn.Module:
    """Return codes [N, code] → images [N, C, H, W], near [-1, 1] but not bounded by it."""
    side, levels = pyramid(data.height, 1)
    layers: list[nn.Module] = [nn.Linear(code, width * side * side), nn.Unflatten(1, (width, side, side))]
    layers += _normalising(width, normalised)
    for _level in levels:
        layers += [*_block(width, width, normalised), nn.Upsample(scale_factor=2)]
    layers += _block(width, width, normalised)
    return nn.Sequential(*layers, nn.Conv2d(width, data.channels, 3, padding=1))


def _shallow_generator(data: ImageSpec, code: int, width: int, normalised: bool) -> nn.Module:
    """Return codes [N, code] → images [N, C, H, W] in [-1, 1], as DCGAN makes them."""
    side, widths = pyramid(data.height, width)
    top = widths[-1]
    layers: list[nn.Module] = [nn.Linear(code, top * side * side), nn.Unflatten(1, (top, side, side))]
    for inputs, outputs in pairwise([*widths[::-1], data.channels]):
        layers += [*_normalising(inputs, normalised), nn.ReLU(), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)]
    return nn.Sequential(*layers, nn.Tanh())


def _shallow_encoder(data: ImageSpec, code: int, width: int, normalised: bool) -> nn.Module:
    """Return images [N, C, H, W] → codes [N, code]."""
    half = data.height // 2
    layers: list[nn.Module] = [nn.Conv2d(data.channels, width, 4, 2, 1), nn.ReLU(), nn.Flatten()]
    layers += [nn.Linear(width * half * half, code)]
    return nn.Sequential(*layers, *([nn.BatchNorm1d(code)] if normalised else []), nn.ELU())


def _shallow_decoder(data: ImageSpec, code: int, width: int, normalised: bool) -> nn.Module:
    """Return codes [N, code] → images [N, C, H, W], near [-1, 1] but not bounded by it."""
    half = data.height // 2
    inner = width * half * half
    layers: list[nn.Module] = [nn.Linear(code, inner), *([nn.BatchNorm1d(inner)] if normalised else [])]
    layers += [nn.ReLU(), nn.Unflatten(1, (width, half, half))]
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, data.channels, 4, 2, 1))


def _block(inputs: int, outputs: int, normalised: bool, stride: int = 1) -> list[nn.Module]:
    """Return a 3 × 3 convolution and its ELU, with batch normalisation between them or without."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
    return [convolution, *_normalising(outputs, normalised), nn.ELU()]


def _normalising(channels: int, wanted: bool) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels)] if wanted else []


NETWORKS: Final = {
    "pyramid": Networks(_decoder, _encoder, _decoder),
    "shallow": Networks(_shallow_generator, _shallow_encoder, _shallow_decoder),
}
"""By the name of the setting."""
