"""State: all that a training needs to go on as if nothing had happened, in memory on the CPU.

Writing it to a folder is the business of ``ganstudio.runs``.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.api import Architecture, Component, DataSpec


@dataclass(frozen=True)
class TrainingState:
    """A copy, apart from the training it was taken of.

    ``weights`` and ``averages``: tensors by ``network.parameter``. ``rest``: optimizers, random states, the
    feed's place and all else, of such types only as ``torch.load(weights_only=True)`` reads.
    """

    step: int
    images_seen: int
    seconds: float
    spec: DataSpec
    weights: dict[str, Tensor]
    averages: dict[str, Tensor]
    rest: dict[str, Any] = field(repr=False)


class Copy(Protocol):
    """Copies a tensor to the CPU; ``contiguous``: in the usual order, whatever its own is."""

    def __call__(self, tensor: Tensor, contiguous: bool = False) -> Tensor:
        """Return the copy."""


def fresh(tensor: Tensor, contiguous: bool = False) -> Tensor:
    """Copy a tensor to the CPU into memory of its own."""
    copy = tensor.detach().to("cpu", copy=True)
    return copy.contiguous() if contiguous else copy


def network_tensors(networks: Mapping[str, nn.Module], copy: Copy = fresh) -> dict[str, Tensor]:
    """Return copies on the CPU of every parameter and buffer, by ``network.name``."""
    return {
        f"{network}.{name}": copy(tensor, contiguous=True)
        for network, module in networks.items()
        for name, tensor in module.state_dict().items()
    }


def network_shapes(networks: Mapping[str, nn.Module]) -> dict[str, tuple[int, ...]]:
    """Return the shape of every parameter and buffer, by ``network.name``."""
    return {
        f"{network}.{name}": tuple(tensor.shape)
        for network, module in networks.items()
        for name, tensor in module.state_dict().items()
    }


def load_network_tensors(networks: Mapping[str, nn.Module], tensors: Mapping[str, Tensor]) -> None:
    """Fill the networks from what :func:`network_tensors` returned; raises ``KeyError`` where one lacks."""
    for network, module in networks.items():
        prefix = f"{network}."
        own = {name[len(prefix) :]: t for name, t in tensors.items() if name.startswith(prefix)}
        module.load_state_dict(own)


def strengths(architecture: Architecture) -> dict[str, float]:
    """Return how strong each augmentation that adapts is at present, by its name."""
    found = getattr(architecture, "augmentations", ())
    return {type(one).__name__: float(one.strength) for one in found if one.strength is not None}


def load_strengths(architecture: Architecture, kept: Mapping[str, float]) -> None:
    """Make augmentations as strong as :func:`strengths` said."""
    for one in getattr(architecture, "augmentations", ()):
        name = type(one).__name__
        if name in kept and one.strength is not None:
            one.strength = torch.full_like(one.strength, kept[name])


def components(architecture: Architecture) -> dict[str, Component]:
    """Return the architecture and all that goes into its step, by the path of their settings."""
    found: dict[str, Component] = {"architecture": architecture}
    loss = getattr(architecture, "loss", None)
    if loss is not None:
        found["loss"] = loss
    for part in ("regularizers", "augmentations"):
        found |= {f"{part}.{type(one).__name__}": one for one in getattr(architecture, part, ())}
    return found


def copied(value: Any, copy: Callable[[Tensor], Tensor] = fresh) -> Any:
    """Return nested dicts and lists with every tensor copied, to the CPU unless ``copy`` does otherwise."""
    if isinstance(value, Tensor):
        return copy(value)
    if isinstance(value, dict):
        return {key: copied(item, copy) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(copied(item, copy) for item in value)
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
