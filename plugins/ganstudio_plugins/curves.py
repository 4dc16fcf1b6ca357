"""Points along curves in the plane, whose modes cannot be counted: spirals and half moons."""

import math
from collections.abc import Callable
from typing import Annotated, ClassVar

import torch
from torch import Tensor

from ganstudio.api import DataSource, DataSpec, LoadedData, PointSpec, Range, Report


class _Curves(DataSource):
    """What the sets of curves share: as many points on each curve, and noise around it."""

    gives: ClassVar[type[DataSpec]] = PointSpec

    class Settings(DataSource.Settings):
        """Size and shape of the set."""

        count: Annotated[int, Range(1000, 1_000_000, log=True), "Points in the training set"] = 100_000
        noise: Annotated[
            float, Range(0.0, 1.0), "Standard deviation of the noise around each curve, in the set's units"
        ] = 0.02

    settings: "_Curves.Settings"

    def curves(self) -> dict[str, Callable[[Tensor], Tensor]]:
        """Return each curve by the name of its class: a function from places [N] in 0..1 to points [N, 2].

        The largest coordinate of all curves is 1.
        """
        raise NotImplementedError

    def load(self, report: Report) -> LoadedData:
        """Draw the points. They depend on the settings alone."""
        curves = self.curves()
        generator = torch.Generator().manual_seed(0)
        chosen = torch.randint(len(curves), (self.settings.count,), generator=generator)
        places = torch.rand(self.settings.count, generator=generator)
        points = self.settings.noise * torch.randn(self.settings.count, 2, generator=generator)
        for number, curve in enumerate(curves.values()):
            points[chosen == number] += curve(places[chosen == number])
        return LoadedData(PointSpec(2, classes=tuple(curves)), points, chosen)


class Spiral(_Curves):
    """Spirals wound around each other, a common toy set (after Lang & Witbrock, 1988)."""

    title = "Spirals"

    class Settings(_Curves.Settings):
        """Size and shape of the spirals."""

        arms: Annotated[int, Range(1, 8), "Spirals that start from the middle"] = 2
        turns: Annotated[float, Range(0.25, 5.0), "How often each winds around the middle"] = 1.5

    settings: "Spiral.Settings"

    def curves(self) -> dict[str, Callable[[Tensor], Tensor]]:
        """Return the arms: Archimedean spirals of radius 1, evenly turned."""
        return {f"arm {arm + 1}": self._arm(arm) for arm in range(self.settings.arms)}

    def _arm(self, arm: int) -> Callable[[Tensor], Tensor]:
        start = 2 * math.pi * arm / self.settings.arms

        def points(place: Tensor) -> Tensor:
            # The root spreads the points evenly along the arm, which is longer further out.
            radius = place.sqrt()
            angle = start + 2 * math.pi * self.settings.turns * radius
            return radius.unsqueeze(1) * torch.stack([angle.cos(), angle.sin()], 1)

        return points


class Moons(_Curves):
    """Two half circles that interlock, a common toy set (Pedregosa et al., 2011, arXiv:1201.0490)."""

    title = "Two moons"

    def curves(self) -> dict[str, Callable[[Tensor], Tensor]]:
        """Return the upper and the lower moon: half circles of radius 2/3, centred together on zero."""
        return {"upper": _upper_moon, "lower": lambda place: -_upper_moon(place)}


def _upper_moon(place: Tensor) -> Tensor:
    # Of radius 1 they are (cos t, sin t) and (1 − cos t, ½ − sin t); their middle is (½, ¼).
    angle = math.pi * place
    return torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1) / 1.5
