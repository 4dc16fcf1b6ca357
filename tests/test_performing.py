"""A training that is watched: what its health rules say goes where its other events go."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ganstudio import launch
from ganstudio.api import Condition, HealthRule
from ganstudio.api.conditions import Level
from ganstudio.api.events import (
    CheckpointSaved,
    Event,
    Failed,
    HealthChanged,
    SettingChanged,
    StepRecord,
    VectorRecord,
)
from ganstudio.experiment import Choice
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.vectors import read_vectors
from ganstudio.runs.watch import Watch
from ganstudio.training.controls import CheckpointNow, Controls, Edit
from tests import experiments
from tests.health_rules import RATE, Far
from tests.runs.watched import Training
from tests.same_run import assert_same_run

allow_log_warnings = pytest.mark.allow_log_warnings
NETWORKS = ("generator", "discriminator")


class Grown(HealthRule):
    """Holds from the third report on, bad from the eighth; tells how much it was told until then."""

    title = "Growth"

    def begin(self, facts: Any) -> None:
        super().begin(facts)
        self.steps: list[int] = []
        self.vectors = self.changes = 0

    def take(self, event: Event) -> None:
        self.vectors += isinstance(event, VectorRecord)
        self.changes += isinstance(event, SettingChanged)
        if isinstance(event, StepRecord):
            self.steps.append(event.step)

    def condition(self) -> Condition | None:
        if len(self.steps) < 3:
            return None
        known = {"vectors": float(self.vectors), "changes": float(self.changes)}
        level: Level = "bad" if len(self.steps) >= 8 else "watch"
        return Condition("grown", level, self.steps[2], "It has grown.", "Reports add up.", known)


@pytest.fixture
def registry() -> Registry:
    found = Registry.load()
    found.classes["health"] = {"Far": Far, "Grown": Grown}
    return found


def train(
    registry: Registry, leave: int = 0, keep: int = 0, edit: int = 0, **training: Any
) -> tuple[RunFolder, list[Event]]:
    """Train, with a checkpoint and an edit at these steps; drop it at step ``leave``."""
    controls = Controls()
    experiment = experiments.ring(steps=12, preview_every=4, **training)
    prepared = launch.prepare(launch.Request(experiment, "cpu"), registry, controls, _quiet)
    happened = []
    events = launch.train(prepared)
    for event in events:
        happened.append(event)
        if isinstance(event, StepRecord):
            if event.step == keep:
                controls.post(CheckpointNow())
            if event.step == edit:
                controls.post(Edit(RATE, 5e-4))
            if leave and event.step >= leave:
                break
    events.close()
    return RunFolder(prepared.run.path), happened


def resume(run: RunFolder, registry: Registry) -> list[Event]:
    return list(launch.train(launch.prepare(launch.Resume(run.path), registry, Controls(), _quiet)))


def health(events: Iterator[Event] | list[Event]) -> list[HealthChanged]:
    return [event for event in events if isinstance(event, HealthChanged)]


def found(events: list[Event]) -> list[tuple[int, str, str]]:
    """Return what the rules say, without what they say at the start."""
    return [(e.step, e.rule, e.condition.level if e.condition else "well") for e in health(events)][2:]


class TestWatching:
    def test_what_the_rules_find_comes_right_after_what_caused_it(self, registry: Registry) -> None:
        _run, events = train(registry)
        assert found(events)[:3] == [(3, "Far", "watch"), (3, "Grown", "watch"), (4, "Far", "watch")]
        for before, after in pairwise(events):
            if isinstance(after, HealthChanged):
                assert before.step == after.step

    def test_is_recorded_and_read_back(self, registry: Registry) -> None:
        run, events = train(registry)
        assert list(read_history(run.path).health) == health(events)

    def test_never_changes_what_is_trained(self, registry: Registry) -> None:
        watched, _events = train(registry)
        alone, events = train(registry, health=False)
        assert health(events) == []
        assert_same_run(alone, watched)

    @allow_log_warnings
    def test_goes_on_without_a_rule_that_raises(self, registry: Registry) -> None:
        class Raising(Far):
            def condition(self) -> Condition | None:
                raise ArithmeticError("no")

        registry.classes["health"] = {"Raising": Raising, "Grown": Grown}
        run, events = train(registry)
        assert run.state == "finished"
        assert {event.rule for event in health(events) if event.condition} == {"Grown"}

    def test_vectors_are_recorded_and_read_back(self, registry: Registry) -> None:
        run, events = train(registry)
        vectors = read_vectors(run.path)
        assert [record.step for record in vectors] == [4, 8, 12]
        assert vectors == [event for event in events if isinstance(event, VectorRecord)]


class TestGoingOn:
    def test_knows_what_the_killed_run_knew(self, registry: Registry) -> None:
        run, _events = train(registry, keep=5, edit=3, leave=7)
        resume(run, registry)
        straight, _events = train(registry, edit=3)
        gone_on, never_stopped = (read_history(each.path).health for each in (run, straight))
        assert [event for event in gone_on if event.step > 7] == [e for e in never_stopped if e.step > 7]
        assert (8, "Grown") in [(event.step, event.rule) for event in gone_on]

    def test_begins_with_what_holds_and_repeats_nothing_else(self, registry: Registry) -> None:
        run, _events = train(registry, keep=5, leave=7)
        said = [(e.step, e.rule, e.condition.level) for e in health(resume(run, registry)) if e.condition]
        assert said[:3] == [(5, "Far", "watch"), (5, "Grown", "watch"), (6, "Far", "bad")]

    def test_takes_back_what_was_said_after_the_checkpoint(self, registry: Registry) -> None:
        run, _events = train(registry, keep=5, leave=8)
        resume(run, registry)
        kept = [(event.step, event.rule) for event in read_history(run.path).health if event.condition]
        assert kept.count((6, "Far")) == 1
        assert [record.step for record in read_vectors(run.path)] == [4, 8, 12]

    def test_ends_with_the_same_curves_as_one_that_never_stopped(self, registry: Registry) -> None:
        run, _events = train(registry, keep=5, leave=8)
        resume(run, registry)
        straight, _events = train(registry)
        assert_same_run(straight, run)
        moved = [line["step"] for line in run.metrics() if "movement/fixed" in line.get("values", {})]
        assert moved == [9]


def test_who_follows_from_elsewhere_is_told_the_same(registry: Registry) -> None:
    training = Training(registry, experiments.ring(steps=12, preview_every=4))
    training.until(2)
    watch = Watch(read_history(training.path))
    told = [*training.until(9)]
    news = list(watch.news().events)
    training.end()
    for kind in (HealthChanged, VectorRecord):
        expected = [event for event in told if isinstance(event, kind) and event.step < 9]
        assert [event for event in news if isinstance(event, kind) and 2 < event.step < 9] == expected
        assert expected


@pytest.fixture(scope="module")
def diverged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A run whose rates are so high that a loss is soon no number."""
    where = tmp_path_factory.mktemp("runs") / "one"
    rule = {"kind": "SGD", "learning_rate": 1.0, "beta1": 0.99}
    experiment = replace(
        experiments.ring(steps=200, health=False),
        loss=Choice("Wasserstein"),
        optimizers={"generator": rule, "discriminator": rule},
    )
    request = launch.Request(experiment, "cpu", where)
    return where, list(launch.train(launch.prepare(request, Registry.load(), Controls(), _quiet)))


@allow_log_warnings
class TestNotFinite:
    def test_is_told_before_the_failure_with_the_first_bad_layer(
        self, diverged: tuple[Path, list[Event]]
    ) -> None:
        path, events = diverged
        told, failed = events[-2:]
        assert isinstance(told, HealthChanged)
        assert isinstance(failed, Failed)
        assert told.condition is not None
        assert (told.rule, told.condition.name, told.condition.level) == ("NotFinite", "divergence", "bad")
        assert told.condition.since == failed.step + 1
        assert "first layer whose" in told.condition.sentence
        assert read_history(path).health == (told,)

    def test_its_remedy_halves_the_rates_of_the_state_that_is_kept(self, tmp_path: Path) -> None:
        where, controls = tmp_path / "one", Controls()
        experiment = replace(
            experiments.ring(steps=200, health=False),
            loss=Choice("Wasserstein"),
            optimizers={name: {"kind": "SGD", "learning_rate": 1e-3} for name in NETWORKS},
        )
        told = None
        prepared = launch.prepare(launch.Request(experiment, "cpu", where), Registry.load(), controls, _quiet)
        for event in launch.train(prepared):
            if isinstance(event, StepRecord) and event.step == 20:
                controls.post(CheckpointNow())
            if isinstance(event, CheckpointSaved):
                controls.post(Edit("optimizers.discriminator.learning_rate", 1.0))
            told = event if isinstance(event, HealthChanged) else told
        assert told is not None
        assert told.condition is not None
        (remedy,) = told.condition.remedies
        assert remedy.changes == {f"optimizers.{name}.learning_rate": 5e-4 for name in NETWORKS}
        assert remedy.title == "Half the rates of the kept state"

    def test_its_remedy_halves_every_rate_in_a_branch(self, diverged: tuple[Path, list[Event]]) -> None:
        told = diverged[1][-2]
        assert isinstance(told, HealthChanged)
        assert told.condition is not None
        (remedy,) = told.condition.remedies
        assert remedy.way == "branch"
        assert remedy.changes == {
            "optimizers.generator.learning_rate": 0.5,
            "optimizers.discriminator.learning_rate": 0.5,
        }


def _quiet(what: str, share: float | None = None) -> None:
    pass
