"""Image files: any picture brought upright to 8 bits of grey or RGB, saying what was done to it.

And back: pictures written beside others, over none of them. It knows nothing of networks.
"""

import itertools
import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ganstudio.api.errors import InputError
from ganstudio.runs.refusals import explained

Pixels = NDArray[np.uint8]
Source = Path | Pixels
"""A file, or what a clipboard held: pixels ``uint8`` [H, W, 4], RGBA."""

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("avif", "bmp", "dib", "gif", "ico", "jfif", "jp2", "jpe", "jpeg", "jpg"),
        *("pbm", "pgm", "png", "pnm", "ppm", "tga", "tif", "tiff", "webp"),
    )
)
"""Endings of file names that are taken for images in a folder, in lower case."""

_FORMATS = (
    *("AVIF", "BMP", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "MPO"),
    *("PNG", "PPM", "TGA", "TIFF", "WEBP"),
)
"""Of all that Pillow opens; others call programs, or are no pictures."""
_KINDS = "PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP, JPEG 2000, TGA and PNM files"
_DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_GREY = ("1", "L", "LA", "La")
_PRINT = {"CMYK": "CMYK", "YCbCr": "YCbCr", "LAB": "Lab", "HSV": "HSV"}
_OWN = re.compile(r".*\.to-[AB](-\d+)?\.png", re.IGNORECASE)
_ORIENTATION = 0x0112


@dataclass(frozen=True)
class Picture:
    """Pixels ``uint8`` [H, W, C], upright, and what was done to them, each in a few words."""

    pixels: Pixels
    done: tuple[str, ...] = ()

    @property
    def size(self) -> str:
        """Width and height, to stand in a sentence."""
        return f"{self.pixels.shape[1]} × {self.pixels.shape[0]}"


def read_picture(source: Source, channels: int) -> Picture:
    """Return a picture in 8 bits of grey (``channels`` 1) or RGB (3), upright, without transparency.

    Raises ``InputError`` where it is no image, damaged, too large to be opened, or may not be read.
    """
    name = str(source) if isinstance(source, Path) else "What was pasted"
    with _opened(source, name) as opened:
        image, done = _upright(opened, name)
    return _plain(image, channels, done)


def read_large(path: Path, check: Callable[[Image.Image], None]) -> tuple[Image.Image, list[str]]:
    """Return a picture of any size in 8 bits, upright, of mode L, LA, RGB or RGBA, and what was done to it.

    ``check`` is shown the picture before it is decoded, and raises ``InputError`` where memory would not
    hold it: nothing else keeps a small file from unpacking to more. Otherwise as :func:`read_picture`.
    """
    with _of_any_size(), _opened(path, str(path)) as opened:
        check(opened)
        image, done = _upright(opened, str(path))
    grey = image.mode in _GREY
    if image.has_transparency_data:
        return image.convert("LA" if grey else "RGBA"), done
    return image.convert("L" if grey else "RGB"), done


def resized(picture: Picture, width: int, height: int) -> Picture:
    """Return the picture scaled to a size in pixels, with what was done said."""
    image = Image.fromarray(picture.pixels.squeeze(2) if picture.pixels.shape[2] == 1 else picture.pixels)
    scaled = np.array(image.resize((width, height), Image.Resampling.BICUBIC))
    pixels = np.ascontiguousarray(scaled.reshape(height, width, -1))
    return Picture(pixels, (*picture.done, f"scaled from {picture.size} to {width} × {height}"))


# --- Files -----------------------------------------------------------------------------------------


def gathered(paths: Iterable[Path], most: int) -> tuple[list[Path], list[str]]:
    """Return the files that are meant, folders replaced by the images in them, and what was left out.

    Files stand for themselves whatever their name; no more than ``most`` are returned, each once. Raises
    ``InputError`` for a path that is not there, or a folder without images.
    """
    found: dict[Path, None] = {}
    earlier = 0
    for path in paths:
        if not path.is_dir():
            check_there(path)
            found[path] = None
            continue
        inside = _images_under(path)
        own = [file for file in inside if _OWN.fullmatch(file.name)]
        earlier += len(own)
        if not inside:
            raise InputError(f"There are no images in {path} or its subfolders.")
        found |= dict.fromkeys(file for file in inside if not _OWN.fullmatch(file.name))
    them = "One earlier translation among them is" if earlier == 1 else f"{earlier} earlier translations are"
    notes = [f"{them} left out."] if earlier else []
    if len(found) > most:
        notes.append(f"Of {len(found):,} files the first {most:,} are taken.")
    return list(found)[:most], notes


def write_beside(folder: Path, stem: str, content: bytes) -> Path:
    """Write ``content`` as ``folder``/stem.png, or stem-2.png and so on where that name is taken.

    Raises ``StudioError`` when the disk refuses.
    """
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        path = folder / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
        try:
            with explained(path), path.open("xb") as file:
                _write(file.fileno(), path, content)
        except Exception as error:
            if isinstance(error.__cause__, FileExistsError):
                continue
            raise
        return path
    raise AssertionError("Numbers do not end.")


def _write(handle: int, path: Path, content: bytes) -> None:
    """Fill a file that was just made; it goes again where the disk refuses."""
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _images_under(folder: Path) -> list[Path]:
    found = []
    for parent, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        files = (Path(parent, name) for name in sorted(names) if not name.startswith("."))
        found += [file for file in files if file.suffix.lower() in SUFFIXES]
    return found


def check_there(path: Path) -> None:
    """Raise ``InputError`` where there is no such file."""
    try:
        there = path.exists()
    except OSError:
        there = False
    if not there:
        raise InputError(f"There is no file {path}.")


# --- Pictures --------------------------------------------------------------------------------------


@contextmanager
def _opened(source: Source, name: str) -> Iterator[Image.Image]:
    """Open a picture; whatever goes wrong until it is closed is an ``InputError``."""
    if not isinstance(source, Path):
        yield Image.fromarray(source)
        return
    Image.init()
    known = [each for each in _FORMATS if each in Image.OPEN]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A small file may unpack to more than the memory there is.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with source.open("rb") as content, Image.open(content, formats=known) as image:
                yield image
    except InputError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise InputError(_too_large(name, error)) from error
    except UnidentifiedImageError as error:
        raise InputError(f"{name} is no image that can be read: {_KINDS} can be.") from error
    except FileNotFoundError as error:
        raise InputError(f"There is no file {name} any more.") from error
    except PermissionError as error:
        raise InputError(f"Reading {name} is not allowed. Change its permissions.") from error
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory. Scale it down first.") from error
    # Decoders of broken files raise almost anything.
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError) as error:
        raise InputError(f"{name} is damaged, or its content is not what its name says.") from error


def _too_large(name: str, error: Exception) -> str:
    named = re.search(r"\((\d+) pixels\)", str(error))
    has = f"has {int(named[1]) / 1e6:,.0f} million pixels" if named else "has too many pixels"
    most = (Image.MAX_IMAGE_PIXELS or 0) / 1e6
    return f"{name} {has}; images of at most {most:,.0f} million are opened. Scale it down first."


@contextmanager
def _of_any_size() -> Iterator[None]:
    """Have Pillow open pictures of more pixels than it takes for harmless."""
    most, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = most


def _upright(image: Image.Image, name: str) -> tuple[Image.Image, list[str]]:
    """Return the first frame of a picture upright in 8 bits, in no colours of print, and what was done."""
    done = []
    frames = int(getattr(image, "n_frames", 1))
    if frames > 1 and image.format != "MPO":
        done.append(f"the first of {frames} frames taken")
    turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
    # Some versions of Pillow turn a TIFF by themselves, but only once it is decoded.
    image.load()
    image = ImageOps.exif_transpose(image)
    if turned:
        done.append("turned upright")
    if image.mode == "F":
        raise InputError(f"The pixels of {name} are fractions, whose range is not known. Save it as 8 bits.")
    if image.mode in _DEEP:
        image = _eight_bits(image, name)
        done.append("brought from 16 bits to 8")
    if image.mode in _PRINT:
        done.append(f"brought from {_PRINT[image.mode]} to RGB")
        image = image.convert("RGB")
    return image, done


def _plain(image: Image.Image, channels: int, done: list[str]) -> Picture:
    """Return a picture as pixels, grey or RGB, and what had to be done."""
    if image.has_transparency_data:
        image, clear = _on_white(image)
        done = [*done, "put on white where it was transparent"] if clear else done
    colour = image.mode not in _GREY
    if colour and channels == 1:
        done = [*done, "made grey"]
    elif not colour and channels == 3:
        done = [*done, "grey given three equal colours"]
    pixels = np.array(image.convert("RGB" if channels == 3 else "L"))
    return Picture(np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], -1)), tuple(done))


def _eight_bits(image: Image.Image, name: str) -> Image.Image:
    """Bring 16 bits to 8: 0..65535 → 0..255."""
    values = np.asarray(image)
    if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
        raise InputError(f"The pixels of {name} have more than 16 bits. Save it with 8 or 16.")
    return Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8))


def _on_white(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return the picture on white, grey if it was, and whether anything was transparent at all."""
    grey = image.mode in _GREY
    whole = image.convert("RGBA")
    clear = whole.getchannel("A").getextrema()[0] != 255
    white = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(white, whole).convert("L" if grey else "RGB"), clear
