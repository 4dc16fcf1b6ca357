"""Mixtures of Gaussians in the plane, and the score that counts their modes.

The other sources of points, of which it knows nothing more, are offered from here as well.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from torch import Tensor

from ganstudio.api import (
    DataSource,
    DataSpec,
    LoadedData,
    Metric,
    PointSpec,
    Range,
    Report,
    hookimpl,
)
from ganstudio_plugins.curves import Moons, Spiral
from ganstudio_plugins.point_file import PointFile


class _Mixture(DataSource):
    """What ring and grid share: equal Gaussians at known centres, divided by the largest radius."""

    gives = PointSpec

    class Settings(DataSource.Settings):
        """Size and shape of the set."""

        count: Annotated[int, Range(1000, 1_000_000, log=True), "Points in the training set"] = 100_000
        sigma: Annotated[float, Range(1e-4, 1.0, log=True), "Standard deviation of each mode"] = 0.01

    settings: "_Mixture.Settings"

    def centres(self) -> Tensor:
        """Return the modes' centres [M, 2], in the units of the paper."""
        raise NotImplementedError

    def load(self, report: Report) -> LoadedData:
        """Draw the points. They depend on the settings alone."""
        centres = self.centres()
        generator = torch.Generator().manual_seed(0)
        chosen = torch.randint(len(centres), (self.settings.count,), generator=generator)
        noise = torch.randn(self.settings.count, 2, generator=generator)
        scale = float(centres.abs().max())
        points = (centres[chosen] + self.settings.sigma * noise) / scale
        spec = PointSpec(
            dimensions=2,
            centres=tuple((float(x) / scale, float(y) / scale) for x, y in centres),
            sigma=self.settings.sigma / scale,
            classes=tuple(str(mode + 1) for mode in range(len(centres))),
        )
        return LoadedData(spec, points, chosen)


class Ring(_Mixture):
    """Gaussians on a circle of radius 1 (Lin et al., 2018, arXiv:1712.04086)."""

    title = "Ring of Gaussians"

    class Settings(_Mixture.Settings):
        """Size and shape of the ring."""

        modes: Annotated[int, Range(1, 64), "Gaussians on the circle"] = 8

    settings: "Ring.Settings"

    def centres(self) -> Tensor:
        """Return evenly spaced points on the unit circle."""
        angle = torch.arange(self.settings.modes) * (2 * math.pi / self.settings.modes)
        return torch.stack([angle.cos(), angle.sin()], 1)


class Grid(_Mixture):
    """Gaussians on a square grid, 2 apart (Lin et al., 2018, arXiv:1712.04086)."""

    title = "Grid of Gaussians"

    class Settings(_Mixture.Settings):
        """Size and shape of the grid."""

        sigma: Annotated[float, Range(1e-4, 1.0, log=True), "Standard deviation of each mode"] = 0.05
        side: Annotated[int, Range(2, 16), "Gaussians along each side"] = 5

    settings: "Grid.Settings"

    def centres(self) -> Tensor:
        """Return the grid's corners, centred on zero."""
        ticks = torch.arange(self.settings.side) * 2.0 - (self.settings.side - 1)
        return torch.cartesian_prod(ticks, ticks)


class Modes(Metric):
    """Modes covered and share of high-quality points (protocol of Lin et al., 2018, arXiv:1712.04086)."""

    title = "Modes"
    count = 2500
    lower: ClassVar[tuple[str, ...]] = ("reverse_kl",)

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Say whether the data is a mixture with known modes."""
        return isinstance(data, PointSpec) and bool(data.centres)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``modes`` covered, the share ``high_quality`` (0..1) within 3 σ of a centre, ``reverse_kl``.

        The last is KL(samples ‖ uniform) in nats of how many samples each mode is nearest to: 0 when all
        modes are as frequent, log of their number when one has them all.
        """
        assert isinstance(real.spec, PointSpec), "suits() saw to it"
        distance, nearest = torch.cdist(samples, torch.tensor(real.spec.centres)).min(1)
        good = distance <= 3 * real.spec.sigma
        frequency = torch.bincount(nearest, minlength=len(real.spec.centres)) / max(len(nearest), 1)
        entropy = float(torch.special.entr(frequency).sum())
        return {
            "modes": float(len(torch.unique(nearest[good]))),
            "high_quality": float(good.float().mean()),
            "reverse_kl": max(math.log(len(real.spec.centres)) - entropy, 0.0),
        }


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the mixtures, the curves, and the user's own points."""
    return [Ring, Grid, Spiral, Moons, PointFile]


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer the mode score."""
    return [Modes]
