import pytest
import torch
from torch import nn

from ganstudio.api import Batch, ImageSpec, PointSpec
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.regularizers import R1, R2
from ganstudio_plugins.residual_gan import ResidualGAN
from ganstudio_plugins.residual_layers import Bottleneck
from ganstudio_plugins.sides import SIDES

MNIST = ImageSpec(1, 28, 28)


def built(spec: ImageSpec = MNIST, regularizers=(), **settings) -> ResidualGAN:
    torch.manual_seed(0)
    chosen = ResidualGAN.Settings(**{"width": 4, "group": 4, **settings})
    gan = ResidualGAN(chosen, NonSaturating(), regularizers)
    gan.build(spec)
    return gan


def blocks(network: nn.Module) -> list[Bottleneck]:
    return [module for module in network.modules() if isinstance(module, Bottleneck)]


@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
@pytest.mark.parametrize("side", SIDES)
def test_every_accepted_size_goes_through_both_networks(side, channels):
    spec = ImageSpec(channels, side, side)
    assert ResidualGAN.refuses(ResidualGAN.Settings(), spec) is None
    gan = built(spec, most=16)
    images = gan.generate(gan.draw_latents(2))
    assert images.shape == (2, channels, side, side)
    assert gan.discriminator(images).shape == (2, 1)
    last = gan.discriminator[-1]
    assert isinstance(gan.discriminator, nn.Sequential)
    assert isinstance(last, nn.Linear)
    assert last.out_features == 1


def test_other_data_are_refused_with_the_fix():
    assert "set Resize to 32" in ResidualGAN.refuses(ResidualGAN.Settings(), ImageSpec(1, 33, 34))
    refused = ResidualGAN.refuses(ResidualGAN.Settings(), PointSpec(2))
    assert refused == "Residual GAN (R3GAN) cannot be trained on 2-D points."


def test_channels_double_as_the_side_halves_up_to_the_most():
    gan = built(ImageSpec(3, 64, 64), width=8, most=32)
    widths = [block.layers[0].in_channels for block in blocks(gan.discriminator)]
    assert widths == [8, 16, 32, 32, 32]
    assert [block.layers[0].in_channels for block in blocks(gan.generator)] == widths[::-1]


@pytest.mark.parametrize("number", [1, 3])
def test_each_level_has_as_many_blocks_as_asked_for(number):
    gan = built(blocks=number)
    assert len(blocks(gan.generator)) == len(blocks(gan.discriminator)) == 3 * number


@pytest.mark.parametrize(
    ("width", "expansion", "group", "groups"),
    [(16, 2, 8, 4), (16, 2, 512, 1), (16, 2, 1, 32), (12, 2, 8, 3), (5, 2, 3, 2), (4, 1, 8, 1)],
)
def test_the_inside_is_split_into_equal_groups_of_at_least_the_size(width, expansion, group, groups):
    first = blocks(built(width=width, expansion=expansion, group=group).discriminator)[0]
    assert first.layers[2].groups == groups
    assert first.layers[2].in_channels == expansion * width


def test_there_is_no_normalisation():
    for network in built().networks().values():
        assert not any("Norm" in type(module).__name__ for module in network.modules())


def test_samples_are_clipped_while_they_are_looked_at_but_not_while_training():
    gan = built()
    latents = 10 * gan.draw_latents(16)
    assert gan.generate(latents).abs().max() > 1
    gan.eval()
    assert gan.generate(latents).abs().max() == 1


@pytest.mark.parametrize("spectral_norm", [False, True], ids=["plain", "spectral norm"])
@pytest.mark.parametrize("regularizers", [(), (R1(), R2())], ids=["alone", "R1 and R2"])
def test_a_few_steps_move_every_weight_and_stay_finite(regularizers, spectral_norm):
    gan = built(regularizers=regularizers, spectral_norm=spectral_norm)
    real = torch.rand(8, 1, 28, 28) * 2 - 1
    before = {name: p.detach().clone() for name, p in gan.named_parameters()}
    rules = {n: torch.optim.Adam(n.parameters(), lr=1e-3) for n in (gan.generator, gan.discriminator)}
    for _step in range(3):
        for update in gan.training_step(iter([Batch(real)])):
            update.networks.zero_grad()
            update.loss.backward(inputs=list(update.networks.parameters()))
            rules[update.networks].step()
    for name, parameter in gan.named_parameters():
        assert parameter.isfinite().all(), name
        assert not torch.equal(parameter, before[name]), name
