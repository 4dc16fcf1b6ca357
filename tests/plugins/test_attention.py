import pytest
import torch
from torch import nn

from ganstudio.api import ImageSpec
from ganstudio_plugins.attention import SelfAttention
from ganstudio_plugins.conv_gan import ConvGAN

MNIST = ImageSpec(1, 28, 28)


def attended(network: nn.Module) -> list[int]:
    """The channels of each attention layer of a network."""
    return [layer.out.out_channels for layer in network.modules() if isinstance(layer, SelfAttention)]


def test_at_first_nothing_is_added():
    features = torch.randn(2, 16, 6, 6)
    assert torch.equal(SelfAttention(16)(features), features)


def test_a_pixel_sees_what_is_alike_far_away():
    torch.manual_seed(0)
    layer = SelfAttention(16)
    nn.init.ones_(layer.share)
    features = torch.randn(1, 16, 8, 8, requires_grad=True)
    layer(features)[0, :, 0, 0].sum().backward()
    assert features.grad is not None
    assert (features.grad[0, :, 7, 7].abs() > 0).any()


def test_it_is_the_sum_over_all_pixels_weighted_by_likeness():
    torch.manual_seed(0)
    layer = SelfAttention(8)
    nn.init.constant_(layer.share, 0.5)
    x = torch.randn(1, 8, 1, 5)
    q, k, v = (conv(x)[0, :, 0] for conv in (layer.query, layer.key, layer.value))
    expected = x.clone()
    for i in range(5):
        weights = torch.softmax(torch.stack([q[:, i] @ k[:, j] for j in range(5)]), 0)
        seen = sum(weights[j] * v[:, j] for j in range(5))
        expected[0, :, 0, i] += 0.5 * layer.out.weight[:, :, 0, 0] @ seen
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize(
    ("wanted", "generator", "discriminator"),
    [(0, [], []), (7, [16], [16]), (13, [16], [16]), (14, [8], [8]), (64, [8], [8])],
)
def test_it_stands_at_the_side_asked_for_or_the_next_smaller_one(wanted, generator, discriminator):
    gan = ConvGAN(ConvGAN.Settings(width=8, attention=wanted))
    gan.build(MNIST)
    assert (attended(gan.generator), attended(gan.discriminator)) == (generator, discriminator)
    assert gan.generate(gan.draw_latents(2)).shape == (2, 1, 28, 28)


def test_a_side_smaller_than_all_features_is_refused():
    settings = ConvGAN.Settings(attention=4)
    assert ConvGAN.refuses(settings, MNIST) == (
        "The smallest features are 7 × 7, so none of 4 pixels can attend to each other: set Attention to 14, "
        "or to 0."
    )
    assert ConvGAN.refuses(settings, ImageSpec(3, 32, 32)) is None


@pytest.mark.parametrize("initialisation", ["uniform", "normal"])
def test_the_generator_is_normalised_by_its_singular_values_where_asked(initialisation):
    torch.manual_seed(0)
    settings = ConvGAN.Settings(
        width=8, attention=14, spectral_norm_generator=True, initialisation=initialisation
    )
    gan = ConvGAN(settings)
    gan.build(MNIST)
    for _pass in range(20):
        gan.generate(gan.draw_latents(4))
    layers = [layer for layer in gan.generator.modules() if hasattr(layer, "parametrizations")]
    assert len(layers) >= 6
    for layer in layers:
        if isinstance(layer, nn.Linear):
            largest = torch.linalg.matrix_norm(layer.weight.detach(), 2)
            assert float(largest) == pytest.approx(1, abs=0.1)
