"""Image quality: PSNR and SSIM of two images on brightness, as super-resolution is measured. Plain arrays."""

import numpy as np
from numpy.typing import NDArray

SMALLEST = 11
"""Pixels of the least side of which SSIM can be told: that of its window."""
_SIGMA = 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

_Plane = NDArray[np.float64]


def luma(image: NDArray[np.uint8]) -> _Plane:
    """Return the brightness of an image [H, W, C], grey or RGB: [H, W] in 16..235.

    Y of ITU-R BT.601, as MATLAB's rgb2ycbcr and the papers have it, not rounded.
    """
    pixels = image.astype(np.float64)
    if pixels.shape[2] < 3:
        return pixels[:, :, 0] * (219 / 255) + 16
    return pixels[:, :, :3] @ (np.array([65.481, 128.553, 24.966]) / 255) + 16


def psnr(made: _Plane, wanted: _Plane) -> float:
    """Return the peak signal-to-noise ratio in dB of values in 0..255; infinite for equal images."""
    square = float(np.square(made - wanted).mean())
    return 10 * float(np.log10(255**2 / square)) if square else float("inf")


def ssim(made: _Plane, wanted: _Plane) -> float:
    """Return the structural similarity of values in 0..255, at most 1; NaN below 11 pixels.

    Wang et al., 2004, doi:10.1109/TIP.2003.819861: a Gaussian window of 11 pixels, where it fits whole.
    """
    if min(made.shape) < SMALLEST:
        return float("nan")
    mean_a, mean_b = _blurred(made), _blurred(wanted)
    spread_a = _blurred(made * made) - mean_a**2
    spread_b = _blurred(wanted * wanted) - mean_b**2
    shared = _blurred(made * wanted) - mean_a * mean_b
    similar = (2 * mean_a * mean_b + _C1) * (2 * shared + _C2)
    return float((similar / ((mean_a**2 + mean_b**2 + _C1) * (spread_a + spread_b + _C2))).mean())


def _blurred(plane: _Plane) -> _Plane:
    places = np.arange(SMALLEST) - SMALLEST // 2
    window = np.exp(-np.square(places) / (2 * _SIGMA**2))
    window /= window.sum()
    for axis in (0, 1):
        plane = np.lib.stride_tricks.sliding_window_view(plane, SMALLEST, axis) @ window
    return plane
