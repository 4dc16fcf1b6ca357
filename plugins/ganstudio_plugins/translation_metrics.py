"""How near translations come to the images that they were to become. It knows nothing of what made them."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from torch import Tensor

from ganstudio.api import DataSpec, LoadedData, Metric, PairedSpec


class AbsoluteError(Metric):
    """Mean absolute difference from the target, in shades of 0 to 255."""

    title = "Distance from the target"
    count: ClassVar[int] = 1
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    figures = ("mae",)

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Pairs of one size: what is enlarged is judged by PSNR."""
        return isinstance(data, PairedSpec) and data.input.shape[1:] == data.target.shape[1:]

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``mae`` of ``samples`` in [-1, 1], made of the inputs of ``real``."""
        assert real.other is not None
        made = samples.float().clamp(-1, 1).add(1).mul(127.5)
        return {"mae": float((made - real.other.float()).abs().mean())}
