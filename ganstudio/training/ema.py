"""EMA: a moving average of the networks that are shown, scored and exported."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganstudio.api import Architecture


class MovingAverage:
    """Averaged copies of the networks that an architecture names in ``ema``."""

    def __init__(self, architecture: Architecture) -> None:
        networks = architecture.networks()
        self.networks: dict[str, nn.Module] = {
            name: copy.deepcopy(networks[name]).requires_grad_(False).eval() for name in architecture.ema
        }
        self._averages: list[Tensor] = []
        self._weights: list[Tensor] = []
        self._kept_buffers: list[Tensor] = []
        self._buffers: list[Tensor] = []
        for name, average in self.networks.items():
            self._averages += [p.data for p in average.parameters()]
            self._weights += [p.data for p in networks[name].parameters()]
            self._kept_buffers += list(average.buffers())
            self._buffers += list(networks[name].buffers())

    @torch.no_grad()
    def update(self, step: int, decay: float) -> None:
        """Move the averages towards the weights. The decay starts low, so the first steps are soon forgotten.

        average ← d · average + (1 − d) · weights, with d = min(decay, (1 + step) / (10 + step)).
        """
        if not self._averages:
            return
        decay = min(decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._averages, self._weights, 1 - decay)
        if self._buffers:
            torch._foreach_copy_(self._kept_buffers, self._buffers)

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
            for average in self.networks.values():
                average.eval()
