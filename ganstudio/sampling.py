"""Sampling: new samples from a run's checkpoint, without its data."""

from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from ganstudio.api import Architecture, InputError, StudioError
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


def write_samples(path: Path, registry: Registry, count: int, seed: int, out: Path | None) -> Path:
    """Write ``count`` samples of the newest checkpoint's averaged weights as one PNG; return its path.

    Raises ``InputError`` when ``path`` is no run or holds no checkpoint.
    """
    run = RunFolder.open(path)
    checkpoint, damaged = run.latest_checkpoint()
    if checkpoint is None:
        raise InputError(" ".join([f"{path} holds no checkpoint to sample from.", *damaged]))
    samples = draw_samples(run, checkpoint, registry, count, seed)
    if samples.ndim != 4:
        raise InputError(f"{path} makes points, not images; there is no grid of them to write.")
    out = out or run.path / "exports" / f"samples-{checkpoint.step:09d}-seed{seed}.png"
    with explained(out.parent, InputError):
        out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, png(tile(samples)))
    return out


def draw_samples(
    run: RunFolder, checkpoint: Checkpoint, registry: Registry, count: int, seed: int
) -> NDArray[Any]:
    """Return samples as previews hold them: images ``uint8`` [N, H, W, C], or points ``float32`` [N, D].

    The same seed gives the same samples. Raises ``StudioError`` when the weights do not fit the plugin.
    """
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
    with torch.no_grad():
        parts = [architecture.generate(part) for part in torch.split(latents, _AT_ONCE)]
    return to_array(torch.cat(parts))[1]


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
