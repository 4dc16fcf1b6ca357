import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, PairedSpec
from ganstudio.tiles import tiles, upscaled
from ganstudio.training.previews import to_uint8
from ganstudio_plugins.srgan import SRGAN


def network(scale: int, blocks: int = 2, **settings: object) -> SRGAN:
    """Return a network that changes images visibly, as far from training as its weights are."""
    torch.manual_seed(0)
    model = SRGAN(SRGAN.Settings(width=8, blocks=blocks, **settings))
    model.build(PairedSpec(ImageSpec(3, 12, 12), ImageSpec(3, 12 * scale, 12 * scale)))
    for parameter in model.generator.parameters():
        torch.nn.init.normal_(parameter, 0.0, 0.08)
    return model.eval()


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


class Watched:
    """Enlarges by repeating pixels, and remembers the sizes of what it was given."""

    scale, reach = 2, 3

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def upscale(self, images: Tensor) -> Tensor:
        self.seen.append((images.shape[2], images.shape[3]))
        return images.repeat_interleave(2, 2).repeat_interleave(2, 3)


@pytest.mark.parametrize("shuffle", ["at once", "by two"])
@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize(("height", "width"), [(70, 45), (33, 33), (16, 90)], ids=str)
def test_tiles_give_what_the_whole_image_gives(scale: int, shuffle: str, height: int, width: int) -> None:
    model, pixels = network(scale, shuffle=shuffle), noise(height, width)
    whole = torch.from_numpy(pixels).permute(2, 0, 1)[None].float().mul(2 / 255).sub(1)
    with torch.no_grad():
        made = model.upscale(whole)
    plain = upscaled(model, pixels, side=1000)
    assert np.array_equal(plain, to_uint8(made)[0])
    for side in (16, 31):
        tiled = upscaled(model, pixels, side)
        apart = np.abs(tiled.astype(int) - plain)
        # Floats are summed in another order, and may be rounded to the next shade once in a while.
        assert apart.max() <= 1
        assert (apart > 0).mean() < 1e-3


def test_less_overlap_than_the_network_reaches_would_be_seen() -> None:
    model, pixels = network(2), noise(64, 64)
    whole = upscaled(model, pixels, 64)
    model.generator.reach = 1
    assert np.abs(upscaled(model, pixels, 16).astype(int) - whole).max() > 1


@pytest.mark.parametrize(("height", "width", "side"), [(100, 37, 16), (5, 5, 16), (64, 64, 32), (1, 300, 17)])
def test_tiles_cover_each_pixel_once_and_see_what_is_around(height: int, width: int, side: int) -> None:
    times = np.zeros((height, width), int)
    for tile in tiles(height, width, side, reach=3):
        times[tile.rows, tile.columns] += 1
        for part, seen, length in (
            (tile.rows, tile.seen_rows, height),
            (tile.columns, tile.seen_columns, width),
        ):
            assert 0 < part.stop - part.start <= side
            assert (seen.start, seen.stop) == (max(part.start - 3, 0), min(part.stop + 3, length))
    assert (times == 1).all()


def test_no_part_is_larger_than_a_tile_and_its_surroundings() -> None:
    model, pixels = Watched(), noise(500, 300)
    made = upscaled(model, pixels, side=64)
    assert np.array_equal(made, pixels.repeat(2, 0).repeat(2, 1))
    assert max(max(size) for size in model.seen) <= 64 + 2 * model.reach
    assert len(model.seen) == 8 * 5
