"""Meter: means of what is reported, gathered without making the device wait."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganstudio.api import StudioError


class NotFiniteError(StudioError):
    """A loss, or some weights, are no longer numbers. ``step``: in which they ceased to be."""

    def __init__(self, message: str, step: int = 0) -> None:
        super().__init__(message)
        self.step = step


class Meter:
    """Sums scalars by name until they are taken as means.

    On the CPU a scalar is read at once, which costs nothing, and a loss that is not finite is caught at its
    own update. On another device sums stay there until :meth:`take`, so no step waits for it.
    """

    def __init__(self) -> None:
        self._sums: dict[str, float | Tensor] = {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, value: Tensor) -> bool:
        """Add a scalar; return False when it is known not to be finite."""
        number: float | Tensor = value.item() if value.device.type == "cpu" else value.detach()
        self._sums[name] = self._sums.get(name, 0.0) + number
        self._counts[name] = self._counts.get(name, 0) + 1
        return not isinstance(number, float) or math.isfinite(number)

    def take(self) -> dict[str, float]:
        """Return the means and start anew. One transfer fetches all that is on a device."""
        numbers = dict(zip(self._sums, _fetch(list(self._sums.values())), strict=True))
        means = {name: number / self._counts[name] for name, number in numbers.items()}
        self._sums.clear()
        self._counts.clear()
        return means

    def pending(self) -> dict[str, Any]:
        """Return what was gathered and not yet taken; see :meth:`put_back`."""
        return {"sums": dict(self._sums), "counts": dict(self._counts)}

    def put_back(self, pending: Mapping[str, Any], device: torch.device) -> None:
        """Go on from what :meth:`pending` returned; sums that were on a device go to ``device``."""
        self._sums = {n: s.to(device) if isinstance(s, Tensor) else s for n, s in pending["sums"].items()}
        self._counts = dict(pending["counts"])


def _fetch(values: list[float | Tensor]) -> list[float]:
    waiting = [value for value in values if isinstance(value, Tensor)]
    if not waiting:
        return [float(value) for value in values]
    fetched = iter(torch.stack([value.float() for value in waiting]).tolist())
    return [next(fetched) if isinstance(value, Tensor) else float(value) for value in values]
