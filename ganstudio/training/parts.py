"""Parts: all of a training that changes from step to step, copied as one and put back as one.

It knows nothing of steps to come, of events or of files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganstudio.api import Architecture, StudioError
from ganstudio.training.ema import MovingAverage
from ganstudio.training.feed import Feed
from ganstudio.training.live import LiveSettings
from ganstudio.training.meter import Meter
from ganstudio.training.movement import Movement
from ganstudio.training.optimizers import NetworkOptimizer
from ganstudio.training.state import (
    Copy,
    TrainingState,
    components,
    copied,
    fresh,
    load_network_tensors,
    load_strengths,
    network_tensors,
    random_states,
    restore_random_states,
    strengths,
)


@dataclass(frozen=True)
class Parts:
    """What a training is made of, once its networks are built."""

    architecture: Architecture
    optimizers: Mapping[str, NetworkOptimizer]
    average: MovingAverage
    feed: Feed
    meter: Meter
    live: LiveSettings
    device: torch.device
    movement: Movement

    def state(self, step: int, images_seen: int, seconds: float, copy: Copy = fresh) -> TrainingState:
        """Return a copy of everything, on the CPU; taken between two steps."""
        own = {path: part.checkpoint_state() for path, part in components(self.architecture).items()}
        return TrainingState(
            step=step,
            images_seen=images_seen,
            seconds=seconds,
            spec=self.feed.spec,
            weights=network_tensors(self.architecture.networks(), copy),
            averages=network_tensors(self.average.networks, copy),
            rest={
                "optimizers": {n: copied(o.rule.state_dict(), copy) for n, o in self.optimizers.items()},
                "random": random_states(self.device),
                "feed": self.feed.place(),
                "augmentations": strengths(self.architecture),
                "held": copied(dict(self.architecture.held), copy),
                "average_is_exact": self.average.exact,
                "meter": copied(self.meter.pending(), copy),
                "movement": copied(self.movement.state(), copy),
                "settings": dict(self.live.changed),
                "changes": self.live.changes,
                "components": {path: copied(dict(state), copy) for path, state in own.items() if state},
            },
        )

    def all_finite(self) -> bool:
        """Say whether every weight is a finite number, so that it is worth going back to."""
        # A sum is finite only if all of it is, and takes a tenth of the time of looking at each number.
        sums = [p.detach().sum(dtype=torch.float32) for p in self.architecture.parameters()]
        return not sums or bool(torch.isfinite(torch.stack(sums)).all())

    def put_back(self, state: TrainingState) -> None:
        """Make everything what it was; raises ``StudioError`` when the state does not fit what was built.

        What the state does not hold stays as it was built: an older version kept less, and a branch with
        other settings takes over less.
        """
        try:
            self._put_back(state)
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
            raise StudioError(
                f"The checkpoint of step {state.step} does not fit the networks that "
                f"{type(self.architecture).__name__} builds now: {error}. Use the version of the plugin "
                "that the run was begun with."
            ) from error

    def _put_back(self, state: TrainingState) -> None:
        rest = state.rest
        self.live.put_back(rest.get("settings", {}), rest.get("changes", 0))
        load_network_tensors(self.architecture.networks(), state.weights)
        self.average.put_back(state.averages, rest.get("average_is_exact", False))
        for name, optimizer in self.optimizers.items():
            if name in rest["optimizers"]:
                optimizer.put_back(rest["optimizers"][name])
        load_strengths(self.architecture, rest.get("augmentations", {}))
        self.architecture.held = copied(rest.get("held", {}), self._to_device)
        own: Mapping[str, Any] = rest.get("components", {})
        for path, part in components(self.architecture).items():
            if path in own:
                part.load_checkpoint_state(copied(own[path], self._to_device))
        self.movement.put_back(rest.get("movement", {}))
        self.meter.put_back(rest.get("meter", {"sums": {}, "counts": {}}), self.device)
        if "feed" in rest:
            self.feed.go_to(rest["feed"])
        # Last: putting back must not draw from what was put back.
        if "random" in rest:
            restore_random_states(rest["random"], self.device)

    def _to_device(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.device, copy=True)
