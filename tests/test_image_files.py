"""Pictures of every kind, read and written."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.api import InputError, StudioError
from ganstudio.image_files import gathered, read_picture, resized, write_beside
from tests.translated import picture, pixels


@pytest.mark.parametrize(
    ("mode", "suffix", "channels", "done"),
    [
        ("RGB", "png", 3, ()),
        ("L", "png", 1, ()),
        ("RGB", "png", 1, ("made grey",)),
        ("L", "jpg", 3, ("grey given three equal colours",)),
        ("P", "gif", 3, ()),
        ("1", "png", 1, ()),
        ("CMYK", "jpg", 3, ("brought from CMYK to RGB",)),
        ("LAB", "tif", 1, ("brought from Lab to RGB", "made grey")),
        ("RGBA", "webp", 3, ()),
    ],
    ids=lambda value: str(value),
)
def test_every_mode_becomes_grey_or_rgb_and_says_so(
    tmp_path: Path, mode: str, suffix: str, channels: int, done: tuple[str, ...]
) -> None:
    read = read_picture(picture(tmp_path / f"a.{suffix}", 8, 6, mode), channels)
    assert read.pixels.shape == (6, 8, channels)
    assert read.pixels.dtype == np.uint8
    assert read.done == done


def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    read = read_picture(picture(tmp_path / "a.png", 8, 4, exif=exif), 3)
    assert read.pixels.shape == (8, 4, 3)
    assert read.done == ("turned upright",)
    assert np.array_equal(read.pixels, np.rot90(pixels(8, 4), -1))


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
def test_transparency_is_put_on_white(tmp_path: Path, grey: bool) -> None:
    clear = np.zeros((4, 4, 2 if grey else 4), np.uint8)
    clear[:2, :, -1] = 255
    Image.fromarray(clear).save(tmp_path / "a.png")
    read = read_picture(tmp_path / "a.png", 1 if grey else 3)
    assert read.done == ("put on white where it was transparent",)
    assert read.pixels[0].max() == 0
    assert read.pixels[3].min() == 255


def test_deep_pixels_become_bytes(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 257, 65535]], np.uint16)).save(tmp_path / "a.png")
    read = read_picture(tmp_path / "a.png", 1)
    assert read.pixels.ravel().tolist() == [0, 1, 255]
    assert read.done == ("brought from 16 bits to 8",)


def test_the_first_frame_of_a_film_is_taken(tmp_path: Path) -> None:
    frames = [Image.fromarray(pixels(6, 6, seed=seed)) for seed in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert read_picture(tmp_path / "a.gif", 3).done == ("the first of 3 frames taken",)


def test_pixels_that_were_pasted_are_read_as_a_file() -> None:
    pasted = np.dstack([pixels(5, 4), np.full((4, 5), 255, np.uint8)])
    assert np.array_equal(read_picture(pasted, 3).pixels, pixels(5, 4))


def test_scaling_is_said(tmp_path: Path) -> None:
    read = resized(read_picture(picture(tmp_path / "a.png", 8, 6), 3), 4, 3)
    assert read.pixels.shape == (3, 4, 3)
    assert read.done == ("scaled from 8 × 6 to 4 × 3",)


def _torn(path: Path) -> None:
    whole = picture(path, 64, 64).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("a.txt", lambda path: path.write_text("hello"), "is no image that can be read"),
        ("a.png", lambda path: path.write_bytes(b""), "is no image that can be read"),
        ("a.png", _torn, "is damaged"),
        ("a.png", lambda path: path.mkdir(), "is damaged, or its content"),
        ("a.png", lambda path: None, "There is no file"),
        (
            "a.tif",
            lambda path: Image.fromarray(np.zeros((2, 2), np.float32)).save(path),
            "are fractions",
        ),
        (
            "a.tif",
            lambda path: Image.fromarray(np.full((2, 2), 70_000, np.int32)).save(path),
            "more than 16 bits",
        ),
        ("a.eps", lambda path: path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n"), "is no image"),
    ],
    ids=["text", "empty", "torn", "folder", "gone", "fractions", "deep", "a program"],
)
def test_what_cannot_be_read_is_told_with_its_name(
    tmp_path: Path, name: str, make: object, sentence: str
) -> None:
    make(tmp_path / name)  # type: ignore[operator]
    with pytest.raises(InputError, match=sentence) as caught:
        read_picture(tmp_path / name, 3)
    assert name in str(caught.value)


def test_a_small_file_that_unpacks_to_more_than_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path / "a.png", 200, 100)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 15_000)
    with pytest.raises(InputError, match=r"million pixels; images of at most .* Scale it down first"):
        read_picture(path, 3)


# --- Files -----------------------------------------------------------------------------------------


def test_folders_stand_for_their_images_without_earlier_translations(tmp_path: Path) -> None:
    wanted = [picture(tmp_path / "in" / name) for name in ("a.png", "deep/b.JPG", "deep/c.webp")]
    for name in ("a.to-B.png", "a.to-A-2.png", ".hidden.png", ".git/x.png"):
        picture(tmp_path / "in" / name)
    (tmp_path / "in" / "readme.txt").write_text("no image")
    files, notes = gathered([tmp_path / "in", wanted[0]], 100)
    assert sorted(files) == sorted(wanted)
    assert notes == ["2 earlier translations are left out."]


def test_no_more_files_are_taken_than_there_is_room_for(tmp_path: Path) -> None:
    for number in range(5):
        picture(tmp_path / f"{number}.png", 2, 2)
    files, notes = gathered([tmp_path], 3)
    assert [file.name for file in files] == ["0.png", "1.png", "2.png"]
    assert notes == ["Of 5 files the first 3 are taken."]


def test_a_folder_without_images_and_a_path_to_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no images in"):
        gathered([tmp_path], 9)
    with pytest.raises(InputError, match="There is no file"):
        gathered([tmp_path / "gone.png"], 9)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    written = [write_beside(tmp_path / "out", "a.to-B", bytes([number])) for number in range(3)]
    assert [path.name for path in written] == ["a.to-B.png", "a.to-B-2.png", "a.to-B-3.png"]
    assert [path.read_bytes() for path in written] == [b"\0", b"\1", b"\2"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StudioError, match="cannot be written: access to it is denied"):
            write_beside(tmp_path, "a", b"x")
    finally:
        tmp_path.chmod(0o700)


def test_a_file_where_the_folder_is_to_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StudioError, match="is a file, not a folder"):
        write_beside(tmp_path / "out", "a", b"x")
