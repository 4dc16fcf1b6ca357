"""Rows about feeding: batches from a file that is mapped into memory, against the same ones from memory.

The file has been read once before, as it has been when the cache was made or used a short while ago; a first
pass over a file that the system does not hold any more goes at the rate of the disk.
"""

import tempfile
from pathlib import Path

import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData
from ganstudio.api.mapped_file import mapped
from ganstudio.training.feed import Feed
from tests.benchmarks.measure import Advance, Row, at_least, ratios

SETS = {
    "60 000 grey images, 28 px, batch 64": (60_000, 1, 28, 64),
    "50 000 colour images, 32 px, batch 128": (50_000, 3, 32, 128),
    "40 000 colour images, 64 px, batch 64": (40_000, 3, 64, 64),
}
STEPS, TURNS = 300, 16


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    with tempfile.TemporaryDirectory() as folder:
        return [_row(name, Path(folder), *sizes) for name, sizes in SETS.items()]


def _row(name: str, folder: Path, count: int, channels: int, side: int, batch: int) -> Row:
    values = torch.randint(0, 256, (count, channels, side, side), dtype=torch.uint8)
    path = folder / "values"
    path.write_bytes(memoryview(values.numpy()).cast("B"))
    on_disk = mapped(path, values.nbytes).view(values.shape)
    found = ratios(_feeding(values, batch), _feeding(on_disk, batch), STEPS, TURNS)
    return at_least(f"feeding from the mapped cache, batches/s against memory, {name}", found, 0.9)


def _feeding(values: Tensor, batch: int) -> Advance:
    feed = Feed(LoadedData(ImageSpec(*values.shape[1:]), values), batch, 0, torch.device("cpu"))
    # Every page is touched once, so that what is measured is feeding and not the first use of memory.
    values.reshape(-1)[::4096].sum()

    def advance(steps: int) -> None:
        for _ in range(steps):
            next(feed)

    return advance
