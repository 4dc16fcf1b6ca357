"""BEGAN for 28 to 128 px. It brings its own loss, and knows nothing of those of other plugins.

Where some images are much easier to know than others, as ones are among digits, the published networks come
down to these. What makes readable digits is an autoencoder that is shallow and batch normalised.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

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
from ganstudio_plugins.began_networks import NETWORKS
from ganstudio_plugins.sides import Halving

_PAPER = Optimizer(learning_rate=1e-4, beta1=0.5, beta2=0.999)


class BEGAN(Halving):
    """An autoencoder discriminates by how well it knows images (Berthelot et al., 2017, arXiv:1703.10717).

    ``generator``: latents [N, latent_dim] → images. ``discriminator``: images → the same, through a code.
    """

    title = "BEGAN"
    accepts = (ImageSpec,)
    ema: ClassVar[tuple[str, ...]] = ("generator",)
    default_optimizers: ClassVar = {"generator": _PAPER, "discriminator": _PAPER}

    class Settings(Architecture.Settings):
        """Sizes of the networks, and the balance between them."""

        latent_dim: Annotated[
            int,
            Range(1, 1024, log=True),
            "Numbers that each sample is made from, and of the code of an image",
        ] = 64
        width: Annotated[
            int, Range(4, 512, log=True), "Channels of every level; the encoder adds as many at each halving"
        ] = 32
        gamma: Annotated[
            float,
            Range(0.0, 1.0),
            Live,
            "Diversity γ: how badly samples are to be known, as a share of how badly real images are; less "
            "gives cleaner samples that differ less",
        ] = 0.5
        balance_rate: Annotated[
            float, Range(1e-5, 1.0, log=True), Live, "How fast the balance k follows, λ of the paper"
        ] = 1e-3
        repelling: Annotated[
            float,
            Range(0.0, 10.0),
            Live,
            "Keeps the codes of a batch of samples apart (EBGAN's pulling-away term: Zhao et al., 2016, "
            "arXiv:1609.03126), against collapse onto what is easily known; 0, as in the paper: off. Try 0.1",
        ] = 0.0
        networks: Annotated[
            Literal["pyramid", "shallow"],
            "Pyramid: convolutions at every size in both networks, as in the paper. Shallow: the generator "
            "of DCGAN, and an autoencoder of one halving and a linear code, as implementations for small "
            "images have it; quicker, and for digits far better",
        ] = "pyramid"
        normalisation: Annotated[
            Literal["none", "generator", "both"],
            "Batch normalisation in none of the networks, as in the paper, in the generator, which keeps "
            "samples of a batch apart, or in both. Shallow networks need both",
        ] = "none"

    settings: "BEGAN.Settings"
    generator: nn.Module
    discriminator: nn.Module
    balance: Tensor

    def build(self, data: DataSpec) -> None:
        """Make both networks; the balance k begins at 0."""
        assert isinstance(data, ImageSpec)
        made, sizes = NETWORKS[self.settings.networks], (self.settings.latent_dim, self.settings.width)
        normalised = self.settings.normalisation
        self.generator = made.generator(data, *sizes, normalised != "none")
        self.discriminator = nn.Sequential(
            made.encoder(data, *sizes, normalised == "both"), made.decoder(data, *sizes, normalised == "both")
        )
        self.register_buffer("balance", torch.zeros((), device=self.device))

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the discriminator's update, then the generator's; then the balance follows (section 3.4)."""
        real = next(batches).images
        fake = self.generator(self.draw_latents(len(real)))
        known = self._unlike(real)

        # Discriminator: know real images well, and samples the less the greater k is.
        yield Update(self.discriminator, known - self.balance * self._unlike(fake.detach()))

        # Generator: make what the autoencoder knows well. It has just been updated.
        made, alike = self._judged(fake)
        yield Update(self.generator, made + self.settings.repelling * alike)

        wanted = self.settings.gamma * known.detach() - made.detach()
        self.balance.add_(self.settings.balance_rate * wanted).clamp_(0, 1)
        self.log("reconstruction/real", known)
        self.log("reconstruction/fake", made)
        if self.settings.repelling:
            self.log("reconstruction/alike", alike)
        self.log("balance/k", self.balance)
        # The paper's global measure of convergence M; lower is better.
        self.log("balance/convergence", known.detach() + wanted.abs())

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents, uniform in [-1, 1], [count, latent_dim]."""
        device = self.device if generator is None else generator.device
        drawn = torch.rand((count, self.settings.latent_dim), device=device, generator=generator)
        return drawn.mul_(2).sub_(1).to(self.device)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return samples [N, C, H, W]; in [-1, 1] unless it is being trained."""
        made: Tensor = self.generator(latents)
        return made if self.training else made.clamp(-1, 1)

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        """Return samples, and real images each followed by what the discriminator makes of it."""
        assert fixed.latents is not None
        originals = fixed.real[: max(len(fixed.real) // 2, 1)]
        pairs = torch.stack([originals, self.discriminator(originals).clamp(-1, 1)], 1).flatten(0, 1)
        return {
            "samples": Preview(self.generate(fixed.latents)),
            "reconstructions": Preview(pairs, 8, ("in", "out") * 4),
        }

    def _unlike(self, images: Tensor) -> Tensor:
        """Return the mean absolute error of the discriminator's reconstruction, a scalar."""
        made: Tensor = self.discriminator(images)
        return (images - made).abs().mean()

    def _judged(self, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return how badly samples are known, and how alike their codes are, 0..1: both scalars."""
        if not self.settings.repelling:
            return self._unlike(fake), fake.new_zeros(())
        encoder, decoder = self.discriminator.children()
        codes: Tensor = encoder(fake)
        return (fake - decoder(codes)).abs().mean(), alikeness(codes)


def alikeness(codes: Tensor) -> Tensor:
    """Return the mean squared cosine between every two of ``codes`` [N, code], a scalar in 0..1.

    EBGAN's pulling-away term (Zhao et al., 2016, arXiv:1609.03126, section 2.4). 0 where there is one code.
    """
    count = len(codes)
    directions = functional.normalize(codes)
    squares = (directions @ directions.T).square()
    return (squares.sum() - squares.diagonal().sum()) / max(count * (count - 1), 1)
