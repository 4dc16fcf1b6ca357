"""State: all that a training needs to go on as if nothing had happened, in memory on the CPU.

Writing it to a folder is the business of ``ganstudio.runs``.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.api import Architecture, DataSpec


@dataclass(frozen=True)
class TrainingState:
    """A copy, apart from the training it was taken of.

    ``weights`` and ``averages``: tensors by ``network.parameter``. ``rest``: optimizers, random states and
    the feed's place, of such types only as ``torch.load(weights_only=True)`` reads.
    """

    step: int
    images_seen: int
    seconds: float
    spec: DataSpec
    weights: dict[str, Tensor]
    averages: dict[str, Tensor]
    rest: dict[str, Any] = field(repr=False)


def network_tensors(networks: dict[str, nn.Module]) -> dict[str, Tensor]:
    """Return copies on the CPU of every parameter and buffer, by ``network.name``."""
    return {
        f"{network}.{name}": tensor.detach().cpu().clone().contiguous()
        for network, module in networks.items()
        for name, tensor in module.state_dict().items()
    }


def load_network_tensors(networks: dict[str, nn.Module], tensors: dict[str, Tensor]) -> None:
    """Fill the networks from what :func:`network_tensors` returned; raises ``KeyError`` where one lacks."""
    for network, module in networks.items():
        prefix = f"{network}."
        own = {name[len(prefix) :]: t for name, t in tensors.items() if name.startswith(prefix)}
        module.load_state_dict(own)


def strengths(architecture: Architecture) -> dict[str, float]:
    """Return how strong each augmentation that adapts is at present, by its name."""
    found = getattr(architecture, "augmentations", ())
    return {type(one).__name__: float(one.strength) for one in found if one.strength is not None}


def copied(value: Any) -> Any:
    """Return nested dicts and lists with every tensor copied to the CPU."""
    if isinstance(value, Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(copied(item) for item in value)
    return value


def random_states(device: torch.device) -> dict[str, Any]:
    """Return the state of every source of randomness, without numpy's own types."""
    version, numbers, gauss = random.getstate()
    name, keys, position, has_gauss, cached = np.random.get_state(legacy=True)
    states: dict[str, Any] = {
        "python": [version, list(numbers), gauss],
        "numpy": [name, np.asarray(keys).tolist(), position, has_gauss, cached],
        "torch": torch.get_rng_state(),
    }
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


@contextmanager
def randomness_kept(device: torch.device) -> Iterator[None]:
    """Put every source of randomness back to where it was, whatever is drawn meanwhile."""
    states = random_states(device)
    try:
        yield
    finally:
        restore_random_states(states, device)


def restore_random_states(states: dict[str, Any], device: torch.device) -> None:
    """Put back what :func:`random_states` returned."""
    version, numbers, gauss = states["python"]
    random.setstate((version, tuple(numbers), gauss))
    name, keys, position, has_gauss, cached = states["numpy"]
    np.random.set_state((name, np.array(keys, dtype=np.uint32), position, has_gauss, cached))
    torch.set_rng_state(states["torch"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
