"""The discriminator of StyleGAN2 (Karras et al., 2020, arXiv:1912.04958), up to its last linear layers.

It knows nothing of losses, labels or penalties.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from ganstudio_plugins.residual_layers import HalveSides
from ganstudio_plugins.stylegan_growing import Growth, halved
from ganstudio_plugins.stylegan_layers import GAIN, SLOPE, EqualConvolution, EqualLinear


def discriminator(
    channels: int,
    side: int,
    widths: Sequence[int],
    residual: bool = True,
    group: int = 4,
    growing: bool = False,
    equal: bool = True,
) -> nn.Sequential:
    """Return images [N, C, H, W] → logits [N, 1]; ``widths``: channels of each level, the smallest first.

    ``group``: samples compared by minibatch standard deviation; 0 compares none. ``equal``: equalised
    learning rate.
    """
    last = widths[0]
    compared: list[nn.Module] = [DeviationPlane(group)] if group else []
    return nn.Sequential(
        Levels(channels, widths, residual, growing, equal),
        *compared,
        EqualConvolution(last + len(compared), last, 3, GAIN, equal=equal),
        nn.LeakyReLU(SLOPE),
        nn.Flatten(),
        EqualLinear(last * side * side, last, GAIN, equal=equal),
        nn.LeakyReLU(SLOPE),
        EqualLinear(last, 1, equal=equal),
    )


class Levels(nn.Module):
    """Images [N, C, H, W] → features of the smallest side [N, widths[0], side, side], level by level.

    ``residual``: features are added to those of the level before. Otherwise each level is also shown the
    image at its own size.
    """

    def __init__(
        self, channels: int, widths: Sequence[int], residual: bool, growing: bool, equal: bool
    ) -> None:
        super().__init__()
        self.residual = residual
        self.growth = Growth(len(widths), growing)
        self.images = nn.ModuleList()
        self.blocks = nn.ModuleList()
        for level, width in enumerate(widths):
            seen = growing or not residual or level == len(widths) - 1
            self.images.append(_from_image(channels, width, equal) if seen else nn.Identity())
            if level:
                self.blocks.append(HalvingBlock(width, widths[level - 1], residual, equal))

    def forward(self, images: Tensor) -> Tensor:
        """Return the features; while the network grows, it looks at images of a smaller side."""
        now = self.growth.level()
        image = halved(images, self.growth.levels - 1 - now.top)
        x: Tensor = self.images[now.top](image)
        for level in range(now.top, 0, -1):
            x = self.blocks[level - 1](x)
            fading = level == now.top and now.share < 1
            if fading or not self.residual:
                image = halved(image)
                seen = cast(Tensor, self.images[level - 1](image))
                x = torch.lerp(seen, x, now.share) if fading else x + seen
        return x


class HalvingBlock(nn.Module):
    """Two convolutions, the second of which halves the sides; with a shortcut where it is residual."""

    def __init__(self, inputs: int, outputs: int, residual: bool, equal: bool) -> None:
        super().__init__()
        # The sum of two is brought back to the variance of one.
        share = 0.5**0.5 if residual else 1.0
        self.layers = nn.Sequential(
            EqualConvolution(inputs, inputs, 3, GAIN, equal=equal),
            nn.LeakyReLU(SLOPE, inplace=True),
            EqualConvolution(inputs, outputs, 3, GAIN * share, halve=True, equal=equal),
            nn.LeakyReLU(SLOPE, inplace=True),
        )
        self.shortcut = (
            nn.Sequential(
                HalveSides(inputs), EqualConvolution(inputs, outputs, 1, share, bias=False, equal=equal)
            )
            if residual
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return features of half the side."""
        y: Tensor = self.layers(x)
        return y if self.shortcut is None else y + self.shortcut(x)


class DeviationPlane(nn.Module):
    """Appends a plane with the mean standard deviation over a group of samples: [N, C + 1, H, W].

    Karras et al., 2018, arXiv:1710.10196, section 3: at every place and channel over the group, then the mean
    of all. Groups of ``group``, or of the largest smaller number that divides the batch.
    """

    mixes_samples = True

    def __init__(self, group: int) -> None:
        super().__init__()
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        """Return the features with the plane behind them."""
        count = len(x)
        size = next(size for size in range(min(self.group, count), 0, -1) if count % size == 0)
        groups = x.reshape(size, count // size, *x.shape[1:])
        # Written out, because torch's own variance over the first dimension is many times as slow.
        variance = (groups - groups.mean(0)).square().mean(0)
        deviation = (variance + 1e-8).sqrt().mean((1, 2, 3))
        planes = deviation.repeat(size)[:, None, None, None].expand(-1, 1, *x.shape[2:])
        return torch.cat([x, planes], 1)


def _from_image(channels: int, width: int, equal: bool) -> nn.Module:
    layer = EqualConvolution(channels, width, 1, GAIN, equal=equal)
    return nn.Sequential(layer, nn.LeakyReLU(SLOPE, inplace=True))
