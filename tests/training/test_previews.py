import numpy as np
import torch

from ganstudio.training.feed import Feed
from ganstudio.training.previews import fixed_inputs, to_array, to_uint8
from ganstudio_plugins.mlp_gan import MLPGAN
from tests.training.support import gan, images, ring

CPU = torch.device("cpu")


def test_minus_one_to_one_becomes_the_bytes_it_came_from() -> None:
    values = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    shown = to_uint8(values.float() * (2 / 255) - 1)
    assert shown.shape == (1, 16, 16, 1)
    assert (shown.ravel() == np.arange(256)).all()


def test_what_lies_outside_is_clipped_and_what_is_no_number_is_black() -> None:
    odd = torch.tensor([-3.0, 3.0, float("nan"), float("inf"), -float("inf")]).view(1, 1, 1, 5)
    assert to_uint8(odd).ravel().tolist() == [0, 255, 0, 255, 0]


def test_an_array_is_apart_from_the_tensor() -> None:
    points = torch.rand(5, 2)
    kind, array = to_array(points)
    points.zero_()
    assert kind == "points"
    assert array.dtype == np.float32
    assert array.all()
    assert to_array(torch.zeros(2, 3, 4, 4))[1].flags["C_CONTIGUOUS"]


def test_fixed_inputs_depend_on_the_seed_alone_and_spend_no_randomness() -> None:
    data, architecture = images(), gan(MLPGAN)
    feed = Feed(data, 8, 0, CPU)
    before = torch.get_rng_state()
    first, second = (fixed_inputs(architecture, data, feed, 6, seed=1) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(first.latents, second.latents)
    assert torch.equal(first.real, second.real)
    assert first.latents.shape == (6, 100)
    assert first.real.shape == (6, 1, 8, 8)
    other = fixed_inputs(architecture, data, feed, 6, seed=2)
    assert not torch.equal(first.latents, other.latents)


def test_of_points_many_are_shown_and_no_more_than_there_are() -> None:
    data = ring(1500)
    fixed = fixed_inputs(gan(), data, Feed(data, 8, 0, CPU), 64, seed=0)
    assert len(fixed.latents) == len(fixed.real) == 1000
    few = images(count=3)
    assert len(fixed_inputs(gan(MLPGAN), few, Feed(few, 2, 0, CPU), 64, seed=0).real) == 3
