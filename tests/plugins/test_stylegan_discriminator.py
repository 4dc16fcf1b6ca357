import pytest
import torch
from torch import nn

from ganstudio_plugins.stylegan_discriminator import DeviationPlane, discriminator


def test_the_plane_is_the_mean_deviation_within_each_group() -> None:
    torch.manual_seed(0)
    x = torch.randn(6, 3, 4, 4)
    with_plane = DeviationPlane(2)(x)
    assert with_plane.shape == (6, 4, 4, 4)
    torch.testing.assert_close(with_plane[:, :3], x)
    # The samples n and n + 3 are compared.
    for first in range(3):
        wanted = torch.stack([x[first], x[first + 3]]).std(0, correction=0).mean()
        for sample in (first, first + 3):
            torch.testing.assert_close(with_plane[sample, 3], wanted.expand(4, 4), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("count", "size"), [(3, 3), (4, 4), (6, 3), (8, 4), (9, 3), (10, 2)])
def test_groups_divide_the_batch(count: int, size: int) -> None:
    planes = DeviationPlane(4)(torch.randn(count, 2, 4, 4))[:, 2, 0, 0]
    assert len(planes.unique()) == count // size


@pytest.mark.parametrize("residual", [True, False], ids=["residual", "skip"])
@pytest.mark.parametrize("growing", [True, False], ids=["growing", "whole"])
def test_it_is_a_sequence_that_ends_in_one_linear_layer(residual: bool, growing: bool) -> None:
    network = discriminator(3, 4, [16, 8, 4], residual, growing=growing)
    assert network(torch.randn(4, 3, 16, 16)).shape == (4, 1)
    last = network[-1]
    assert isinstance(last, nn.Linear)
    assert last.out_features == 1


@pytest.mark.parametrize("residual", [True, False], ids=["residual", "skip"])
def test_a_level_that_fades_in_begins_as_if_it_were_not_there(residual: bool) -> None:
    torch.manual_seed(0)
    network = discriminator(1, 4, [16, 8, 4], residual, growing=True)
    images = torch.randn(4, 1, 16, 16)
    growth = network[0].growth
    growth.reached.fill_(1.0)
    before = network(images)
    growth.reached.fill_(1.0 + 1e-6)
    torch.testing.assert_close(network(images), before, rtol=1e-3, atol=1e-4)
    growth.reached.fill_(1.5)
    assert not torch.allclose(network(images), before, rtol=1e-3, atol=1e-4)


def test_a_discriminator_that_begins_small_looks_at_small_images() -> None:
    network = discriminator(1, 4, [16, 8, 4], growing=True)
    small = torch.randn(4, 1, 4, 4)
    large = small.repeat_interleave(4, 2).repeat_interleave(4, 3)
    # Changes that average out within a pixel of the smallest size are not seen.
    checked = large + torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(8, 8)
    torch.testing.assert_close(network(checked), network(large))
