import pytest
import torch
from torch import nn

from ganstudio.api import ImageSpec, PointSpec
from ganstudio_plugins.tutorial_conv_gan import TutorialConvGAN

CIFAR = ImageSpec(3, 32, 32)


def built(spec: ImageSpec = CIFAR, **settings) -> TutorialConvGAN:
    torch.manual_seed(0)
    gan = TutorialConvGAN(TutorialConvGAN.Settings(**settings))
    gan.build(spec)
    return gan


def names(network: nn.Module) -> list[str]:
    return [type(layer).__name__ for layer in network]


def kinds(network: nn.Module, kind: type) -> list:
    return [layer for layer in network if isinstance(layer, kind)]


def test_the_generator_is_the_published_one():
    generator = built().generator
    block = ["Upsample", "Conv2d", "BatchNorm2d", "ReLU"]
    assert names(generator) == ["Linear", "ReLU", "Unflatten", *block, *block, "Conv2d", "Tanh"]
    assert (generator[0].in_features, generator[0].out_features) == (100, 128 * 8 * 8)
    shapes = [(c.in_channels, c.out_channels, c.stride) for c in kinds(generator, nn.Conv2d)]
    assert shapes == [(128, 128, (1, 1)), (128, 64, (1, 1)), (64, 3, (1, 1))]
    assert {norm.momentum for norm in kinds(generator, nn.BatchNorm2d)} == {0.78}


def test_the_discriminator_is_the_published_one():
    discriminator = built().discriminator
    shapes = [(c.in_channels, c.out_channels, c.stride[0]) for c in kinds(discriminator, nn.Conv2d)]
    assert shapes == [(3, 32, 2), (32, 64, 2), (64, 128, 2), (128, 256, 1)]
    assert [norm.momentum for norm in kinds(discriminator, nn.BatchNorm2d)] == [0.82, 0.82, 0.8]
    slopes = [leak.negative_slope for leak in kinds(discriminator, nn.LeakyReLU)]
    assert slopes == [0.2, 0.25, 0.2, 0.25]
    assert [drop.p for drop in kinds(discriminator, nn.Dropout)] == [0.25] * 4
    place = names(discriminator).index("ZeroPad2d")
    assert discriminator[place].padding == (0, 1, 0, 1)
    assert discriminator[place - 1].out_channels == 64
    assert (discriminator[-1].in_features, discriminator[-1].out_features) == (256 * 5 * 5, 1)


@pytest.mark.parametrize(
    "spec",
    [ImageSpec(1, 28, 28), ImageSpec(3, 16, 16), ImageSpec(1, 20, 36), ImageSpec(3, 64, 64)],
    ids=["MNIST", "16 px", "not square", "64 px"],
)
def test_sides_that_are_multiples_of_four_go_through(spec):
    assert TutorialConvGAN.refuses(TutorialConvGAN.Settings(), spec) is None
    gan = built(spec, width=4)
    images = gan.generate(gan.draw_latents(2))
    assert images.shape == (2, *spec.shape)
    assert images.abs().max() <= 1
    assert gan.discriminator(images).shape == (2, 1)


@pytest.mark.parametrize(
    ("width", "height", "near"), [(30, 30, 32), (12, 12, 16), (500, 300, 128), (33, 50, 32)]
)
def test_other_sizes_are_refused_with_the_nearest_that_fits(width, height, near):
    refused = TutorialConvGAN.refuses(TutorialConvGAN.Settings(), ImageSpec(3, height, width))
    assert refused == (
        "Tutorial conv GAN needs images whose sides are multiples of 4 from 16 to 128; these are "
        f"{width} × {height}: set Resize to {near}."
    )


def test_points_are_refused():
    refused = TutorialConvGAN.refuses(TutorialConvGAN.Settings(), PointSpec(2))
    assert refused == "Tutorial conv GAN cannot be trained on 2-D points."


def test_dropout_is_left_out_where_it_is_zero_and_while_looking():
    images = torch.randn(4, 3, 32, 32)
    gan = built(width=4, dropout=0.9)
    assert not torch.equal(gan.discriminator(images), gan.discriminator(images))
    gan.eval()
    assert torch.equal(gan.discriminator(images), gan.discriminator(images))
    still = built(width=4, dropout=0.0)
    assert torch.equal(still.discriminator(images), still.discriminator(images))
