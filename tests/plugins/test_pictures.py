import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio_plugins.pictures import DEEP, PALETTE, PRINT, TRANSPARENT, Look, UnreadableError, look, read

RAMP = np.linspace(0, 255, 12 * 10, dtype=np.uint8).reshape(12, 10)


@pytest.fixture
def kept(tmp_path):
    """Return a function that saves an image and gives its path."""

    def keep(image: Image.Image, name: str = "picture.png", **options: object) -> Path:
        path = tmp_path / name
        image.save(path, **options)
        return path

    return keep


def colours() -> Image.Image:
    return Image.fromarray(np.stack([RAMP, RAMP[::-1], np.full_like(RAMP, 128)], 2))


def test_grey_stays_as_it_is(kept):
    pixels, done = read(kept(Image.fromarray(RAMP)), colour=False)
    assert np.array_equal(pixels, RAMP[None])
    assert done == set()


def test_colours_stay_as_they_are(kept):
    pixels, done = read(kept(colours()), colour=True)
    assert np.array_equal(pixels, np.asarray(colours()).transpose(2, 0, 1))
    assert done == set()


def test_grey_becomes_three_equal_colours(kept):
    pixels, _done = read(kept(Image.fromarray(RAMP)), colour=True)
    assert np.array_equal(pixels, np.stack([RAMP] * 3))


def test_sixteen_bits_become_eight(kept):
    path = kept(Image.fromarray(RAMP.astype(np.uint16) * 257))
    pixels, done = read(path, colour=False)
    assert np.array_equal(pixels, RAMP[None])
    assert done == {DEEP}


def test_black_and_white_uses_the_whole_range(kept):
    pixels, _done = read(kept(Image.fromarray(RAMP > 100)), colour=False)
    assert np.array_equal(pixels[0], np.where(RAMP > 100, 255, 0))


def test_transparency_goes_onto_white(kept):
    image = colours().convert("RGBA")
    image.putalpha(Image.fromarray(np.where(RAMP > 100, 255, 0).astype(np.uint8)))
    pixels, done = read(kept(image), colour=True)
    assert (pixels[:, RAMP <= 100] == 255).all()
    assert np.array_equal(pixels[:, RAMP > 100], np.asarray(colours()).transpose(2, 0, 1)[:, RAMP > 100])
    assert done == {TRANSPARENT}


@pytest.mark.parametrize(
    ("image", "options"),
    [
        (Image.new("LA", (6, 6), (0, 0)), {}),
        (Image.new("RGBA", (6, 6), (0, 0, 0, 0)), {}),
        (Image.new("P", (6, 6), 0), {"transparency": 0}),
        (Image.new("RGB", (6, 6), (0, 0, 0)), {"transparency": (0, 0, 0)}),
    ],
    ids=["grey and alpha", "alpha", "colour of a palette", "one colour"],
)
def test_every_kind_of_transparency_is_noticed(image, options, kept):
    pixels, done = read(kept(image, **options), colour=True)
    assert (pixels == 255).all()
    assert TRANSPARENT in done


def test_a_palette_gives_its_colours(kept):
    pixels, done = read(kept(colours().quantize(256), "picture.gif"), colour=True)
    assert done == {PALETTE}
    assert np.abs(pixels.astype(int) - np.asarray(colours()).transpose(2, 0, 1)).mean() < 8


@pytest.mark.parametrize(
    ("mode", "name"), [("CMYK", "p.jpg"), ("CMYK", "p.tif"), ("YCbCr", "p.tif"), ("LAB", "p.tif")]
)
def test_other_colour_spaces_become_rgb(mode, name, kept):
    image = Image.new("RGB", (16, 16), (200, 40, 90))
    converted = image.convert(mode) if mode != "LAB" else Image.new("LAB", (16, 16), (128, 128, 128))
    pixels, done = read(kept(converted, name), colour=True)
    assert pixels.shape == (3, 16, 16)
    assert done == {PRINT}


def test_fractions_are_refused_with_the_reason(kept):
    path = kept(Image.fromarray(RAMP / 255.0).convert("F"), "picture.tif")
    with pytest.raises(UnreadableError, match="fractions"):
        read(path, colour=False)


@pytest.mark.parametrize("name", ["picture.png", "picture.tif", "picture.webp"])
def test_a_picture_is_turned_upright(name, kept):
    exif = Image.Exif()
    exif[0x112] = 6
    path = kept(Image.fromarray(RAMP), name, exif=exif, lossless=True)
    seen = look(path)
    assert (seen.width, seen.height) == (12, 10)
    pixels, _done = read(path, colour=False)
    assert np.array_equal(pixels[0], np.rot90(RAMP, -1))


@pytest.mark.parametrize(
    ("image", "colour"),
    [
        (Image.fromarray(RAMP), False),
        (Image.fromarray(RAMP.astype(np.uint16) * 257), False),
        (Image.fromarray(RAMP > 9), False),
        (colours(), True),
        (colours().quantize(8), True),
    ],
    ids=["grey", "16 bits", "black and white", "colours", "palette"],
)
def test_the_head_tells_size_and_colour(image, colour, kept):
    assert look(kept(image)) == Look(10, 12, colour)


# --- Scaling ---------------------------------------------------------------------------------------


def test_cropping_takes_the_middle(kept):
    wide = np.zeros((20, 60), np.uint8)
    wide[:, 20:40] = 255
    pixels, _done = read(kept(Image.fromarray(wide)), colour=False, side=10, crop=True)
    assert pixels.shape == (1, 10, 10)
    assert pixels.min() > 200


def test_stretching_keeps_all_of_it(kept):
    wide = np.zeros((20, 60), np.uint8)
    wide[:, 20:40] = 255
    pixels, _done = read(kept(Image.fromarray(wide)), colour=False, side=12, crop=False)
    assert pixels.shape == (1, 12, 12)
    assert (pixels[0, :, 0] < 30).all()
    assert (pixels[0, :, 6] > 225).all()


def test_small_pictures_grow(kept):
    assert read(kept(Image.fromarray(RAMP)), colour=True, side=32)[0].shape == (3, 32, 32)


def test_a_large_jpeg_is_read_at_the_size_asked_for(kept):
    path = kept(Image.new("RGB", (1600, 1200), (10, 200, 30)), "large.jpg")
    pixels, _done = read(path, colour=True, side=48)
    assert np.abs(pixels.mean((1, 2)) - [10, 200, 30]).max() < 3


# --- What cannot be read ---------------------------------------------------------------------------


def png_bytes(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def bomb() -> bytes:
    """A PNG whose head promises 20 000 × 20 000 pixels."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is no image"),
        (b"hello, world", "it is no image"),
        (png_bytes(Image.effect_noise((64, 64), 90))[:2000], "it is damaged"),
        (bomb(), "it has too many pixels"),
    ],
    ids=["empty", "text", "cut off", "bomb"],
)
def test_the_reason_is_given(content, reason, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=reason):
        read(path, colour=True)


def test_a_file_that_is_gone_is_no_crash(tmp_path):
    with pytest.raises(UnreadableError):
        look(tmp_path / "gone.png")
