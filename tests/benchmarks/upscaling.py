"""Rows about enlarging images: in tiles, against the network's own forward on the whole image."""

from typing import cast

import numpy as np
import torch

from ganstudio.api import Architecture, ImageSpec, PairedSpec, Upscaler
from ganstudio.registry import Registry
from ganstudio.tiles import upscaled
from tests.benchmarks.measure import Row, ratios, spread

SIDE = 512


def rows(registry: Registry) -> list[Row]:
    """Measure and return every row of this file."""
    torch.set_flush_denormal(True)
    return [_of_one_image(registry, 32, 8)]


def _of_one_image(registry: Registry, width: int, blocks: int) -> Row:
    model = _network(registry, width, blocks)
    pixels = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    whole = torch.from_numpy(pixels).permute(2, 0, 1)[None].float().mul(2 / 255).sub(1)

    def tiled(turns: int) -> None:
        for _ in range(turns):
            upscaled(cast(Upscaler, model), pixels)

    def forward(turns: int) -> None:
        with torch.inference_mode():
            for _ in range(turns):
                model.generator(whole)

    found = ratios(tiled, forward, 1, 4)
    return Row(
        f"one image of {SIDE} × {SIDE} × 2, width {width}, {blocks} blocks, against the network's forward",
        f"{spread(found)} ×",
        "≤ 1.3 ×",
        sorted(found)[len(found) // 2] <= 1.3,
    )


def _network(registry: Registry, width: int, blocks: int) -> Architecture:
    cls = registry.classes["architecture"]["SRGAN"]
    torch.manual_seed(0)
    model = cls(cls.Settings(width=width, blocks=blocks))
    model.build(PairedSpec(ImageSpec(3, 24, 24), ImageSpec(3, 48, 48)))
    return cast(Architecture, model.eval())
