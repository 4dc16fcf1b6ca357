"""EMA: a moving average of the networks that are shown, scored and exported."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganstudio.api import Architecture
from ganstudio.training.state import load_network_tensors


class MovingAverage:
    """Averaged copies of the networks that an architecture names in ``ema``."""

    def __init__(self, architecture: Architecture) -> None:
        networks = architecture.networks()
        self._networks: dict[str, nn.Module] = {
            name: copy.deepcopy(networks[name]).requires_grad_(False).eval() for name in architecture.ema
        }
        self.exact = False
        """Whether the average is the weights themselves; looking at it must not change what it becomes."""
        self._averages: list[Tensor] = []
        self._weights: list[Tensor] = []
        self._kept_buffers: list[Tensor] = []
        self._buffers: list[Tensor] = []
        for name, average in self._networks.items():
            self._averages += [p.data for p in average.parameters()]
            self._weights += [p.data for p in networks[name].parameters()]
            self._kept_buffers += list(average.buffers())
            self._buffers += list(networks[name].buffers())

    @torch.no_grad()
    def update(self, step: int, decay: float) -> None:
        """Move the averages towards the weights. The decay starts low, so the first steps are soon forgotten.

        average ← d · average + (1 − d) · weights, with d = min(decay, (1 + step) / (10 + step)). Without
        decay the average is the weights themselves, copied only when somebody looks.
        """
        if decay == 0 or not self._averages:
            self.exact = True
            return
        self._copy_exact()
        self.exact = False
        decay = min(decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._averages, self._weights, 1 - decay)
        if self._buffers:
            torch._foreach_copy_(self._kept_buffers, self._buffers)

    @property
    def networks(self) -> dict[str, nn.Module]:
        """The averaged networks by name, in evaluation mode."""
        self._copy_exact()
        return self._networks

    def put_back(self, tensors: Mapping[str, Tensor], exact: bool) -> None:
        """Fill the averages from a state, and go on as they were: following, or the weights themselves."""
        load_network_tensors(self._networks, tensors)
        self.exact = exact

    @torch.no_grad()
    def _copy_exact(self) -> None:
        if self.exact and self._averages:
            torch._foreach_copy_([*self._averages, *self._kept_buffers], [*self._weights, *self._buffers])

    @contextmanager
    def applied(self, architecture: Architecture) -> Iterator[Architecture]:
        """Lend the averaged networks to ``architecture``, in evaluation mode and without gradients."""
        trained = architecture.networks()
        architecture._modules.update(self.networks)
        architecture.eval()
        try:
            with torch.no_grad():
                yield architecture
        finally:
            architecture._modules.update(trained)
            architecture.train()
            for average in self._networks.values():
                average.eval()
