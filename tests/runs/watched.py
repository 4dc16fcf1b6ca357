"""A real training that goes on only as far as a test says, while its folder is looked at."""

from pathlib import Path
from typing import Any

from ganstudio import launch
from ganstudio.api.events import Event, StepRecord
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls


class Training:
    """A training in this process, which holds the lock of its folder as any other does."""

    def __init__(self, registry: Registry, experiment: Experiment | None = None, resume: Path | None = None):
        self.controls = Controls()
        request: Any = launch.Resume(resume) if resume else launch.Request(experiment, "cpu")
        prepared = launch.prepare(request, registry, self.controls, _quiet)
        self.path = prepared.run.path
        self.events = launch.train(prepared)

    def until(self, step: int) -> list[Event]:
        """Go on to the report of a step, and return what happened."""
        happened: list[Event] = []
        for event in self.events:
            happened.append(event)
            if isinstance(event, StepRecord) and event.step >= step:
                break
        return happened

    def end(self) -> list[Event]:
        """Go on to the end, and return what happened."""
        return list(self.events)

    def die(self) -> None:
        """Leave it as a kill would: without an end, with the lock free."""
        self.events.close()


def _quiet(what: str, share: float | None = None) -> None:
    pass
