"""StyleGAN2 for 28 to 128 px. It knows nothing of losses, of penalties on the discriminator, or of labels."""

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, cast

import torch
from torch import Tensor, nn

from ganstudio import api
from ganstudio.api import (
    GAN,
    Batch,
    DataSpec,
    Fixed,
    ImageSpec,
    Live,
    Optimizer,
    Preview,
    Range,
    Shown,
    Unit,
    Update,
)
from ganstudio_plugins.sides import Halving, pyramid
from ganstudio_plugins.stylegan_discriminator import discriminator
from ganstudio_plugins.stylegan_generator import Shape, StyleGenerator
from ganstudio_plugins.stylegan_growing import Growth, reached
from ganstudio_plugins.stylegan_looking import mixing_grid, truncation_rows
from ganstudio_plugins.stylegan_path import path_lengths, path_penalty

_STYLE = api.Group("Style")
_LOOKING = api.Group("Looking at it")
_PAPER = Optimizer(learning_rate=2.5e-3, beta1=0.0, beta2=0.99)


class StyleGAN2(Halving, GAN):
    """Images made of a style for each layer, and noise (Karras et al., 2020, arXiv:1912.04958).

    It is meant for the non-saturating loss with R1 at every 16th step.
    """

    title = "StyleGAN2"
    accepts = (ImageSpec,)
    default_loss = "NonSaturating"
    default_optimizers: ClassVar = {"generator": _PAPER, "discriminator": _PAPER}

    class Settings(GAN.Settings):
        """Sizes of the networks, what happens to styles while training, and how samples are looked at."""

        latent_dim: Annotated[
            int, Range(1, 1024, log=True), "Numbers that each sample is made from, and numbers of a style"
        ] = 64
        width: Annotated[
            int,
            Range(4, 512, log=True),
            "Channels at the full size; each halving of the sides doubles them, up to Most channels",
        ] = 16
        most: Annotated[int, Range(4, 1024, log=True), "Most channels of any level"] = 128
        layers: Annotated[
            int, Range(1, 12), "Layers of the mapping network; the paper has 8, and 2 for CIFAR-10"
        ] = 4
        generator: Annotated[
            Literal["skip", "residual"],
            "Skip: the images of all sizes add up, as in the paper. Residual: features do",
        ] = "skip"
        discriminator: Annotated[
            Literal["residual", "skip"],
            "Residual: each size adds to the features of the one before, as in the paper. Skip: each size "
            "is shown the image as well",
        ] = "residual"
        group: Annotated[
            int,
            Range(0, 64),
            Unit("samples"),
            "The discriminator compares so many samples with each other, by standard deviation; 0: none",
        ] = 4
        growing: Annotated[
            int,
            Range(0, 100_000_000),
            Unit("images"),
            "Begin with images of 4 to 7 pixels, train each size for so many images, and fade the next in "
            "over as many (Karras et al., 2018, arXiv:1710.10196); 0 trains all sizes at once",
        ] = 0

        mixing: Annotated[
            float,
            Range(0.0, 1.0),
            Live,
            _STYLE,
            "Share of batches whose first layers have another style than their last; the paper has 0.9",
        ] = 0.9
        path_length: Annotated[
            float,
            Range(0.0, 100.0),
            Live,
            _STYLE,
            "Weight of equal steps in the image for equal steps in style; 0 leaves it out",
        ] = 2.0
        path_every: Annotated[
            int, Range(1, 64), Live, _STYLE, "That is computed at every n-th step, n times as strong"
        ] = 4

        truncation: Annotated[
            float,
            Range(0.0, 2.0),
            Shown(),
            _LOOKING,
            "How far from the mean style samples may be, ψ: less than 1 gives better ones that differ less. "
            "It holds for all that is shown, scored and saved, not in training",
        ] = 1.0
        boundary: Annotated[
            int,
            Range(0, 14),
            Shown("style mixing"),
            _LOOKING,
            Unit("layers"),
            "In the preview of mixed styles, so many layers take theirs from the left, the rest from the top",
        ] = 4
        noise: Annotated[
            bool, Shown(), _LOOKING, "Show samples with noise of their own; without, what styles alone decide"
        ] = True

    settings: "StyleGAN2.Settings"
    path_mean: Tensor
    images_shown: Tensor

    def build(self, data: DataSpec) -> None:
        """Make both networks, and what is remembered of path lengths and of growing."""
        super().build(data)
        self.register_buffer("path_mean", torch.zeros((), device=self.device))
        self.register_buffer("images_shown", torch.zeros((), dtype=torch.int64))
        self._growths = [module for module in self.modules() if isinstance(module, Growth)]

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return [N, generator_inputs] → images [N, C, H, W], near [-1, 1] but not bounded by it."""
        assert isinstance(data, ImageSpec)
        settings = self.settings
        side, widths = self._levels(data)
        shape = Shape(
            latent=settings.latent_dim,
            code=self.generator_inputs - settings.latent_dim,
            style=settings.latent_dim,
            mapping_layers=settings.layers,
            side=side,
            widths=widths,
            channels=data.channels,
            residual=settings.generator == "residual",
            growing=settings.growing > 0,
        )
        return StyleGenerator(shape)

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return images [N, C, H, W] → logits [N, 1]."""
        assert isinstance(data, ImageSpec)
        settings = self.settings
        side, widths = self._levels(data)
        return discriminator(
            data.channels,
            side,
            widths,
            residual=settings.discriminator == "residual",
            group=settings.group,
            growing=settings.growing > 0,
            equal=not settings.spectral_norm,
        )

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the updates of any GAN, on networks grown as far as the images seen so far make them."""
        return super().training_step(self._grown(batches) if self.settings.growing else batches)

    def generator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the generator's loss; at every n-th step with the penalty on path lengths."""
        loss = super().generator_loss(batch, fake)
        if self.settings.path_length and self.step % self.settings.path_every == 0:
            penalty = self.settings.path_length * self._path_penalty(batch)
            loss = loss + self.settings.path_every * penalty
            self.log("penalty/path_length", penalty, hold=True)
        return loss

    def _path_penalty(self, batch: Batch) -> Tensor:
        """Return the penalty on half as many samples as the batch has, as in the paper's code."""
        count = max(len(batch.real) // 2, 1)
        labels = batch.labels[:count] if self.classes and batch.labels is not None else None
        styles = self._drawn_styles(self.draw_latents(count), labels)
        lengths = path_lengths(styles, self._synthesis(styles, "drawn").float())
        penalty = path_penalty(lengths, self.path_mean)
        self.log("path/length", lengths, hold=True)
        self.log("path/mean", self.path_mean.clone(), hold=True)
        return penalty

    def _grown(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Give batches, and let both networks grow with them."""
        for batch in batches:
            for growth in self._growths:
                far = reached(int(self.images_shown), self.settings.growing, growth.levels)
                growth.reached.fill_(far)
            self.log("growing/level", self._growths[0].reached)
            self.images_shown += len(batch.real)
            yield batch

    # --- Making samples ----------------------------------------------------------------------------

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return samples [N, C, H, W].

        In training of mixed styles, with fresh noise and unbounded; otherwise truncated, with noise that
        stays the same, in [-1, 1].
        """
        if self.training:
            return self._synthesis(self._drawn_styles(latents, labels), "drawn")
        return self.from_styles(self.truncated(self.styles(latents, labels), self.settings.truncation))

    def styles(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the style of each latent, [N, latent_dim]."""
        return cast(Tensor, self._network.mapping(self.generator_given(latents, labels)))

    def truncated(self, styles: Tensor, truncation: float) -> Tensor:
        """Return styles moved towards the mean style: ψ = 1 leaves them, 0 gives the mean."""
        return styles if truncation == 1 else torch.lerp(self._network.mapping.mean, styles, truncation)

    def from_styles(self, styles: Tensor) -> Tensor:
        """Return images in [-1, 1] of styles [N, style], or of one for each layer [N, layers, style]."""
        return self._synthesis(styles, "fixed" if self.settings.noise else "none").clamp(-1, 1)

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        """Return samples, a grid of mixed styles, and rows of styles from the mean outwards."""
        assert fixed.latents is not None
        count = min(max(math.isqrt(len(fixed.latents)), 1), 8)
        chosen = fixed.latents[: 2 * count]
        labels = None if fixed.labels is None else fixed.labels[: 2 * count]
        styles = self.styles(chosen, labels)
        kept = self.truncated(styles, self.settings.truncation)
        samples = super().preview(fixed)
        assert isinstance(samples, Preview)
        layers = self._network.synthesis.count
        return {
            "samples": samples,
            "style mixing": mixing_grid(self.from_styles, kept, self.settings.boundary, layers),
            "truncation": truncation_rows(self.from_styles, self.truncated, styles[:count]),
        }

    # --- Details -----------------------------------------------------------------------------------

    @property
    def _network(self) -> StyleGenerator:
        return cast(StyleGenerator, self.own_generator)

    def _synthesis(self, styles: Tensor, noise: str) -> Tensor:
        return cast(Tensor, self._network.synthesis(styles, noise))

    def _drawn_styles(self, latents: Tensor, labels: Tensor | None) -> Tensor:
        """Return a style for each layer [N, layers, style]; the last layers now and then have another one."""
        styles, layers = self.styles(latents, labels), self._network.synthesis.count
        self._network.mapping.track(styles)
        whole = styles[:, None].expand(-1, layers, -1)
        if float(torch.rand(())) >= self.settings.mixing:
            return whole
        first = int(torch.randint(1, layers, ()))
        others = self.styles(self.draw_latents(len(latents)), labels)
        return torch.cat([whole[:, :first], others[:, None].expand(-1, layers - first, -1)], 1)

    def _levels(self, data: ImageSpec) -> tuple[int, list[int]]:
        """Return the smallest side, and the channels of each level from it to the full size."""
        side, widths = pyramid(data.height, 2 * self.settings.width)
        widths = [min(width, self.settings.most) for width in (self.settings.width, *widths)]
        return side, widths[::-1]
