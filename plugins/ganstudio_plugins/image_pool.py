"""Image pool: translations of earlier steps, shown to a discriminator again. It knows nothing of networks."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


class ImagePool:
    """Keeps up to ``size`` images and now and then gives one of them back instead of a new one.

    Shrivastava et al., 2017, arXiv:1612.07828, section 2.3, as CycleGAN uses it: once the pool is full,
    every new image is, with a chance of one half, exchanged for one that is kept.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.images: Tensor | None = None
        """What is kept, [n, C, H, W] with n up to ``size``; ``None`` before the first."""

    def exchange(self, images: Tensor) -> Tensor:
        """Return as many images [B, C, H, W] as are given, some of them from earlier steps."""
        if not self.size:
            return images
        given = images.clone()
        for place, image in enumerate(images):
            kept = self.images
            if kept is None:
                self.images = image[None].clone()
            elif len(kept) < self.size:
                self.images = torch.cat([kept, image[None]])
            elif torch.rand(()) < 0.5:
                chosen = int(torch.randint(self.size, ()))
                given[place] = kept[chosen]
                kept[chosen] = image
        return given

    def state(self) -> dict[str, Any]:
        """Return what is kept, for a checkpoint."""
        return {} if self.images is None else {"images": self.images}

    def put_back(self, state: Mapping[str, Any]) -> None:
        """Keep what :meth:`state` returned."""
        self.images = state.get("images")
