"""The fully connected GAN that tutorials begin with. It knows nothing of the images' neighbourhoods."""

import math
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from torch import nn

from ganstudio.api import GAN, DataSpec, ImageSpec, Optimizer, Range

SLOPE = 0.2
"""Of the discriminator's leaky ReLU below zero."""


class MLPGAN(GAN):
    """Fully connected networks, as the very first GAN had (Goodfellow et al., 2014, arXiv:1406.2661)."""

    title = "MLP GAN"
    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        width: Annotated[int, Range(8, 4096, log=True), "Neurons of the narrowest hidden layer, h"] = 256
        shape: Annotated[
            Literal["widening", "even"],
            "Hidden layers. Widening: generator h, 2h, 4h and discriminator 2h, h. Even: h, h in both",
        ] = "widening"

    settings: "MLPGAN.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return latents [N, latent_dim] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        h = self.settings.width
        hidden = [h, 2 * h, 4 * h] if self.settings.shape == "widening" else [h, h]
        layers = _mlp([self.settings.latent_dim, *hidden, math.prod(data.shape)], nn.ReLU())
        return nn.Sequential(*layers, nn.Tanh(), nn.Unflatten(1, data.shape))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        h = self.settings.width
        hidden = [2 * h, h] if self.settings.shape == "widening" else [h, h]
        return nn.Sequential(nn.Flatten(), *_mlp([math.prod(data.shape), *hidden, 1], nn.LeakyReLU(SLOPE)))


def _mlp(widths: list[int], activation: nn.Module) -> list[nn.Module]:
    """Return linear layers of these widths, with the activation between any two."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), activation]
    return layers[:-1]
