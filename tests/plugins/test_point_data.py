import math

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, PointSpec
from ganstudio_plugins.point_data import Grid, Modes, Ring


def quiet(what: str, share: float | None) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def ring() -> LoadedData:
    return Ring().load(quiet)


@pytest.fixture(scope="module")
def grid() -> LoadedData:
    return Grid().load(quiet)


@pytest.mark.parametrize(("source", "modes"), [(Ring(), 8), (Grid(), 25)], ids=["ring", "grid"])
def test_every_mode_is_a_gaussian_of_the_stated_width_at_its_centre(source, modes):
    data = source.load(quiet)
    centres, labels = torch.tensor(data.spec.centres), data.labels
    assert data.values.shape == (100_000, 2)
    assert data.values.dtype == torch.float32
    assert len(centres) == modes
    assert torch.bincount(labels).min() > 0.9 * 100_000 / modes
    for mode, centre in enumerate(centres):
        points = data.values[labels == mode]
        sigma = data.spec.sigma
        torch.testing.assert_close(points.mean(0), centre, atol=5 * sigma / math.sqrt(len(points)), rtol=0)
        torch.testing.assert_close(points.std(0), torch.full((2,), sigma), atol=0, rtol=0.06)


def test_the_ring_has_radius_one_and_the_width_of_the_paper(ring):
    assert [math.hypot(*centre) for centre in ring.spec.centres] == pytest.approx([1.0] * 8)
    assert ring.spec.sigma == pytest.approx(0.01)


def test_the_grid_is_divided_by_its_radius_and_its_width_with_it(grid):
    ticks = sorted({round(x, 4) for x, _y in grid.spec.centres})
    assert ticks == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert grid.spec.sigma == pytest.approx(0.05 / 4)


def test_the_same_settings_give_the_same_points():
    settings = Ring.Settings(count=1000, modes=3, sigma=0.2)
    torch.manual_seed(1)
    first = Ring(settings).load(quiet)
    torch.manual_seed(2)
    assert torch.equal(first.values, Ring(settings).load(quiet).values)


# --- The score -------------------------------------------------------------------------------------


def around(centres: Tensor, sigma: float, count: int = 2500) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    chosen = torch.randint(len(centres), (count,), generator=generator)
    return centres[chosen] + sigma * torch.randn(count, 2, generator=generator)


def test_samples_of_the_mixture_itself_get_nearly_everything(ring):
    score = Modes().score(around(torch.tensor(ring.spec.centres), ring.spec.sigma), ring)
    assert score["modes"] == 8
    # A plane Gaussian has 1 − exp(−9/2) of its points within 3 σ.
    assert score["high_quality"] == pytest.approx(1 - math.exp(-4.5), abs=0.005)


def test_collapsed_samples_count_the_modes_they_are_at(grid):
    three = torch.tensor(grid.spec.centres)[[0, 7, 24]]
    score = Modes().score(around(three, 0.0), grid)
    assert score == {
        "modes": 3.0,
        "high_quality": 1.0,
        "reverse_kl": pytest.approx(math.log(25 / 3), abs=0.01),
    }


def test_noise_has_hardly_any_quality(ring):
    noise = torch.rand(2500, 2, generator=torch.Generator().manual_seed(0)) * 2 - 1
    score = Modes().score(noise, ring)
    # Eight discs of radius 0.03, half of whose area lies outside the square at the four on its edges.
    assert score["high_quality"] == pytest.approx(6 * math.pi * 0.03**2 / 4, abs=0.005)


def test_one_good_point_is_enough_for_a_mode_and_a_far_one_is_not(ring):
    centre = torch.tensor(ring.spec.centres[2])
    near, far = centre + torch.tensor([0.029, 0.0]), centre + torch.tensor([0.031, 0.0])
    score = Modes().score(torch.stack([near, far]), ring)
    assert score == {"modes": 1.0, "high_quality": 0.5, "reverse_kl": pytest.approx(math.log(8))}


def test_samples_without_a_good_one_score_zero(ring):
    score = Modes().score(torch.zeros(10, 2), ring)
    assert (score["modes"], score["high_quality"]) == (0, 0)


@pytest.mark.parametrize(
    ("spec", "suits"),
    [
        (PointSpec(2, ((0.0, 1.0),), 0.1), True),
        (PointSpec(2), False),
        (ImageSpec(1, 28, 28), False),
    ],
    ids=["mixture", "points without known modes", "images"],
)
def test_the_score_is_for_mixtures_whose_modes_are_known(spec, suits):
    assert Modes.suits(spec) is suits
