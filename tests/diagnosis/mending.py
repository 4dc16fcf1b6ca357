"""Mending: the first remedy of a condition applied to the run it was found in, through the real code.

A live remedy is posted to the training that goes on; a branch begins at the newest checkpoint before the
trouble, or is a new run from the start where there is none or where its networks are others.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ganstudio.api import Condition, HealthRule, InputError, Remedy
from ganstudio.api.events import Event, Failed, Finished, HealthChanged
from ganstudio.evaluation.health import HealthWatch
from ganstudio.experiment import Experiment
from ganstudio.launch import Branch, Request, branch_experiment, prepare, train
from ganstudio.performing import Prepared
from ganstudio.registry import Registry
from ganstudio.runs.checkpoint import list_checkpoints, step_of
from ganstudio.runs.folder import CHECKPOINTS
from ganstudio.training.controls import Controls, Edit, Stop
from tests.diagnosis.case import Case
from tests.diagnosis.judging import KINDS
from tests.diagnosis.recording import experiment_of, facts, steered

LONGER = 1.5
"""A run goes on for this many times its steps, so that a remedy has time to act."""
SPARE = 10
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
    """Whether nothing bad holds at the end, of this kind or another."""
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
            if remedy.way == "branch":
                controls.post(Stop())
                continue
            for path, value in remedy.changes.items():
                controls.post(Edit(path, value))
        if named is None:
            return Mended(self._case.name, None, 0, False, False, "its trouble was not named")
        remedy = named.remedies[0]
        if remedy.way == "live":
            return self._outcome(remedy, at, watch, event)
        return self._branched(named, remedy, at)

    def _branched(self, named: Condition, remedy: Remedy, at: int) -> Mended:
        """Begin a new run with the remedy, and say what became of it."""
        controls = Controls()
        steps = map(step_of, list_checkpoints(self._folder / CHECKPOINTS))
        before = [step for step in steps if step < named.since]
        folder = self._folder.with_name("branch")
        try:
            if not before:
                raise InputError("There is no checkpoint from before it.")
            experiment = _changed(branch_experiment(self._folder, max(before)), remedy)
            prepared = self._prepared(Branch(self._folder, max(before), experiment, "cpu", folder), controls)
        except InputError:
            request = Request(_changed(self._experiment, remedy), "cpu", folder)
            prepared = self._prepared(request, controls)
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

    def _outcome(self, remedy: Remedy, at: int, watch: HealthWatch, last: Event) -> Mended:
        left = [condition.name for condition in watch.conditions.values() if self._is_it(condition)]
        others = [c.name for c in watch.conditions.values() if c.level == "bad" and not self._is_it(c)]
        ended = isinstance(last, Finished)
        why = "still " + ", ".join(left) if left else "gone"
        why += f"; also {', '.join(others)}" if others else ""
        why += "" if ended else f"; it failed: {getattr(last, 'message', '')}"
        return Mended(self._case.name, remedy, at, ended and not left, ended and not left and not others, why)


def _spaced(experiment: Experiment, steps: int) -> Experiment:
    """Return the experiment for longer, with checkpoints to branch at."""
    longer = experiment.with_value("training.steps", round(LONGER * steps))
    return longer.with_value("training.keep_every", max(steps // SPARE, 1))


def _changed(experiment: Experiment, remedy: Remedy) -> Experiment:
    for path, value in remedy.changes.items():
        experiment = experiment.with_value(path, value)
    return experiment
