"""Fitting: whether the state of one run can go on under the settings of another, and what of it does.

The networks decide: those of the new settings are built, and their weights are held against the kept ones.
It writes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from ganstudio.api import DataSpec
from ganstudio.experiment import Experiment, ExperimentError, Problem
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.training.state import network_shapes, randomness_kept

_MISSING = object()


def check_asked(before: Experiment, after: Experiment, step: int) -> None:
    """Raise ``ExperimentError`` for what no state of ``step`` can go on under, whatever the data."""
    problems = [*_wrong_kind(before, after), *_no_steps_left(after, step)]
    if problems:
        raise ExperimentError(problems)


def check_fit(
    before: Experiment, after: Experiment, registry: Registry, checkpoint: Checkpoint, spec: DataSpec
) -> None:
    """Raise ``ExperimentError`` naming each setting of ``after`` with which the weights do not fit.

    ``before``: what they were made under; ``spec``: of the data that ``after`` trains on.
    """
    if not _fits(after, registry, checkpoint, spec):
        raise ExperimentError(_misfits(before, after, registry, checkpoint, spec))


def carried(
    before: Experiment, after: Experiment, rest: Mapping[str, Any], same_data: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return what goes on of a state, beside its weights, and a sentence for each thing that does not.

    The settings in force are those of ``after`` alone, whatever was changed while ``before`` was trained.
    """
    left = dict(rest)
    if rest.get("settings") or rest.get("changes"):
        left |= {"settings": {}, "changes": 0}
    if rest.get("best"):
        # Its checkpoint is the parent's.
        left["best"] = {}
    notes = []
    for name, rule in _other_rules(before, after):
        left["optimizers"] = {key: value for key, value in left["optimizers"].items() if key != name}
        notes.append(f"The optimizer of the {name} begins anew, because {rule} has other moments.")
    if _kind(before, "loss") != _kind(after, "loss"):
        left["components"] = {k: state for k, state in rest.get("components", {}).items() if k != "loss"}
    if before.training.get("seed") != after.training.get("seed"):
        left.pop("random", None)
        # Its samples are of other latents.
        left.pop("movement", None)
        notes.append("The seed is another one, so the latents of the previews are others too.")
    if not same_data:
        left.pop("feed", None)
        notes.append("The data is not what the parent was trained on; it is fed from its beginning.")
    return left, notes


def differing(one: Experiment, other: Experiment) -> list[str]:
    """Return the paths of the settings in which two experiments differ."""
    values, others = (dict(_flat(experiment.to_dict())) for experiment in (one, other))
    paths = dict.fromkeys([*values, *others])
    return [path for path in paths if values.get(path, _MISSING) != others.get(path, _MISSING)]


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _wrong_kind(before: Experiment, after: Experiment) -> list[Problem]:
    old, new = before.architecture.kind, after.architecture.kind
    if old == new:
        return []
    path = "architecture.kind"
    sentence = (
        f"{path}: a branch goes on with the networks of {old}, and {new} has others. Choose {old}, or begin "
        "a new run."
    )
    return [Problem(path, sentence)]


def _no_steps_left(after: Experiment, step: int) -> list[Problem]:
    steps = after.training["steps"]
    if steps > step:
        return []
    path = "training.steps"
    sentence = f"{path}: {step} steps are made where this branch begins; ask for more than that in all."
    return [Problem(path, sentence)]


def _fits(experiment: Experiment, registry: Registry, checkpoint: Checkpoint, spec: DataSpec) -> bool:
    """Build the networks of an experiment, and say whether they have the weights of the state."""
    resolved = resolve(experiment, registry)
    with randomness_kept(torch.device("cpu")):
        resolved.architecture.build(spec)
    shapes = network_shapes(resolved.architecture.networks())
    averaged = {name for name in shapes if name.partition(".")[0] in resolved.architecture.ema}
    kept = {name: tuple(tensor.shape) for name, tensor in checkpoint.weights.items()}
    return shapes == kept and averaged == set(checkpoint.averages)


def _misfits(
    before: Experiment, after: Experiment, registry: Registry, checkpoint: Checkpoint, spec: DataSpec
) -> list[Problem]:
    """Find the settings to blame: those that alone, with all others as they were, make it fit no more."""
    paths = [path for path in differing(before, after) if _may_shape(path)]
    table = dict(_flat(after.to_dict()))
    data = [path for path in paths if path.startswith("data.")]
    alone = [
        path
        for path in paths
        if path not in data
        and path in table
        and not _fits(before.with_value(path, table[path]), registry, checkpoint, checkpoint.spec)
    ]
    if data and not _fits(before, registry, checkpoint, spec):
        alone += ["data.kind"] if "data.kind" in data else data
    step = checkpoint.step
    blamed = alone or paths
    if not blamed:
        sentence = (
            f"The networks of {after.architecture.kind} are built otherwise now than they were at step "
            f"{step}. Use the version of the plugin that the run was begun with."
        )
        return [Problem("architecture.kind", sentence)]
    return [Problem(path, _misfit(path, step)) for path in blamed]


def _misfit(path: str, step: int) -> str:
    return (
        f"{path}: the weights of step {step} do not fit networks built with another value. Leave it as it "
        "was, or begin a new run."
    )


def _may_shape(path: str) -> bool:
    return path.partition(".")[0] not in ("name", "about", "optimizers", "training")


def _other_rules(before: Experiment, after: Experiment) -> Iterator[tuple[str, str]]:
    """Yield each network whose weights another rule moves now, with that rule."""
    for name, settings in after.optimizers.items():
        old = before.optimizers.get(name, {}).get("kind", settings["kind"])
        if old != settings["kind"]:
            yield name, settings["kind"]


def _kind(experiment: Experiment, part: str) -> str:
    choice = getattr(experiment, part)
    return choice.kind if choice else ""
