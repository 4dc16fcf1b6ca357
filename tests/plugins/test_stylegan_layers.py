import math

import pytest
import torch
from torch.nn import functional

from ganstudio_plugins.stylegan_layers import (
    EqualConvolution,
    EqualLinear,
    Filter,
    ModulatedConvolution,
    ModulatedSum,
    normalised,
)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def test_a_modulated_convolution_is_one_of_each_samples_own_weights() -> None:
    layer = ModulatedConvolution(3, 4, 5)
    x, style = torch.randn(2, 3, 8, 8), torch.randn(2, 5)
    made, factor = layer(x, style)
    for sample in range(2):
        own = layer.weight * layer.affine(style)[sample][None, :, None, None]
        own = own / own.square().sum((1, 2, 3), keepdim=True).sqrt()
        wanted = functional.conv2d(x[sample : sample + 1], own, padding=1)
        torch.testing.assert_close((made * factor)[sample : sample + 1], wanted, rtol=1e-4, atol=1e-5)


def test_doubling_is_zeros_between_a_convolution_and_the_filter() -> None:
    layer = ModulatedConvolution(3, 4, 5, double=True)
    x, style = torch.randn(1, 3, 4, 4), torch.randn(1, 5)
    apart = torch.zeros(1, 3, 8, 8)
    apart[..., ::2, ::2] = x * layer.affine(style)[:, :, None, None]
    # A transposed convolution is one with the window turned round.
    whole = functional.conv2d(functional.pad(apart, (2, 2, 2, 2)), layer.weight.flip(2, 3))[..., :9, :9]
    made, _factor = layer(x, style)
    torch.testing.assert_close(made, Filter(4, 4, 1)(whole), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("colours", [1, 3])
def test_a_modulated_sum_is_a_convolution_of_single_pixels(colours: int) -> None:
    layer = ModulatedSum(6, colours, 5)
    torch.nn.init.normal_(layer.bias)
    x, style = torch.randn(2, 6, 4, 4), torch.randn(2, 5)
    made = layer(x, style)
    scaled = x * layer.affine(style)[:, :, None, None] / math.sqrt(6)
    wanted = functional.conv2d(scaled, layer.weight[:, :, None, None], layer.bias)
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("inputs", [1, 3])
def test_a_single_pixel_window_is_the_convolution_it_stands_for(inputs: int) -> None:
    layer = EqualConvolution(inputs, 4, 1)
    torch.nn.init.normal_(layer.bias)
    x = torch.randn(2, inputs, 6, 6)
    wanted = functional.conv2d(x, layer.weight * layer.scale, layer.bias)
    torch.testing.assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("side", [8, 14, 28])
def test_halving_halves_the_sides_and_keeps_a_constant_away_from_the_edges(side: int) -> None:
    layer = EqualConvolution(1, 1, 3, bias=False, halve=True)
    torch.nn.init.constant_(layer.weight, 1 / 3)
    made = layer(torch.ones(1, 1, side, side))
    assert made.shape == (1, 1, side // 2, side // 2)
    torch.testing.assert_close(made[..., 1:-1, 1:-1], torch.ones_like(made[..., 1:-1, 1:-1]))


@pytest.mark.parametrize("equal", [True, False], ids=["equalised", "scaled as drawn"])
def test_what_goes_through_keeps_its_size(equal: bool) -> None:
    through = EqualLinear(400, 300, equal=equal)(torch.randn(200, 400))
    assert float(through.detach().std()) == pytest.approx(1, rel=0.05)
    through = EqualConvolution(40, 30, 3, equal=equal)(torch.randn(20, 40, 8, 8))[..., 1:-1, 1:-1]
    assert float(through.detach().std()) == pytest.approx(1, rel=0.05)


def test_an_equalised_layer_with_a_rate_gives_the_same_but_learns_that_much_slower() -> None:
    slow = EqualLinear(50, 40, rate=0.01)
    x = torch.randn(30, 50)
    before = slow(x)
    assert float(before.detach().std()) == pytest.approx(1, rel=0.1)
    with torch.no_grad():
        slow.weight += 0.1
        slow.bias += 0.1
    step = (slow(x) - before).mean(1)
    wanted = 0.01 * (0.1 * x.sum(1) / math.sqrt(50) + 0.1)
    torch.testing.assert_close(step, wanted, rtol=1e-2, atol=1e-5)


def test_normalised_rows_have_a_mean_square_of_one() -> None:
    rows = normalised(5 * torch.randn(6, 7))
    torch.testing.assert_close(rows.square().mean(1), torch.ones(6))
