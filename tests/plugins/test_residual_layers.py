import pytest
import torch
from torch.nn import functional

from ganstudio_plugins.residual_layers import (
    GAIN,
    SLOPE,
    Basis,
    Bottleneck,
    DoubleSides,
    HalveSides,
    convolution,
)


def test_the_gain_keeps_the_second_moment_through_a_leaky_relu():
    torch.manual_seed(0)
    passed = functional.leaky_relu(GAIN * torch.randn(1_000_000), SLOPE)
    assert passed.square().mean().item() == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize(
    ("side", "groups", "gain"), [(1, 1, 1.0), (3, 4, 1.0), (3, 1, 2.0)], ids=["1 × 1", "grouped", "gain 2"]
)
def test_a_convolution_scales_by_its_gain(side, groups, gain):
    torch.manual_seed(0)
    layer = convolution(64, 256, side, groups=groups, gain=gain)
    values = layer(torch.randn(8, 64, 16, 16))[:, :, 2:-2, 2:-2]
    assert values.std().item() == pytest.approx(gain, rel=0.05)


def test_a_block_begins_as_the_identity():
    torch.manual_seed(0)
    block = Bottleneck(8, 16, groups=2, in_all=4)
    x = torch.randn(2, 8, 6, 6)
    assert torch.equal(block(x), x)


def test_a_block_that_does_not_begin_at_zero_adds_its_layers():
    torch.manual_seed(0)
    block = Bottleneck(8, 16, groups=2, in_all=4, last_gain=1.0)
    x = torch.randn(2, 8, 6, 6)
    torch.testing.assert_close(block(x), x + block.layers(x))
    assert not torch.equal(block(x), x)


def test_more_blocks_begin_with_smaller_weights():
    torch.manual_seed(0)
    few, many = (Bottleneck(64, 64, 1, in_all).layers[0].weight.std().item() for in_all in (1, 16))
    assert few / many == pytest.approx(2, rel=0.1)


def test_doubling_is_bilinear_inside():
    x = torch.randn(2, 3, 6, 6)
    expected = functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    torch.testing.assert_close(DoubleSides(3)(x)[:, :, 1:-1, 1:-1], expected[:, :, 1:-1, 1:-1])


def test_halving_keeps_a_plain_area_and_removes_a_checkerboard():
    plain = torch.full((1, 2, 8, 8), 0.7)
    torch.testing.assert_close(HalveSides(2)(plain)[:, :, 1:-1, 1:-1], torch.full((1, 2, 2, 2), 0.7))
    board = (torch.arange(8)[:, None] + torch.arange(8)) % 2 * 2.0 - 1
    assert HalveSides(1)(board[None, None])[:, :, 1:-1, 1:-1].abs().max() < 1e-6


def test_doubling_is_the_transpose_of_halving_times_four():
    x, y = torch.randn(1, 3, 8, 8), torch.randn(1, 3, 4, 4)
    torch.testing.assert_close((DoubleSides(3)(y) * x).sum(), 4 * (y * HalveSides(3)(x)).sum())


def test_the_basis_weighs_a_picture_for_each_channel():
    torch.manual_seed(0)
    basis = Basis(5, 3, 7)
    latents = torch.randn(2, 5)
    features = basis(latents)
    assert features.shape == (2, 3, 7, 7)
    weight = basis.weights.weight[1] @ latents[0]
    torch.testing.assert_close(features[0, 1], weight * basis.pictures[1])
