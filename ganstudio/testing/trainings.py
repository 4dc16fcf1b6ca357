"""Trainings: short ones by the studio's own trainer, and what they end with. No run folder is written."""

import io
import math
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.api import Architecture, LoadedData
from ganstudio.testing import where
from ganstudio.testing.engine import Wrong
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.state import TrainingState, components, copied, load_network_tensors
from ganstudio.training.trainer import Trainer

STEPS, BATCH = 4, 4
_NEVER = 1_000_000


@dataclass(frozen=True)
class Trained:
    """A training at its end. ``rate``: steps a second, without the first."""

    architecture: Architecture
    state: TrainingState
    rate: float


def train(
    architecture: Architecture,
    data: LoadedData,
    until: int | None = None,
    start_from: TrainingState | None = None,
) -> Trained:
    """Train an unbuilt architecture for :data:`STEPS` steps with seed 0; ``until``: stop after so many."""
    settings = TrainingSettings(
        steps=STEPS,
        batch_size=BATCH,
        report_every=1,
        preview_every=_NEVER,
        preview_count=4,
        ema_decay=0.5,
        threads=torch.get_num_threads(),
    )
    trainer = Trainer(
        architecture,
        data,
        architecture.default_optimizers,
        settings,
        start_from=start_from,
        until=until,
    )
    for _event in trainer.run():
        pass
    seconds = trainer.clock.seconds()
    return Trained(architecture, trainer.state(), (trainer.step - 1) / seconds if seconds else math.inf)


def kept_and_read(state: TrainingState, cls: type[Architecture]) -> TrainingState:
    """Return a state as it is when it was written to a file and read again."""
    file = io.BytesIO()
    try:
        torch.save(dict(state.rest), file)
        file.seek(0)
        rest: dict[str, Any] = torch.load(file, weights_only=True)
    except Exception as error:
        own = state.rest.get("components", {}).get("architecture")
        raise Wrong(
            f"What checkpoint_state returns cannot be kept: {type(error).__name__}. It may hold numbers, "
            "text, "
            f"tensors, and lists and tables of these; it is {type(own).__name__}.",
            where.of_method(cls, "checkpoint_state"),
        ) from error
    return replace(state, rest=rest)


def put_in(architecture: Architecture, state: TrainingState) -> None:
    """Give a built architecture the weights of a state, and what its parts remember."""
    load_network_tensors(architecture.networks(), state.weights)
    own: Mapping[str, Any] = state.rest.get("components", {})
    for path, part in components(architecture).items():
        if path in own:
            part.load_checkpoint_state(copied(own[path]))


def first_difference(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> str:
    """Return the name of the first tensor that differs, or nothing."""
    for name, tensor in one.items():
        if name not in other or not torch.equal(tensor.nan_to_num(), other[name].nan_to_num()):
            return name
    return ""


def is_finite(value: float) -> bool:
    """Say whether a number is finite."""
    return math.isfinite(value)


@contextmanager
def surroundings_kept() -> Iterator[None]:
    """Put all randomness, and the handling of denormal numbers, back to what they were."""
    python, numbers, drawn = random.getstate(), np.random.get_state(), torch.get_rng_state()
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numbers)
        torch.set_rng_state(drawn)
        torch.set_num_threads(threads)
