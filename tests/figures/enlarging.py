"""How near enlarged images come to the originals of the sets that super-resolution is measured on."""

import statistics
from collections.abc import Callable, Mapping

from torch import Tensor

from ganstudio_plugins.sr_data import held_out
from ganstudio_plugins.sr_degradation import DegradationSettings
from ganstudio_plugins.sr_metric import PeakSignal
from tests.figures.trainings import SHARED


def quality(upscale: Callable[[Tensor], Tensor], name: str, scale: int) -> Mapping[str, float]:
    """Return the mean ``psnr`` and ``ssim`` over a set; ``upscale`` takes and gives images in [-1, 1]."""
    images = held_out(SHARED / name, DegradationSettings(), scale, True, lambda what, share=None: None)
    figures = [PeakSignal().score(upscale(each.values.float().mul(2 / 255).sub(1)), each) for each in images]
    return {name: statistics.fmean(each[name] for each in figures) for name in ("psnr", "ssim")}
