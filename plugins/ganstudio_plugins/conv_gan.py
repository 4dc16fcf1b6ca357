"""DCGAN for images of 28 to 128 pixels. It knows nothing of losses, labels or where images come from."""

from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from torch import nn

from ganstudio import api
from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer, Range, Unit, add_spectral_norm
from ganstudio_plugins.attention import SelfAttention
from ganstudio_plugins.sides import pyramid, refusal

SLOPE = 0.2
"""Of the leaky ReLUs below zero."""


class ConvGAN(GAN):
    """Strided convolutions in both networks, for 28 to 128 px (Radford et al., 2016, arXiv:1511.06434)."""

    title = "DCGAN (convolutional)"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        width: Annotated[int, Range(4, 512, log=True), "Channels of the layer at the largest size"] = 32
        normalisation: Annotated[
            Literal["batch", "generator", "none"],
            "Batch normalisation in both networks, as in DCGAN, in the generator alone (for R1), or in none",
        ] = "batch"
        head: Annotated[
            int, Range(0, 4096), "Neurons between the discriminator's convolutions and its logit; 0 for none"
        ] = 0
        initialisation: Annotated[
            Literal["uniform", "normal"],
            "How weights begin. Uniform: as PyTorch has it. Normal, as in DCGAN: N(0, 0.02), N(1, 0.02) for "
            "the scales of batch normalisation, and no biases before it, which makes steps a little faster",
        ] = "uniform"
        upsampling: Annotated[
            Literal["transposed", "resize"],
            "How the generator doubles the side of its features. Transposed: by strided convolutions turned "
            "round, as in DCGAN, which may leave a fine checkerboard. Resize: each pixel is doubled and a "
            "3 × 3 convolution follows, which leaves none (Odena et al., 2016, doi:10.23915/distill.00003) "
            "and takes about twice the time in the generator",
        ] = "transposed"
        attention: Annotated[
            int,
            Range(0, 64),
            Unit("px"),
            "Features of this side, or the next smaller one, attend to each other all over the image, in "
            "both networks (SAGAN: Zhang et al., 2019, arXiv:1805.08318); 0: none do",
        ] = 0
        spectral_norm_generator: Annotated[
            bool, "Spectral normalisation of the generator as well, as in SAGAN"
        ] = False

    settings: "ConvGAN.Settings"

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why these images cannot be trained on, and the size to scale them to."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, ImageSpec):
            return refused
        reason = refusal(cls.title, data)
        smallest, _widths = pyramid(data.height, 1)
        if reason or not isinstance(settings, ConvGAN.Settings) or not 0 < settings.attention < smallest:
            return reason
        return (
            f"The smallest features are {smallest} × {smallest}, so none of {settings.attention} pixels can "
            f"attend to each other: set Attention to {2 * smallest}, or to 0."
        )

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return [N, generator_inputs] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        side, widths = pyramid(data.height, self.settings.width)
        top = widths[-1]
        layers: list[nn.Module] = [
            nn.Linear(self.generator_inputs, top * side * side),
            nn.Unflatten(1, (top, side, side)),
            *self._normalised(top, "batch", "generator"),
            nn.ReLU(),
            *self._attention(top, side, data),
        ]
        for inputs, outputs in zip(widths[:0:-1], widths[-2::-1], strict=True):
            layers += self._doubling(inputs, outputs)
            layers += [*self._normalised(outputs, "batch", "generator"), nn.ReLU()]
            side *= 2
            layers += self._attention(outputs, side, data)
        layers += [*self._doubling(widths[0], data.channels), nn.Tanh()]
        network = self._initialised(nn.Sequential(*layers))
        if self.settings.spectral_norm_generator:
            add_spectral_norm(network)
        return network

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        side, widths = pyramid(data.height, self.settings.width)
        half = data.height // 2
        layers: list[nn.Module] = [nn.Conv2d(data.channels, widths[0], 4, 2, 1), nn.LeakyReLU(SLOPE)]
        layers += self._attention(widths[0], half, data)
        for inputs, outputs in pairwise(widths):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1)]
            layers += [*self._normalised(outputs, "batch"), nn.LeakyReLU(SLOPE)]
            half //= 2
            layers += self._attention(outputs, half, data)
        layers += [nn.Flatten(), *self._head(widths[-1] * side * side)]
        return self._initialised(nn.Sequential(*layers))

    def _doubling(self, inputs: int, outputs: int) -> list[nn.Module]:
        """Return what doubles the side: [N, inputs, H, W] → [N, outputs, 2H, 2W]."""
        if self.settings.upsampling == "transposed":
            return [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)]
        return [nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1)]

    def _head(self, features: int) -> list[nn.Module]:
        """Return what turns the last features into a logit."""
        width = self.settings.head
        if not width:
            return [nn.Linear(features, 1)]
        return [nn.Linear(features, width), nn.LeakyReLU(SLOPE), nn.Linear(width, 1)]

    def _attention(self, channels: int, side: int, data: ImageSpec) -> list[nn.Module]:
        """Return self-attention where features of this side are to have it."""
        wanted = self.settings.attention
        smallest, widths = pyramid(data.height, 1)
        sides = [smallest * 2**level for level in range(len(widths))]
        chosen = max((one for one in sides if one <= wanted), default=0)
        return [SelfAttention(channels)] if side == chosen else []

    def _normalised(self, channels: int, *when: str) -> list[nn.Module]:
        return [nn.BatchNorm2d(channels)] if self.settings.normalisation in when else []

    def _initialised(self, network: nn.Sequential) -> nn.Module:
        if self.settings.initialisation == "normal":
            network.apply(draw_as_dcgan)
            weighted = [layer for layer in network if not isinstance(layer, nn.Unflatten)]
            for layer, after in pairwise(weighted):
                # Batch norm would subtract a bias again.
                if isinstance(after, nn.BatchNorm2d):
                    layer.register_parameter("bias", None)
        return network


def draw_as_dcgan(layer: nn.Module) -> None:
    """Draw a layer's weights from N(0, 0.02), scales of batch norm from N(1, 0.02); biases are 0."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
    else:
        return
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
