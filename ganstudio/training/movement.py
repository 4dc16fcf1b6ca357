"""Movement: how far the samples at fixed latents moved from one preview to the next.

It knows nothing of how samples are made, nor of when.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from ganstudio.training.meter import Meter

CURVE = "movement/fixed"
SIDE = 32
"""Images are compared at this size, at most; it goes with every checkpoint."""
IMAGES, POINTS = 64, 256
"""Samples that are compared, at most."""


class Movement:
    """Adds the mean absolute change of samples since they were seen before to the next report.

    It is 0..1: of images a share of the range from black to white, of points a share of the widest extent of
    ``real`` ones, and 1 where they moved further than that.
    """

    def __init__(self, meter: Meter, real: Tensor) -> None:
        self._meter = meter
        real = real.nan_to_num()
        self._extent = 2.0 if real.ndim == 4 else float((real.amax(0) - real.amin(0)).max()) or 1.0
        self._before: Tensor | None = None

    @torch.no_grad()
    def see(self, samples: Tensor) -> None:
        """Take samples at the fixed latents: images in [-1, 1] [N, C, H, W], or points [N, D]."""
        # Cells of a table may be empty.
        now, before = _kept(samples.nan_to_num()), self._before
        self._before = now
        if before is not None and before.shape == now.shape:
            change = (now.float() - before.float()).abs().mean() / self._extent
            self._meter.add(CURVE, change.clamp_(max=1.0))

    def state(self) -> dict[str, Any]:
        """Return what it remembers, for a checkpoint; see :meth:`put_back`."""
        return {} if self._before is None else {"before": self._before}

    def put_back(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state` returned."""
        self._before = state.get("before")


def _kept(samples: Tensor) -> Tensor:
    """Return some samples, small enough for a checkpoint; rounded alike whether it is gone on from or not."""
    if samples.ndim != 4:
        return samples[:POINTS].detach().float().cpu().clone()
    images = samples[:IMAGES].detach().float().clamp(-1, 1)
    height, width = images.shape[2:]
    if max(height, width) > SIDE:
        images = adaptive_avg_pool2d(images, (min(height, SIDE), min(width, SIDE)))
    return images.half().cpu()
