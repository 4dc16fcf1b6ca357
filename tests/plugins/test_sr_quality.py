import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from ganstudio.api import ImageSpec, LoadedData, PairedSpec, PointSpec
from ganstudio_plugins.sr_data import held_out
from ganstudio_plugins.sr_degradation import DegradationSettings, picture, planes
from ganstudio_plugins.sr_metric import FeatureDistance, PeakSignal
from ganstudio_plugins.sr_quality import cropped, luma, psnr, ssim


def shades(value: float, channels: int = 3) -> torch.Tensor:
    return torch.full((1, channels, 16, 16), float(value))


@pytest.mark.parametrize(
    ("colour", "brightness"),
    [((0, 0, 0), 16), ((255, 255, 255), 235), ((255, 0, 0), 81.481), ((0, 255, 0), 144.553)],
    ids=["black", "white", "red", "green"],
)
def test_brightness_is_that_of_the_papers(colour: tuple[int, ...], brightness: float) -> None:
    assert float(luma(torch.tensor(colour).view(1, 3, 1, 1))) == pytest.approx(brightness, abs=1e-3)


def test_grey_is_as_bright_as_its_colours() -> None:
    assert torch.allclose(luma(shades(77, 1)), luma(shades(77, 3)))


def test_psnr_follows_from_the_mean_square() -> None:
    assert float(psnr(shades(10), shades(20))) == pytest.approx(10 * math.log10(255**2 / 100))


def test_ssim_of_the_same_is_one_and_of_flat_images_a_ratio_of_means() -> None:
    images = torch.rand(1, 1, 16, 16).double() * 255
    assert float(ssim(images, images)) == pytest.approx(1)
    c1 = (0.01 * 255) ** 2
    wanted = (2 * 50 * 100 + c1) / (50**2 + 100**2 + c1)
    assert float(ssim(shades(50, 1).double(), shades(100, 1).double())) == pytest.approx(wanted)


def test_a_border_counts_for_nothing() -> None:
    images = torch.zeros(1, 1, 8, 8)
    images[..., 2:-2, 2:-2] = 1
    assert bool((cropped(images, 2) == 1).all())
    assert cropped(images, 0) is images


# --- The metric ------------------------------------------------------------------------------------


def test_it_is_for_pairs_alone() -> None:
    image = ImageSpec(1, 8, 8)
    assert PeakSignal.suits(PairedSpec(image, image))
    assert not PeakSignal.suits(image)
    assert not PeakSignal.suits(PointSpec())


def pair(large: torch.Tensor, scale: int) -> LoadedData:
    small = large[:, :, ::scale, ::scale]
    return LoadedData(
        PairedSpec(ImageSpec(*small.shape[1:]), ImageSpec(*large.shape[1:])), small, other=large
    )


def test_images_are_rounded_and_their_borders_left_out() -> None:
    large = torch.randint(0, 256, (1, 3, 20, 20), dtype=torch.uint8)
    made = large.float().mul(2 / 255).sub(1) + 0.003
    made[..., :2, :] = -1.0
    assert PeakSignal().score(made, pair(large, 2)) == {"psnr": pytest.approx(148.13, abs=0.1), "ssim": 1.0}
    assert PeakSignal().score(made, pair(large, 1))["psnr"] < 20


def test_images_too_small_for_ssim_have_none() -> None:
    large = torch.zeros(1, 1, 12, 12, dtype=torch.uint8)
    assert PeakSignal().score(torch.zeros(1, 1, 12, 12), pair(large, 2)).keys() == {"psnr"}


@pytest.mark.parametrize(
    ("name", "scale", "decibels"),
    [("sr_set5", 2, 33.67), ("sr_set5", 4, 28.43), ("sr_set14", 2, 30.32)],
)
def test_bicubic_enlargement_is_as_good_as_it_is_known_to_be(
    shared_data: Path, name: str, scale: int, decibels: float
) -> None:
    found = []
    for data in held_out(
        shared_data / name, DegradationSettings(), scale, True, lambda what, share=None: None
    ):
        small = picture(data.values[0].numpy())
        large = planes(small.resize((small.width * scale, small.height * scale), Image.Resampling.BICUBIC))
        made = torch.from_numpy(large)[None].float().mul(2 / 255).sub(1)
        found.append(PeakSignal().score(made, data)["psnr"])
    assert np.mean(found) == pytest.approx(decibels, abs=0.005)


# --- Distance in random features -------------------------------------------------------------------


def distance(made: torch.Tensor, large: torch.Tensor) -> float:
    (found,) = FeatureDistance().score(made, pair(large, 1)).values()
    return found


@pytest.fixture
def photo(shared_data: Path) -> torch.Tensor:
    with Image.open(shared_data / "sr_set5" / "img_003.png") as image:
        return torch.from_numpy(planes(image.convert("RGB")))[None].clone()


def seen(large: torch.Tensor) -> torch.Tensor:
    return large.float() / 127.5 - 1


def blurred(large: torch.Tensor, radius: float) -> torch.Tensor:
    return seen(
        torch.from_numpy(planes(picture(large[0].numpy()).filter(ImageFilter.GaussianBlur(radius))))[None]
    )


def test_it_is_nothing_from_the_target_itself_and_the_more_the_more_it_is_blurred(
    photo: torch.Tensor,
) -> None:
    assert distance(seen(photo), photo) == 0
    found = [distance(blurred(photo, radius), photo) for radius in (0.5, 1.0, 2.0, 4.0)]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 1


def test_a_sharp_texture_beside_its_place_is_nearer_than_blur_that_psnr_likes_more(
    photo: torch.Tensor,
) -> None:
    moved, blur = seen(photo).roll((1, 1), (2, 3)), blurred(photo, 2.0)
    loud = [PeakSignal().score(made, pair(photo, 1))["psnr"] for made in (moved, blur)]
    assert loud[0] < loud[1]
    assert distance(moved, photo) < 0.5 * distance(blur, photo)


def test_even_surfaces_are_alike_whatever_their_colour() -> None:
    black, white = torch.zeros(1, 3, 40, 40, dtype=torch.uint8), torch.ones(1, 3, 40, 40)
    assert distance(white, black) < 0.01


@pytest.mark.parametrize(("side", "some"), [(11, False), (12, True)])
def test_images_smaller_than_its_filters_and_their_surroundings_have_none(side: int, some: bool) -> None:
    large = torch.zeros(1, 1, side, side, dtype=torch.uint8)
    assert bool(FeatureDistance().score(torch.zeros(1, 1, side, side), pair(large, 1))) is some


def test_its_filters_move_no_other_randomness_and_are_the_same_for_every_run() -> None:
    large = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    before = torch.get_rng_state()
    first, second = (distance(-seen(large), large) for _ in range(2))
    assert first == second > 0
    assert torch.equal(torch.get_rng_state(), before)
