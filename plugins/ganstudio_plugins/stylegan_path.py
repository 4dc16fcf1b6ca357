"""Path length: how far images move when styles do (Karras et al., 2020, arXiv:1912.04958, section 3.2).

It knows nothing of networks; it is handed styles and the images that were made of them.
"""

import math

import torch
from torch import Tensor

FORGETTING = 0.01
"""Share by which the mean length moves towards that of each batch."""


def path_lengths(styles: Tensor, images: Tensor) -> Tensor:
    """Return ‖Jᵀy‖ of each sample, [N], itself differentiable.

    J is how ``images`` [N, C, H, W] change with ``styles`` [N, layers, style], which require gradients, and y
    an image of noise as long as one of constant 1 of one channel. Root mean square over the layers.
    """
    noise = torch.randn_like(images) / math.sqrt(images.shape[2] * images.shape[3])
    (gradient,) = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)
    return gradient.float().square().sum(2).mean(1).sqrt()


def path_penalty(lengths: Tensor, mean: Tensor) -> Tensor:
    """Return E(‖Jᵀy‖ − a)², and move the mean length a towards that of ``lengths`` [N] first."""
    with torch.no_grad():
        mean.lerp_(lengths.detach().mean(), FORGETTING)
    return (lengths - mean).square().mean()
