import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.api import ImageSpec, InputError, LoadedData, PairedSpec
from ganstudio_plugins.sr_data import SuperResolutionFolder
from ganstudio_plugins.sr_degradation import DegradationSettings, degraded
from ganstudio_plugins.sr_patches import Patches, shared_out


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


def write(path: Path, width: int, height: int, colour: bool = True, seed: int = 0) -> np.ndarray:
    """Write an image of noise, and return its pixels [C, H, W]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3 if colour else 1), np.uint8)
    Image.fromarray(pixels if colour else pixels[..., 0]).save(path)
    return pixels.transpose(2, 0, 1)


def load(folder: Path | None, **settings: Any) -> LoadedData:
    settings = {"patch": 16, "patches": 40, **settings}
    return SuperResolutionFolder(SuperResolutionFolder.Settings(folder=folder, **settings)).load(silent)


def found_in(patch: torch.Tensor, image: np.ndarray) -> list[tuple[int, int]]:
    """Return the corners at which a patch lies in an image."""
    side = patch.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (side, side), (1, 2))
    same = (windows == patch.numpy()[:, None, None]).all((0, 3, 4))
    return [(int(top), int(left)) for top, left in np.argwhere(same)]


@pytest.mark.parametrize("scale", [2, 4])
def test_a_small_patch_is_what_the_large_one_became_with_its_image(tmp_path: Path, scale: int) -> None:
    image = write(tmp_path / "a.png", 41, 37)
    data = load(tmp_path, scale=scale)
    assert data.spec == PairedSpec(
        ImageSpec(3, 16 // scale, 16 // scale), ImageSpec(3, 16, 16), ("low", "high")
    )
    whole = Image.fromarray(image[:, : 37 // scale * scale, : 41 // scale * scale].transpose(1, 2, 0))
    small = whole.resize((whole.width // scale, whole.height // scale), Image.Resampling.BICUBIC)
    corners = set()
    for given, wanted in zip(data.values, data.other, strict=True):
        ((top, left),) = found_in(wanted, image)
        box = (left // scale, top // scale, (left + 16) // scale, (top + 16) // scale)
        assert np.array_equal(given.permute(1, 2, 0).numpy(), np.asarray(small.crop(box)))
        corners.add((top, left))
    assert all(top % scale == left % scale == 0 for top, left in corners)
    assert len(corners) > 20


def test_the_same_seed_cuts_the_same_patches_and_another_others(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"{number}.png", 40, 30, seed=number)
    first, again, other = load(tmp_path), load(tmp_path), load(tmp_path, seed=1)
    assert torch.equal(first.values, again.values)
    assert torch.equal(first.other, again.other)
    assert not torch.equal(first.other, other.other)


def test_images_smaller_than_a_patch_are_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path / "large.png", 40, 30)
    write(tmp_path / "deep" / "narrow.png", 12, 90)
    (tmp_path / "x.png").write_bytes(b"no picture")
    data = load(tmp_path)
    assert dict(data.unreadable) == {
        str(Path("deep", "narrow.png")): "it is 12 × 90 pixels, smaller than a patch of 16",
        "x.png": "it is no image",
    }
    assert data.notes[0] == "40 patches were cut from 1 image."
    assert "2 of 3 images were left out" in data.notes[1]
    assert len(data) == len(data.other) == 40


def test_what_had_to_be_done_to_the_images_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 40, 30)
    Image.new("CMYK", (40, 30)).save(tmp_path / "b.tif")
    assert "1 image in CMYK or another colour space became RGB." in load(tmp_path).notes


def test_where_all_are_too_small_a_smaller_patch_is_proposed(tmp_path: Path) -> None:
    write(tmp_path / "narrow.png", 12, 90)
    with pytest.raises(InputError, match=r"narrow\.png \(it is 12 × 90 .* set Patch to less"):
        load(tmp_path)


def test_a_patch_that_is_no_multiple_of_the_scale_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Patch is 18, .* scale 4\. Set Patch to 20"):
        load(tmp_path, scale=4, patch=18)


def test_no_folder_is_asked_for() -> None:
    with pytest.raises(InputError, match="Set Folder to"):
        load(None)


def test_patches_that_memory_cannot_hold_are_refused_before_they_are_cut(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 600, 600)
    with pytest.raises(InputError, match=r"GiB of memory.*Set Patches or Patch to less"):
        load(tmp_path, patch=512, patches=1_000_000)


@pytest.mark.parametrize(("colour", "channels"), [("as it is", 3), ("grey", 1), ("RGB", 3)])
def test_one_image_in_colour_makes_all_of_them_so(tmp_path: Path, colour: str, channels: int) -> None:
    write(tmp_path / "a.png", 30, 30, colour=False)
    write(tmp_path / "b.png", 30, 30)
    assert load(tmp_path, colour=colour).spec.target.channels == channels


def test_grey_images_stay_grey(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 30, 30, colour=False)
    assert load(tmp_path).spec == PairedSpec(ImageSpec(1, 8, 8), ImageSpec(1, 16, 16), ("low", "high"))


def test_images_held_out_are_whole_and_of_any_size(tmp_path: Path) -> None:
    write(tmp_path / "train" / "a.png", 40, 30)
    held = {(40, 30): write(tmp_path / "test" / "a.png", 41, 31), (10, 8): None}
    write(tmp_path / "test" / "b.png", 10, 8)
    data = load(tmp_path / "train", held_out=tmp_path / "test")
    assert [(each.other.shape[3], each.other.shape[2]) for each in data.held_out] == list(held)
    assert [tuple(each.values.shape) for each in data.held_out] == [(1, 3, 15, 20), (1, 3, 4, 5)]
    assert np.array_equal(data.held_out[0].other[0].numpy(), held[40, 30][:, :30, :40])
    assert load(tmp_path / "train").held_out == ()


# --- Sharing out -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "sizes", "shares"),
    [(10, [1, 1], [5, 5]), (10, [9, 1], [9, 1]), (3, [100, 1, 100], [1, 1, 2]), (1, [1, 1, 1], [1, 1, 1])],
)
def test_each_image_has_its_share_and_one_at_least(total: int, sizes: list[int], shares: list[int]) -> None:
    found = shared_out(total, sizes)
    assert min(found) >= 1
    assert sum(found) - sum(shares) in (-1, 0, 1)
    assert all(abs(one - other) <= 1 for one, other in zip(found, shares, strict=True))


def test_an_image_that_cannot_be_read_leaves_no_empty_patches() -> None:
    patches = Patches(9, 1, 4, 2)
    large = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    patches.cut(large[:, ::2, ::2], large, 3, np.random.default_rng(0))
    small, cut = patches.done()
    assert (tuple(small.shape), tuple(cut.shape)) == ((3, 1, 2, 2), (3, 1, 4, 4))
    assert torch.equal(cut[:, :, ::2, ::2], small)


# --- Degradation -----------------------------------------------------------------------------------

FLAT = np.full((3, 32, 32), 128, np.uint8)


def small_of(pixels: np.ndarray, **settings: float) -> np.ndarray:
    return degraded(pixels, 2, DegradationSettings(**settings), np.random.default_rng(0))


def test_noise_has_the_deviation_that_was_asked_for() -> None:
    made = small_of(np.full((3, 256, 256), 128, np.uint8), noise=10)
    assert float(made.std()) == pytest.approx(10, rel=0.02)
    assert np.array_equal(small_of(FLAT), FLAT[:, ::2, ::2])


def test_blur_takes_away_what_is_fine() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (1, 64, 64), np.uint8)
    assert small_of(pixels, blur=2).std() < 0.5 * small_of(pixels).std()


def test_the_small_image_is_kept_as_a_jpeg_last() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 64, 64), np.uint8)
    kept = io.BytesIO()
    Image.fromarray(small_of(pixels).transpose(1, 2, 0)).save(kept, "JPEG", quality=30)
    assert np.array_equal(small_of(pixels, jpeg=30), np.asarray(Image.open(kept)).transpose(2, 0, 1))
