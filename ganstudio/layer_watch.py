"""Layer watch: what networks hold in memory on the way through them, and a place to give up between layers.

It knows nothing of what the networks are for.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


class LayerWatch:
    """Is asked before and after every layer; ``before`` each it calls that, which may raise to give up."""

    def __init__(self, before: Callable[[], None]) -> None:
        self.peak = 0
        """Bytes of all tensors on the way through the network at once, as far as layers show."""
        self._ask = before
        self._held: list[dict[int, int]] = []

    def begin(self) -> None:
        """Know of nothing that is held."""
        self._held.clear()

    def attach(self, network: nn.Module) -> None:
        """Watch every layer of a network."""
        for layer in network.modules():
            layer.register_forward_pre_hook(self._before)
            layer.register_forward_hook(self._after, always_call=True)

    def _before(self, _layer: nn.Module, given: tuple[Any, ...]) -> None:
        self._held.append(_sizes(given))
        self._ask()

    def _after(self, _layer: nn.Module, _given: tuple[Any, ...], made: Any) -> None:
        held: dict[int, int] = {}
        for each in (*self._held, _sizes((made,))):
            held |= each
        self.peak = max(self.peak, sum(held.values()))
        if self._held:
            self._held.pop()


def _sizes(values: tuple[Any, ...]) -> dict[int, int]:
    """Return the bytes of tensors by where they lie."""
    tensors = (value for value in values if isinstance(value, Tensor))
    return {each.data_ptr(): each.numel() * each.element_size() for each in tensors}
