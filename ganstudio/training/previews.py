"""Previews: samples at latents that stay the same, as arrays to be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import (
    Architecture,
    DataSpec,
    Fixed,
    LoadedData,
    PointSpec,
    Preview,
    TableColumn,
    TableSpec,
    UnpairedSpec,
    side_by_side,
)
from ganstudio.training.feed import Feed


def fixed_inputs(architecture: Architecture, data: LoadedData, feed: Feed, count: int, seed: int) -> Fixed:
    """Draw what every preview of a run starts from, with a random source of its own.

    The training's own randomness is not touched, so previews never change the weights.
    """
    generator = torch.Generator().manual_seed(seed)
    wanted = _wanted(data.spec, count)
    latents, labels = fixed_latents(architecture, data.spec, count, generator)
    chosen = torch.randperm(len(data), generator=generator)[:wanted]
    other = None
    if data.other is not None:
        if isinstance(data.spec, UnpairedSpec):
            chosen_other = torch.randperm(len(data.other), generator=generator)[:wanted]
        else:
            chosen_other = chosen
        other = feed.convert(data.other[chosen_other])
    table = data.spec.columns if isinstance(data.spec, TableSpec) else ()
    return Fixed(latents, feed.convert(data.values[chosen]), labels, other, table)


def fixed_latents(
    architecture: Architecture, data: DataSpec, count: int, generator: torch.Generator
) -> tuple[Tensor | None, Tensor | None]:
    """Draw the latents and labels of previews of ``count`` samples, ``None`` where the variant has none."""
    wanted, classes = _wanted(data, count), architecture.classes
    latents = architecture.draw_latents(wanted, generator)
    labels = torch.arange(wanted, device=architecture.device) % classes if classes else None
    return latents, labels


def _wanted(data: DataSpec, count: int) -> int:
    """Return how many samples are shown: of points and rows enough to tell how they spread."""
    return max(count, 1000) if isinstance(data, PointSpec | TableSpec) else count


def real_samples(fixed: Fixed, names: tuple[str, ...]) -> Preview:
    """Return the real samples of a run; where there are two kinds, called ``names``, beside each other."""
    if fixed.other is None:
        return Preview(fixed.real)
    count = max(min(len(fixed.real), len(fixed.other)) // 2, 1)
    first, second = names
    return side_by_side((first, fixed.real[:count]), (second, fixed.other[:count]))


def named(preview: Preview | Mapping[str, Preview]) -> Mapping[str, Preview]:
    """Return previews by name; a single one is called ``fixed``."""
    return {"fixed": preview} if isinstance(preview, Preview) else preview


def to_array(values: Tensor, table: Sequence[TableColumn] = ()) -> tuple[str, NDArray[Any]]:
    """Return ``images`` and ``uint8`` [N, H, W, C], or ``points`` and ``float32`` [N, D].

    Where ``table`` has the columns of what is made, ``table`` and ``float32`` [N, C].
    """
    if values.ndim == 4:
        return "images", to_uint8(values)
    return "table" if table else "points", values.detach().float().cpu().numpy().copy()


def to_uint8(images: Tensor) -> NDArray[np.uint8]:
    """Turn images in [-1, 1] [N, C, H, W] into ``uint8`` [N, H, W, C]; what lies outside is clipped."""
    scaled = images.detach().float().add(1).mul_(127.5).round_().clamp_(0, 255).nan_to_num_(0)
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
