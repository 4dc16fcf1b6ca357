"""Walk: a shuffled walk through numbered samples, epoch after epoch, that can be continued at any place.

It also draws which images are mirrored, and where they are cut. It knows nothing of what the samples are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Drawn:
    """The samples of one batch, on the CPU.

    ``index`` ``int64`` [B]: their numbers. ``mirrored`` ``bool`` [B], or ``None`` where no image ever is.
    ``corners`` [B, 2]: the upper left corner of the square each is cut to, as shares (0..1) of what there
    is to choose from downwards and sideways; ``None`` where images stay whole.
    """

    index: Tensor
    mirrored: Tensor | None = None
    corners: Tensor | None = None


class Walk(Iterator[Drawn]):
    """``batch_size`` of ``count`` samples at a time; every one comes once an epoch."""

    def __init__(
        self, count: int, batch_size: int, seed: int, mirror: bool = False, cut: bool = False
    ) -> None:
        self.epoch = 0
        self.position = 0
        """Samples of this epoch that were given."""
        self._count = count
        self._batch_size = batch_size
        self._seed = seed
        self._mirror, self._cut = mirror, cut
        self._all = self._shuffle()

    def __next__(self) -> Drawn:
        """Return the next samples, across the end of an epoch where need be."""
        end = self.position + self._batch_size
        taken = [_part(self._all, self.position, end)]
        missing = self._batch_size - len(taken[0].index)
        self.position = end
        while missing:
            self.epoch += 1
            self._all = self._shuffle()
            self.position = min(missing, self._count)
            taken.append(_part(self._all, 0, self.position))
            missing -= self.position
        return taken[0] if len(taken) == 1 else _joined(taken)

    def go_to(self, epoch: int, position: int) -> None:
        """Continue so many samples into an epoch."""
        self.epoch, self.position = epoch, position
        self._all = self._shuffle()

    def _shuffle(self) -> Drawn:
        """Return the whole epoch."""
        generator = torch.Generator().manual_seed(self._seed + self.epoch)
        order = torch.randperm(self._count, generator=generator)
        # Drawn after the order, which is thus the same with flips and without.
        mirrored = torch.rand(self._count, generator=generator) < 0.5 if self._mirror else None
        corners = torch.rand(self._count, 2, generator=generator) if self._cut else None
        return Drawn(order, mirrored, corners)


def cut(values: Tensor, index: Tensor, corners: Tensor, side: int, scale: int = 1) -> Tensor:
    """Return squares of the images ``index`` in ``values`` [N, C, H, W]: [B, C, scale·side, scale·side].

    ``corners`` as in :class:`Drawn`. ``scale``: how many times as large as those that ``side`` is meant for
    these images are; their squares then show the same. Only what is cut out is read.
    """
    height, width = (length // scale for length in values.shape[2:])
    room = torch.tensor([height - side + 1, width - side + 1])
    # A share drawn as float32 may come out as 1 once it is multiplied.
    starts = torch.minimum((corners * room).long(), room - 1) * scale
    within = torch.arange(side * scale)
    index = index.to(values.device)[:, None, None]
    rows = (starts[:, :1] + within).to(values.device)[:, :, None]
    columns = (starts[:, 1:] + within).to(values.device)[:, None, :]
    # Indices apart from each other put their axes first: [B, side, side, C].
    return values[index, :, rows, columns].permute(0, 3, 1, 2).contiguous()


def cut_middle(values: Tensor, side: int, scale: int = 1) -> Tensor:
    """Return the middle squares of images [N, C, H, W]: [N, C, scale·side, scale·side]."""
    top, left = (scale * ((length // scale - side) // 2) for length in values.shape[2:])
    return values[:, :, top : top + scale * side, left : left + scale * side]


def _part(whole: Drawn, start: int, end: int) -> Drawn:
    rest = (None if each is None else each[start:end] for each in (whole.mirrored, whole.corners))
    return Drawn(whole.index[start:end], *rest)


def _joined(parts: list[Drawn]) -> Drawn:
    mirrored = [part.mirrored for part in parts if part.mirrored is not None]
    corners = [part.corners for part in parts if part.corners is not None]
    return Drawn(
        torch.cat([part.index for part in parts]),
        torch.cat(mirrored) if mirrored else None,
        torch.cat(corners) if corners else None,
    )
