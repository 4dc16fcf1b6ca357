"""The generator of StyleGAN2: from latents to styles, from styles to images.

Karras et al., 2019, arXiv:1812.04948, and 2020, arXiv:1912.04958. It knows nothing of training, of truncation
or of how styles are mixed: it is handed a style for each layer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio_plugins.residual_layers import DoubleSides
from ganstudio_plugins.stylegan_growing import Growth, doubled
from ganstudio_plugins.stylegan_layers import (
    GAIN,
    SLOPE,
    EqualConvolution,
    EqualLinear,
    ModulatedConvolution,
    ModulatedSum,
    normalised,
)

MAPPING_RATE = 0.01
"""The mapping network learns at this share of the generator's rate, as in the papers."""
FORGETTING = 0.005
"""Share by which the mean style moves towards that of each batch."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the generator. ``widths``: channels of each level, the smallest side first."""

    latent: int
    code: int
    style: int
    mapping_layers: int
    side: int
    widths: Sequence[int]
    channels: int
    residual: bool
    growing: bool


class StyleGenerator(nn.Module):
    """Latents, with the code of a label behind them, → images [N, C, H, W]."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.mapping = Mapping(shape)
        self.synthesis = Synthesis(shape)

    def forward(self, given: Tensor) -> Tensor:
        """Return images of one style each, without truncation, with the noise that stays the same."""
        return cast(Tensor, self.synthesis(self.mapping(given)))


class Mapping(nn.Module):
    """Latents [N, latent + code] → styles [N, style], and the mean of those seen in training."""

    mean: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.latent = shape.latent
        self.code = EqualLinear(shape.code, shape.style) if shape.code else None
        before = shape.latent + (shape.style if shape.code else 0)
        layers: list[nn.Module] = []
        for _layer in range(shape.mapping_layers):
            layers += [EqualLinear(before, shape.style, GAIN, MAPPING_RATE), nn.LeakyReLU(SLOPE)]
            before = shape.style
        self.layers = nn.Sequential(*layers)
        self.register_buffer("mean", torch.zeros(shape.style))

    def forward(self, given: Tensor) -> Tensor:
        """Return the style of each row."""
        x = normalised(given[:, : self.latent])
        if self.code is not None:
            x = torch.cat([x, normalised(self.code(given[:, self.latent :]))], 1)
        return cast(Tensor, self.layers(x))

    @torch.no_grad()
    def track(self, styles: Tensor) -> None:
        """Move the mean style towards that of ``styles`` [N, style]."""
        self.mean.lerp_(styles.detach().float().mean(0), FORGETTING)


class Layer(nn.Module):
    """A modulated 3 × 3 convolution, noise, a bias and a leaky ReLU; ``double``: twice the sides first."""

    noise: Tensor

    def __init__(self, inputs: int, outputs: int, side: int, style: int, double: bool = False) -> None:
        super().__init__()
        self.convolution = ModulatedConvolution(inputs, outputs, style, double)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise", torch.randn(1, 1, side, side))

    def forward(self, x: Tensor, style: Tensor, noise: str) -> Tensor:
        """Return features; ``noise`` is ``fixed``, ``drawn`` or ``none``."""
        x, factor = self.convolution(x, style)
        shift = (self.bias * GAIN)[:, None, None]
        if noise != "none":
            drawn = self.noise if noise == "fixed" else torch.randn_like(x[:, :1])
            shift = torch.addcmul(shift, drawn, self.strength * GAIN)
        return functional.leaky_relu_(torch.addcmul(shift, x, factor * GAIN), SLOPE)


class Synthesis(nn.Module):
    """Styles → images. Each level has two layers, the smallest one, and an image of its own.

    Level 0 uses the styles 0 and 1, level k those from 2k − 1 to 2k + 1: the image of a level shares a style
    with the first layer of the next. ``residual``: features are added to those of the level before, and the
    last level alone makes an image. Otherwise the images of all levels add up.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        widths, style = list(shape.widths), shape.style
        self.residual = shape.residual
        self.count = 2 * len(widths)
        self.growth = Growth(len(widths), shape.growing)
        self.constant = nn.Parameter(torch.randn(1, widths[0], shape.side, shape.side))
        self.first = nn.ModuleList()
        self.second = nn.ModuleList([Layer(widths[0], widths[0], shape.side, style)])
        self.skips = nn.ModuleList()
        self.images = nn.ModuleList()
        for level, width in enumerate(widths):
            if level:
                before, side = widths[level - 1], shape.side << level
                self.first.append(Layer(before, width, side, style, double=True))
                self.second.append(Layer(width, width, side, style))
                if shape.residual:
                    skip = EqualConvolution(before, width, 1, bias=False)
                    self.skips.append(nn.Sequential(skip, DoubleSides(width)))
            wanted = not shape.residual or shape.growing or level == len(widths) - 1
            self.images.append(ModulatedSum(width, shape.channels, style) if wanted else nn.Identity())
        self.enlarge = DoubleSides(shape.channels)

    def forward(self, styles: Tensor, noise: str = "fixed") -> Tensor:
        """Return images; ``styles`` [N, style] for all layers alike, or [N, count, style] one for each.

        While the network grows, images of a smaller side come at the full size, every pixel repeated.
        """
        if styles.ndim == 2:
            styles = styles[:, None].expand(-1, self.count, -1)
        now = self.growth.level()
        of_layer = styles.unbind(1)
        x = self.constant.expand(len(styles), -1, -1, -1)
        x = self.second[0](x, of_layer[0], noise)
        image: Tensor | None = None if self._alone(0, now.top) else self.images[0](x, of_layer[1])
        for level in range(1, now.top + 1):
            x = self._risen(x, level, of_layer, noise)
            if self._alone(level, now.top):
                continue
            new = self.images[level](x, of_layer[2 * level + 1])
            image = self._joined(image, new, now.share if level == now.top else 1.0)
        assert image is not None, "the topmost level makes an image"
        return doubled(image, self.growth.levels - 1 - now.top)

    def _risen(self, x: Tensor, level: int, styles: Sequence[Tensor], noise: str) -> Tensor:
        """Return the features of a level, made from those of the one before."""
        y = self.first[level - 1](x, styles[2 * level - 1], noise)
        y = self.second[level](y, styles[2 * level], noise)
        if self.residual:
            y = (y + self.skips[level - 1](x)) * 0.5**0.5
        return cast(Tensor, y)

    def _alone(self, level: int, top: int) -> bool:
        """Say whether the features of a level become no image: of residual levels the topmost alone do.

        While that is faded in, so does the one before it.
        """
        return self.residual and level < top - (1 if self.growth.growing else 0)

    def _joined(self, image: Tensor | None, new: Tensor, share: float) -> Tensor:
        """Return the image of the levels before with that of a further one, by ``share`` of it."""
        if image is None:
            return new
        before = cast(Tensor, self.enlarge(image))
        if self.residual:
            return torch.lerp(before, new, share)
        return before + (new if share == 1 else share * new)
