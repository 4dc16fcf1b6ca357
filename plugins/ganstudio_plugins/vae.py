"""Variational autoencoders: what every form shares, and the fully connected and convolutional forms.

They know nothing of adversarial losses: a VAE brings the one loss it has.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api import (
    Architecture,
    Batch,
    DataSpec,
    Fixed,
    ImageSpec,
    Live,
    Optimizer,
    Preview,
    Range,
    Update,
)
from ganstudio_plugins.sides import Halving, pyramid


class VAE(Architecture):
    """An encoder to normal latents, and a decoder back (Kingma & Welling, 2014, arXiv:1312.6114).

    ``encoder``: pixels [N, C, H, W] → mean and log-variance side by side [N, 2 · latent_dim]. ``decoder``:
    latents [N, latent_dim] → logits of Bernoulli distributions [N, C, H, W]. Pixels in [0, 1] are taken for
    their means, as is usual; for colours too, though there the Bernoulli is further from the truth.
    """

    accepts = (ImageSpec,)
    default_optimizers: ClassVar = {
        "encoder": Optimizer(learning_rate=1e-3, beta1=0.9, beta2=0.999),
        "decoder": Optimizer(learning_rate=1e-3, beta1=0.9, beta2=0.999),
    }

    class Settings(Architecture.Settings):
        """Settings every VAE has."""

        latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each image is made from"] = 20
        beta: Annotated[
            float,
            Range(0.0, 100.0),
            Live,
            "Weight β of the KL term: 1 for the VAE, more for latents that are independent of each other "
            "(β-VAE: Higgins et al., 2017)",
        ] = 1.0

    settings: "VAE.Settings"
    encoder: nn.Module
    decoder: nn.Module

    def build_encoder(self, data: ImageSpec) -> nn.Module:
        """Return a network from pixels [N, C, H, W] in [0, 1] to means, log-variances [N, 2 · latent_dim]."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its encoder is built")

    def build_decoder(self, data: ImageSpec) -> nn.Module:
        """Return a network from latents [N, latent_dim] to logits [N, C, H, W]."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its decoder is built")

    def build(self, data: DataSpec) -> None:
        """Make both networks."""
        assert isinstance(data, ImageSpec)
        self.encoder = self.build_encoder(data)
        self.decoder = self.build_decoder(data)

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield one update of both networks: reconstruction + β · KL, in nats per image."""
        each, kl_each = self._terms(next(batches).images)
        reconstruction, kl = each.mean(), kl_each.sum(1).mean()
        self.log("nats/reconstruction", reconstruction)
        self.log("nats/kl", kl)
        if self.recording:
            self.log_vector("kl/latents", kl_each.mean(0))
        yield Update((self.encoder, self.decoder), reconstruction + self.settings.beta * kl)

    def nats(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return both terms of the bound for images in [-1, 1], each [N], in nats per image.

        −E log p(x|z) with one draw of z for each image, and KL(q(z|x) ‖ N(0, 1)) in closed form
        (Kingma & Welling, 2014, eq. 10).
        """
        reconstruction, kl = self._terms(images)
        return reconstruction, kl.sum(1)

    def _terms(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return the terms of :meth:`nats`, the KL of each latent dimension: [N] and [N, latent_dim]."""
        pixels = as_pixels(images)
        mu, logvar = self._posterior(pixels)
        latents = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
        reconstruction = functional.binary_cross_entropy_with_logits(
            self.decoder(latents), pixels, reduction="none"
        )
        kl = (mu.square() + logvar.exp() - logvar - 1) / 2
        return reconstruction.flatten(1).sum(1), kl

    def negative_elbo(self, images: Tensor) -> Tensor:
        """Return the bound on −log p(x) of images in [-1, 1], [N], in nats per image; lower is better."""
        reconstruction, kl = self.nats(images)
        return reconstruction + kl

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log-variance of the latents of images in [-1, 1], each [N, latent_dim]."""
        return self._posterior(as_pixels(images))

    def reconstruct(self, images: Tensor) -> Tensor:
        """Return what the decoder makes of the mean latents of images, in [-1, 1] [N, C, H, W]."""
        return self.generate(self.encode(images)[0])

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents from the prior N(0, 1), [count, latent_dim]."""
        device = self.device if generator is None else generator.device
        drawn = torch.randn((count, self.settings.latent_dim), device=device, generator=generator)
        return drawn.to(self.device)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the mean image of each latent's distribution, in [-1, 1] [N, C, H, W]."""
        # 2 σ(x) − 1 = tanh(x / 2)
        return torch.tanh(self.decoder(latents) / 2)

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        """Return samples of the prior, and originals each followed by its reconstruction."""
        assert fixed.latents is not None
        originals = fixed.real[: max(len(fixed.real) // 2, 1)]
        pairs = torch.stack([originals, self.reconstruct(originals)], 1).flatten(0, 1)
        # An even number of columns keeps the two of a pair beside each other.
        columns = 2 * max(round(math.sqrt(len(pairs)) / 2), 1)
        return {
            "samples": Preview(self.generate(fixed.latents)),
            "reconstructions": Preview(pairs, columns, ("in", "out") * (columns // 2)),
        }

    def _posterior(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        mu, logvar = self.encoder(pixels).chunk(2, 1)
        return mu, logvar


def as_pixels(images: Tensor) -> Tensor:
    """Return images in [-1, 1] as pixels in [0, 1], black as 0."""
    return (images + 1) / 2


class MLPVAE(VAE):
    """Variational autoencoder of linear layers, as 784-400-20 (Kingma & Welling, 2014, arXiv:1312.6114)."""

    title = "VAE (fully connected)"

    class Settings(VAE.Settings):
        """Size of the two networks."""

        width: Annotated[int, Range(8, 4096, log=True), "Neurons of each hidden layer"] = 400
        layers: Annotated[int, Range(1, 8), "Hidden layers of each network"] = 1

    settings: "MLPVAE.Settings"

    def build_encoder(self, data: ImageSpec) -> nn.Module:
        """Return pixels in [0, 1] [N, C, H, W] → means and log-variances [N, 2 · latent_dim]."""
        return nn.Sequential(nn.Flatten(), *self._mlp(math.prod(data.shape), 2 * self.settings.latent_dim))

    def build_decoder(self, data: ImageSpec) -> nn.Module:
        """Return latents [N, latent_dim] → logits [N, C, H, W]."""
        layers = self._mlp(self.settings.latent_dim, math.prod(data.shape))
        return nn.Sequential(*layers, nn.Unflatten(1, data.shape))

    def _mlp(self, inputs: int, outputs: int) -> list[nn.Module]:
        widths = [inputs, *[self.settings.width] * self.settings.layers]
        hidden = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.ReLU())]
        return [*hidden, nn.Linear(widths[-1], outputs)]


class ConvVAE(Halving, VAE):
    """Convolutional variational autoencoder for 28 to 128 px (Kingma & Welling, 2014, arXiv:1312.6114)."""

    title = "VAE (convolutional)"

    class Settings(VAE.Settings):
        """Size of the two networks."""

        width: Annotated[int, Range(4, 512, log=True), "Channels of the layer at half the full size"] = 32

    settings: "ConvVAE.Settings"

    def build_encoder(self, data: ImageSpec) -> nn.Module:
        """Return pixels in [0, 1] [N, C, H, W] → means and log-variances [N, 2 · latent_dim]."""
        side, widths = pyramid(data.height, self.settings.width)
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise([data.channels, *widths]):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1), nn.ReLU()]
        last = nn.Linear(widths[-1] * side * side, 2 * self.settings.latent_dim)
        return nn.Sequential(*layers, nn.Flatten(), last)

    def build_decoder(self, data: ImageSpec) -> nn.Module:
        """Return latents [N, latent_dim] → logits [N, C, H, W]."""
        side, widths = pyramid(data.height, self.settings.width)
        top = widths[-1]
        layers = [nn.Linear(self.settings.latent_dim, top * side * side), nn.Unflatten(1, (top, side, side))]
        for inputs, outputs in pairwise([*widths[::-1], data.channels]):
            layers += [nn.ReLU(), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)]
        return nn.Sequential(*layers)
