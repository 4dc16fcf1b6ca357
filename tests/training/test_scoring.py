"""Scores that cost seconds: asked for within their share of the time, and never to the training's harm."""

from collections.abc import Callable, Sequence

import pytest

from ganstudio.api import Architecture
from ganstudio.api.data import Report
from ganstudio.api.events import CheckpointReady, Event, Finished, Preparing, ScoreRecord, StepRecord, Warned
from ganstudio.training.controls import Command, Controls, ScoreNow, Stop
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from tests.training.support import gan, only, ring


class Dear:
    """Is asked whenever ``when`` says so, and gives one figure that rises."""

    def __init__(self, when: Callable[[float, float], bool], fails: bool = False, name: str = "FID") -> None:
        self.names = (name,)
        self.ready = False
        self.asked: list[tuple[float, float]] = []
        self._when = when
        self._fails = fails
        self._figure = 0.0

    def due(self, seconds: float, share: float) -> bool:
        self.asked.append((seconds, share))
        return self._when(seconds, share)

    def record(self, architecture: Architecture, step: int, report: Report) -> ScoreRecord | None:
        if self._fails:
            raise RuntimeError("no room")
        report("Working", None)
        assert not architecture.training
        self.ready = True
        self._figure += 1
        key = f"score/{self.names[0]} (studio, 100)"
        return ScoreRecord(step, {key: self._figure}, lower=(key,))


class Holding:
    """An observer without figures of its own, that holds dear ones."""

    def __init__(self, *dear: Dear) -> None:
        self.dear = dear

    def __call__(self, architecture: Architecture) -> dict[str, float]:
        return {}


def run(
    dear: Dear | Sequence[Dear] | None, commands: Sequence[Command] = (), at: int = 3, **settings: object
) -> list[Event]:
    architecture, controls = gan(), Controls()
    chosen = {"steps": 8, "batch_size": 8, "preview_count": 4, "preview_every": 4, "report_every": 1}
    trainer = Trainer(
        architecture,
        ring(),
        type(architecture).default_optimizers,
        TrainingSettings(**{**chosen, **settings}),
        controls=controls,
        observers=[Holding(*([dear] if isinstance(dear, Dear) else dear))] if dear else (),
    )
    events = []
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and event.step == at:
            for command in commands:
                controls.post(command)
    return events


def dear_steps(events: Sequence[Event]) -> list[int]:
    return [record.step for record in only(events, ScoreRecord) if record.values]


def never(seconds: float, share: float) -> bool:
    return False


def always(seconds: float, share: float) -> bool:
    return True


def test_they_are_asked_at_previews_with_the_time_and_its_share() -> None:
    dear = Dear(always)
    assert dear_steps(run(dear, score_share=0.2)) == [4, 8]
    assert [share for _, share in dear.asked] == [0.2, 0.2]
    assert 0 < dear.asked[0][0] < dear.asked[1][0]


@pytest.mark.allow_log_warnings
def test_several_have_even_parts_of_the_time_and_that_of_one_that_fails_goes_to_the_other() -> None:
    other = Dear(always, name="TSTR")
    events = run([Dear(always, fails=True), other], score_share=0.2)
    assert [share for _, share in other.asked] == [0.1, 0.2]
    assert dear_steps(events) == [4, 8]
    (warned,) = only(events, Warned)
    assert warned.message == "No more is scored in this run of FID. RuntimeError: no room."


def test_where_it_does_not_fit_there_are_none() -> None:
    assert dear_steps(run(Dear(never))) == []


def test_they_are_taken_at_once_when_asked_for() -> None:
    assert dear_steps(run(Dear(never), [ScoreNow()])) == [3]


def test_that_something_is_prepared_is_told_once() -> None:
    told = [e.what for e in only(run(Dear(always)), Preparing) if "scores" in e.what]
    assert len(told) == 1


def test_a_run_without_any_says_so_when_asked() -> None:
    (warned,) = only(run(None, [ScoreNow()]), Warned)
    assert "nothing was scored" in warned.message


@pytest.mark.allow_log_warnings
def test_one_that_fails_is_switched_off_and_training_goes_on() -> None:
    events = run(Dear(always, fails=True))
    (warned,) = only(events, Warned)
    assert "no room" in warned.message
    assert only(events, Finished)[0].reason == "done"


def test_a_stop_meanwhile_ends_them_and_then_the_training() -> None:
    events = run(Dear(never), [ScoreNow(), Stop()])
    assert dear_steps(events) == []
    assert only(events, Finished)[0].reason == "stopped"
    assert not only(events, Warned)


def test_weights_are_the_same_scored_or_not() -> None:
    def weights(events: list[Event]) -> dict[str, list[float]]:
        end = only(events, CheckpointReady)[-1]
        return {name: tensor.flatten().tolist() for name, tensor in end.state.weights.items()}

    assert weights(run(Dear(always))) == weights(run(Dear(never)))


@pytest.mark.parametrize("wanted", ["FID", "score/FID", "FID (studio, 100)"])
def test_the_best_of_them_is_kept_by_its_short_name(wanted: str) -> None:
    events = run(Dear(always), keep_best=wanted)
    assert not only(events, Warned)
    # The lower the better, so the first stays the best.
    assert [(e.step, e.reason) for e in only(events, CheckpointReady)] == [(4, "best"), (8, "end")]


def test_one_that_never_comes_is_said_when_its_share_is_nothing() -> None:
    (warned,) = only(run(Dear(never), keep_best="FID", score_share=0.0), Warned)
    assert "'FID'" in warned.message
