"""PNG files written a few rows at a time, as another program reads them."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from ganstudio.png_bands import PngBands


def written(pixels: np.ndarray, heights: list[int], profile: bytes | None = None) -> bytes:
    """Return the file of pixels [H, W, C] that are given in parts of those heights."""
    file = io.BytesIO()
    png = PngBands(file, pixels.shape[1], len(pixels), pixels.shape[2], profile)
    for rows in np.split(pixels, np.cumsum(heights)[:-1]):
        png.add(rows)
    return file.getvalue()


@pytest.mark.parametrize("heights", [[40], [1] * 40, [16, 17, 7]], ids=["at once", "one by one", "parts"])
@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")])
def test_every_pixel_is_read_again(channels: int, mode: str, heights: list[int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 23, channels), np.uint8)
    with Image.open(io.BytesIO(written(noise, heights))) as image:
        assert (image.mode, image.size) == (mode, (23, 40))
        assert np.array_equal(np.asarray(image).reshape(noise.shape), noise)


def test_a_smooth_picture_takes_little_room() -> None:
    slope = np.add.outer(np.arange(200), np.arange(300)) // 4
    smooth = np.repeat(slope[..., None].astype(np.uint8), 3, 2)
    usual = io.BytesIO()
    Image.fromarray(smooth).save(usual, "PNG")
    assert len(written(smooth, [200])) < 1.5 * len(usual.getvalue())


def test_a_profile_goes_with_it() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(io.BytesIO(written(np.zeros((3, 2, 3), np.uint8), [3], profile))) as image:
        assert image.info["icc_profile"] == profile
