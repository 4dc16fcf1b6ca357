"""The fully connected GAN that tutorials begin with. It knows nothing of the images' neighbourhoods."""

import math
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from torch import nn

from ganstudio.api import GAN, DataSpec, ImageSpec, Length, Optimizer, Range, When

SLOPE = 0.2
"""Of the discriminator's leaky ReLU below zero."""


class MLPGAN(GAN):
    """Fully connected networks, as the very first GAN had (Goodfellow et al., 2014, arXiv:1406.2661)."""

    title = "MLP GAN"
    accepts = (ImageSpec,)
    flat = True
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
        "discriminator": Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.999),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        width: Annotated[
            int,
            Range(8, 4096, log=True),
            When("shape", "widening", "even", "tall"),
            "Neurons of the narrowest hidden layer",
        ] = 256
        shape: Annotated[
            Literal["widening", "even", "tall", "listed"],
            "Hidden layers. Widening: generator {width}, {2 * width}, {4 * width} and discriminator "
            "{2 * width}, {width}. Even: {width}, {width}, … in both, as many as Layers says. Tall: "
            "generator {width}, {2 * width}, {4 * width}, {8 * width} and discriminator {4 * width}, "
            "{2 * width}. Listed: as Hidden says",
        ] = "widening"
        layers: Annotated[int, Range(1, 12), When("shape", "even"), "Hidden layers of each network"] = 2
        hidden: Annotated[
            tuple[Annotated[int, Range(1, 8192)], ...],
            Length(1, 12),
            When("shape", "listed"),
            "Neurons of the generator's hidden layers from the latents on; the discriminator has them in "
            "reverse",
        ] = (256, 512)
        activation: Annotated[
            Literal["ReLU", "leaky ReLU"], "Between the generator's layers; the discriminator's leak"
        ] = "ReLU"
        normalisation: Annotated[
            Literal["none", "batch"],
            "Batch normalisation (ε = 0.8) of the generator's hidden layers after the first",
        ] = "none"

    settings: "MLPGAN.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return [N, generator_inputs] → images in [-1, 1] [N, C, H, W]."""
        assert isinstance(data, ImageSpec)
        generator, _ = self._hidden()
        leaky = self.settings.activation == "leaky ReLU"
        layers = _mlp(
            [self.generator_inputs, *generator, math.prod(data.shape)],
            nn.LeakyReLU(SLOPE) if leaky else nn.ReLU(),
            self.settings.normalisation == "batch",
        )
        return nn.Sequential(*layers, nn.Tanh(), nn.Unflatten(1, data.shape))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        _, discriminator = self._hidden()
        widths = [math.prod(data.shape), *discriminator, 1]
        return nn.Sequential(nn.Flatten(), *_mlp(widths, nn.LeakyReLU(SLOPE)))

    def _hidden(self) -> tuple[list[int], list[int]]:
        """Return the widths of the hidden layers of the generator and of the discriminator."""
        h = self.settings.width
        match self.settings.shape:
            case "widening":
                return [h, 2 * h, 4 * h], [2 * h, h]
            case "tall":
                return [h, 2 * h, 4 * h, 8 * h], [4 * h, 2 * h]
            case "listed":
                return list(self.settings.hidden), list(reversed(self.settings.hidden))
            case _:
                return [h] * self.settings.layers, [h] * self.settings.layers


def _mlp(widths: list[int], activation: nn.Module, normalised: bool = False) -> list[nn.Module]:
    """Return linear layers of these widths, with the activation between any two.

    ``normalised``: with batch norm before each activation but the first. Its ε of 0.8 is what the published
    code passes (eriklindernoren/PyTorch-GAN, gan.py).
    """
    layers: list[nn.Module] = []
    for place, (inputs, outputs) in enumerate(pairwise(widths)):
        layers.append(nn.Linear(inputs, outputs))
        if normalised and 0 < place < len(widths) - 2:
            layers.append(nn.BatchNorm1d(outputs, eps=0.8))
        layers.append(activation)
    return layers[:-1]
