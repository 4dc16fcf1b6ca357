"""The studio extractor's network, and how it is trained: on classes, or on telling images from each other.

It knows nothing of where images come from, or of what its features are for. All that is random is drawn
from a generator that is given, so nobody else's random numbers are touched.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

FEATURES = 64
"""Length of a feature vector."""
SIDE = 32
"""Images are looked at in this size, in pixels."""
_WIDTHS = (24, 48, 64)
_BATCH = 64
_RATE = 3e-3
_SHIFT = 2
"""Pixels by which an image is moved at most, to either side."""
_TEMPERATURE = 0.2

Tell = Callable[[float], None]
"""Called with the share of the training that is done."""


class StudioNetwork(nn.Module):
    """Three convolutions and a layer of features; ``outputs`` are classes, or a space to tell images in."""

    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__()
        convolutions: list[nn.Module] = []
        for before, after in pairwise((channels, *_WIDTHS)):
            convolutions += [_convolution(before, after), nn.ReLU()]
        self.convolutions = nn.Sequential(*convolutions)
        self.hidden = _linear(_WIDTHS[-1] * (SIDE // 8) ** 2, FEATURES)
        self.last = _linear(FEATURES, outputs)

    def maps(self, images: Tensor) -> list[Tensor]:
        """Return what follows from each convolution, for images in [-1, 1] of any size from 8 × 8."""
        found = []
        for layer in self.convolutions:
            images = layer(images)
            if isinstance(layer, nn.ReLU):
                found.append(images)
        return found

    def features(self, images: Tensor) -> Tensor:
        """Return features [N, 64] of images of 32 × 32 in [-1, 1]."""
        hidden: Tensor = functional.relu(self.hidden(self.convolutions(images).flatten(1)))
        return hidden

    def forward(self, images: Tensor) -> Tensor:
        """Return what follows from the features, [N, outputs]."""
        after: Tensor = self.last(self.features(images))
        return after


def empty(channels: int, outputs: int) -> StudioNetwork:
    """Return a network whose weights are yet to be filled in."""
    return StudioNetwork(channels, outputs).to(memory_format=torch.channels_last)


def made(channels: int, outputs: int, generator: torch.Generator) -> StudioNetwork:
    """Return a network with fresh weights: He et al., 2015, arXiv:1502.01852."""
    network = empty(channels, outputs)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.zero_()
            else:
                parameter.normal_(0.0, (2 / parameter[0].numel()) ** 0.5, generator=generator)
    return network


def sized(images: Tensor) -> Tensor:
    """Return images [N, C, H, W] in the size that the network looks at."""
    if images.shape[2:] == (SIDE, SIDE):
        return images
    if min(images.shape[2:]) > SIDE:
        return functional.interpolate(images, size=(SIDE, SIDE), mode="area")
    return functional.interpolate(images, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def learn_classes(
    network: StudioNetwork, images: Tensor, labels: Tensor, steps: int, generator: torch.Generator, tell: Tell
) -> None:
    """Train to tell the classes of images of 32 × 32 in [-1, 1], moved a little each time."""

    def loss(index: Tensor) -> Tensor:
        return functional.cross_entropy(network(_moved(images[index], generator)), labels[index])

    _train(network, len(images), loss, steps, generator, tell)


def learn_images(
    network: StudioNetwork, images: Tensor, steps: int, generator: torch.Generator, tell: Tell
) -> None:
    """Train to tell which two views are of one image (Chen et al., 2020, arXiv:2002.05709, equation 1)."""

    def loss(index: Tensor) -> Tensor:
        views = torch.cat([_view(images[index], generator), _view(images[index], generator)])
        points = functional.normalize(network(views), dim=1)
        likeness = points @ points.T / _TEMPERATURE
        likeness.fill_diagonal_(-torch.inf)
        count = len(index)
        return functional.cross_entropy(likeness, torch.arange(2 * count).roll(count))

    _train(network, len(images), loss, steps, generator, tell)


@torch.no_grad()
def accuracy(network: StudioNetwork, images: Tensor, labels: Tensor) -> float:
    """Return the share of images whose class is told."""
    return float((network(images).argmax(1) == labels).float().mean())


@torch.no_grad()
def found(network: StudioNetwork, images: Tensor, generator: torch.Generator) -> float:
    """Return the share of images for which another view of one is nearest to it, among the views of all."""
    one, other = (functional.normalize(network(_view(images, generator)), dim=1) for _ in range(2))
    return float(((one @ other.T).argmax(1) == torch.arange(len(images))).float().mean())


def _train(
    network: StudioNetwork,
    count: int,
    loss: Callable[[Tensor], Tensor],
    steps: int,
    generator: torch.Generator,
    tell: Tell,
) -> None:
    rule = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(rule, max_lr=_RATE, total_steps=steps, pct_start=0.2)
    with torch.enable_grad():
        for step in range(steps):
            index = torch.randint(count, (min(_BATCH, count),), generator=generator)
            rule.zero_grad()
            loss(index).backward()  # type: ignore[no-untyped-call]
            rule.step()
            schedule.step()
            if step % 20 == 0:
                tell(step / steps)


def _moved(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return images each moved by a few pixels, what comes in repeating the edge."""
    padded = functional.pad(images, [_SHIFT] * 4, mode="replicate")
    top, left = torch.randint(2 * _SHIFT + 1, (2, len(images), 1, 1), generator=generator)
    rows = (top + torch.arange(SIDE).view(1, SIDE, 1)).expand(-1, SIDE, SIDE)
    columns = (left + torch.arange(SIDE).view(1, 1, SIDE)).expand(-1, SIDE, SIDE)
    which = torch.arange(len(images)).view(-1, 1, 1)
    return padded.permute(0, 2, 3, 1)[which, rows, columns].permute(0, 3, 1, 2)


def _view(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return a view of each image: a part of it, a little turned, in other brightness, with some noise."""

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(len(images), generator=generator) * (high - low) + low

    angle, scale = uniform(-0.25, 0.25), uniform(0.75, 1.1)
    cos, sin = angle.cos() * scale, angle.sin() * scale
    x, y = uniform(-0.2, 0.2), uniform(-0.2, 0.2)
    turns = torch.stack([torch.stack([cos, -sin, x], 1), torch.stack([sin, cos, y], 1)], 1)
    grid = functional.affine_grid(turns, list(images.shape), align_corners=False)
    seen = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    contrast, light = uniform(0.6, 1.4).view(-1, 1, 1, 1), uniform(-0.3, 0.3).view(-1, 1, 1, 1)
    noise = torch.randn(seen.shape, generator=generator) * 0.05
    return seen * contrast + light + noise


def _convolution(before: int, after: int) -> nn.Conv2d:
    # Made without weights: drawing them would move the training's own source of randomness.
    return nn.Conv2d(before, after, 4, stride=2, padding=1, device="meta").to_empty(device="cpu")


def _linear(before: int, after: int) -> nn.Linear:
    return nn.Linear(before, after, device="meta").to_empty(device="cpu")
