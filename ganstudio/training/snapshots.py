"""Snapshots: copies of training states in memory that is used again.

Fresh memory costs several times what the copying does. It knows nothing of what a state is made of.
"""

import weakref
from collections.abc import Callable

import torch
from torch import Tensor

from ganstudio.training.state import Copy, TrainingState


class Snapshots:
    """Takes states; the memory of one that nobody holds any more serves the next.

    Who keeps a tensor of a state keeps the state too: the tensor changes once the state is gone.
    """

    def __init__(self) -> None:
        self._memories: list[_Memory] = []

    def take(self, state: Callable[[Copy], TrainingState]) -> TrainingState:
        """Return the state that ``state`` makes with the copying it is given."""
        memory = next((each for each in self._memories if each.free), None)
        if memory is None:
            memory = _Memory()
            self._memories.append(memory)
        memory.used = 0
        taken = state(memory.copy)
        memory.holder = weakref.ref(taken)
        return taken


class _Memory:
    """Tensors on the CPU, handed out in the same order every time."""

    def __init__(self) -> None:
        self.used = 0
        self.holder: weakref.ref[TrainingState] | None = None
        self._tensors: list[Tensor] = []

    @property
    def free(self) -> bool:
        return self.holder is None or self.holder() is None

    def copy(self, tensor: Tensor, contiguous: bool = False) -> Tensor:
        order = torch.contiguous_format if contiguous else torch.preserve_format
        if self.used == len(self._tensors):
            self._tensors.append(torch.empty_like(tensor, device="cpu", memory_format=order))
        own = self._tensors[self.used]
        strides_differ = not contiguous and own.stride() != tensor.stride()
        if own.shape != tensor.shape or own.dtype != tensor.dtype or strides_differ:
            own = self._tensors[self.used] = torch.empty_like(tensor, device="cpu", memory_format=order)
        self.used += 1
        return own.copy_(tensor.detach())
