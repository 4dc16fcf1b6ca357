import math

import numpy as np
import pytest
import torch

from ganstudio.gui import image_quality
from ganstudio_plugins import sr_quality


@pytest.fixture
def images() -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    wanted = chance.integers(0, 256, (24, 17, 3), np.uint8)
    return np.clip(wanted + chance.normal(0, 20, wanted.shape), 0, 255).astype(np.uint8), wanted


@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
def test_figures_are_those_that_super_resolution_is_scored_with(
    images: tuple[np.ndarray, np.ndarray], channels: int
):
    made, wanted = (image[:, :, :channels] for image in images)
    ours = [image_quality.luma(image) for image in (made, wanted)]
    theirs = [sr_quality.luma(torch.from_numpy(i.copy()).permute(2, 0, 1)[None]) for i in (made, wanted)]
    assert image_quality.psnr(*ours) == pytest.approx(float(sr_quality.psnr(*theirs)), rel=1e-9)
    assert image_quality.ssim(*ours) == pytest.approx(float(sr_quality.ssim(*theirs)), rel=1e-9)


def test_an_image_is_all_like_itself(images: tuple[np.ndarray, np.ndarray]):
    plane = image_quality.luma(images[1])
    assert image_quality.psnr(plane, plane) == math.inf
    assert image_quality.ssim(plane, plane) == pytest.approx(1.0)


def test_no_similarity_is_told_of_images_smaller_than_its_window():
    assert math.isnan(image_quality.ssim(np.zeros((10, 40)), np.zeros((10, 40))))
