"""Weights of a run for use elsewhere: one safetensors file that says by itself what it is, and back again.

The file holds tensors by ``network.parameter``, and among its metadata the experiment and the kind of data,
so that :func:`load` builds the networks without the run. Nothing in it can run code.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.apart import OwnRandomness
from ganstudio.api.data import spec_from_dict, spec_to_dict
from ganstudio.api.errors import InputError, StudioError
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.atomic import explained, write_bytes
from ganstudio.runs.checkpoint import Checkpoint, read_checkpoint
from ganstudio.runs.folder import RunFolder

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.api import Architecture

FORMAT = "ganstudio-weights-1"


def find_checkpoint(run: RunFolder, step: int | None = None) -> Checkpoint:
    """Return the newest checkpoint that is whole, or that of a step; ``InputError`` if there is none."""
    if step is None:
        checkpoint, damaged = run.latest_checkpoint()
        if checkpoint is None:
            raise InputError(" ".join([f"{run.path} holds no checkpoint to take weights from.", *damaged]))
        return checkpoint
    steps = {int(folder.name.strip(".").removesuffix(".old")): folder for folder in run.checkpoints()}
    if step not in steps:
        there = ", ".join(str(each) for each in steps) or "none"
        raise InputError(f"{run.path} has no checkpoint of step {step}; there is {there}.")
    return read_checkpoint(steps[step])


def weights_of(checkpoint: Checkpoint, averaged: bool = True) -> "dict[str, Tensor]":
    """Return the tensors of all networks; of those that are averaged, the averages where ``averaged``."""
    return {**checkpoint.weights, **checkpoint.averages} if averaged else dict(checkpoint.weights)


def built(architecture: "Architecture", checkpoint: Checkpoint) -> "Architecture":
    """Build an architecture's networks, and return it with the weights of a checkpoint, for looking alone.

    They are those that samples are made with: averages, where there are any. The random numbers of a training
    beside it stay as they are. Raises ``StudioError`` where the weights do not fit.
    """
    with OwnRandomness():
        architecture.build(checkpoint.spec)
    fill(architecture, weights_of(checkpoint), checkpoint.path)
    architecture.requires_grad_(False)
    return architecture.eval()


def fill(architecture: "Architecture", tensors: "Mapping[str, Tensor]", where: Path) -> None:
    """Give networks that are built their weights; raises ``StudioError`` where those do not fit."""
    from ganstudio.training.state import load_network_tensors

    with fitting(architecture, where):
        load_network_tensors(architecture.networks(), tensors)


@contextmanager
def fitting(architecture: "Architecture", where: Path) -> Iterator[None]:
    """Turn what a state raises that does not fit an architecture into a ``StudioError``."""
    try:
        yield
    except (RuntimeError, KeyError) as error:
        raise StudioError(
            f"The weights in {where} do not fit {architecture.title} as it is now. Its plugin has changed "
            "since; use the version that the run's provenance.json names."
        ) from error


def write_weights(run: RunFolder, checkpoint: Checkpoint, out: Path, averaged: bool = True) -> Path:
    """Write the weights of a checkpoint as the safetensors file ``out`` and return it."""
    from safetensors.torch import save

    metadata = {
        "format": FORMAT,
        "experiment": run.experiment.to_toml(),
        "spec": json.dumps(spec_to_dict(checkpoint.spec)),
        "step": str(checkpoint.step),
        "averaged": str(averaged).lower(),
        "run": run.name,
    }
    tensors = {name: tensor.contiguous() for name, tensor in weights_of(checkpoint, averaged).items()}
    with explained(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, save(tensors, metadata))
    return out


def load(file: Path | str, registry: Registry | None = None) -> "Architecture":
    """Return the networks of a file that :func:`write_weights` wrote, on the CPU, ready to be used.

    The plugins that the run was made with must be installed. Raises ``InputError`` when the file is no such
    file, and ``StudioError`` when its weights do not fit the plugin as it is now.
    """
    from safetensors import SafetensorError, safe_open

    path = Path(file)
    try:
        with safe_open(path, "pt") as opened:
            metadata = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path} cannot be read as a file of weights: {error}.") from error
    if metadata.get("format") != FORMAT:
        raise InputError(f"{path} is no file of weights that this version of GAN Studio wrote.")
    return _built(path, metadata, tensors, registry or Registry.load())


def _built(
    path: Path, metadata: dict[str, str], tensors: "dict[str, Tensor]", registry: Registry
) -> "Architecture":
    experiment = Experiment.from_dict(tomllib.loads(metadata["experiment"]))
    architecture = resolve(experiment, registry).architecture
    spec: dict[str, Any] = json.loads(metadata["spec"])
    with OwnRandomness():
        architecture.build(spec_from_dict(spec))
    fill(architecture, tensors, path)
    architecture.requires_grad_(False)
    return architecture.eval()
