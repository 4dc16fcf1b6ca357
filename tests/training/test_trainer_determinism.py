"""The same seed gives the same weights, bit for bit, however one looks on."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import DataSpec, Fixed, Preview
from ganstudio.api.events import StepRecord
from ganstudio.training.controls import Controls, Pause, PreviewNow, Resume
from ganstudio.training.state import TrainingState
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.losses import RelativisticPairing
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty
from tests.training.support import gan, images, trained, trainer_of


def identical(first: TrainingState, second: TrainingState) -> bool:
    pairs = [(first.weights, second.weights), (first.averages, second.averages)]
    return all(a.keys() == b.keys() and all(torch.equal(a[n], b[n]) for n in a) for a, b in pairs)


def final_state(**training: Any) -> TrainingState:
    regularizers = [R1(), R2(), GradientPenalty()]
    return trained(gan(loss=RelativisticPairing(), regularizers=regularizers), **training).state()


def test_the_same_seed_gives_the_same_weights() -> None:
    assert identical(final_state(seed=3), final_state(seed=3))


def test_another_seed_gives_others() -> None:
    assert not identical(final_state(seed=3), final_state(seed=4))


def test_convolutions_give_the_same_weights() -> None:
    states = [
        trained(gan(ConvGAN, width=4, spectral_norm=True), images(side=28), steps=3, batch_size=8).state()
        for _ in range(2)
    ]
    assert identical(*states)


@pytest.mark.parametrize(
    "training",
    [{"preview_every": 1}, {"preview_count": 9}, {"report_every": 1}],
    ids=["more previews", "larger previews", "more reports"],
)
def test_looking_closer_changes_nothing(training: dict[str, int]) -> None:
    assert identical(final_state(steps=8), final_state(steps=8, **training))


class Noisy(PointGAN):
    """Draws fresh randomness from every source in each forward, previews included."""

    def build_generator(self, data: DataSpec) -> nn.Module:
        return nn.Sequential(super().build_generator(data), Noise(), nn.Dropout(0.1))

    def preview(self, fixed: Fixed) -> Preview:
        np.random.rand(3)
        return super().preview(fixed)


class Noise(nn.Module):
    def forward(self, points: Tensor) -> Tensor:
        return points + 0.01 * torch.randn_like(points) * float(np.random.rand())


def noisy_state(*, asking: bool, **training: Any) -> TrainingState:
    controls = Controls()
    trainer = trainer_of(gan(Noisy), controls=controls, steps=8, report_every=1, **training)
    trainer._observers = [lambda architecture: {"score/any": float(torch.rand(1))}]
    for event in trainer.run():
        if asking and isinstance(event, StepRecord):
            for command in (PreviewNow(), Pause(), PreviewNow(), Resume()):
                controls.post(command)
    return trainer.state()


def test_previews_and_scores_that_draw_randomness_change_nothing() -> None:
    assert identical(noisy_state(asking=False), noisy_state(asking=True, preview_every=3))


def test_a_thread_of_its_own_gives_the_same_weights() -> None:
    states: list[TrainingState] = []
    thread = threading.Thread(target=lambda: states.append(final_state()))
    thread.start()
    thread.join(60)
    assert identical(states[0], final_state())


def test_a_state_is_a_copy_that_later_steps_do_not_touch() -> None:
    trainer = trainer_of(gan(), steps=6)
    states: Iterator[TrainingState] = (trainer.state() for _event in trainer.run() if trainer.step == 1)
    first = next(states)
    before = {name: tensor.clone() for name, tensor in first.weights.items()}
    moments = [m.clone() for m in tensors_of(first.rest)]
    for _ in states:
        pass
    assert trainer.step == 6
    assert all(torch.equal(first.weights[name], before[name]) for name in before)
    assert all(torch.equal(a, b) for a, b in zip(tensors_of(first.rest), moments, strict=True))
    assert not identical(first, trainer.state())


def tensors_of(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [tensor for part in parts for tensor in tensors_of(part)]
