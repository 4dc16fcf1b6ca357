"""Trainings that end badly: what is said, and what is kept."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.api import Batch, LoadedData, Optimizer, StudioError, Update
from ganstudio.api.events import CheckpointReady, Event, Finished
from ganstudio.training import keeping
from ganstudio.training.meter import NotFiniteError
from ganstudio.training.parts import Parts
from ganstudio.training.state import TrainingState
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.losses import Wasserstein
from ganstudio_plugins.point_gans import PointGAN
from tests.training.support import Numbers, gan, only, ring, trainer_of


def run_to_failure(trainer: Trainer) -> tuple[list[Event], StudioError]:
    events: list[Event] = []
    with pytest.raises(NotFiniteError) as caught:
        events.extend(trainer.run())
    return events, caught.value


def diverging(**training: Any) -> Trainer:
    """Wasserstein without a limit, at a learning rate of 1: infinite within some dozen steps."""
    trainer = trainer_of(gan(loss=Wasserstein()), **{"steps": 500, "report_every": 1, **training})
    trainer._optimizer_settings = {"discriminator": Optimizer(kind="SGD", learning_rate=1.0, beta1=0.99)}
    return trainer


def test_a_loss_that_diverges_names_update_step_and_layer() -> None:
    trainer = diverging()
    _events, error = run_to_failure(trainer)
    said = str(error)
    assert said.startswith("The loss of the ")
    assert f"is not a finite number at step {trainer.step + 1};" in said
    assert re.search(r"the first layer whose (weights|output) (are|is) not finite is \w+\.\d", said)
    assert "lower learning rate" in said


def test_the_last_good_state_comes_first_and_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
    trainer = diverging()
    events, _error = run_to_failure(trainer)
    kept = events[-1]
    assert isinstance(kept, CheckpointReady)
    assert kept.reason == "last good state"
    assert 1 <= kept.state.step <= trainer.step
    assert kept.step == kept.state.step
    assert all(torch.isfinite(t).all() for t in {**kept.state.weights, **kept.state.averages}.values())
    assert only(events, Finished) == []


def test_good_states_are_copied_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    state = Parts.state

    def counted(self: Parts, step: int, *rest: Any) -> TrainingState:
        taken.append(step)
        return state(self, step, *rest)

    monkeypatch.setattr(Parts, "state", counted)
    trainer = trainer_of(gan(), steps=30, report_every=1)
    list(trainer.run())
    assert taken == [1, 30]


def nan_points() -> LoadedData:
    data = ring()
    data.values[:] = float("nan")
    return data


def test_data_that_is_not_finite_is_found_at_the_first_layer_and_keeps_nothing() -> None:
    trainer = trainer_of(gan(), nan_points())
    events, error = run_to_failure(trainer)
    assert str(error).startswith("The loss of the discriminator update is not a finite number at step 1;")
    assert "the first layer whose output is not finite is discriminator.0." in str(error)
    assert only(events, CheckpointReady) == []


def test_weights_that_are_not_finite_are_named_before_outputs() -> None:
    class Poisoned(PointGAN):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            if self.step == 2:
                with torch.no_grad():
                    self.generator[2].weight[0, 0] = float("inf")
            yield from super().training_step(batches)

    _events, error = run_to_failure(trainer_of(gan(Poisoned)))
    assert "at step 3; the first layer whose weights are not finite is generator.2." in str(error)


def test_weights_that_are_not_finite_are_found_at_the_report_though_no_loss_shows_it() -> None:
    class Bursting(Numbers):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            if self.step == 3:
                self.second.weight.data.fill_(float("inf"))
            yield Update(self.first, self.zero(self.first))

    _events, error = run_to_failure(trainer_of(Bursting(), steps=20, report_every=5))
    assert "The weights of the second are not finite numbers at step 5" in str(error)
    assert "the first layer whose weights are not finite is second" in str(error)


def test_a_loss_that_is_not_finite_by_itself_says_so() -> None:
    class Divides(Numbers):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            yield Update(self.first, self.zero(self.first) / (self.step - 3))

    _events, error = run_to_failure(trainer_of(Divides()))
    assert "first update is not a finite number at step 4" in str(error)
    assert "so the loss itself is not" in str(error)


def test_a_loss_that_was_only_logged_is_found_at_the_report() -> None:
    class Logging(Numbers):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            self.log("loss/extra", torch.tensor(float("inf")))
            yield Update(self.first, self.zero(self.first))

    _events, error = run_to_failure(trainer_of(Logging(), report_every=4))
    assert str(error).startswith("The loss of the extra update is not a finite number at step 4;")


def test_the_diagnosis_is_made_where_the_data_was() -> None:
    """One bad sample among many: the layer is found by walking that very step again."""
    data = ring()
    data.values[17] = float("inf")
    trainer = trainer_of(gan(), data, steps=100, batch_size=100, report_every=1)
    _events, error = run_to_failure(trainer)
    assert "the first layer whose output is not finite is discriminator.0." in str(error)


def test_a_step_that_fails_while_it_is_diagnosed_still_reads_as_a_loss_that_is_not_finite() -> None:
    class Touchy(Numbers):
        failed = False

        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            if self.failed:
                raise ValueError("not again")
            self.failed = True
            yield Update(self.first, self.zero(self.first) + float("nan"))

    _events, error = run_to_failure(trainer_of(Touchy()))
    assert "first update is not a finite number at step 1" in str(error)


def test_what_the_architecture_raises_passes_after_the_last_good_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)

    class Raising(Numbers):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            if self.step == 4:
                raise ZeroDivisionError("mine")
            yield Update(self.first, self.zero(self.first))

    trainer = trainer_of(Raising(), report_every=1)
    events: list[Event] = []
    with pytest.raises(ZeroDivisionError, match="mine"):
        events.extend(trainer.run())
    assert [(type(e), e.step) for e in events[-1:]] == [(CheckpointReady, 4)]


def test_the_last_good_state_is_a_copy_that_later_steps_do_not_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
    trainer = trainer_of(gan(), steps=4, report_every=1)
    kept: list[tuple[Any, dict[str, Tensor]]] = []
    for _event in trainer.run():
        if trainer.keeping.good is not None and trainer.step == 2 and not kept:
            weights = {name: t.clone() for name, t in trainer.keeping.good.weights.items()}
            kept.append((trainer.keeping.good, weights))
    state, before = kept[0]
    assert all(torch.equal(state.weights[name], before[name]) for name in before)
    assert any(not torch.equal(trainer.state().weights[name], before[name]) for name in before)
