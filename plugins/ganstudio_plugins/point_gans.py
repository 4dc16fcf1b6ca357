"""GANs for points of a few dimensions."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, ClassVar

from torch import nn

from ganstudio.api import GAN, Architecture, DataSpec, Optimizer, PointSpec, Range, hookimpl


class PointGAN(GAN):
    """Two small fully connected networks for 2-D points (setting of Huang et al., 2024, arXiv:2501.05441)."""

    title = "2-D GAN"
    accepts = (PointSpec,)
    default_optimizers: ClassVar = {
        "generator": Optimizer(learning_rate=1e-3, beta1=0.0, beta2=0.99),
        "discriminator": Optimizer(learning_rate=1e-3, beta1=0.0, beta2=0.99),
    }

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each point is made from"] = 2
        width: Annotated[int, Range(4, 4096, log=True), "Neurons of each hidden layer"] = 128
        layers: Annotated[int, Range(1, 12), "Hidden layers of each network"] = 3

    settings: "PointGAN.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return latents [N, latent_dim] → points [N, D]."""
        assert isinstance(data, PointSpec)
        return self._mlp(self.generator_inputs, data.dimensions, nn.ReLU())

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return points [N, D] → logits [N, 1]."""
        assert isinstance(data, PointSpec)
        return self._mlp(data.dimensions, 1, nn.LeakyReLU(0.2))

    def _mlp(self, inputs: int, outputs: int, activation: nn.Module) -> nn.Module:
        widths = [inputs, *[self.settings.width] * self.settings.layers]
        hidden = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), activation)]
        return nn.Sequential(*hidden, nn.Linear(widths[-1], outputs))


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the architecture for points."""
    return [PointGAN]
