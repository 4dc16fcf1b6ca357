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
