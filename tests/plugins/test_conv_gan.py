import pytest
import torch
from torch import nn

from ganstudio.api import GAN, DataSpec, ImageSpec, PointSpec
from ganstudio_plugins.conv_gan import SIDES, ConvGAN

MNIST = ImageSpec(1, 28, 28)


def built(spec: ImageSpec = MNIST, **settings) -> ConvGAN:
    gan = ConvGAN(ConvGAN.Settings(**{"width": 4, **settings}))
    gan.build(spec)
    return gan


def layers(network: nn.Module, kind: type[nn.Module]) -> list[nn.Module]:
    return [module for module in network.modules() if isinstance(module, kind)]


@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
@pytest.mark.parametrize("side", SIDES)
def test_every_accepted_size_goes_through_both_networks(side, channels):
    spec = ImageSpec(channels, side, side)
    assert ConvGAN.refuses(ConvGAN.Settings(), spec) is None
    gan = built(spec, latent_dim=8)
    images = gan.generate(gan.draw_latents(3))
    assert images.shape == (3, channels, side, side)
    assert images.abs().max() <= 1
    assert gan.discriminator(images).shape == (3, 1)


@pytest.mark.parametrize(
    ("height", "width", "near"),
    [(80, 100, 64), (28, 32, 28), (33, 33, 32), (8, 8, 28), (512, 512, 64), (44, 44, 40), (46, 90, 48)],
)
def test_other_sizes_are_refused_with_the_nearest_that_fits(height, width, near):
    assert ConvGAN.refuses(ConvGAN.Settings(), ImageSpec(3, height, width)) == (
        "Convolutional GAN needs square images with a side of 28, 32, 40, 48, 56 or 64; these are "
        f"{width} × {height}: set Resize to {near}."
    )


@pytest.mark.parametrize("data", [PointSpec(2), DataSpec()], ids=["points", "an unknown kind"])
def test_what_is_no_image_is_refused(data, monkeypatch):
    monkeypatch.setattr(DataSpec, "describe", lambda self: "something else")
    assert ConvGAN.refuses(GAN.Settings(), data).startswith("Convolutional GAN cannot be trained on ")


@pytest.mark.parametrize(
    ("normalisation", "in_generator", "in_discriminator"),
    [("batch", 2, 1), ("generator", 2, 0), ("none", 0, 0)],
)
def test_batch_normalisation_is_where_it_was_asked_for(normalisation, in_generator, in_discriminator):
    gan = built(normalisation=normalisation)
    assert len(layers(gan.generator, nn.BatchNorm2d)) == in_generator
    assert len(layers(gan.discriminator, nn.BatchNorm2d)) == in_discriminator


def test_neither_the_first_layer_of_one_nor_the_last_of_the_other_is_normalised():
    gan = built(ImageSpec(3, 64, 64), normalisation="batch")
    assert isinstance(gan.generator[-1], nn.Tanh)
    assert isinstance(gan.generator[-2], nn.ConvTranspose2d)
    assert isinstance(gan.discriminator[1], nn.LeakyReLU)


@pytest.mark.parametrize(
    ("head", "linear"), [(0, [(392, 1)]), (20, [(392, 20), (20, 1)])], ids=["none", "one"]
)
def test_the_head_is_a_hidden_layer_before_the_logit(head, linear):
    found = layers(built(head=head).discriminator, nn.Linear)
    assert [(layer.in_features, layer.out_features) for layer in found] == linear


def test_channels_double_as_the_side_halves():
    widths = [layer.out_channels for layer in layers(built(ImageSpec(3, 64, 64)).discriminator, nn.Conv2d)]
    assert widths == [4, 8, 16, 32]


@pytest.mark.parametrize("normalisation", ["batch", "generator"])
def test_averaged_weights_are_seen_with_the_statistics_of_training(normalisation):
    torch.manual_seed(0)
    gan = built(normalisation=normalisation)
    latents = gan.draw_latents(64)
    for _pass in range(80):
        trained = gan.generate(latents)
    gan.eval()
    # Unbiased and biased variance differ a little.
    torch.testing.assert_close(gan.generate(latents), trained, atol=0.02, rtol=0)
