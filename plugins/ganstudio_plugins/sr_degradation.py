"""What makes a small image of a large one: blur, bicubic reduction, noise, JPEG.

It knows nothing of files or folders, nor of what is learned from it.
"""

import io
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ganstudio import api
from ganstudio.api import Range, Settings, Unit

Pixels = NDArray[np.uint8]
"""One image, [C, H, W]."""

_GROUP = api.Group("Degradation")


class DegradationSettings(Settings):
    """What happens to an image besides becoming small."""

    blur: Annotated[
        float,
        Range(0.0, 8.0),
        Unit("px"),
        _GROUP,
        "Standard deviation of a Gaussian blur of the large image, before it is made small",
    ] = 0.0
    noise: Annotated[
        float,
        Range(0.0, 64.0),
        _GROUP,
        "Standard deviation, in shades of 0 to 255, of the noise that is added to the small image",
    ] = 0.0
    jpeg: Annotated[
        int,
        Range(0, 100),
        _GROUP,
        "Quality at which the small image is kept as a JPEG, last of all; 0 for none",
    ] = 0


def whole_multiple(pixels: Pixels, scale: int) -> Pixels:
    """Return the image without the last rows and columns that make no whole small pixel."""
    height, width = (side // scale * scale for side in pixels.shape[1:])
    return pixels[:, :height, :width]


def degraded(
    pixels: Pixels, scale: int, settings: DegradationSettings, chance: np.random.Generator
) -> Pixels:
    """Return the small image [C, H / scale, W / scale]; both sides must be multiples of ``scale``."""
    image = picture(pixels)
    if settings.blur:
        image = image.filter(ImageFilter.GaussianBlur(settings.blur))
    small = image.resize((image.width // scale, image.height // scale), Image.Resampling.BICUBIC)
    if settings.noise:
        noisy = np.asarray(small) + chance.normal(0.0, settings.noise, np.asarray(small).shape)
        small = Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
    if settings.jpeg:
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=settings.jpeg)
        small = Image.open(kept)
    return planes(small)


def picture(pixels: Pixels) -> Image.Image:
    """Return pixels as an image, grey or RGB."""
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def planes(image: Image.Image) -> Pixels:
    """Return the pixels of a grey or RGB image, [C, H, W]."""
    pixels = np.array(image)
    return np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1))
