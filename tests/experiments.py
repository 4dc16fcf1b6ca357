"""Small experiments that tests ask for, in the words of a user."""

from typing import Any

from ganstudio.experiment import Choice, Experiment


def ring(steps: int = 6, **training: Any) -> Experiment:
    """Points on a ring: real, and a few milliseconds a step. Unless it is asked for, no best is kept."""
    return Experiment(
        Choice("Ring", {"count": 1000}),
        Choice("PointGAN", {"width": 16}),
        name="small ring",
        training={"steps": steps, "batch_size": 32, "report_every": 1, "keep_best": "none", **training},
    )


def digits(steps: int = 3, **training: Any) -> Experiment:
    """The embedded digits and the smallest networks for images."""
    return Experiment(
        Choice("Digits"),
        Choice("MLPGAN", {"width": 8}),
        name="small digits",
        training={"steps": steps, "batch_size": 16, "preview_count": 4, **training},
    )
