"""Toy runs: what happens in small real trainings, one of each kind of data, to tell a health rule of.

They are made once in a process. They know nothing of rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import BaseModel
from torch import Tensor, nn

from ganstudio.api import GAN, Architecture, DataSpec, ImageSpec, LoadedData, PointSpec, RunFacts
from ganstudio.api.events import CheckpointReady, Event, PreviewReady
from ganstudio.experiment import flattened
from ganstudio.health_facts import live_paths
from ganstudio.testing.stand_ins import UsualLoss
from ganstudio.testing.toys import CLASSES, specs, toy_data
from ganstudio.testing.trainings import surroundings_kept
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer

_SCORES = {
    "images": ("diversity", "repeats", "coverage", "nyquist", "clipped", "nearest"),
    "points": ("modes", "high_quality", "reverse_kl"),
}


@dataclass(frozen=True)
class ToyRun:
    """A small run: what a rule is told of it beforehand, and what happened in it."""

    name: str
    facts: RunFacts
    events: list[Event]


class _ToyGAN(GAN):
    """A GAN of one linear layer each."""

    title = "Toy GAN"
    accepts = (ImageSpec, PointSpec)

    def build_generator(self, data: DataSpec) -> nn.Module:
        return nn.Sequential(nn.Linear(self.generator_inputs, _numbers(data)), _Shaped(data))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(_numbers(data), 8), nn.ReLU(), nn.Linear(8, 1))


class _Shaped(nn.Module):
    def __init__(self, data: DataSpec) -> None:
        super().__init__()
        self._shape = data.shape if isinstance(data, ImageSpec) else (_numbers(data),)

    def forward(self, values: Tensor) -> Tensor:
        return values.view(-1, *self._shape).tanh()


@cache
def toy_runs() -> list[ToyRun]:
    """Return a run on points and one on images."""
    return [_run("a GAN on points", PointSpec, "points"), _run("a GAN on images", ImageSpec, "images")]


def _run(name: str, kind: type[DataSpec], scores: str) -> ToyRun:
    data = toy_data(specs((kind,))[0])
    settings = TrainingSettings(
        steps=60,
        batch_size=8,
        report_every=2,
        preview_every=10,
        preview_count=8,
        ema_decay=0.5,
        checkpoint_minutes=0.0,
    )
    gan = _ToyGAN(GAN.Settings(latent_dim=4), UsualLoss())
    observer = _Falling(_SCORES[scores], "score/vitals/" if scores == "images" else "score/")
    with surroundings_kept():
        trainer = Trainer(gan, data, gan.default_optimizers, settings, observers=[observer])
        events = [e for e in trainer.run() if not isinstance(e, PreviewReady | CheckpointReady)]
    return ToyRun(name, _facts(gan, data, settings), events)


class _Falling:
    """Scores that fall from one look to the next, so that a rule may have something to find."""

    def __init__(self, names: tuple[str, ...], prefix: str) -> None:
        self._names = [prefix + name for name in names]
        self._looks = 0

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        """Return the figures of this look."""
        self._looks += 1
        return dict.fromkeys(self._names, 1.0 / self._looks)


def _facts(gan: GAN, data: LoadedData, settings: TrainingSettings) -> RunFacts:
    owners: dict[str, BaseModel] = {"architecture": gan.settings, "loss": gan.loss.settings}
    owners |= {f"optimizers.{name}": each for name, each in gan.default_optimizers.items()}
    owners["training"] = settings
    tables: dict[str, Any] = {path: owner.model_dump(mode="json") for path, owner in owners.items()}
    return RunFacts(
        architecture="ToyGAN",
        data=data.spec,
        adversarial=True,
        classes=0,
        total_steps=settings.steps,
        settings=flattened(tables),
        live=frozenset(live_paths(owners)),
        offered=frozenset({"R1", "R2", "GradientPenalty", "DiffAugment", "ADA"}),
        count=len(data),
        class_counts=tuple(len(data) // len(CLASSES) for _name in getattr(data.spec, "classes", ())),
    )


def _numbers(data: DataSpec) -> int:
    if isinstance(data, ImageSpec):
        channels, height, width = data.shape
        return channels * height * width
    return cast(PointSpec, data).dimensions
