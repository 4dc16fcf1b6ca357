"""Self-attention over the pixels of features. It knows nothing of the network it stands in, nor of GANs."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class SelfAttention(nn.Module):
    """Features [N, C, H, W] → the same shape: each pixel also sees what is alike elsewhere in the image.

    y = γ · v(softmax(f(x)ᵀ g(x)) · h(x)) + x with γ zero at first, f and g with C / 8 channels, h with C / 2;
    g and h are halved in size by max pooling where they can be, as in the authors' code (SAGAN: Zhang et al.,
    2019, arXiv:1805.08318, section 3).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow, wide = max(channels // 8, 1), max(channels // 2, 1)
        self.query = nn.Conv2d(channels, narrow, 1, bias=False)
        self.key = nn.Conv2d(channels, narrow, 1, bias=False)
        self.value = nn.Conv2d(channels, wide, 1, bias=False)
        self.out = nn.Conv2d(wide, channels, 1, bias=False)
        self.share = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """Return the features, each with a learned share of those it attends to."""
        queries = self.query(x).flatten(2).transpose(1, 2)
        keys, values = (self._pooled(made).flatten(2) for made in (self.key(x), self.value(x)))
        attention = torch.softmax(queries @ keys, 2)
        seen = (values @ attention.transpose(1, 2)).view(len(x), -1, *x.shape[2:])
        added: Tensor = self.share * self.out(seen)
        return x + added

    @staticmethod
    def _pooled(features: Tensor) -> Tensor:
        return functional.max_pool2d(features, 2) if min(features.shape[2:]) > 1 else features
