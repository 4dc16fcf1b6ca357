"""PSNR and SSIM on brightness, as super-resolution is measured. They know nothing of networks."""

import torch
from torch import Tensor
from torch.nn import functional

SMALLEST = 11
"""Pixels of the least side that SSIM can be told of: that of its window."""
_SIGMA, _SIDE = 1.5, SMALLEST
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def luma(images: Tensor) -> Tensor:
    """Return the brightness of images ``uint8`` or 0..255 [N, C, H, W]: [N, 1, H, W] in 16..235.

    Y of ITU-R BT.601, as MATLAB's rgb2ycbcr and the papers have it, not rounded.
    """
    images = images.double()
    if images.shape[1] == 1:
        return images * (219 / 255) + 16
    weights = torch.tensor([65.481, 128.553, 24.966], dtype=torch.float64, device=images.device) / 255
    return (images * weights.view(1, 3, 1, 1)).sum(1, keepdim=True) + 16


def cropped(images: Tensor, border: int) -> Tensor:
    """Return images without ``border`` pixels at each edge."""
    return images[:, :, border:-border, border:-border] if border else images


def psnr(made: Tensor, wanted: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio of each image in dB, [N], of values in 0..255."""
    square = (made - wanted).square().flatten(1).mean(1)
    return 10 * torch.log10(255**2 / square.clamp(min=1e-10))


def ssim(made: Tensor, wanted: Tensor) -> Tensor:
    """Return the structural similarity of each image, [N], of values in 0..255 [N, 1, H, W].

    Wang et al., 2004, doi:10.1109/TIP.2003.819861: a Gaussian window of 11 pixels, where it fits whole.
    """
    window = _window().to(made)
    both = torch.cat([made, wanted, made * made, wanted * wanted, made * wanted], 1)
    blurred = functional.conv2d(both, window.view(1, 1, -1, 1).expand(5, 1, -1, 1), groups=5)
    blurred = functional.conv2d(blurred, window.view(1, 1, 1, -1).expand(5, 1, 1, -1), groups=5)
    mean_a, mean_b, square_a, square_b, product = blurred.unbind(1)
    spread_a, spread_b = square_a - mean_a**2, square_b - mean_b**2
    shared = product - mean_a * mean_b
    similar = (2 * mean_a * mean_b + _C1) * (2 * shared + _C2)
    return (similar / ((mean_a**2 + mean_b**2 + _C1) * (spread_a + spread_b + _C2))).flatten(1).mean(1)


def _window() -> Tensor:
    places = torch.arange(_SIDE, dtype=torch.float64) - _SIDE // 2
    window = (-(places**2) / (2 * _SIGMA**2)).exp()
    return window / window.sum()
