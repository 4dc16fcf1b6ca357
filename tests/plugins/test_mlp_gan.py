import pytest
import torch
from torch import nn

from ganstudio.api import GAN, ImageSpec, PointSpec
from ganstudio_plugins.mlp_gan import MLPGAN

MNIST = ImageSpec(1, 28, 28)


def built(spec: ImageSpec = MNIST, **settings) -> MLPGAN:
    gan = MLPGAN(MLPGAN.Settings(**settings))
    gan.build(spec)
    return gan


def sizes(network: nn.Module) -> list[tuple[int, int]]:
    return [(m.in_features, m.out_features) for m in network.modules() if isinstance(m, nn.Linear)]


def test_by_itself_it_has_the_sizes_of_the_tutorial():
    gan = built()
    assert sizes(gan.generator) == [(100, 256), (256, 512), (512, 1024), (1024, 784)]
    assert sizes(gan.discriminator) == [(784, 512), (512, 256), (256, 1)]
    assert isinstance(gan.generator[-2], nn.Tanh)
    slopes = {m.negative_slope for m in gan.discriminator.modules() if isinstance(m, nn.LeakyReLU)}
    assert slopes == {0.2}


def test_even_layers_are_those_of_the_second_tutorial():
    gan = built(shape="even", width=256)
    assert sizes(gan.generator) == [(100, 256), (256, 256), (256, 784)]
    assert sizes(gan.discriminator) == [(784, 256), (256, 256), (256, 1)]


def test_listed_layers_are_as_they_are_written():
    gan = built(shape="listed", hidden=[32, 8, 64])
    assert sizes(gan.generator) == [(100, 32), (32, 8), (8, 64), (64, 784)]
    assert sizes(gan.discriminator) == [(784, 64), (64, 8), (8, 32), (32, 1)]


def test_its_optimizers_are_those_of_the_tutorial():
    for optimizer in MLPGAN.default_optimizers.values():
        assert (optimizer.kind, optimizer.learning_rate) == ("Adam", 2e-4)
        assert (optimizer.beta1, optimizer.beta2) == (0.5, 0.999)


@pytest.mark.parametrize(
    "spec", [MNIST, ImageSpec(3, 32, 32), ImageSpec(1, 5, 9)], ids=["MNIST", "CIFAR", "odd"]
)
def test_any_size_of_image_goes_through(spec):
    gan = built(spec, width=8)
    images = gan.generate(gan.draw_latents(4))
    assert images.shape == (4, *spec.shape)
    assert images.abs().max() <= 1
    assert gan.discriminator(images).shape == (4, 1)


def test_points_are_refused_in_a_sentence():
    assert MLPGAN.refuses(GAN.Settings(), PointSpec(2)) == "MLP GAN cannot be trained on 2-D points."
    assert MLPGAN.refuses(MLPGAN.Settings(), MNIST) is None


def test_latents_may_be_uniform():
    latents = built(latents="uniform", latent_dim=7).draw_latents(1000)
    assert latents.shape == (1000, 7)
    assert latents.abs().max() <= 1
    assert abs(latents.var().item() - 1 / 3) < 0.02
    assert torch.equal(latents.isfinite(), torch.ones_like(latents, dtype=torch.bool))


@pytest.mark.parametrize("layers", [1, 2, 5])
def test_even_networks_have_as_many_layers_as_asked_for(layers):
    gan = built(shape="even", width=32, layers=layers)
    assert sizes(gan.generator) == [(100, 32), *[(32, 32)] * (layers - 1), (32, 784)]
    assert sizes(gan.discriminator) == [(784, 32), *[(32, 32)] * (layers - 1), (32, 1)]


def test_layers_say_nothing_of_the_other_shapes():
    assert sizes(built(layers=7).generator) == sizes(built().generator)


def test_the_tall_shape_with_batch_norm_is_that_of_the_vanilla_code():
    gan = built(shape="tall", width=128, normalisation="batch", activation="leaky ReLU")
    assert sizes(gan.generator) == [(100, 128), (128, 256), (256, 512), (512, 1024), (1024, 784)]
    assert sizes(gan.discriminator) == [(784, 512), (512, 256), (256, 1)]
    kinds = [type(layer).__name__ for layer in gan.generator]
    block = ["Linear", "BatchNorm1d", "LeakyReLU"]
    assert kinds == ["Linear", "LeakyReLU", *block * 3, "Linear", "Tanh", "Unflatten"]
    assert {m.eps for m in gan.generator if isinstance(m, nn.BatchNorm1d)} == {0.8}
    assert not any(isinstance(m, nn.BatchNorm1d) for m in gan.discriminator)


def test_the_defaults_draw_the_weights_they_always_drew():
    torch.manual_seed(5)
    expected = [nn.Linear(100, 256), nn.Linear(256, 512), nn.Linear(512, 1024), nn.Linear(1024, 784)]
    torch.manual_seed(5)
    found = [m for m in built().generator if isinstance(m, nn.Linear)]
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(found, expected, strict=True))
