"""Watching: the steps of an architecture, walked with an eye on every gradient and every weight.

It moves weights as the trainer does, with the optimizers that the architecture asks for, and sees what the
trainer need not look at. It knows nothing of what is right or wrong with what it saw, but for a step that
cannot be walked at all.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.api import Architecture, LoadedData, Optimizer, Update
from ganstudio.testing import where
from ganstudio.testing.engine import Wrong
from ganstudio.testing.where import Place
from ganstudio.training.feed import Feed
from ganstudio.training.optimizers import NetworkOptimizer


@dataclass
class Watched:
    """What was seen of all updates that name the same networks. ``place`` is where the last was yielded."""

    name: str
    place: Place
    losses: list[float] = field(default_factory=list)
    fed: set[str] = field(default_factory=set)
    """Parameters, as ``network.name``, that some update of these networks had a gradient for."""
    bad: dict[str, Place] = field(default_factory=dict)
    """Parameters whose gradient was not finite, and at which update."""


@dataclass
class Seen:
    """All that was seen. Parameters are named ``network.name``."""

    updates: dict[str, Watched] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    """Parameters that an update moved."""
    meddled: dict[str, Place] = field(default_factory=dict)
    """Parameters of networks not yet updated in a step that the step changed by itself."""
    shared: dict[str, tuple[str, Place]] = field(default_factory=dict)
    """Parameters that were moved by an update of other networks, and of which."""
    curves: set[str] = field(default_factory=set)
    finite: bool = True
    steps: int = 0

    def take_in(self, later: "Seen") -> None:
        """Add what was seen of the same networks at later steps."""
        for name, watched in later.updates.items():
            known = self.updates.setdefault(name, watched)
            if known is not watched:
                known.fed |= watched.fed
                known.bad |= watched.bad
        self.moved |= later.moved
        self.meddled |= later.meddled
        self.shared |= later.shared
        self.curves |= later.curves
        self.finite &= later.finite


def watch(architecture: Architecture, data: LoadedData, steps: int, batch_size: int, first: int = 0) -> Seen:
    """Walk some steps of a built architecture from step ``first`` on; stops at numbers that are not finite.

    Raises :class:`Wrong` for what is no step at all, and whatever the architecture raises.
    """
    return _Walk(architecture, data, batch_size).walk(first, steps)


class _Walk:
    def __init__(self, architecture: Architecture, data: LoadedData, batch_size: int) -> None:
        self._architecture = architecture
        self._feed = Feed(data, batch_size, 0, torch.device("cpu"))
        self._networks = architecture.networks()
        self._optimizers = optimizers_of(architecture)
        self._seen = Seen()

    def walk(self, first: int, steps: int) -> Seen:
        for self._architecture.step in range(first, first + steps):
            self._architecture.recording = True
            self._step()
            self._seen.curves |= set(self._architecture.take_log())
            if self._stuck:
                break
            self._seen.steps += 1
        return self._seen

    def _step(self) -> None:
        cls = type(self._architecture)
        updates: Any = self._architecture.training_step(self._feed)
        if not isinstance(updates, Iterator):
            raise Wrong(
                f"{cls.__name__}.training_step returns a {type(updates).__name__}; it is to yield its "
                "updates: "
                "yield Update(self.generator, loss).",
                where.of_method(cls, "training_step"),
            )
        begun: set[str] = set()
        while True:
            before = self._weights()
            update = next(updates, None)
            place = where.of_yield(updates)
            changed = self._changed(before)
            meddled = [name for name in changed if name.partition(".")[0] not in begun]
            self._seen.meddled |= dict.fromkeys(meddled, place)
            if update is None:
                break
            names = self._named(update, place)
            begun |= set(names)
            self._apply(update, names, place)
            if self._stuck:
                break

    @property
    def _stuck(self) -> bool:
        """Whether numbers are no longer finite, so that all that follows would be wrong as well."""
        return not self._seen.finite or any(watched.bad for watched in self._seen.updates.values())

    def _named(self, update: Any, place: Place) -> tuple[str, ...]:
        """Return the names of the networks of an update."""
        cls = type(self._architecture).__name__
        if not isinstance(update, Update):
            raise Wrong(
                f"{cls}.training_step yields a {type(update).__name__}; it is to yield Update(network, "
                "loss).",
                place,
            )
        wanted = update.networks if isinstance(update.networks, tuple) else (update.networks,)
        names = tuple(name for one in wanted for name, network in self._networks.items() if network is one)
        if not wanted or len(names) != len(wanted):
            raise Wrong(
                f"{cls}.training_step updates a module that is not one of its networks "
                f"({', '.join(self._networks)}). A network is a direct attribute that build sets.",
                place,
            )
        if not isinstance(update.loss, Tensor) or update.loss.numel() != 1:
            what = list(update.loss.shape) if isinstance(update.loss, Tensor) else type(update.loss).__name__
            raise Wrong(
                f"The loss of the update of {_and(names)} is to be one number, and is {what}: end it with "
                ".mean().",
                place,
            )
        if not update.loss.requires_grad:
            raise Wrong(
                f"`training_step` yields an update for {_and(names)}, but its loss depends on no weight "
                "at all: "
                "it was computed without gradients, or from detached tensors.",
                place,
            )
        return names

    def _apply(self, update: Update, names: tuple[str, ...], place: Place) -> None:
        """Note the gradients of an update, move what it names, and note what else that moved."""
        watched = self._seen.updates.setdefault("+".join(names), Watched("+".join(names), place))
        watched.place = place
        watched.losses.append(float(update.loss.detach()))
        self._seen.finite = math.isfinite(watched.losses[-1])
        if not self._seen.finite:
            return
        parameters = [p for name in names for p in self._optimizers[name].parameters]
        for parameter in parameters:
            parameter.grad = None
        if not parameters:
            raise Wrong(f"{_and(names)} has no weights to move, so it needs no update.", place)
        update.loss.backward(inputs=parameters)  # type: ignore[no-untyped-call]
        for path, parameter in self._own(names):
            if parameter.grad is not None:
                watched.fed.add(path)
                if not bool(torch.isfinite(parameter.grad).all()):
                    watched.bad[path] = place
        if watched.bad:
            return
        before = self._weights()
        for name in names:
            self._optimizers[name].rule.step()
        for path in self._changed(before):
            if path.partition(".")[0] in names:
                self._seen.moved.add(path)
            else:
                self._seen.shared[path] = ("+".join(names), place)

    def _own(self, names: tuple[str, ...]) -> Iterator[tuple[str, nn.Parameter]]:
        for name in names:
            for path, parameter in self._networks[name].named_parameters():
                if parameter.requires_grad:
                    yield f"{name}.{path}", parameter

    def _weights(self) -> dict[str, Tensor]:
        # Networks that were replaced meanwhile are not found again here, and so count as not changed.
        return {path: p.detach().clone() for path, p in self._own(tuple(self._networks))}

    def _changed(self, before: Mapping[str, Tensor]) -> list[str]:
        return [
            path
            for path, parameter in self._own(tuple(self._networks))
            if path in before and not _same(before[path], parameter.detach())
        ]


def optimizers_of(architecture: Architecture) -> dict[str, NetworkOptimizer]:
    """Return an optimizer for each network, with the settings that the architecture asks for."""
    defaults = architecture.default_optimizers
    return {
        name: NetworkOptimizer(network, defaults.get(name, Optimizer()))
        for name, network in architecture.networks().items()
        if any(p.requires_grad for p in network.parameters())
    }


def trained_parameters(architecture: Architecture) -> dict[str, list[str]]:
    """Return the names of the parameters that can be trained, by network."""
    return {
        name: [path for path, p in network.named_parameters() if p.requires_grad]
        for name, network in architecture.networks().items()
    }


def _same(one: Tensor, other: Tensor) -> bool:
    return torch.equal(one, other) or bool(((one == other) | (one.isnan() & other.isnan())).all())


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)


__all__ = ["Seen", "Watched", "optimizers_of", "trained_parameters", "watch"]
