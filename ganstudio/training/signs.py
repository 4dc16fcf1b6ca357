"""Signs: figures by which health is judged, beside those an architecture logs. It judges nothing itself."""

import math
from collections.abc import Iterator

from torch import Tensor

from ganstudio.api import Architecture
from ganstudio.api.events import VectorRecord
from ganstudio.training.meter import Meter
from ganstudio.training.norms import Norms

_DIGITS = 6
"""Significant digits of a vector's figures: about what a float32 has, in half the space."""


class Signs:
    """Takes the signs of one training."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture
        self._norms = Norms(architecture.networks())
        self._labelled: dict[str, tuple[str, ...]] = {}

    def add_to(self, meter: Meter) -> None:
        """Add what goes into every report: ``weight_norm/<network>``."""
        for name, norm in self._norms.of_weights().items():
            meter.add(f"weight_norm/{name}", norm)

    def vectors(self, step: int) -> Iterator[VectorRecord]:
        """Yield the vectors of this step, if there are any: norms by layer, and what was logged as such."""
        found = {**self._norms.of_layers(), **self._architecture.take_vectors()}
        if not found:
            return
        labels = {name: told for name, (_values, told) in found.items() if told}
        news = {name: told for name, told in labels.items() if self._labelled.get(name) != told}
        self._labelled |= news
        rows = _rows([values for values, _told in found.values()])
        yield VectorRecord(step, dict(zip(found, rows, strict=True)), news)


def unsound(values: dict[str, float]) -> str:
    """Return what of a report says that training cannot go on, as the beginning of a sentence, or nothing."""
    bad = [name for name, value in values.items() if not math.isfinite(value)]
    for name in bad:
        if name.startswith("loss/"):
            return f"The loss of the {name.removeprefix('loss/')} update is not a finite number"
    for name in bad:
        if name.startswith("weight_norm/"):
            return f"The weights of the {name.removeprefix('weight_norm/')} are not finite numbers"
    return ""


def _rows(tensors: list[Tensor]) -> Iterator[tuple[float, ...]]:
    for tensor in tensors:
        yield tuple(float(f"{value:.{_DIGITS}g}") for value in tensor.tolist())
