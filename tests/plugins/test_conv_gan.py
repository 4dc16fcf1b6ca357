import pytest
import torch
from torch import nn

from ganstudio.api import GAN, DataSpec, ImageSpec, PointSpec
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.sides import SIDES

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
    [(80, 100, 80), (28, 32, 28), (33, 33, 32), (8, 8, 28), (512, 512, 128), (44, 44, 40), (46, 90, 48)],
)
def test_other_sizes_are_refused_with_the_nearest_that_fits(height, width, near):
    assert ConvGAN.refuses(ConvGAN.Settings(), ImageSpec(3, height, width)) == (
        "DCGAN (convolutional) needs square images with a side of 28, 32, 40, 48, 56, 64, 80, 96, 112 or "
        f"128; these are {width} × {height}: set Resize to {near}."
    )


@pytest.mark.parametrize("data", [PointSpec(2), DataSpec()], ids=["points", "an unknown kind"])
def test_what_is_no_image_is_refused(data, monkeypatch):
    monkeypatch.setattr(DataSpec, "describe", lambda self: "something else")
    assert ConvGAN.refuses(GAN.Settings(), data).startswith("DCGAN (convolutional) cannot be trained on ")


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


@pytest.mark.parametrize("attention", [0, 14], ids=["plain", "attention"])
@pytest.mark.parametrize(("side", "doublings"), [(28, 2), (64, 4)])
def test_resizing_doubles_the_side_without_transposed_convolutions(side, doublings, attention):
    gan = built(ImageSpec(3, side, side), upsampling="resize", attention=attention)
    assert not layers(gan.generator, nn.ConvTranspose2d)
    assert len(layers(gan.generator, nn.Upsample)) == doublings
    assert gan.generate(gan.draw_latents(2)).shape == (2, 3, side, side)


@pytest.mark.parametrize(("upsampling", "even"), [("transposed", False), ("resize", True)])
def test_resizing_gives_every_pixel_as_much_and_transposed_convolutions_do_not(upsampling, even):
    torch.manual_seed(0)
    gan = built(upsampling=upsampling, width=8, normalisation="none")
    # What is near the border is padded.
    made = gan.generate(gan.draw_latents(256))[:, 0, 6:-6, 6:-6]
    places = [made[:, y::2, x::2] for y in (0, 1) for x in (0, 1)]
    variances = torch.stack([(part - made.mean()).square().mean() for part in places])
    assert bool(variances.max() < 1.5 * variances.min()) is even


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


def test_initialisation_as_in_dcgan_draws_every_weight_from_its_normal_distribution():
    torch.manual_seed(0)
    gan = built(ImageSpec(3, 64, 64), width=16, initialisation="normal", head=32)
    for network in (gan.generator, gan.discriminator):
        for layer in layers(network, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            assert layer.weight.std().item() == pytest.approx(0.02, rel=0.25)
            assert layer.bias is None or layer.bias.abs().max() == 0
        for layer in layers(network, nn.BatchNorm2d):
            assert layer.weight.mean().item() == pytest.approx(1, abs=0.02)
            assert 0.005 < layer.weight.std().item() < 0.04
            assert layer.bias.abs().max() == 0


@pytest.mark.parametrize(
    ("normalisation", "in_generator", "in_discriminator"),
    [
        ("batch", [False, False, False, True], [True, False, False, True, True]),
        ("none", [True] * 4, [True] * 5),
    ],
)
def test_dcgan_has_no_bias_before_batch_normalisation(normalisation, in_generator, in_discriminator):
    gan = built(ImageSpec(3, 32, 32), initialisation="normal", normalisation=normalisation, head=5)
    weighted = nn.Linear | nn.Conv2d | nn.ConvTranspose2d
    biased = [[m.bias is not None for m in layers(n, weighted)] for n in (gan.generator, gan.discriminator)]
    assert biased == [in_generator, in_discriminator]


def test_without_being_asked_weights_begin_as_pytorch_has_them():
    torch.manual_seed(3)
    expected = [nn.Linear(100, 8 * 49), nn.BatchNorm2d(8), nn.ConvTranspose2d(8, 4, 4, 2, 1)]
    torch.manual_seed(3)
    found = built().generator
    torch.testing.assert_close(found[0].weight, expected[0].weight, rtol=0, atol=0)
    torch.testing.assert_close(found[4].weight, expected[2].weight, rtol=0, atol=0)


def test_classes_are_asked_of_data_that_has_them():
    settings = ConvGAN.Settings(conditioning="embedded")
    assert "no classes" in ConvGAN.refuses(settings, MNIST)
    assert ConvGAN.refuses(settings, ImageSpec(1, 28, 28, ("0", "1"))) is None
    assert "set Resize to 32" in ConvGAN.refuses(settings, ImageSpec(1, 33, 33, ("0", "1")))
