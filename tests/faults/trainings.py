"""Trainings that faults are caused in: a few steps of points, with all that a run keeps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ganstudio import launch
from ganstudio.api.events import Event, Failed, StepRecord
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import CheckpointNow, Controls
from tests import experiments

STEPS = 40


def small(steps: int = STEPS, **training: Any) -> Experiment:
    """Reports at every step, a preview at every tenth."""
    return experiments.ring(steps, preview_every=10, preview_count=4, keep_checkpoints=10, **training)


def begin(
    place: Path, registry: Registry, controls: Controls | None = None, experiment: Experiment | None = None
) -> launch.Prepared:
    """Make a training ready in the folder ``place``."""
    wish = launch.Request(experiment or small(), "cpu", place)
    return launch.prepare(wish, registry, controls or Controls(), quiet)


def go_on(place: Path, registry: Registry, controls: Controls | None = None) -> launch.Prepared:
    """Make a run ready to go on."""
    return launch.prepare(launch.Resume(place), registry, controls or Controls(), quiet)


def saving(prepared: launch.Prepared, *steps: int) -> Iterator[Event]:
    """Train, and ask for a checkpoint when each of ``steps`` is reported."""
    for event in launch.train(prepared):
        if isinstance(event, StepRecord) and event.step in steps:
            prepared.trainer.controls.post(CheckpointNow())
        yield event


def straight(place: Path, registry: Registry, *steps: int, experiment: Experiment | None = None) -> RunFolder:
    """Train to the end without any fault, with checkpoints after ``steps`` as well."""
    prepared = begin(place, registry, experiment=experiment)
    failed = [event for event in saving(prepared, *steps) if isinstance(event, Failed)]
    assert not failed, failed[0].details
    return RunFolder(place)


def leave(place: Path, registry: Registry, at: int, *steps: int) -> RunFolder:
    """Train and drop it as a crash would, once step ``at`` was reported."""
    events = saving(begin(place, registry), *steps)
    next(event for event in events if isinstance(event, StepRecord) and event.step == at)
    events.close()
    return RunFolder(place)


def quiet(what: str, share: float | None = None) -> None:
    pass
