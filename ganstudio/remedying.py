"""Remedying: what a remedy of a health rule asks for, for the window and for the command line.

It starts nothing and changes nothing: who asks does that. Nothing here loads torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.experiment import Experiment
from ganstudio.requests import Branch, Request
from ganstudio.runs.checkpoint import step_of
from ganstudio.runs.folder import RunFolder


@dataclass(frozen=True)
class Trouble:
    """What a rule found. ``until``: the step at which it was over, ``None`` while it holds."""

    rule: str
    title: str
    condition: Condition
    until: int | None = None


def troubles_of(path: Path) -> tuple[list[Trouble], list[Trouble]]:
    """Return what holds in the run in ``path``, the gravest and oldest first, and what held, by its end.

    Raises ``InputError`` where there is no run.
    """
    holding: dict[str, Trouble] = {}
    over: list[Trouble] = []
    for event in RunFolder.open(path).health():
        before, now = holding.pop(event.rule, None), event.condition
        if before and (now is None or now.name != before.condition.name):
            over.append(replace(before, until=event.step))
        if now:
            holding[event.rule] = Trouble(event.rule, event.title, now)
    grave = sorted(holding.values(), key=lambda each: (each.condition.level != "bad", each.condition.since))
    return grave, over


def live_edits(remedy: Remedy) -> tuple[tuple[str, Any], ...]:
    """Return the live settings that a remedy changes, each by its path with its new value."""
    return tuple(remedy.changes.items())


def request_for(path: Path, condition: Condition, remedy: Remedy) -> Branch | Request:
    """Return the training that a remedy of the run in ``path`` asks for.

    It branches off the newest checkpoint from before the trouble began, with the settings that held then;
    where there is none, or the remedy says so, the run is begun anew, on its own device. Raises
    ``InputError`` where there is no run, or for a setting that no experiment can have.
    """
    run = RunFolder.open(path)
    step = None if remedy.way == "anew" else step_before(run, condition.since)
    if step is None:
        device = str(run.provenance.get("device") or "auto")
        return Request(changed(run.experiment, remedy.changes), device)
    return Branch(path, step, changed(run.experiment_at(step), remedy.changes))


def step_before(run: RunFolder, since: int) -> int | None:
    """Return the step of the newest checkpoint before the step ``since``, or ``None``."""
    steps = [step_of(folder) for folder in run.checkpoints()]
    return max((step for step in steps if step < since), default=None)


def changed(experiment: Experiment, changes: Mapping[str, Any]) -> Experiment:
    """Return the experiment with all of the changes in it."""
    for path, value in changes.items():
        experiment = experiment.with_value(path, "" if value is None else value)
    return experiment
