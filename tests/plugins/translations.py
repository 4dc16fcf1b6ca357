"""What tests of translation share: small images of two kinds, and small networks."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from ganstudio.api import (
    Architecture,
    Augmentation,
    Batch,
    DataSpec,
    ImageSpec,
    LoadedData,
    PairedSpec,
    Regularizer,
    UnpairedSpec,
)
from ganstudio_plugins.losses import LeastSquares

GREY, COLOUR = ImageSpec(1, 32, 32), ImageSpec(3, 32, 32)
UNPAIRED, PAIRED = UnpairedSpec(GREY, GREY), PairedSpec(GREY, COLOUR)
SMALL = {"width": 4, "discriminator_width": 4}


def made(
    cls: Any,
    data: DataSpec,
    loss: Any = None,
    regularizers: Sequence[Regularizer] = (),
    augmentations: Sequence[Augmentation] = (),
    **settings: Any,
) -> Any:
    """Return a small architecture that is built, the same each time."""
    torch.manual_seed(0)
    architecture = cls(
        cls.Settings(**{**SMALL, **settings}), loss or LeastSquares(), regularizers, augmentations
    )
    architecture.recording = True
    architecture.build(data)
    return architecture


def random_images(spec: ImageSpec, count: int = 4, seed: int = 0) -> Tensor:
    """Return images in [-1, 1]."""
    return torch.rand(count, *spec.shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def batches(data: UnpairedSpec | PairedSpec, count: int = 4) -> Iterator[Batch]:
    first, second = data.parts
    seed = 0
    while True:
        seed += 2
        yield Batch(random_images(first, count, seed), other=random_images(second, count, seed + 1))


def loaded(data: UnpairedSpec | PairedSpec, counts: tuple[int, int] = (12, 12)) -> LoadedData:
    parts = [
        ((random_images(spec, count, 7 + index) + 1) * 127.5).to(torch.uint8)
        for index, (spec, count) in enumerate(zip(data.parts, counts, strict=True))
    ]
    return LoadedData(data, parts[0], other=parts[1])


def walk(architecture: Architecture, feed: Iterator[Batch], steps: int = 2) -> list[tuple[str, ...]]:
    """Take steps of plain gradient descent; return the names of the networks of each update."""
    names = {network: name for name, network in architecture.networks().items()}
    updated = []
    for architecture.step in range(steps):
        for update in architecture.training_step(feed):
            networks = update.networks if isinstance(update.networks, tuple) else (update.networks,)
            parameters = [p for network in networks for p in network.parameters() if p.requires_grad]
            gradients = torch.autograd.grad(update.loss, parameters, allow_unused=True)
            assert all(g is not None and bool(torch.isfinite(g).all()) for g in gradients)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    parameter -= 1e-3 * gradient
            updated.append(tuple(names[network] for network in networks))
    return updated
