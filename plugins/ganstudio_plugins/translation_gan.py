"""What translating GANs share: the settings of their networks, and the images these can take.

It knows nothing of cycles, pairs or previews.
"""

from typing import Annotated, Literal

from torch import nn

from ganstudio import api
from ganstudio.api import Architecture, ImageSpec, Optimizer, Range
from ganstudio_plugins.patch_discriminator import discriminator_of, smallest_side
from ganstudio_plugins.patch_gan import PatchGAN

PAPER = Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999)
"""Of both papers, for every network."""
_DISCRIMINATOR = api.Group("Discriminator")


class TranslationGAN(PatchGAN):
    """Generators that make images of images, against discriminators that judge patches of them."""

    class Settings(Architecture.Settings):
        """Settings of the networks that every translating GAN has."""

        width: Annotated[
            int, Range(4, 256, log=True), "Channels of a generator's largest layers; 64 in the papers"
        ] = 32
        normalisation: Annotated[
            Literal["instance", "batch", "none"],
            "What follows convolutions: each image normalised by itself (Ulyanov et al., 2017, "
            "arXiv:1607.08022), by the batch, or nothing",
        ] = "instance"
        added: Annotated[
            bool,
            "The generator makes what is added to its input, and begins by changing nothing: for images "
            "that are to stay much as they are. Otherwise it makes the whole image",
        ] = False
        discriminator_width: Annotated[
            int, Range(4, 256, log=True), _DISCRIMINATOR, "Channels of its first layer; 64 in the papers"
        ] = 32
        discriminator_layers: Annotated[
            int,
            Range(1, 5),
            _DISCRIMINATOR,
            "Layers that halve the image: 1 judges patches of 16 pixels, 2 of 34, 3 of 70 as in the papers",
        ] = 2
        spectral_norm: Annotated[
            bool,
            _DISCRIMINATOR,
            "Divide each weight of the discriminator by its largest singular value "
            "(Miyato et al., 2018, arXiv:1802.05957)",
        ] = False

    settings: "TranslationGAN.Settings"

    def new_discriminator(self, channels: int) -> nn.Module:
        """Return images [N, channels, H, W] → logits of patches, [N, 1, H', W']."""
        return discriminator_of(self.settings, channels)


def unfit(title: str, data: ImageSpec, halvings: int, layers: int) -> str | None:
    """Return why such images cannot be halved and judged so often, and the side to scale them to."""
    factor = 2**halvings
    # A generator's smallest features are at least 2 × 2, so that there is something to normalise.
    least = max(smallest_side(layers), 2 * factor)
    side = max(round(min(data.height, data.width) / factor), -(-least // factor)) * factor
    these = f"these are {data.width} × {data.height}. Set Resize to {side}"
    if min(data.height, data.width) < least:
        return (
            f"{title} with {halvings} halvings and {layers} discriminator layers needs images of at least "
            f"{least} × {least} pixels; {these} or more, or choose fewer of them."
        )
    if data.height % factor or data.width % factor:
        return f"{title} halves its images {halvings} times, so sides must be multiples of {factor}; {these}."
    return None
