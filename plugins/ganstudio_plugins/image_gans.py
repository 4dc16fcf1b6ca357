"""The architectures for images, offered to the studio."""

from collections.abc import Sequence

from ganstudio.api import Architecture, hookimpl
from ganstudio_plugins.began import BEGAN
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.info_gan import InfoGAN
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.residual_gan import ResidualGAN
from ganstudio_plugins.stylegan import StyleGAN2
from ganstudio_plugins.tutorial_conv_gan import TutorialConvGAN
from ganstudio_plugins.vae import MLPVAE, ConvVAE


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the architectures, the one for small machines first."""
    gans = [ConvGAN, MLPGAN, TutorialConvGAN, ResidualGAN, StyleGAN2, InfoGAN, BEGAN]
    return [*gans, MLPVAE, ConvVAE]
