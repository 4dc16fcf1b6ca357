"""The vital signs, on images of which is known what is wrong with them."""

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData
from ganstudio_plugins import vital_signs as signs
from ganstudio_plugins.vitals import VitalSigns

CLASSES = 4


def drawn(count: int, seed: int, channels: int = 1) -> tuple[Tensor, Tensor]:
    """Return smooth blobs in [-1, 1], each somewhere in the quarter of its class, and their classes."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % CLASSES
    at = torch.rand(count, 2, generator=generator) * 8 + 3 + torch.stack([labels // 2, labels % 2], 1) * 10
    radius = torch.rand(count, 1, 1, generator=generator) * 4 + 3
    rows, columns = torch.arange(24.0).view(1, -1, 1), torch.arange(24.0).view(1, 1, -1)
    square = (rows - at[:, 0].view(-1, 1, 1)) ** 2 + (columns - at[:, 1].view(-1, 1, 1)) ** 2
    blobs = torch.exp(-square / radius**2) * 2 - 1
    return blobs.unsqueeze(1).repeat(1, channels, 1, 1), labels


def data_of(images: Tensor, labels: Tensor | None = None, flip: bool = False) -> LoadedData:
    spec = ImageSpec(images.shape[1], *images.shape[2:])
    return LoadedData(spec, images.add(1).mul(127.5).round().to(torch.uint8), labels, flip=flip)


TRAINING = drawn(1000, 1)
HELD_OUT = drawn(256, 2)
DATA = data_of(*TRAINING)


def vitals(samples: Tensor, labels: Tensor | None = None, data: LoadedData = DATA) -> dict[str, float]:
    figures = VitalSigns().score_labelled(samples, labels, data)
    return {name.removeprefix("vitals/"): value for name, value in figures.items()}


def test_data_held_out_is_as_it_should_be() -> None:
    found = vitals(*HELD_OUT)
    assert found["diversity"] == pytest.approx(1, abs=0.1)
    assert found["class_diversity"] == pytest.approx(1, abs=0.25)
    assert found["nearest"] == pytest.approx(1, abs=0.25)
    assert found["nyquist"] == pytest.approx(1, abs=0.2)
    assert found["clipped"] == pytest.approx(0, abs=0.02)
    assert found["repeats"] < 0.1
    assert found["coverage"] > 0.9


@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
def test_one_image_over_and_over_repeats_and_covers_nothing(channels: int) -> None:
    training, _ = drawn(400, 1, channels)
    found = vitals(training[:1].expand(256, -1, -1, -1), data=data_of(training))
    assert found["diversity"] == pytest.approx(0, abs=1e-3)
    assert found["repeats"] == 1
    assert found["coverage"] < 0.1


def test_a_few_images_with_noise_repeat_though_they_vary() -> None:
    images, labels = HELD_OUT
    noise = torch.randn(256, 1, 24, 24, generator=torch.Generator().manual_seed(3)) * 0.05
    found = vitals(images[:8].repeat(32, 1, 1, 1) + noise, labels[:8].repeat(32))
    assert found["repeats"] > 0.9
    assert found["diversity"] > 0.7
    assert found["class_diversity"] < 0.7


def test_copies_of_training_images_are_near() -> None:
    assert vitals(TRAINING[0][500:756])["nearest"] == pytest.approx(0, abs=0.02)


def test_mirrored_copies_are_near_where_images_are_fed_mirrored() -> None:
    mirrored = TRAINING[0][500:756].flip(3)
    assert vitals(mirrored)["nearest"] > 0.5
    assert vitals(mirrored, data=data_of(*TRAINING, flip=True))["nearest"] == pytest.approx(0, abs=0.02)


def test_a_checkerboard_shows_at_the_highest_frequency() -> None:
    images = HELD_OUT[0].clone()
    images[:, :, ::2, ::2] += 0.2
    assert vitals(images)["nyquist"] > 3
    assert signs.nyquist_share(images[:, :, :1, :1]) == 0


def test_black_and_white_alone_are_clipped() -> None:
    assert vitals(HELD_OUT[0].sign())["clipped"] > 0.5


def test_a_class_that_collapsed_shows_in_the_least_of_the_classes() -> None:
    images, labels = HELD_OUT[0].clone(), HELD_OUT[1]
    images[labels == 2] = images[labels == 2][:1]
    found = vitals(images, labels)
    assert found["class_diversity"] == pytest.approx(0, abs=1e-3)
    assert found["diversity"] > 0.8


@pytest.mark.parametrize(
    ("data", "samples"),
    [
        (data_of(TRAINING[0][:5]), HELD_OUT[0]),
        (data_of(torch.zeros(50, 1, 24, 24)), HELD_OUT[0]),
        (DATA, torch.full((256, 1, 24, 24), torch.nan)),
    ],
    ids=["a handful of images", "images all alike", "samples that are not numbers"],
)
def test_nothing_is_told_where_nothing_can_be(data: LoadedData, samples: Tensor) -> None:
    assert vitals(samples, data=data) == {}


def test_the_same_samples_give_the_same_figures_and_touch_no_randomness() -> None:
    before = torch.get_rng_state()
    assert vitals(*HELD_OUT) == vitals(*HELD_OUT)
    assert torch.equal(before, torch.get_rng_state())


def test_few_real_images_are_held_against_as_few_samples() -> None:
    few = data_of(*drawn(40, 5))
    assert vitals(drawn(256, 6)[0], data=few)["repeats"] < 0.3
