"""The adversarial architectures for images, offered to the studio."""

from collections.abc import Sequence

from ganstudio.api import Architecture, hookimpl
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.mlp_gan import MLPGAN


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the architectures, the one for small machines first."""
    return [ConvGAN, MLPGAN]
