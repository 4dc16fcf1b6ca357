import math

import pytest
import torch

from ganstudio.api import LoadedData, PointSpec
from ganstudio_plugins.curves import Moons, Spiral


def load(cls: type, **settings) -> LoadedData:
    return cls(cls.Settings(**settings)).load(lambda what, share: None)


@pytest.mark.parametrize(("cls", "classes"), [(Spiral, 2), (Moons, 2)], ids=["spiral", "moons"])
def test_the_modes_are_not_known_and_every_curve_is_a_class(cls, classes):
    data = load(cls)
    assert isinstance(data.spec, PointSpec)
    assert data.spec.centres == ()
    assert len(data.spec.classes) == classes
    assert data.values.shape == (100_000, 2)
    assert data.values.dtype == torch.float32
    assert torch.bincount(data.labels).tolist() == pytest.approx([50_000] * 2, rel=0.02)


@pytest.mark.parametrize("cls", [Spiral, Moons])
def test_without_noise_the_largest_coordinate_is_one(cls):
    largest = float(load(cls, noise=0.0).values.abs().max())
    assert largest == pytest.approx(1.0, abs=0.01)
    assert largest <= 1.0001


@pytest.mark.parametrize(("arms", "turns"), [(1, 0.5), (2, 1.5), (5, 3.0)])
def test_a_point_of_an_arm_has_the_angle_of_its_radius(arms, turns):
    data = load(Spiral, arms=arms, turns=turns, noise=0.0, count=5000)
    radius = data.values.norm(dim=1)
    angle = 2 * math.pi * (turns * radius + data.labels / arms)
    torch.testing.assert_close(data.values, torch.stack([angle.cos(), angle.sin()], 1) * radius[:, None])
    assert data.spec.classes == tuple(f"arm {arm + 1}" for arm in range(arms))


def test_the_moons_are_half_circles_that_reach_into_each_other():
    data = load(Moons, noise=0.0, count=5000)
    upper, lower = (data.values[data.labels == number] * 1.5 for number in (0, 1))
    torch.testing.assert_close((upper + torch.tensor([0.5, 0.25])).norm(dim=1), torch.ones(len(upper)))
    assert upper[:, 1].min() >= -0.2501
    torch.testing.assert_close((lower - torch.tensor([0.5, 0.25])).norm(dim=1), torch.ones(len(lower)))
    assert lower[:, 0].min() < 0.0 < upper[:, 0].max()


def test_noise_has_the_stated_width():
    quiet, noisy = load(Moons, noise=0.0), load(Moons, noise=0.1)
    assert float((noisy.values - quiet.values).std()) == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("cls", [Spiral, Moons])
def test_the_same_settings_give_the_same_points(cls):
    first = load(cls, count=1000)
    torch.rand(3)
    assert torch.equal(load(cls, count=1000).values, first.values)
