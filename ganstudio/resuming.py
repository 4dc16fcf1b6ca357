"""Resuming: where a run goes on from, and whether it can.

It reads the run folder; it trains nothing and writes nothing.
"""

from dataclasses import dataclass, replace

from ganstudio.api import InputError, LoadedData
from ganstudio.experiment import Experiment, ExperimentError, Problem
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved, resolve
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.provenance import fingerprint
from ganstudio.training.controls import Edit
from ganstudio.training.state import TrainingState


@dataclass(frozen=True)
class Start:
    """The state to go on from (``None``: from the beginning), and the edits to make again.

    Each is made once so many steps are done.
    """

    state: TrainingState | None
    replay: tuple[tuple[int, Edit], ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know: checkpoints that are damaged, edits that are left out."""


def resolve_again(run: RunFolder, experiment: Experiment, registry: Registry) -> Resolved:
    """Return what a run was made with; raises ``InputError`` naming the plugins that are missing."""
    try:
        return resolve(_as_it_was(run, experiment, registry), registry)
    except ExperimentError as error:
        missing = _missing_plugins(run, registry)
        if not missing:
            raise
        hint = (
            f"{run.name} was made with plugins that are not installed, or do not load now: "
            f"{', '.join(missing)}. Install them to go on; `ganstudio plugins` tells what there is."
        )
        raise ExperimentError([*error.problems, Problem("", hint)]) from error


def find_start(run: RunFolder, steps: int) -> Start:
    """Return where to go on, ``steps`` being the total; raises ``InputError`` where that is nowhere."""
    checkpoint, damaged = run.latest_checkpoint()
    if checkpoint is None:
        sentence = (
            f"{run.path} has no checkpoint that is whole, so there is nothing to go on from. Train it anew "
            f"with `ganstudio train {run.path}`."
        )
        raise InputError(" ".join([*damaged, sentence]))
    if checkpoint.step >= steps:
        raise InputError(_nothing_left(run, checkpoint.step, steps))
    notes = [f"{sentence} The checkpoint of step {checkpoint.step} is used instead." for sentence in damaged]
    replay = _later_edits(run, checkpoint)
    if replay and run.state == "failed":
        # What was changed before a failure may well be its cause.
        notes.append(
            f"The run failed after {len(replay)} changed settings that step {checkpoint.step} does not "
            "know; they are not changed again."
        )
        replay = []
    return Start(state_of(checkpoint), tuple(replay), tuple(notes))


def check_data(run: RunFolder, data: LoadedData) -> None:
    """Raise ``InputError`` when the data is not what the run was trained on."""
    before = run.provenance.get("data_fingerprint")
    if before and before != data_fingerprint(data):
        raise InputError(
            f"The data has changed since {run.name} was begun: its content is not the same any more. Put "
            f"the data back as it was, or begin a new run with `ganstudio train {run.path}`."
        )


def data_fingerprint(data: LoadedData) -> str:
    """Return the fingerprint of all that a training is fed."""
    return fingerprint(*data.tensors())


def _as_it_was(run: RunFolder, experiment: Experiment, registry: Registry) -> Experiment:
    """Return an experiment with what stood for the settings of its data that came after the run was begun.

    A run names every setting there was, so one that it does not name came later.
    """
    known, asked = run.experiment.data, experiment.data
    came_later = getattr(registry.classes["data"].get(asked.kind), "came_later", {})
    if known.kind != asked.kind:
        return experiment
    before = {name: value for name, value in came_later.items() if name not in known.settings}
    return replace(experiment, data=replace(asked, settings={**before, **asked.settings}))


def _missing_plugins(run: RunFolder, registry: Registry) -> list[str]:
    """Return the plugins of a run that are not here, each with its version."""
    there = {plugin.source for plugin in registry.plugins if plugin.works}
    named = run.provenance.get("plugins", {})
    return [f"{name} {version}" for name, version in named.items() if name not in there]


def _nothing_left(run: RunFolder, done: int, steps: int) -> str:
    if done > steps:
        return f"{run.name} has made {done} steps already, more than the {steps} asked for in all."
    return (
        f"{run.name} is finished: all {steps} steps are made. Ask for more in all to go on, as in "
        f"`ganstudio resume {run.path} --steps {2 * steps}`."
    )


def _later_edits(run: RunFolder, checkpoint: Checkpoint) -> list[tuple[int, Edit]]:
    """Return the changed settings that a checkpoint does not hold yet, in their order.

    Those made after it, and those that the run, gone on with before, had still to make again.
    """
    made: list[tuple[int, Edit]] = []
    waiting: list[tuple[int, Edit]] = []
    for record in run.events():
        match record:
            case {"event": "SettingChanged", "step": int(step), "path": str(path), "value": value}:
                made.append((step, Edit(path, value)))
            case {"event": "Started" | "Restarted", "replay": list(replay)}:
                waiting = [(int(step), Edit(str(path), value)) for step, path, value in replay]
        if record.get("again") and waiting:
            del waiting[0]
    return made[checkpoint.rest.get("changes", 0) :] + waiting


def state_of(checkpoint: Checkpoint) -> TrainingState:
    """Return what a checkpoint holds, for a training to go on from."""
    return TrainingState(
        checkpoint.step,
        checkpoint.images_seen,
        checkpoint.seconds,
        checkpoint.spec,
        checkpoint.weights,
        checkpoint.averages,
        checkpoint.rest,
    )
