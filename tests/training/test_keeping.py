"""When a training hands over its state, and why."""

import gc
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest

from ganstudio.api import Architecture
from ganstudio.api.events import CheckpointReady, Event, ScoreRecord, StepRecord, Warned
from ganstudio.training.controls import CheckpointNow, Command, Controls, Edit, Pause, Resume, StepOnce, Stop
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.state import TrainingState
from ganstudio.training.trainer import Trainer
from tests.training.support import gan, only, ring


class Judged:
    """An observer that gives the figures it is told, one after another, and then the last."""

    def __init__(self, figures: Sequence[float], better: Literal["higher", "lower"] = "higher") -> None:
        self.better = {"score/fit": better}
        self._figures = list(figures)

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        return {"score/fit": self._figures.pop(0) if len(self._figures) > 1 else self._figures[0]}


def trainer(observer: Any = None, **training: Any) -> tuple[Trainer, Controls]:
    controls = Controls()
    start_from = training.pop("start_from", None)
    settings = TrainingSettings(
        **{
            "steps": 60,
            "batch_size": 8,
            "preview_count": 4,
            "preview_every": 10,
            "report_every": 1,
            **training,
        }
    )
    architecture = gan()
    made = Trainer(
        architecture,
        ring(),
        type(architecture).default_optimizers,
        settings,
        controls=controls,
        observers=[observer] if observer else (),
        start_from=start_from,
    )
    return made, controls


def run(made: tuple[Trainer, Controls], at: Mapping[int, Sequence[Command]] | None = None) -> list[Event]:
    events = []
    for event in made[0].run():
        events.append(event)
        if isinstance(event, StepRecord):
            for command in (at or {}).get(event.step, ()):
                made[1].post(command)
    return events


def kept(events: Sequence[Event]) -> list[tuple[int, str]]:
    return [(event.step, event.reason) for event in only(events, CheckpointReady)]


class TestEverySoManySteps:
    def test_comes_at_those_steps(self) -> None:
        events = run(trainer(steps=25, keep_every=10))
        assert kept(events) == [(10, "kept"), (20, "kept"), (25, "end")]
        assert [event.state.step for event in only(events, CheckpointReady)] == [10, 20, 25]

    def test_may_begin_and_end_while_it_trains(self) -> None:
        at = {12: [Edit("training.keep_every", 5)], 21: [Edit("training.keep_every", 0)]}
        assert kept(run(trainer(steps=30), at)) == [(15, "kept"), (20, "kept"), (30, "end")]

    def test_counts_steps_made_one_by_one(self) -> None:
        at = {9: [Pause(), StepOnce(), Resume()]}
        assert kept(run(trainer(steps=15, keep_every=10), at)) == [(10, "kept"), (15, "end")]

    def test_goes_with_what_else_is_due_at_the_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [0.0]
        monkeypatch.setattr("ganstudio.training.keeping.time.monotonic", lambda: now[0])
        made = trainer(steps=12, keep_every=10, checkpoint_minutes=1)
        events = []
        for event in made[0].run():
            events.append(event)
            if isinstance(event, StepRecord) and event.step == 10:
                now[0] = 100.0
        assert kept(events) == [(10, "kept, every few minutes"), (12, "end")]


class TestTheBest:
    @pytest.mark.parametrize("name", ["fit", "score/fit"])
    def test_is_kept_whenever_a_score_is_better(self, name: str) -> None:
        events = run(trainer(Judged([3, 2, 5, 5, 4, 9]), steps=65, keep_best=name))
        assert kept(events) == [(10, "best"), (30, "best"), (60, "best"), (65, "end")]

    def test_is_the_lowest_where_that_is_better(self) -> None:
        events = run(trainer(Judged([3, 2, 5, 1, 4, 1], "lower"), steps=65, keep_best="fit"))
        assert kept(events) == [(10, "best"), (20, "best"), (40, "best"), (65, "end")]

    def test_is_never_what_is_no_number(self) -> None:
        events = run(trainer(Judged([float("nan"), 2, float("inf"), 3]), steps=45, keep_best="fit"))
        assert kept(events) == [(20, "best"), (40, "best"), (45, "end")]

    def test_scored_at_the_end_is_the_end(self) -> None:
        events = run(trainer(Judged([1, 2]), steps=15, keep_best="fit"))
        assert kept(events) == [(10, "best"), (15, "best, end")]

    @pytest.mark.parametrize("nothing", ["none", ""], ids=["none", "empty, as older versions wrote it"])
    def test_is_not_kept_where_none_is_wanted(self, nothing: str) -> None:
        assert kept(run(trainer(Judged([1, 2, 3]), steps=30, keep_best=nothing))) == [(30, "end")]

    def test_of_a_score_that_is_none_is_said_once(self) -> None:
        events = run(trainer(Judged([1, 2, 3]), steps=30, keep_best="fid"))
        assert kept(events) == [(30, "end")]
        assert [event.message for event in only(events, Warned)] == [
            "training.keep_best: no score is called 'fid', so no checkpoint is kept as the best. "
            "There is score/fit."
        ]

    def test_is_remembered_by_what_goes_on(self) -> None:
        state = stopped_at(35, Judged([1, 7, 2]))
        # The 5 that is the first of the second half is none, and the 8 is.
        events = run(trainer(Judged([5, 8, 3]), steps=70, keep_best="fit", start_from=state))
        assert kept(events) == [(50, "best"), (70, "end")]

    def test_is_another_once_another_score_is_asked_for(self) -> None:
        class Two(Judged):
            def __call__(self, architecture: Architecture) -> Mapping[str, float]:
                return {**super().__call__(architecture), "score/other": 0.5}

        at = {25: [Edit("training.keep_best", "other")]}
        events = run(trainer(Two([1, 2, 3, 4, 5]), steps=45, keep_best="fit"), at)
        assert kept(events) == [(10, "best"), (20, "best"), (30, "best"), (45, "end")]

    def test_holds_the_score_it_is_kept_for(self) -> None:
        events = run(trainer(Judged([3, 5]), steps=25, keep_best="fit"))
        states = [event.state for event in only(events, CheckpointReady) if event.reason == "best"]
        assert only(events, ScoreRecord)[1].values == {"score/fit": 5}
        # States are lent: the first may be used again, so the last is looked at.
        assert states[-1].rest["best"] == {"name": "score/fit", "value": 5, "step": 20}


class Several:
    """An observer that gives several figures at once, and vital signs first."""

    better: Mapping[str, Literal["higher", "lower"]] = {"score/gap": "lower"}

    def __init__(self, *modes_and_gaps: tuple[float, float]) -> None:
        self._figures = list(modes_and_gaps)

    def __call__(self, architecture: Architecture) -> Mapping[str, float]:
        modes, gap = self._figures.pop(0) if len(self._figures) > 1 else self._figures[0]
        return {"score/vitals/diversity": 1 - modes / 100, "score/modes": modes, "score/gap": gap}


class TestTheBestByItself:
    """Where nobody says which score is wanted, as by default."""

    def test_is_that_of_the_first_figure_and_never_of_a_vital_sign(self) -> None:
        events = run(trainer(Several((3, 1), (2, 1), (5, 9)), steps=35, preview_every=10))
        assert kept(events) == [(10, "best"), (30, "best"), (35, "end")]

    def test_is_told_among_equals_by_the_other_figures(self) -> None:
        events = run(trainer(Several((8, 0.5), (8, 0.7), (8, 0.2), (8, 0.2)), steps=45))
        assert kept(events) == [(10, "best"), (30, "best"), (45, "end")]
        assert only(events, CheckpointReady)[-1].state.rest["best"]["value"] == 8

    def test_of_vital_signs_alone_there_is_none(self) -> None:
        class Vital(Judged):
            def __call__(self, architecture: Architecture) -> Mapping[str, float]:
                return {"score/vitals/diversity": next(iter(super().__call__(architecture).values()))}

        events = run(trainer(Vital([1, 2, 3]), steps=30))
        assert kept(events) == [(30, "end")]
        assert not only(events, Warned)

    def test_is_never_what_is_no_number(self) -> None:
        events = run(trainer(Judged([float("nan"), 2, float("nan"), 3]), steps=45))
        assert kept(events) == [(20, "best"), (40, "best"), (45, "end")]

    def test_is_remembered_by_what_goes_on(self) -> None:
        state = stopped_at(35, Judged([1, 7, 2]), keep_best="auto")
        events = run(trainer(Judged([5, 8, 3]), steps=70, start_from=state))
        assert kept(events) == [(50, "best"), (70, "end")]


def test_the_best_is_none_of_those_every_few_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("ganstudio.training.keeping.time.monotonic", lambda: now[0])
    made = trainer(Judged([1, 2, 3, 4]), steps=20, preview_every=5, checkpoint_minutes=1)
    events = []
    for event in made[0].run():
        events.append(event)
        if isinstance(event, StepRecord):
            now[0] += 10
    assert kept(events) == [
        *((5, "best"), (6, "every few minutes"), (10, "best"), (12, "every few minutes")),
        *((15, "best"), (18, "every few minutes"), (20, "best"), (20, "end")),
    ]


def stopped_at(step: int, observer: Judged, keep_best: str = "fit") -> TrainingState:
    events = run(trainer(observer, steps=100, keep_best=keep_best), {step: [Stop()]})
    gc.collect()
    state = only(events, CheckpointReady)[-1].state
    assert state.step == step
    return state


def test_one_asked_for_takes_the_turn_of_those_every_few_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("ganstudio.training.keeping.time.monotonic", lambda: now[0])
    made = trainer(steps=20, checkpoint_minutes=1)
    events = []
    for event in made[0].run():
        events.append(event)
        if isinstance(event, StepRecord):
            now[0] += 10
            if event.step == 3:
                made[1].post(CheckpointNow())
    assert kept(events)[:3] == [(3, "asked for"), (9, "every few minutes"), (15, "every few minutes")]
