import pytest
import torch
from torch import nn

from ganstudio_plugins.translation_generators import residual_generator, u_net


def images(channels: int = 3, height: int = 32, width: int = 32) -> torch.Tensor:
    return torch.rand(2, channels, height, width, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("halvings", [1, 2, 3])
@pytest.mark.parametrize("channels", [(3, 3), (1, 3)], ids=["alike", "grey to colour"])
def test_a_residual_generator_makes_images_of_the_same_size(halvings: int, channels: tuple[int, int]) -> None:
    network = residual_generator(*channels, 4, 2, halvings, "instance", added=False)
    made = network(images(channels[0], 32, 48))
    assert made.shape == (2, channels[1], 32, 48)
    assert float(made.detach().abs().max()) <= 1


@pytest.mark.parametrize("levels", [1, 2, 4, 5])
@pytest.mark.parametrize("normalisation", ["instance", "batch", "none"])
def test_a_u_net_makes_images_of_the_same_size_down_to_one_pixel(levels: int, normalisation: str) -> None:
    made = u_net(1, 3, 4, levels, normalisation, 0.5, added=False)(images(1))
    assert made.shape == (2, 3, 32, 32)
    assert float(made.detach().abs().max()) <= 1


def test_every_level_of_a_u_net_is_used() -> None:
    torch.manual_seed(0)
    network = u_net(3, 3, 4, 4, "none", 0.0, added=False)
    network(images()).sum().backward()
    assert all(p.grad is not None and bool(p.grad.any()) for p in network.parameters())


def test_features_are_lost_in_the_three_innermost_levels_alone() -> None:
    network = u_net(3, 3, 4, 6, "instance", 0.5, added=False)
    assert sum(isinstance(layer, nn.Dropout) for layer in network.modules()) == 3
    assert not any(isinstance(layer, nn.Dropout) for layer in u_net(3, 3, 4, 6, "none", 0.0, False).modules())


@pytest.mark.parametrize(
    "network",
    [
        residual_generator(3, 3, 4, 1, 2, "instance", added=True),
        u_net(3, 3, 4, 3, "instance", 0.0, added=True),
    ],
    ids=["ResNet", "U-Net"],
)
def test_one_that_adds_begins_with_nothing_to_add(network: nn.Module) -> None:
    assert torch.equal(network(images()), images())
    network(images()).square().sum().backward()
    assert any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())


def test_each_image_is_translated_by_itself() -> None:
    torch.manual_seed(0)
    network = residual_generator(3, 3, 4, 1, 1, "instance", added=False)
    both = images()
    torch.testing.assert_close(network(both)[:1], network(both[:1]))
