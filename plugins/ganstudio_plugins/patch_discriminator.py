"""PatchGAN: a discriminator that judges patches, and what initialises networks of image translation.

It knows nothing of losses, nor of which images it is shown.
"""

from typing import Protocol

from torch import nn

from ganstudio.api import add_spectral_norm

SLOPE = 0.2
"""Of the leaky ReLUs below zero."""


class PatchSettings(Protocol):
    """Settings of an architecture whose discriminators judge patches."""

    @property
    def discriminator_width(self) -> int:
        """Channels of the first layer."""

    @property
    def discriminator_layers(self) -> int:
        """Strided convolutions."""

    @property
    def normalisation(self) -> str:
        """``instance``, ``batch`` or ``none``."""

    @property
    def spectral_norm(self) -> bool:
        """Whether weights are divided by their largest singular value instead."""


def discriminator_of(settings: PatchSettings, channels: int) -> nn.Sequential:
    """Return the :func:`patch_discriminator` that settings ask for."""
    return patch_discriminator(
        channels,
        settings.discriminator_width,
        settings.discriminator_layers,
        settings.normalisation,
        spectral_norm=settings.spectral_norm,
    )


def patch_discriminator(
    channels: int, width: int, layers: int, normalisation: str, *, spectral_norm: bool = False
) -> nn.Sequential:
    """Return images [N, C, H, W] → raw logits of overlapping patches, [N, 1, H', W'].

    Isola et al., 2017, arXiv:1611.07004, section 3.2.2: ``layers`` strided convolutions, each doubling the
    width up to eight times, then two that are not. One layer sees patches of 16 pixels, two of 34, three of
    70. No normalisation follows the first. With ``spectral_norm``, each weight is divided by its largest
    singular value instead (Miyato et al., 2018, arXiv:1802.05957).
    """
    if spectral_norm:
        normalisation = "none"
    blocks: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(SLOPE)]
    inputs = width
    for layer in range(1, layers + 1):
        outputs, stride = width * 2 ** min(layer, 3), 2 if layer < layers else 1
        blocks += [*convolution(inputs, outputs, 4, stride, 1, normalisation), nn.LeakyReLU(SLOPE)]
        inputs = outputs
    network = initialised(nn.Sequential(*blocks, nn.Conv2d(inputs, 1, 4, 1, 1)))
    if spectral_norm:
        add_spectral_norm(network)
    return network


def smallest_side(layers: int) -> int:
    """Return the side in pixels below which such a discriminator has no patch left to judge."""
    return 3 << layers


def convolution(
    inputs: int, outputs: int, size: int, stride: int, padding: int, normalisation: str
) -> list[nn.Module]:
    """Return a convolution and its normalisation; without a bias where that would be taken away again."""
    layer = nn.Conv2d(inputs, outputs, size, stride, padding, bias=normalisation == "none")
    return [layer, *normalised(outputs, normalisation)]


def normalised(channels: int, normalisation: str) -> list[nn.Module]:
    """Return the layer that is called ``instance``, ``batch`` or ``none``, in a list that may be empty."""
    if normalisation == "none":
        return []
    return [nn.InstanceNorm2d(channels) if normalisation == "instance" else nn.BatchNorm2d(channels)]


def initialised(network: nn.Sequential) -> nn.Sequential:
    """Draw weights from N(0, 0.02), scales of batch normalisation from N(1, 0.02); biases are 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)
            nn.init.zeros_(layer.bias)
    return network
