"""Data facts: what health rules are told of a data set beforehand. It knows nothing of rules or of runs."""

from typing import Any

import torch
from torch import Tensor

from ganstudio.api import LoadedData

SAMPLE = 2048
"""Images, at most, of those that are looked at."""
VALUES = 4_000_000
"""Values of them, at most, by which their range is told."""
RARE = 0.001
"""A share of values at either end that tells nothing of the range."""


def data_facts(data: LoadedData) -> dict[str, Any]:
    """Return ``count``, ``class_counts``, ``value_range``, ``blank`` and ``repeated`` of ``RunFacts``.

    Of two kinds of images the fewer are counted, and the worse shares told.
    """
    parts = [part for part in (data.values, data.other) if part is not None]
    facts: dict[str, Any] = {"count": min(len(part) for part in parts), "class_counts": _per_class(data)}
    if all(part.dtype == torch.uint8 and len(part) for part in parts):
        some = [_even_sample(part) for part in parts]
        ranges = [_range(part) for part in some]
        facts["value_range"] = min(ranges, key=lambda ends: ends[1] - ends[0])
        facts["blank"] = max(_blank(part) for part in some)
        facts["repeated"] = max(_repeated(part) for part in some)
    return facts


def _per_class(data: LoadedData) -> tuple[int, ...]:
    names = getattr(data.spec, "classes", ())
    if data.labels is None or not names:
        return ()
    return tuple(torch.bincount(data.labels, minlength=len(names)).tolist())


def _even_sample(images: Tensor) -> Tensor:
    """Return an even sample of images, ``uint8`` [M, C, H · W]."""
    stride = max(1, -(-len(images) // SAMPLE))
    return images[::stride].flatten(2)


def _range(images: Tensor) -> tuple[float, float]:
    """Return the values that all but a thousandth at either end lie between."""
    values = images.flatten()[:: max(1, images.numel() // VALUES)]
    shares = torch.bincount(values.int(), minlength=256).cumsum(0) / len(values)
    low = int((shares <= RARE).sum())
    high = int((shares < 1 - RARE).sum())
    return float(min(low, high)), float(high)


def _blank(images: Tensor) -> float:
    """Return the share of images that have one colour alone."""
    return float((images.amin(2) == images.amax(2)).all(1).float().mean())


def _repeated(images: Tensor) -> float:
    """Return the share of images that are the very same as one before."""
    return 1 - len({row.tobytes() for row in images.numpy()}) / len(images)
