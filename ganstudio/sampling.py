"""Sampling: new samples from a run's checkpoint, without its data."""

from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import Architecture, InputError, StudioError
from ganstudio.experiment import slug, unknown_name
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.atomic import explained, write_bytes
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.pictures import png, tile
from ganstudio.training.device import prepare_thread, seed_everything
from ganstudio.training.previews import to_array
from ganstudio.training.state import load_network_tensors

_AT_ONCE = 256


def write_samples(
    path: Path, registry: Registry, count: int, seed: int, out: Path | None, label: str = ""
) -> Path:
    """Write ``count`` samples of the newest checkpoint's averaged weights as one PNG; return its path.

    ``label`` names the class to make, of a run that learned classes; without it every class has its turn.
    Raises ``InputError`` when ``path`` is no run or holds no checkpoint, or there is no such class.
    """
    run = RunFolder.open(path)
    checkpoint, damaged = run.latest_checkpoint()
    if checkpoint is None:
        raise InputError(" ".join([f"{path} holds no checkpoint to sample from.", *damaged]))
    samples, columns = _draw(run, checkpoint, registry, count, seed, label)
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
    """Return samples as previews hold them: images ``uint8`` [N, H, W, C], or points ``float32`` [N, D].

    The same seed gives the same samples. Raises ``StudioError`` when the weights do not fit the plugin.
    """
    return _draw(run, checkpoint, registry, count, seed, label)[0]


def _draw(
    run: RunFolder, checkpoint: Checkpoint, registry: Registry, count: int, seed: int, label: str
) -> tuple[NDArray[Any], int]:
    """Return samples, and how many are to stand side by side (0: as it looks best)."""
    prepare_thread()
    architecture = resolve(run.experiment, registry).architecture
    architecture.build(checkpoint.spec)
    _fill(architecture, checkpoint)
    architecture.eval()
    # A network that adds noise of its own is to add the same each time.
    seed_everything(seed)
    latents = architecture.draw_latents(count, torch.Generator().manual_seed(seed))
    if latents is None:
        raise InputError(f"{architecture.title} does not make samples from latents.")
    labels = _labels(architecture, checkpoint, count, label)
    index = torch.split(torch.arange(count), _AT_ONCE)
    with torch.no_grad():
        parts = [architecture.samples(latents[i], None if labels is None else labels[i]) for i in index]
    return to_array(torch.cat(parts))[1], 0 if label else architecture.classes


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


def _fill(architecture: Architecture, checkpoint: Checkpoint) -> None:
    """Give the networks their weights, and the averages of them where there are any."""
    networks = architecture.networks()
    try:
        load_network_tensors(networks, checkpoint.weights)
        load_network_tensors({name: networks[name] for name in architecture.ema}, checkpoint.averages)
    except (RuntimeError, KeyError) as error:
        raise StudioError(
            f"The weights in {checkpoint.path} do not fit {architecture.title} as it is now. Its plugin has "
            "changed since; sample with the version named in provenance.json."
        ) from error
