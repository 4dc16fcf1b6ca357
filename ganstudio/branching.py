"""Branching: a new run that begins in the very state another run had at a step, with settings of its own.

The run it comes from is read and never written. The new one holds all it needs: whatever becomes of the
other, it goes on.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ganstudio.api import InputError, StudioError
from ganstudio.api.events import BRANCHED
from ganstudio.experiment import Experiment
from ganstudio.fitting import carried, check_asked, check_fit
from ganstudio.health_facts import watch_for
from ganstudio.performing import Prepared
from ganstudio.preparing import Progress, library, load, make_trainer, new_folder
from ganstudio.registry import Registry
from ganstudio.requests import Branch
from ganstudio.resuming import Start, data_fingerprint, resolve_again, state_of
from ganstudio.runs.checkpoint import Checkpoint, copy_checkpoint, list_checkpoints, read_checkpoint, step_of
from ganstudio.runs.folder import CHECKPOINTS, RunFolder
from ganstudio.runs.provenance import placed
from ganstudio.training.controls import Controls
from ganstudio.training.device import choose

_NAMED = 8
"""A sentence names at most so many steps."""


def branch_experiment(path: Path, step: int | None = None) -> Experiment:
    """Return what held in the run in ``path`` once ``step`` steps were done: those of its newest checkpoint.

    That is its experiment with the live settings that were changed until then. Raises ``InputError`` when
    there is no run, or no checkpoint of that step.
    """
    run = RunFolder.open(path)
    return run.experiment_at(step_of(_found(run, step)))


def prepare_branch(request: Branch, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    """Check everything, load the data, make the folder of the new run with its first checkpoint.

    Raises as ``launch.prepare`` does; nothing is left behind then.
    """
    parent = RunFolder.open(request.path)
    resolved = resolve_again(parent, request.experiment, registry)
    progress("Reading the checkpoint", None)
    checkpoint, damaged = _checkpoint(parent, request.step)
    before, after = parent.experiment_at(checkpoint.step), resolved.experiment
    check_asked(before, after, checkpoint.step)
    device = choose(request.device or parent.provenance.get("device") or "auto")
    data = load(resolved, progress)
    progress("Holding the networks against the checkpoint", None)
    check_fit(before, after, registry, checkpoint, data.spec)
    kept = parent.provenance.get("data_fingerprint")
    same_data = not kept or kept == data_fingerprint(data)
    rest, notes = carried(before, after, checkpoint.rest, same_data)
    whole = all(rest.get(key) is value for key, value in checkpoint.rest.items())
    progress("Making the run folder", None)
    run = new_folder(
        request.run_dir,
        resolved,
        registry,
        data,
        str(device),
        _origin(request, parent, checkpoint.step),
        # Where nothing of the state is left out, its file is shared with the parent.
        fill=lambda path: copy_checkpoint(checkpoint, path / CHECKPOINTS, BRANCHED, None if whole else rest),
    )
    start = Start(replace(state_of(checkpoint), rest=rest, spec=data.spec))
    trainer = make_trainer(resolved, registry, data, device, controls, run, start)
    watch = watch_for(resolved, registry, data)
    return Prepared(resolved, trainer, run, (*damaged, *notes), watch)


def _origin(request: Branch, parent: RunFolder, step: int) -> dict[str, Any]:
    """Return the facts of where a branch comes from."""
    facts: dict[str, Any] = {"parent": {**placed(parent.path, library(request.run_dir)), "step": step}}
    return facts | ({"queued": request.queued} if request.queued else {})


def _checkpoint(run: RunFolder, step: int | None) -> tuple[Checkpoint, list[str]]:
    """Read a checkpoint: of that step, or the newest that is whole with a sentence for each that is not."""
    if step is not None:
        return read_checkpoint(_found(run, step)), []
    _found(run, None)
    checkpoint, damaged = run.latest_checkpoint()
    if checkpoint is None:
        raise StudioError(" ".join([*damaged, f"{run.name} has no checkpoint that is whole."]))
    return checkpoint, [
        f"{each} The checkpoint of step {checkpoint.step} is used instead." for each in damaged
    ]


def _found(run: RunFolder, step: int | None) -> Path:
    """Return the folder of a checkpoint, the newest where no step is said."""
    there = {step_of(path): path for path in list_checkpoints(run.path / CHECKPOINTS)}
    if not there:
        raise InputError(f"{run.path} has no checkpoint yet, and a branch begins at one.")
    if step is None:
        return there[max(there)]
    if step not in there:
        raise InputError(f"{run.name} has no checkpoint of step {step}; {_those(there)}.")
    return there[step]


def _those(there: Mapping[int, Path]) -> str:
    """Name the steps that have a checkpoint, the newest ones where they are many."""
    steps = sorted(there)
    if len(steps) == 1:
        return f"the one there is is of step {steps[0]}"
    named = ", ".join(map(str, steps[-_NAMED:]))
    many = (
        f"the newest of its {len(steps)} are of steps" if len(steps) > _NAMED else "there are those of steps"
    )
    return f"{many} {named}"
