"""Sampling: new samples from a run's checkpoint, without its data."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio import tabling
from ganstudio.api import Architecture, InputError, TableSpec
from ganstudio.experiment import slug, unknown_name
from ganstudio.exporting.weights import built
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.atomic import explained, write_bytes
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.pictures import png, tile
from ganstudio.schema import describe
from ganstudio.training.device import prepare_thread, seed_everything
from ganstudio.training.previews import to_array

_AT_ONCE = 256
_MOST_IMAGES = 65_536
"""Images that one picture may hold."""


def write_samples(
    path: Path,
    registry: Registry,
    count: int,
    seed: int,
    out: Path | None,
    label: str = "",
    looks: Mapping[str, Any] | None = None,
) -> Path:
    """Write ``count`` samples of the newest checkpoint's averaged weights as one PNG; return its path.

    Rows of a table become a CSV file, or what the ending of ``out`` says: see :func:`tabling.write_rows`.
    ``label`` names the class to make, of a run that learned classes; without it every class has its turn. Of
    a table, ``column=category``: rows that have it. ``looks``: other values for settings of the architecture
    that change samples alone, by name.
    Raises ``InputError`` when ``path`` is no run or holds no checkpoint, or there is no such class or
    setting.
    """
    run = RunFolder.open(path)
    checkpoint, damaged = run.latest_checkpoint()
    if checkpoint is None:
        raise InputError(" ".join([f"{path} holds no checkpoint to sample from.", *damaged]))
    if isinstance(checkpoint.spec, TableSpec):
        if looks:
            raise InputError("Of a table, a category is asked for by --label column=category, without --set.")
        return _write_rows(run, checkpoint, registry, count, seed, out, label)
    if count > _MOST_IMAGES:
        raise InputError(f"One picture holds {_MOST_IMAGES} images at most; --count asks for {count}.")
    samples, columns = _draw(run, checkpoint, registry, count, seed, label, looks)
    if samples.ndim != 4:
        raise InputError(f"{path} makes points, not images; there is no grid of them to write.")
    of_class = f"-{slug(label)}" if label else ""
    out = out or run.path / "exports" / f"samples-{checkpoint.step:09d}-seed{seed}{of_class}.png"
    with explained(out.parent, InputError):
        out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, png(tile(samples, columns)))
    return out


def draw_samples(
    run: RunFolder, checkpoint: Checkpoint, registry: Registry, count: int, seed: int, label: str = ""
) -> NDArray[Any]:
    """Return samples as previews hold them.

    Images ``uint8`` [N, H, W, C], points ``float32`` [N, D], or rows of a table ``float32`` [N, C].

    The same seed gives the same samples. Raises ``StudioError`` when the weights do not fit the plugin.
    """
    return _draw(run, checkpoint, registry, count, seed, label)[0]


def _write_rows(
    run: RunFolder,
    checkpoint: Checkpoint,
    registry: Registry,
    count: int,
    seed: int,
    out: Path | None,
    label: str,
) -> Path:
    """Write rows of a table, made a part at a time: the same for the same seed and number of rows."""
    assert isinstance(checkpoint.spec, TableSpec), "it is a table"
    architecture = _ready(run, checkpoint, registry, seed)
    with_label = _category(architecture, checkpoint.spec, label) if label else None
    of = f"-{slug(label)}" if label else ""
    out = out or run.path / "exports" / f"rows-{checkpoint.step:09d}-seed{seed}{of}.csv"
    drawing = torch.Generator().manual_seed(seed)

    def parts() -> Iterator[NDArray[Any]]:
        for start in range(0, count, tabling.AT_ONCE):
            latents = architecture.draw_latents(min(tabling.AT_ONCE, count - start), drawing)
            if latents is None:
                raise InputError(f"{architecture.title} does not make samples from latents.")
            with torch.no_grad():
                yield to_array(with_label(latents) if with_label else architecture.samples(latents))[1]

    tabling.write_rows(out, checkpoint.spec.columns, parts())
    return out


def _category(architecture: Architecture, spec: TableSpec, label: str) -> Callable[[Tensor], Tensor]:
    """Return what makes rows with the category that ``column=category`` names; both may hold ``=`` too."""
    names = {column.name for column in spec.columns}
    ends = [place for place, sign in enumerate(label) if sign == "="]
    end = next((place for place in ends if label[:place].strip() in names), next(iter(ends), len(label)))
    column, is_there, category = label[:end], label[end : end + 1], label[end + 1 :]
    generate_with = getattr(architecture, "generate_with", None)
    if generate_with is None:
        raise InputError(f"{architecture.title} cannot be asked for a category: leave --label out.")
    if not is_there:
        raise InputError(f"--label {label} is to name a column and a category of it, such as colour=red.")
    return lambda latents: generate_with(latents, column.strip(), category.strip())


def _draw(
    run: RunFolder,
    checkpoint: Checkpoint,
    registry: Registry,
    count: int,
    seed: int,
    label: str,
    looks: Mapping[str, Any] | None = None,
) -> tuple[NDArray[Any], int]:
    """Return samples, and how many are to stand side by side (0: as it looks best)."""
    architecture = _ready(run, checkpoint, registry, seed, looks)
    latents = architecture.draw_latents(count, torch.Generator().manual_seed(seed))
    if latents is None:
        raise InputError(f"{architecture.title} does not make samples from latents.")
    labels = _labels(architecture, checkpoint, count, label)
    index = torch.split(torch.arange(count), _AT_ONCE)
    with torch.no_grad():
        parts = [architecture.samples(latents[i], None if labels is None else labels[i]) for i in index]
    return to_array(torch.cat(parts))[1], 0 if label else architecture.classes


def _ready(
    run: RunFolder,
    checkpoint: Checkpoint,
    registry: Registry,
    seed: int,
    looks: Mapping[str, Any] | None = None,
) -> Architecture:
    """Return the architecture of a run with its averaged weights, ready to make samples."""
    prepare_thread()
    experiment, looks = run.experiment, looks or {}
    for name, value in looks.items():
        experiment = experiment.with_value(f"architecture.{name}", value)
    architecture = resolve(experiment, registry).architecture
    _check_looks(architecture, looks)
    built(architecture, checkpoint)
    # A network that adds noise of its own is to add the same each time.
    seed_everything(seed)
    return architecture


def _check_looks(architecture: Architecture, looks: Mapping[str, Any]) -> None:
    """Raise ``InputError`` where a setting would not change samples alone."""
    shown = [spec.name for spec in describe(type(architecture.settings)) if spec.shown]
    for name in looks:
        if name not in shown:
            there = f"those of {architecture.title} are {', '.join(shown)}" if shown else "there are none"
            raise InputError(f"--set {name}: this is no setting that changes samples alone; {there}.")


def _labels(architecture: Architecture, checkpoint: Checkpoint, count: int, label: str) -> Tensor | None:
    """Return the class of each sample: the one that is asked for, or every one in turn."""
    names = getattr(checkpoint.spec, "classes", ()) if architecture.classes else ()
    if not label:
        return torch.arange(count) % len(names) if names else None
    if not names:
        raise InputError("This run did not learn classes, so none can be asked for: leave --label out.")
    if label not in names:
        raise InputError(unknown_name("--label", label, names))
    return torch.full((count,), names.index(label))
