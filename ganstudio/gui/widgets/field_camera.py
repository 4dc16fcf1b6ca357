"""Field camera: which part of the plane a widget shows, moved and zoomed. Plain arithmetic on places."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Region = tuple[float, float, float, float]
"""Left, right, bottom, top."""

_CLOSEST, _FARTHEST = 60.0, 8.0
"""How many times home may be magnified, or made small."""


class Camera:
    """A middle and a scale in pixels for each unit, equal on both axes; upwards is up."""

    def __init__(self) -> None:
        self._size = (100.0, 100.0)
        self._home: Region = (-1.0, 1.0, -1.0, 1.0)
        self.middle = np.zeros(2)
        self.scale = 1.0
        self.fitted = True
        """Whether it shows home as large as goes; a widget of another size then does so too."""

    def resize(self, width: float, height: float) -> None:
        """Take the size of the widget."""
        self._size = (max(width, 1.0), max(height, 1.0))
        if self.fitted:
            self.fit()

    def set_home(self, region: Region) -> None:
        """Say what there is to be seen, and show all of it."""
        self._home = region
        self.fit()

    def fit(self) -> None:
        """Show home."""
        self.fitted = True
        left, right, bottom, top = self._home
        self.middle = np.array([(left + right) / 2, (bottom + top) / 2])
        self.scale = self._home_scale()

    def move(self, right: float, down: float) -> None:
        """Move what is shown by pixels."""
        self.fitted = False
        self.middle = self.middle + np.array([-right, down]) / self.scale

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Magnify by ``factor``; what lies at a place in pixels stays there."""
        self.fitted = False
        held = self.to_plane(x, y)
        home = self._home_scale()
        self.scale = min(max(self.scale * factor, home / _FARTHEST), home * _CLOSEST)
        self.middle = self.middle + held - self.to_plane(x, y)

    def to_screen(self, points: NDArray[Any], ratio: float = 1.0) -> NDArray[np.float64]:
        """Return where points [..., 2] of the plane lie, in pixels; ``ratio``: smaller pixels in one."""
        scale = self.scale * ratio
        x = self._size[0] / 2 * ratio - self.middle[0] * scale
        y = self._size[1] / 2 * ratio + self.middle[1] * scale
        placed: NDArray[np.float64] = points * np.array([scale, -scale])
        placed += np.array([x, y])
        return placed

    def to_plane(self, x: float, y: float) -> NDArray[np.float64]:
        """Return the point of the plane at a place in pixels."""
        offset = np.array([x - self._size[0] / 2, self._size[1] / 2 - y])
        found: NDArray[np.float64] = self.middle + offset / self.scale
        return found

    def region(self) -> Region:
        """Return what is shown."""
        reach = np.array(self._size) / 2 / self.scale
        (left, bottom), (right, top) = self.middle - reach, self.middle + reach
        return float(left), float(right), float(bottom), float(top)

    def _home_scale(self) -> float:
        left, right, bottom, top = self._home
        return min(self._size[0] / max(right - left, 1e-9), self._size[1] / max(top - bottom, 1e-9))
