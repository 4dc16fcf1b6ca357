"""Small GANs for tests of the step: points or 8 × 8 images of a few classes, and batches without end."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.api import GAN, AdversarialLoss, Augmentation, Batch, ImageSpec, PointSpec, Regularizer, Update
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN

CLASSES = ("black", "white", "grey")
IMAGES = ImageSpec(1, 8, 8, CLASSES)
POINTS = PointSpec(2, classes=CLASSES)


def points_gan(
    cls: type[GAN] = PointGAN,
    loss: AdversarialLoss | None = None,
    regularizers: Sequence[Regularizer] = (),
    data: PointSpec = POINTS,
    **settings: Any,
) -> Any:
    """Return a built GAN for points, the same for the same settings."""
    torch.manual_seed(0)
    gan = cls(cls.Settings(**{"width": 8, "layers": 1, **settings}), loss or NonSaturating(), regularizers)
    gan.build(data)
    return gan


def images_gan(
    cls: type[GAN] = MLPGAN,
    loss: AdversarialLoss | None = None,
    regularizers: Sequence[Regularizer] = (),
    augmentations: Sequence[Augmentation] = (),
    data: ImageSpec = IMAGES,
    **settings: Any,
) -> Any:
    """Return a built GAN for 8 × 8 images."""
    torch.manual_seed(0)
    chosen = cls.Settings(**{"width": 8, "latent_dim": 4, **settings})
    gan = cls(chosen, loss or NonSaturating(), regularizers, augmentations)
    gan.build(data)
    return gan


def batches(count: int = 6, shape: Sequence[int] = (2,)) -> Iterator[Batch]:
    """Give batches without end; no two are alike."""
    generator = torch.Generator().manual_seed(1)
    while True:
        real = torch.rand(count, *shape, generator=generator) * 2 - 1
        yield Batch(real, torch.randint(len(CLASSES), (count,), generator=generator))


def batch(count: int = 6, shape: Sequence[int] = (2,)) -> Batch:
    return next(batches(count, shape))


def fakes(count: int = 6, shape: Sequence[int] = (2,)) -> Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(2)) * 2 - 1


def descend(update: Update, rate: float = 0.05) -> None:
    """Move the weights of an update by plain gradient descent."""
    assert isinstance(update.networks, nn.Module)
    parameters = list(update.networks.parameters())
    gradients = torch.autograd.grad(update.loss, parameters, allow_unused=True)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            if gradient is not None:
                parameter -= rate * gradient


def slopes(loss: Tensor, network: nn.Module) -> list[Tensor]:
    """Return the gradient of ``loss`` by each of the network's weights, zero where it has none."""
    return list(torch.autograd.grad(loss, list(network.parameters()), materialize_grads=True))


def weights(network: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in network.parameters()]
