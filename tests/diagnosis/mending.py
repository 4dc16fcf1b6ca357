"""Mending: the first remedy of a condition applied to the run it was found in, through the real code.

A live remedy is posted to the training that goes on; any other begins a new run, at the newest checkpoint
before the trouble or from the start, as it does in the window.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from ganstudio.api import Condition, HealthRule, Remedy
from ganstudio.api.events import Event, Failed, Finished, HealthChanged
from ganstudio.evaluation.health import HealthWatch
from ganstudio.experiment import Experiment
from ganstudio.launch import Branch, Request, prepare, train
from ganstudio.performing import Prepared
from ganstudio.registry import Registry
from ganstudio.remedying import request_for
from ganstudio.training.controls import Controls, Edit, Stop
from ganstudio_plugins.health_data import DataTrouble
from tests.diagnosis.case import Case
from tests.diagnosis.judging import KINDS
from tests.diagnosis.recording import experiment_of, facts, steered

LONGER = 1.5
"""A run goes on for this many times its steps, so that a remedy has time to act."""
SHORTEST, PREVIEWS = 600, 40
"""Steps that any run goes on for, and previews of one that is made so much longer: one that was only long
enough to go wrong has no time to go right."""
SPARE = 15
"""Checkpoints of a run, to branch at."""


@dataclass(frozen=True)
class Mended:
    """What became of a run whose trouble was treated. ``remedy``: nothing where none was offered."""

    case: str
    remedy: Remedy | None
    applied_at: int
    gone: bool
    """Whether its trouble does not hold at the end."""
    well: bool
    """Whether nothing bad holds at the end, of this kind or another, but for what the data lacks."""
    why: str


def mend(case: Case, registry: Registry) -> Mended:
    """Train a case until its trouble is named, apply the first remedy, and say what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        trial = _Trial(case, registry, Path(folder) / "run")
        return trial.carried_out()


class _Trial:
    """One case with its remedy. The trouble counts as gone when it does not hold at the end."""

    def __init__(self, case: Case, registry: Registry, folder: Path) -> None:
        self._case, self._registry, self._folder = case, registry, folder
        self._experiment = _spaced(experiment_of(case), case.steps)
        self._rules = cast("list[type[HealthRule]]", list(registry.classes["health"].values()))

    def carried_out(self) -> Mended:
        """Train it, with the remedy once its trouble is named."""
        controls = Controls()
        prepared = self._prepared(Request(self._experiment, "cpu", self._folder), controls)
        watch, named = self._watch(prepared), None
        for event in steered(train(prepared), controls, self._case.edits):
            found = self._named(watch, event)
            if found is None or named is not None:
                continue
            named, at = found, event.step
            if not found.remedies:
                return Mended(self._case.name, None, at, False, False, "no remedy was offered")
            remedy = found.remedies[0]
            if remedy.way != "live":
                controls.post(Stop())
                continue
            for path, value in remedy.changes.items():
                controls.post(Edit(path, value))
        if named is None:
            return Mended(self._case.name, None, 0, False, False, "its trouble was not named")
        remedy = named.remedies[0]
        if remedy.way == "live":
            return self._outcome(remedy, at, watch, event)
        return self._begun_again(named, remedy, at)

    def _begun_again(self, named: Condition, remedy: Remedy, at: int) -> Mended:
        """Begin a new run with the remedy, as the window does, and say what became of it."""
        request = request_for(self._folder, named, remedy)
        prepared = self._prepared(replace(request, run_dir=self._folder.with_name("again")), Controls())
        watch, last = self._watch(prepared), None
        for event in train(prepared):
            self._named(watch, event)
            last = event
        assert last is not None
        return self._outcome(remedy, at, watch, last)

    def _prepared(self, request: Request | Branch, controls: Controls) -> Prepared:
        return prepare(request, self._registry, controls, lambda *_: None)

    def _watch(self, prepared: Prepared) -> HealthWatch:
        return HealthWatch.of(self._rules, facts(prepared, self._registry))

    def _named(self, watch: HealthWatch, event: Event) -> Condition | None:
        """Pass an event to the rules; return the trouble of the case when they name it."""
        told = () if isinstance(event, Finished | Failed) else watch.take(event)
        for found in told:
            if isinstance(found, HealthChanged) and found.condition and self._is_it(found.condition):
                return found.condition if event.step >= self._case.onset else None
        return None

    def _is_it(self, condition: Condition) -> bool:
        return KINDS.get(condition.name, condition.name) == self._case.trouble

    def _is_other(self, condition: Condition) -> bool:
        """Say whether it is trouble of the training: what its data lacks, no setting can bring."""
        return not self._is_it(condition) and condition.name not in DataTrouble.conditions

    def _outcome(self, remedy: Remedy, at: int, watch: HealthWatch, last: Event) -> Mended:
        left = [condition.name for condition in watch.conditions.values() if self._is_it(condition)]
        others = [c.name for c in watch.conditions.values() if c.level == "bad" and self._is_other(c)]
        ended = isinstance(last, Finished)
        why = "still " + ", ".join(left) if left else "gone"
        why += f"; also {', '.join(others)}" if others else ""
        why += "" if ended else f"; it failed: {getattr(last, 'message', '')}"
        return Mended(self._case.name, remedy, at, ended and not left, ended and not left and not others, why)


def _spaced(experiment: Experiment, steps: int) -> Experiment:
    """Return the experiment for longer, with checkpoints to branch at."""
    total = max(round(LONGER * steps), SHORTEST)
    often = max(int(experiment.training["preview_every"]), total // PREVIEWS)
    values = {"steps": total, "keep_every": max(total // SPARE, 1), "preview_every": often}
    for name, value in values.items():
        experiment = experiment.with_value(f"training.{name}", value)
    return experiment
