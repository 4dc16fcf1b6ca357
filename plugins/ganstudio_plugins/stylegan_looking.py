"""Looking at styles: grids of images made of mixed and of truncated ones. It knows nothing of networks."""

from collections.abc import Callable

import torch
from torch import Tensor

from ganstudio.api import Preview

TRUNCATIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The ψ that are shown beside each other."""

Make = Callable[[Tensor], Tensor]
"""Makes images [N, C, H, W] of styles [N, layers, style] or [N, style]."""


def mixing_grid(make: Make, styles: Tensor, boundary: int, layers: int) -> Preview:
    """Return a grid: each row's coarse style with each column's fine one.

    The first half of ``styles`` [2n, style] stand at the left, the others on top, as the images they make
    alone. The first ``boundary`` of all ``layers`` take the style of the row (Karras et al., 2019, figure 3).
    """
    count = max(len(styles) // 2, 1)
    rows, columns = styles[:count], styles[-count:]
    coarse = rows[:, None, None].expand(-1, count, layers, -1)
    fine = columns[None, :, None].expand(count, -1, layers, -1)
    from_row = (torch.arange(layers, device=styles.device) < boundary)[:, None]
    mixed = torch.where(from_row, coarse, fine).flatten(0, 1)
    left, top = make(rows), make(columns)
    between = make(mixed)
    corner = torch.zeros_like(top[:1])
    lines = [torch.cat([corner, top])]
    lines += [torch.cat([left[n : n + 1], between[n * count : (n + 1) * count]]) for n in range(count)]
    captions = ("coarse", *["fine"] * count)
    return Preview(torch.cat(lines), count + 1, captions)


def truncation_rows(make: Make, truncated: Callable[[Tensor, float], Tensor], styles: Tensor) -> Preview:
    """Return a row for each of ``styles`` [n, style]: from the mean style, ψ = 0, to the style itself."""
    along = torch.stack([truncated(styles, psi) for psi in TRUNCATIONS], 1)
    captions = tuple(f"ψ {psi:g}" for psi in TRUNCATIONS)
    return Preview(make(along.flatten(0, 1)), len(TRUNCATIONS), captions)
