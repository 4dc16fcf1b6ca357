"""A small GAN for points, and a loss that it brings: f-divergences."""

from typing import Annotated, Literal

from torch import Tensor, nn

from ganstudio.api import GAN, AdversarialLoss, PointSpec, Range, Settings, hookimpl


class FDivergence(AdversarialLoss):
    """Estimates an f-divergence between data and samples (Nowozin et al., 2016, arXiv:1606.00709)."""

    title = "f-divergence"

    class Settings(Settings):
        divergence: Annotated[
            Literal["Kullback-Leibler", "reverse Kullback-Leibler", "Pearson"], "What is estimated"
        ] = "Pearson"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        # − E g(v(real)) + E f*(g(v(fake))), table 6.
        return self.conjugate(fake_logits).mean() - self.activation(real_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        # The trick of section 3.2, for large gradients early on.
        return -self.activation(fake_logits).mean()

    def activation(self, v: Tensor) -> Tensor:
        return -(-v).exp() if self.settings.divergence == "reverse Kullback-Leibler" else v

    def conjugate(self, v: Tensor) -> Tensor:
        if self.settings.divergence == "Kullback-Leibler":
            return (v - 1).exp()
        if self.settings.divergence == "Pearson":
            return v.square() / 4 + v
        return v - 1


class DivergenceGAN(GAN):
    """Two fully connected networks for points (Nowozin et al., 2016, arXiv:1606.00709)."""

    title = "Divergence GAN"
    accepts = (PointSpec,)
    default_loss = "FDivergence"

    class Settings(GAN.Settings):
        width: Annotated[int, Range(8, 512, log=True), "Neurons of each hidden layer"] = 64
        latent_dim: Annotated[int, Range(1, 64), "Numbers that each point is made from"] = 4

    def build_generator(self, data: PointSpec) -> nn.Module:
        return self.layers(self.generator_inputs, data.dimensions)

    def build_discriminator(self, data: PointSpec) -> nn.Module:
        return self.layers(data.dimensions, 1)

    def layers(self, inputs: int, outputs: int) -> nn.Module:
        width = self.settings.width
        hidden = (nn.Linear(inputs, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        return nn.Sequential(*hidden, nn.Linear(width, outputs))


@hookimpl
def ganstudio_losses():
    return [FDivergence]


@hookimpl
def ganstudio_architectures():
    return [DivergenceGAN]
