"""Taking part in the game: one network alone, slow motion, and looks that change nothing."""

import threading
import time
from typing import Any

import pytest
import torch

from ganstudio.api.events import (
    Event,
    FieldReady,
    Finished,
    Paused,
    Started,
    SteppedAlone,
    StepRecord,
    Warned,
    WatchRefused,
)
from ganstudio.training.controls import Command, Controls, Pace, Pause, Resume, StepOnce, Stop, Watch
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1
from tests.training.support import copies, gan, images, only, run, same, trainer_of


def steered(*commands: Command, at: int = 2, kind: Any = PointGAN, data: Any = None, **training: Any):
    """Run a training that finds these commands in its mailbox after step ``at``."""
    controls = Controls()
    trainer = trainer_of(
        gan(kind, regularizers=[R1()]), data, controls=controls, **{"report_every": 1, **training}
    )
    events: list[Event] = []
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and event.step == at:
            for command in commands:
                controls.post(command)
    return trainer, events


class TestOneNetworkAlone:
    @pytest.mark.parametrize("network", ["generator", "discriminator"])
    def test_moves_and_the_other_stays(self, network: str) -> None:
        controls = Controls()
        trainer = trainer_of(gan(), controls=controls, steps=100, report_every=1)
        before: dict[str, Any] = {}
        controls.post(Pause())
        for event in trainer.run():
            if isinstance(event, Paused):
                before = {name: copies(each) for name, each in trainer.architecture.networks().items()}
                controls.post(StepOnce(network))
                controls.post(Stop(save=False))
        moved = {
            name
            for name, each in trainer.architecture.networks().items()
            if not same(before[name], copies(each))
        }
        assert moved == {network}
        assert trainer.step == 2

    def test_is_told_with_the_report_of_the_whole_step(self) -> None:
        _trainer, events = steered(Pause(), StepOnce("generator"), Stop(), steps=100)
        assert only(events, SteppedAlone) == [SteppedAlone(3, "generator")]
        record = only(events, StepRecord)[-1]
        assert {"loss/generator", "loss/discriminator", "grad_norm/discriminator"} <= set(record.values)

    def test_is_deterministic(self) -> None:
        states = [
            steered(Pause(), StepOnce("discriminator"), Resume(), steps=5)[0].state().weights
            for _ in range(2)
        ]
        assert all(torch.equal(tensor, states[1][name]) for name, tensor in states[0].items())

    def test_of_an_unknown_network_makes_no_step(self) -> None:
        trainer, events = steered(Pause(), StepOnce("encoder"), Stop(), steps=100)
        assert trainer.step == 2
        assert "no network 'encoder'" in only(events, Warned)[0].message


class TestPace:
    def test_holds_steps_back_and_leaves_the_clock_of_training_alone(self) -> None:
        began = time.perf_counter()
        trainer, events = steered(Pace(2), at=1, steps=6)
        took = time.perf_counter() - began
        # The first step after it is made at once, the four others half a second apart.
        assert took >= 4 / 2
        assert only(events, Finished)[0].seconds <= took - 0.5
        assert trainer.step == 6

    def test_of_a_step_a_minute_does_not_keep_a_stop_waiting(self) -> None:
        controls = Controls()
        trainer = trainer_of(gan(), controls=controls, steps=100)
        timer = threading.Timer(0.1, controls.post, [Stop()])
        began = time.perf_counter()
        for event in trainer.run():
            if isinstance(event, Started):
                controls.post(Pace(1 / 60))
                timer.start()
        timer.join()
        assert time.perf_counter() - began < 30
        assert trainer.step < 4

    def test_changes_no_weight(self) -> None:
        slow, quick = steered(Pace(200), steps=6)[0], steered(steps=6)[0]
        one, other = slow.state().weights, quick.state().weights
        assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())


class TestWatch:
    def test_changes_no_weight(self) -> None:
        watched, events = steered(Watch(1e-4), at=1, steps=40)
        plain, _events = steered(at=1, steps=40)
        assert only(events, FieldReady)
        one, other = watched.state(), plain.state()
        assert all(torch.equal(tensor, other.weights[name]) for name, tensor in one.weights.items())
        assert torch.equal(one.rest["random"]["torch"], other.rest["random"]["torch"])

    def test_shows_the_last_step(self) -> None:
        _trainer, events = steered(Watch(1000), at=1, steps=5)
        assert only(events, FieldReady)[-1].step == 5

    def test_shows_each_single_step_while_paused(self) -> None:
        _trainer, events = steered(Pause(), Watch(1000), StepOnce(), StepOnce("generator"), Stop(), steps=100)
        assert [look.step for look in only(events, FieldReady)] == [2, 3, 4, 4]

    def test_shows_where_it_was_paused(self) -> None:
        _trainer, events = steered(Watch(1000), Pause(), Stop(save=False), steps=100)
        assert [look.step for look in only(events, FieldReady)][-1] == 2

    def test_of_a_run_on_images_says_why_there_is_nothing_to_see(self) -> None:
        _trainer, events = steered(Watch(0.1), kind=MLPGAN, data=images(), steps=4)
        (refused,) = only(events, WatchRefused)
        assert "points in the plane" in refused.reason
        assert only(events, Finished)[0].reason == "done"

    def test_leaves_no_thread_when_the_training_is_left(self) -> None:
        controls = Controls()
        trainer = trainer_of(gan(), controls=controls, steps=1000, report_every=1)
        events = trainer.run()
        for event in events:
            if isinstance(event, Started):
                controls.post(Watch(1e-4))
            if isinstance(event, FieldReady):
                break
        events.close()
        assert trainer.step < 1000


def test_nobody_who_does_not_ask_gets_looks() -> None:
    assert only(run(trainer_of(gan())), FieldReady) == []
