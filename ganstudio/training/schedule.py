"""Schedules: how learning rates fall over a training."""

import math


def factor(name: str, share: float) -> float:
    """Return what to multiply a learning rate with when ``share`` (0..1) of the steps are done."""
    if name == "linear":
        return 1 - share
    if name == "cosine":
        return (1 + math.cos(math.pi * share)) / 2
    return 1.0
