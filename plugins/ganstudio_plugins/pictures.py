"""One picture of any kind, brought upright to 8 bits of grey or RGB. It knows nothing of folders or zips."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("avif", "bmp", "dib", "gif", "ico", "jfif", "jp2", "jpe", "jpeg", "jpg"),
        *("pbm", "pgm", "png", "pnm", "ppm", "tga", "tif", "tiff", "webp"),
    )
)
"""Endings of file names that are taken for images, in lower case."""

TRANSPARENT, DEEP, PALETTE, PRINT = "transparent", "deep", "palette", "print"
"""What was done to a picture: put on white, 16 bits to 8, palette to colours, CMYK or the like to RGB."""

_DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_PRINT = ("CMYK", "YCbCr", "LAB", "HSV")
_SIDEWAYS = (5, 6, 7, 8)
"""The EXIF orientations that swap width and height."""


class UnreadableError(Exception):
    """A picture cannot be used; the message says why in a few words."""


class Openable(Protocol):
    """A file that can be read, such as a ``Path``. Opening it may raise :class:`UnreadableError`."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Return the file's bytes to be read."""


@dataclass(frozen=True)
class Look:
    """What the head of a file tells: the size once it is upright, and whether it has colours."""

    width: int
    height: int
    colour: bool


def look(file: Openable) -> Look:
    """Read the head of a picture, not its pixels; raises ``UnreadableError``."""
    with _opened(file) as image:
        width, height = _upright_size(image)
        return Look(width, height, colour=image.mode not in ("1", "L", "LA", "La", *_DEEP))


def read(
    file: Openable, colour: bool, side: int = 0, crop: bool = True
) -> tuple[NDArray[np.uint8], set[str]]:
    """Return a picture's pixels, ``uint8`` [C, H, W], and what had to be done to it.

    ``side`` > 0 scales it to a square: of its middle (``crop``) or of the whole of it, distorted. Raises
    ``UnreadableError``.
    """
    with _opened(file) as image:
        if side:
            # Lets a JPEG be decoded at an eighth to a half of its size, where that is still enough.
            image.draft(None, (2 * side, 2 * side))
        plain, done = _plain(_upright(image), "RGB" if colour else "L")
        pixels = np.array(_square(plain, side, crop) if side else plain)
    return np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1)), done


@contextmanager
def _opened(file: Openable) -> Iterator[Image.Image]:
    """Open a picture; whatever goes wrong until it is closed is an ``UnreadableError``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A small file may unpack to more than the memory there is.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # By its name Pillow would map the file, and confuse the sides of a TIFF that is turned.
            with file.open("rb") as content, Image.open(content) as image:
                yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadableError("it has too many pixels") from error
    except UnidentifiedImageError as error:
        raise UnreadableError("it is no image") from error
    except PermissionError as error:
        raise UnreadableError("reading it is not allowed") from error
    # Decoders of broken files raise almost anything.
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError) as error:
        raise UnreadableError("it is damaged") from error


def _upright_size(image: Image.Image) -> tuple[int, int]:
    if image.format == "TIFF":
        return _upright(image).size
    turned = _has_exif(image) and image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
    return image.size[::-1] if turned else image.size


def _upright(image: Image.Image) -> Image.Image:
    if image.format == "TIFF":
        # Some versions of Pillow turn these by themselves, but only once they are decoded.
        image.load()
    return ImageOps.exif_transpose(image) if _has_exif(image) else image


def _has_exif(image: Image.Image) -> bool:
    """Say whether the head of a picture may tell how it is turned. A PNG is decoded whole only to ask it."""
    return image.format != "PNG" or "exif" in image.info


def _plain(image: Image.Image, mode: Literal["L", "RGB"]) -> tuple[Image.Image, set[str]]:
    """Return the picture in 8 bits as grey or RGB, without transparency, and what was done to it."""
    done = set()
    if image.mode in _DEEP:
        image = _eight_bits(image)
        done.add(DEEP)
    if image.mode == "F":
        raise UnreadableError("its pixels are fractions, whose range is not known")
    if image.mode == "P":
        done.add(PALETTE)
    if image.mode in _PRINT:
        done.add(PRINT)
    if image.has_transparency_data:
        image = _on_white(image)
        done.add(TRANSPARENT)
    return image.convert(mode), done


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring 16 bits to 8: 0..65535 → 0..255."""
    values = np.asarray(image).astype(np.int64)
    if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
        raise UnreadableError("its pixels have more than 16 bits")
    return Image.fromarray(((values + 128) // 257).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def _square(image: Image.Image, side: int, crop: bool) -> Image.Image:
    if crop:
        return ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC)
    return image.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)
