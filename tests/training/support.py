"""Small real trainings: points on a ring, random images, and two networks of a few neurons."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ganstudio.api import (
    GAN,
    AdversarialLoss,
    Architecture,
    Batch,
    DataSpec,
    ImageSpec,
    LoadedData,
    PointSpec,
    Regularizer,
    Update,
)
from ganstudio.api.events import Event
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.point_data import Ring
from ganstudio_plugins.point_gans import PointGAN

E = TypeVar("E", bound=Event)


def ring(count: int = 1000) -> LoadedData:
    return Ring(Ring.Settings(count=count)).load(lambda what, share: None)


def images(count: int = 40, side: int = 8, channels: int = 1) -> LoadedData:
    generator = torch.Generator().manual_seed(1)
    values = torch.randint(0, 256, (count, channels, side, side), generator=generator, dtype=torch.uint8)
    return LoadedData(ImageSpec(channels, side, side), values)


def gan(
    cls: type[GAN] = PointGAN,
    loss: AdversarialLoss | None = None,
    regularizers: Sequence[Regularizer] = (),
    **settings: Any,
) -> GAN:
    return cls(cls.Settings(**{"width": 16, **settings}), loss or NonSaturating(), regularizers)


def trainer_of(
    architecture: Architecture, data: LoadedData | None = None, *, controls: Any = None, **training: Any
) -> Trainer:
    settings = TrainingSettings(**{"steps": 6, "batch_size": 32, "preview_count": 4, **training})
    optimizers = type(architecture).default_optimizers
    return Trainer(architecture, data or ring(), optimizers, settings, controls=controls)


def trained(architecture: Architecture, data: LoadedData | None = None, **training: Any) -> Trainer:
    trainer = trainer_of(architecture, data, **training)
    for _event in trainer.run():
        pass
    return trainer


def run(trainer: Trainer) -> list[Event]:
    return list(trainer.run())


def only(events: Sequence[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def copies(network: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in network.parameters()]


def same(first: Sequence[Tensor], second: Sequence[Tensor]) -> bool:
    return len(first) == len(second) and all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


class Numbers(Architecture):
    """One weight for each of its networks, and a loss of any value a test wants."""

    accepts = (PointSpec,)

    def build(self, data: DataSpec) -> None:
        self.first = nn.Linear(1, 1, bias=False)
        self.second = nn.Linear(1, 1, bias=False)

    def zero(self, network: nn.Module) -> Tensor:
        """A loss of 0 that depends on the network's weights."""
        return 0 * next(network.parameters()).sum()

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        next(batches)
        yield Update(self.first, self.zero(self.first) + self.step)

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        return torch.rand(count, 1, generator=generator)

    def generate(self, latents: Tensor) -> Tensor:
        return self.first(latents).expand(-1, 2)
