"""Looks at a game, as the trainer tells them, of points that a test chooses."""

from typing import Any

import numpy as np

from ganstudio.api.events import FieldReady, PointScene

CENTRES = np.array([[0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]], np.float32)


def scene(**facts: Any) -> PointScene:
    return PointScene(**{"real": CENTRES.copy(), "centres": CENTRES, "sigma": 0.01, **facts})


SCENE = scene()


def look(step: int = 1, of: PointScene = SCENE, **facts: Any) -> FieldReady:
    """A look with all layers: two points on the first mode, one near the second, one nowhere."""
    points = np.array([[0.5, 0.5], [0.5, 0.51], [-0.4, 0.5], [np.nan, 0]], np.float32)
    side = np.linspace(-1, 1, 5, dtype=np.float32)
    return FieldReady(
        **{
            "step": step,
            "scene": of,
            "points": points,
            "region": (-1.0, 1.0, -1.0, 1.0),
            "logits": np.linspace(-2, 2, 100, dtype=np.float32).reshape(10, 10),
            "manifold": np.stack(np.meshgrid(side, side), 2),
            "pulls": np.ones((4, 2), np.float32),
            **facts,
        }
    )
