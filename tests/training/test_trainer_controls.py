"""Steering a training: by commands posted before a step, and from another thread while it runs."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ganstudio.api.events import (
    CheckpointReady,
    Event,
    Finished,
    Paused,
    PreviewReady,
    Resumed,
    SettingChanged,
    SettingRefused,
    StepRecord,
)
from ganstudio.training.controls import (
    Command,
    Controls,
    Edit,
    Pause,
    PreviewNow,
    Resume,
    StepOnce,
    Stop,
)
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.regularizers import R1
from tests.training.support import gan, only, run, trainer_of


def steered(*commands: Command, at: int = 2, **training: Any) -> tuple[Trainer, list[Event]]:
    """Run a training that finds these commands in its mailbox after step ``at``."""
    controls = Controls()
    trainer = trainer_of(gan(regularizers=[R1()]), controls=controls, report_every=1, **training)
    events = []
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and event.step == at:
            for command in commands:
                controls.post(command)
    return trainer, events


def kinds(events: list[Event], *wanted: type[Event]) -> list[tuple[type[Event], int]]:
    return [(type(event), event.step) for event in events if isinstance(event, wanted)]


class TestStop:
    def test_ends_before_the_next_step_with_a_checkpoint_and_a_preview(self) -> None:
        trainer, events = steered(Stop(), steps=100)
        assert trainer.step == 2
        assert [type(event) for event in events[-3:]] == [PreviewReady, CheckpointReady, Finished]
        assert only(events, CheckpointReady)[0].state.step == 2
        assert only(events, CheckpointReady)[0].reason == "end"
        assert only(events, Finished)[0].reason == "stopped"

    def test_without_saving_keeps_nothing(self) -> None:
        _trainer, events = steered(Stop(save=False), steps=100)
        assert only(events, CheckpointReady) == []
        assert only(events, Finished)[0].reason == "aborted"
        assert [p for p in only(events, PreviewReady) if p.kept] == []

    def test_asked_for_before_the_beginning_ends_after_the_first_step(self) -> None:
        controls = Controls()
        controls.post(Stop())
        events = run(trainer_of(gan(), controls=controls, steps=100))
        assert only(events, Finished) == [Finished(1, "stopped", only(events, Finished)[0].seconds)]

    def test_works_while_paused(self) -> None:
        _trainer, events = steered(Pause(), Stop(), steps=100)
        assert kinds(events, Paused, Finished) == [(Paused, 2), (Finished, 2)]

    def test_by_closing_the_iterator_leaves_no_gradient_step_half_done(self) -> None:
        trainer = trainer_of(gan(), steps=100)
        events = trainer.run()
        for event in events:
            if event.step == 1:
                break
        events.close()
        assert trainer.step == 1


class TestPause:
    def test_holds_until_resumed(self) -> None:
        trainer, events = steered(Pause(), Resume(), steps=4)
        assert kinds(events, Paused, Resumed, Finished) == [(Paused, 2), (Resumed, 2), (Finished, 4)]
        assert trainer.step == 4

    def test_twice_is_once(self) -> None:
        _trainer, events = steered(Pause(), Pause(), Resume(), steps=3)
        assert kinds(events, Paused, Resumed) == [(Paused, 2), (Resumed, 2)]

    def test_resuming_and_stepping_without_a_pause_do_nothing(self) -> None:
        trainer, events = steered(Resume(), StepOnce(), steps=3)
        assert kinds(events, Paused, Resumed) == []
        assert trainer.step == 3

    def test_blocks_the_thread_and_stops_the_clock(self) -> None:
        controls = Controls()
        trainer = trainer_of(gan(), controls=controls, steps=3, report_every=1)
        seen: list[Event] = []
        held = threading.Event()

        def train() -> None:
            for event in trainer.run():
                seen.append(event)
                if isinstance(event, Paused):
                    held.set()

        controls.post(Pause())
        thread = threading.Thread(target=train)
        thread.start()
        try:
            assert held.wait(30)
            before = trainer.clock.seconds()
            thread.join(0.05)
            assert thread.is_alive()
            assert trainer.step == 1
            assert trainer.clock.seconds() == before
        finally:
            controls.post(Resume())
            thread.join(30)
        assert isinstance(seen[-1], Finished)


class TestStepOnce:
    def test_makes_one_reported_step_and_holds_again(self) -> None:
        trainer, events = steered(Pause(), StepOnce(), StepOnce(), Stop(), steps=100)
        assert trainer.step == 4
        records = [r for r in only(events, StepRecord) if r.step > 2]
        assert [r.step for r in records] == [3, 4]
        assert all("logits/real" in r.values and "grad_norm/generator" in r.values for r in records)

    def test_reports_in_full_between_two_regular_reports(self) -> None:
        controls = Controls()
        for command in (Pause(), StepOnce(), Stop()):
            controls.post(command)
        events = run(trainer_of(gan(), controls=controls, steps=100, report_every=10))
        assert [(r.step, "logits/fake" in r.values) for r in only(events, StepRecord)] == [(2, True)]

    def test_keeps_the_previews_that_are_due(self) -> None:
        _trainer, events = steered(Pause(), StepOnce(), StepOnce(), Stop(), steps=100, preview_every=4)
        assert [(p.step, p.kept) for p in only(events, PreviewReady) if p.step > 2] == [
            (3, False),
            (4, True),
        ]

    def test_of_the_last_step_ends_the_training(self) -> None:
        trainer, events = steered(Pause(), StepOnce(), StepOnce(), steps=3)
        assert trainer.step == 3
        assert only(events, Finished)[0].reason == "done"


class TestPreviewNow:
    def test_shows_the_weights_as_they_are_and_is_not_kept(self) -> None:
        _trainer, events = steered(PreviewNow(), PreviewNow(), steps=3)
        asked = [p for p in only(events, PreviewReady) if p.step == 2]
        assert [(p.kept, p.source) for p in asked] == [(False, "fixed")] * 2
        assert (asked[0].array == asked[1].array).all()
        assert asked[0].seconds > 0

    def test_works_while_paused(self) -> None:
        _trainer, events = steered(Pause(), PreviewNow(), Resume(), steps=3)
        assert kinds(events, Paused, Resumed) == [(Paused, 2), (Resumed, 2)]
        assert len([p for p in only(events, PreviewReady) if p.step == 2]) == 1


def values_in_force(trainer: Trainer) -> Iterator[tuple[str, Any]]:
    yield "optimizers.generator.learning_rate", trainer.optimizers["generator"].settings.learning_rate
    yield "regularizers.R1.gamma", trainer.architecture.regularizers[0].settings.gamma
    yield "architecture.n_critic", trainer.architecture.settings.n_critic
    yield "training.ema_decay", trainer.settings.ema_decay


class TestEdit:
    @pytest.mark.parametrize(
        ("path", "before", "value"),
        [
            ("optimizers.generator.learning_rate", 1e-3, 5e-4),
            ("regularizers.R1.gamma", 1.0, 3.0),
            ("architecture.n_critic", 1, 2),
            ("training.ema_decay", 0.999, 0.5),
        ],
    )
    def test_acts_at_the_next_step_and_says_what_held_before(self, path: str, before, value) -> None:
        trainer, events = steered(Edit(path, value), steps=3)
        assert only(events, SettingChanged) == [SettingChanged(2, path, value, before)]
        assert dict(values_in_force(trainer))[path] == value

    def test_of_a_learning_rate_reaches_the_optimizer_under_its_schedule(self) -> None:
        trainer, _events = steered(
            Edit("optimizers.generator.learning_rate", 1e-2), steps=4, schedule="linear"
        )
        assert trainer.optimizers["generator"].rule.param_groups[0]["lr"] == pytest.approx(1e-2 / 4)
        assert trainer.optimizers["discriminator"].rule.param_groups[0]["lr"] == pytest.approx(1e-3 / 4)

    def test_changes_what_is_trained(self) -> None:
        first, _events = steered(steps=4)
        second, _events = steered(Edit("optimizers.generator.learning_rate", 1e-2), steps=4)
        a, b = first.state().weights, second.state().weights
        assert any(not (a[name] == b[name]).all() for name in a)

    def test_with_the_same_edit_at_the_same_step_ends_with_the_same_weights(self) -> None:
        states = [steered(Edit("regularizers.R1.gamma", 5.0), steps=4)[0].state() for _ in range(2)]
        for name, tensor in states[0].weights.items():
            assert (tensor == states[1].weights[name]).all()

    @pytest.mark.parametrize(
        ("path", "value", "why"),
        [
            ("optimizers.generator.learning_rate", 2.0, "2.0 is not a number from 1e-07 to 1"),
            ("optimizers.generator.learning_rate", "fast", "'fast' is not a number from"),
            ("optimizers.generator.learning_rate", float("nan"), "nan is not a number from"),
            ("regularizers.R1.gamma", -1.0, "-1.0 is not a number from 0.0001"),
            ("architecture.width", 64, "cannot change while training"),
            ("optimizers.generator.beta1", 0.9, "cannot change while training"),
            ("training.batch_size", 8, "cannot change while training"),
            ("training.speed", 8, "no such setting"),
            ("regularizers.R2.gamma", 1.0, "no such setting"),
            ("nonsense", 1.0, "no such setting"),
            ("", 1.0, "no such setting"),
        ],
    )
    def test_is_refused_with_the_reason_and_changes_nothing(self, path: str, value, why: str) -> None:
        trainer, events = steered(Edit(path, value), steps=3)
        (refused,) = only(events, SettingRefused)
        assert (refused.step, refused.path) == (2, path)
        assert refused.reason.startswith(f"{path}: ")
        assert why in refused.reason
        assert only(events, SettingChanged) == []
        untouched = trainer_of(gan(regularizers=[R1()]), steps=1)
        run(untouched)
        assert dict(values_in_force(trainer)) == dict(values_in_force(untouched))


def test_controls_hand_over_commands_in_order_and_never_block_unasked() -> None:
    controls = Controls()
    assert controls.take() is None
    controls.post(Pause())
    controls.post(Stop(save=False))
    assert [controls.take(), controls.take(wait=True), controls.take()] == [Pause(), Stop(save=False), None]
