from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.api import ImageSpec, InputError, LoadedData, PairedSpec
from ganstudio_plugins.image_pairs import outlines
from ganstudio_plugins.paired_data import PairedArrays, PairedFolders, PairedHalves, PairedOutlines
from ganstudio_plugins.translation_digits import DigitDomains, DigitPairs


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


def picture(path: Path, left: int, right: int | None = None, size: tuple[int, int] = (8, 8)) -> None:
    """Write a grey picture of one shade, or of one on each half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full(size[::-1], left, np.uint8)
    if right is not None:
        pixels[:, size[0] // 2 :] = right
    Image.fromarray(pixels).save(path)


def halves(folder: Path | None, **settings: Any) -> LoadedData:
    return PairedHalves(PairedHalves.Settings(folder=folder, **settings)).load(silent)


def folders(first: Path | None, second: Path | None, **settings: Any) -> LoadedData:
    return PairedFolders(PairedFolders.Settings(inputs=first, targets=second, **settings)).load(silent)


def shades(images: torch.Tensor) -> list[int]:
    assert (images.flatten(1).amin(1) == images.flatten(1).amax(1)).all()
    return images[:, 0, 0, 0].tolist()


@pytest.mark.parametrize(
    ("direction", "given"), [("left to right", [10, 20]), ("right to left", [110, 120])], ids=["→", "←"]
)
def test_halves_of_an_image_belong_together(tmp_path: Path, direction: str, given: list[int]) -> None:
    for number in (10, 20):
        picture(tmp_path / f"{number}.png", number, number + 100, (16, 8))
    data = halves(tmp_path, direction=direction)
    assert data.spec == PairedSpec(ImageSpec(1, 8, 8), ImageSpec(1, 8, 8))
    assert shades(data.values) == given
    assert sorted([*shades(data.values), *shades(data.other)]) == [10, 20, 110, 120]


def test_halves_of_several_sizes_are_scaled_where_that_is_asked(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 10, 110, (40, 20))
    picture(tmp_path / "b.png", 20, 120, (24, 16))
    with pytest.raises(InputError, match=r"b\.png is 12 × 16 pixels, and those .* 20 × 20\. Set Resize"):
        halves(tmp_path)
    data = halves(tmp_path, resize=10, flip=True, random_crop=6, colour="RGB")
    assert data.values.shape == data.other.shape == (2, 3, 10, 10)
    assert (shades(data.values), shades(data.other)) == ([10, 20], [110, 120])
    assert data.spec.input.shape == data.spec.target.shape == (3, 6, 6)
    assert (data.flip, data.crop) == (True, 6)


def test_an_image_that_cannot_be_halved_or_read_is_left_out(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 10, 110, (16, 8))
    picture(tmp_path / "odd.png", 10, 110, (15, 8))
    (tmp_path / "x.png").write_bytes(b"no picture")
    data = halves(tmp_path)
    assert len(data) == len(data.other) == 1
    assert dict(data.unreadable) == {
        "odd.png": "it is 15 pixels wide and cannot be halved",
        "x.png": "it is no image",
    }


def test_nothing_to_read_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"None of the 1 pairs .* x.png \(it is no image\)"):
        halves(tmp_path)


# --- Two folders -----------------------------------------------------------------------------------


def two_trees(tmp_path: Path) -> tuple[Path, Path]:
    for name, number in (("one", 1), ("deep/two", 2), ("alone", 3)):
        picture(tmp_path / "in" / f"{name}.png", number)
    for name, number in (("one", 101), ("deep/two", 102), ("also alone", 103), ("two", 104)):
        picture(tmp_path / "out" / f"{name}.bmp", number)
    return tmp_path / "in", tmp_path / "out"


def test_images_of_one_name_belong_together_whatever_their_endings(tmp_path: Path) -> None:
    data = folders(*two_trees(tmp_path))
    assert sorted(zip(shades(data.values), shades(data.other), strict=True)) == [(1, 101), (2, 102)]


def test_images_without_a_partner_are_listed_and_the_rest_is_used(tmp_path: Path) -> None:
    first, second = two_trees(tmp_path)
    data = folders(first, second)
    assert dict(data.unreadable) == {
        "alone.png": f"it has no partner in {second}",
        "also alone.bmp": f"it has no partner in {first}",
        "two.bmp": f"it has no partner in {first}",
    }
    missing = f"3 images have no partner: alone.png in {first}, and also alone.bmp, two.bmp in {second}."
    assert f"Left out: {missing}" in data.notes


def test_missing_partners_are_refused_where_that_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^3 images have no partner: alone\.png in .*Add what is missing"):
        folders(*two_trees(tmp_path), without_partner="refuse")


def test_of_several_endings_of_one_name_the_first_counts_and_the_others_are_listed(tmp_path: Path) -> None:
    first, second = two_trees(tmp_path)
    picture(first / "one.webp", 9)
    data = folders(first, second)
    assert sorted(shades(data.values)) == [1, 2]
    assert ("one.webp", "it has the name of one.png") in data.unreadable


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    first, second = two_trees(tmp_path)
    (second / "one.bmp").write_bytes(b"no picture")
    data = folders(first, second)
    assert len(data) == 1
    assert "Of 2 pairs are left out, as they cannot be read: one (it is no image)." in data.notes


def test_what_had_to_be_done_to_the_pictures_is_told(tmp_path: Path) -> None:
    first, second = two_trees(tmp_path)
    Image.new("RGBA", (8, 8), (1, 1, 1, 128)).save(first / "one.png")
    Image.new("CMYK", (8, 8)).save(second / "one.tif")
    (second / "one.bmp").unlink()
    notes = folders(first, second).notes
    assert "1 image with transparent parts got a white ground." in notes
    assert "1 image in CMYK or another colour space became RGB." in notes


def test_one_folder_for_both_is_refused(tmp_path: Path) -> None:
    first, _second = two_trees(tmp_path)
    with pytest.raises(InputError, match="Inputs and targets are both the folder"):
        folders(first, first)


@pytest.mark.parametrize(("turn", "setting"), [(0, "Inputs"), (1, "Targets")], ids=["inputs", "targets"])
def test_a_folder_that_is_not_there_is_told_with_its_setting(tmp_path: Path, turn: int, setting: str) -> None:
    places = list(two_trees(tmp_path))
    places[turn] = tmp_path / "nowhere"
    with pytest.raises(InputError, match=f"nowhere does not exist. Set {setting} to"):
        folders(*places)


def test_folders_without_one_name_in_common_are_refused(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png", 1)
    picture(tmp_path / "out" / "b.png", 2)
    with pytest.raises(InputError, match="has the name of one in"):
        folders(tmp_path / "in", tmp_path / "out")


def test_inputs_and_targets_may_differ_in_size(tmp_path: Path) -> None:
    for name in ("a", "b"):
        picture(tmp_path / "in" / f"{name}.png", 1)
        picture(tmp_path / "out" / f"{name}.png", 2, size=(16, 16))
    data = folders(tmp_path / "in", tmp_path / "out", random_crop=4)
    assert (data.values.shape, data.other.shape) == ((2, 1, 8, 8), (2, 1, 16, 16))
    assert data.spec == PairedSpec(ImageSpec(1, 4, 4), ImageSpec(1, 8, 8))


@pytest.mark.parametrize(("setting", "chosen"), [("Inputs", (None, "x")), ("Targets", ("x", None))])
def test_a_folder_that_is_not_chosen_is_asked_for(tmp_path: Path, setting: str, chosen: Any) -> None:
    with pytest.raises(InputError, match=f"Set {setting} to"):
        folders(*(name and tmp_path for name in chosen))


# --- Arrays, and what is built in ------------------------------------------------------------------


def test_arrays_belong_together_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "pairs.npz"
    grey, colour = np.full((2, 4, 4), 7, np.uint8), np.full((2, 4, 4, 3), 9, np.uint8)
    np.savez(file, inputs=grey, targets=colour, few=grey[:1])
    data = PairedArrays(PairedArrays.Settings(file=file)).load(silent)
    assert data.spec == PairedSpec(ImageSpec(3, 4, 4), ImageSpec(3, 4, 4))
    with pytest.raises(InputError, match="2 images in inputs and 1 in few"):
        PairedArrays(PairedArrays.Settings(file=file, targets="few")).load(silent)


def test_outlines_are_dark_where_an_image_changes() -> None:
    images = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    images[..., 4:] = 200
    lines = outlines(images)[0, 0]
    assert lines.shape == (8, 8)
    assert (lines[:, 3:5] == 0).all()
    assert (lines[:, :3] == 255).all()
    assert (lines[:, 5:] == 255).all()


def test_photos_are_paired_with_their_outlines(shared_data: Path) -> None:
    settings = PairedOutlines.Settings(
        folder=shared_data / "photos_gray", resize=64, random_crop=48, flip=True, held_out=0.0
    )
    data = PairedOutlines(settings).load(silent)
    assert data.spec == PairedSpec(ImageSpec(1, 48, 48), ImageSpec(1, 48, 48))
    assert torch.equal(data.values, outlines(data.other))
    assert (len(data), data.flip, data.crop) == (20, True, 48)


@pytest.mark.parametrize("change", ["outlines", "inverted", "thick", "turned"])
def test_digits_are_paired_with_what_they_are_changed_into(change: str) -> None:
    data = DigitPairs(DigitPairs.Settings(side=28, change=change, held_out=0.0)).load(silent)
    assert data.values.shape == data.other.shape == (5000, 1, 28, 28)
    given, wanted = data.values[1234, 0].int(), data.other[1234, 0].int()
    assert {
        "outlines": not torch.equal(given, wanted),
        "inverted": torch.equal(given, 255 - wanted),
        "thick": bool((given >= wanted).all()) and bool((given > wanted).any()),
        "turned": torch.equal(given, wanted.rot90()),
    }[change]


def test_no_digit_is_in_both_domains() -> None:
    data = DigitDomains(DigitDomains.Settings(side=28, change="inverted")).load(silent)
    assert data.spec.names == ("digits", "inverted")
    first, second = ({image.numpy().tobytes() for image in part} for part in (data.values, 255 - data.other))
    assert (len(data), len(data.other)) == (2250, 2500)
    held = {image.numpy().tobytes() for image in data.held_out[0].values}
    assert len(held) == 250
    assert not first & second
    assert not held & (first | second)
