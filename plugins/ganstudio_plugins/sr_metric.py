"""A metric of pairs: how near what is made comes to its target. It knows nothing of what made it."""

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from ganstudio.api import DataSpec, LoadedData, Metric, PairedSpec
from ganstudio_plugins.sr_quality import SMALLEST, cropped, luma, psnr, ssim


class PeakSignal(Metric):
    """PSNR in dB and SSIM of brightness, without a border as wide as the enlargement.

    As in the papers on super-resolution: Y of BT.601 of images rounded to 8 bits.
    """

    title = "PSNR and SSIM"
    count: ClassVar[int] = 1

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Pairs alone."""
        return isinstance(data, PairedSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``psnr`` and ``ssim`` of ``samples`` in [-1, 1], made of the inputs of ``real``."""
        assert isinstance(real.spec, PairedSpec)
        assert real.other is not None
        scale = max(real.spec.target.height // real.spec.input.height, 1)
        border = scale if scale > 1 else 0
        rounded = samples.float().clamp(-1, 1).add(1).mul(127.5).round()
        made, wanted = (cropped(luma(images), border) for images in (rounded, real.other))
        figures = {"psnr": float(psnr(made, wanted).mean())}
        if min(made.shape[2:]) >= SMALLEST:
            figures["ssim"] = float(ssim(made, wanted).mean())
        return figures
