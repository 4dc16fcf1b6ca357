"""Replaying: a run made once more from its beginning, with every edit at its step, and compared with itself.

The run is read and never written. The same experiment on the same build of the same machine ends with the
same weights, bit for bit; where it does not, what differs between the two is said.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ganstudio import resuming
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import BRANCHED
from ganstudio.health_facts import watch_for
from ganstudio.performing import Prepared
from ganstudio.preparing import Progress, library, load, make_trainer, new_folder
from ganstudio.registry import Registry
from ganstudio.requests import Replay
from ganstudio.resuming import Start
from ganstudio.runs.checkpoint import Checkpoint, copy_checkpoint, list_checkpoints, read_checkpoint, step_of
from ganstudio.runs.folder import CHECKPOINTS, RunFolder
from ganstudio.runs.provenance import parent_of, placed
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.device import choose


@dataclass(frozen=True)
class Course:
    """What was done with a run until a step."""

    until: int
    edits: tuple[tuple[int, Edit], ...]
    """Each with how many steps were done when it was made."""
    totals: tuple[tuple[int, int], ...]
    """The total of steps, which a learning rate may fall with, each from so many steps on."""


def prepare_replay(request: Replay, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    """Check everything, load the data, make the folder of the replay.

    A branch is replayed from the checkpoint it began with. Raises as ``launch.prepare`` does; nothing is
    left behind then.
    """
    run = RunFolder.open(request.path)
    resolved = resuming.resolve_again(run, run.experiment, registry)
    course = course_of(run)
    first = _first_checkpoint(run)
    device = choose(request.device or run.provenance.get("device") or "auto")
    data = load(resolved, progress)
    resuming.check_data(run, data)
    progress("Making the run folder", None)
    made = new_folder(
        request.run_dir,
        resolved,
        registry,
        data,
        str(device),
        _origin(run, course, request.run_dir),
        fill=(lambda path: copy_checkpoint(first, path / CHECKPOINTS, BRANCHED)) if first else None,
    )
    start = Start(resuming.state_of(first) if first else None, course.edits)
    trainer = make_trainer(
        resolved, registry, data, device, controls, made, start, until=course.until, totals=course.totals
    )
    return Prepared(resolved, trainer, made, watch=watch_for(resolved, registry, data))


def course_of(run: RunFolder) -> Course:
    """Return what was done until the newest checkpoint, or where there is none until the last record.

    Raises ``InputError`` when the run made no step, or one of a network alone.
    """
    edits: list[tuple[int, Edit]] = []
    totals: list[tuple[int, int]] = []
    for record in run.events():
        match record:
            case {"event": "Started", "total_steps": int(total)}:
                totals.append((0, total))
            case {"event": "Restarted", "step": int(step), "total_steps": int(total)}:
                totals.append((step, total))
            case {"event": "SettingChanged", "step": int(step), "path": str(path), "value": value}:
                edits.append((step, Edit(path, value)))
            case {"event": "SteppedAlone", "step": int(step), "network": str(network)}:
                raise InputError(
                    f"{run.path} cannot be replayed: step {step} moved its {network} alone, by hand. It can "
                    "be branched and gone on with."
                )
    until = _reached(run)
    if not until:
        raise InputError(f"{run.path} made no step that was recorded, so there is nothing to replay.")
    return Course(until, tuple(edit for edit in edits if edit[0] <= until), tuple(totals))


def verdict(run: Path, replay: Path) -> tuple[bool, str]:
    """Return whether a replay ended with the weights of the run, and a sentence that says so.

    Raises ``StudioError`` when a checkpoint cannot be read, and ``InputError`` when there is nothing to
    compare.
    """
    one, other = RunFolder.open(run), RunFolder.open(replay)
    last, _damaged = one.latest_checkpoint()
    if last is None:
        raise InputError(f"{one.name} has no checkpoint that is whole, so its weights cannot be compared.")
    there = {step_of(path): path for path in list_checkpoints(replay / CHECKPOINTS)}
    if last.step not in there:
        return False, f"The replay has no checkpoint of step {last.step}, so there is nothing to compare."
    return _compared(one, other, last, read_checkpoint(there[last.step]))


def _compared(one: RunFolder, other: RunFolder, last: Checkpoint, again: Checkpoint) -> tuple[bool, str]:
    pairs = [(last.weights, again.weights), (last.averages, again.averages)]
    if any(first.keys() != second.keys() for first, second in pairs):
        return (
            False,
            f"The networks of the replay are not those of {one.name}: their weights differ in names.",
        )
    tensors = [(first[name], second[name]) for first, second in pairs for name in first]
    unlike = [pair for pair in tensors if not _same_bits(*pair)]
    if not unlike:
        return True, f"The weights at step {last.step} are those of {one.name}, bit for bit."
    sentence = f"The weights at step {last.step} are not those of {one.name}: "
    sentence += f"{len(unlike)} of {len(tensors)} tensors differ{_by(unlike)}. "
    return False, sentence + _why(one.provenance, other.provenance)


def _same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return bytes(one.contiguous().numpy().data) == bytes(other.contiguous().numpy().data)


def _by(pairs: list[tuple[torch.Tensor, torch.Tensor]]) -> str:
    alike = [(one, other) for one, other in pairs if one.shape == other.shape]
    if len(alike) < len(pairs):
        return ", some of them in shape"
    return f", by up to {max(float((one.double() - other.double()).abs().max()) for one, other in alike):.2g}"


def _why(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return what is known to have been other when the run was made."""
    facts = [("device", one.get("device"), other.get("device"))]
    facts.append(("processor", *(each.get("machine", {}).get("cpu") for each in (one, other))))
    versions = [each.get("versions", {}) for each in (one, other)]
    facts += [
        (name, versions[0].get(name), versions[1].get(name)) for name in ("ganstudio", "torch", "numpy")
    ]
    facts.append(("plugins", one.get("plugins"), other.get("plugins")))
    changed = [name for name, before, now in facts if before != now]
    if changed:
        return f"It was made with another {', another '.join(changed)}."
    return "Nothing that is recorded of how it was made is another; its edits may have met other steps."


def _reached(run: RunFolder) -> int:
    checkpoint, _damaged = run.latest_checkpoint()
    if checkpoint is not None:
        return checkpoint.step
    steps = [record["step"] for record in run.metrics() if isinstance(record.get("step"), int)]
    return max(steps, default=0)


def _first_checkpoint(run: RunFolder) -> Checkpoint | None:
    """Return the checkpoint that a branch began with, or ``None`` for a run that is no branch."""
    parent = parent_of(run.provenance)
    if parent is None:
        return None
    there = {step_of(path): path for path in list_checkpoints(run.path / CHECKPOINTS)}
    if parent.step not in there:
        raise StudioError(
            f"{run.name} is a branch, and the checkpoint of step {parent.step} that it began with is gone: "
            "it cannot be replayed."
        )
    return read_checkpoint(there[parent.step])


def _origin(run: RunFolder, course: Course, run_dir: Path | None) -> dict[str, Any]:
    """Return the facts of where a replay comes from; that of a branch is a branch of the same parent."""
    facts: dict[str, Any] = {"replay": {**placed(run.path, library(run_dir)), "step": course.until}}
    parent = parent_of(run.provenance)
    if parent is not None:
        facts["parent"] = {**placed(run.path.parent / parent.path, library(run_dir)), "step": parent.step}
    return facts
