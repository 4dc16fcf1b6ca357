from pathlib import Path

import pytest
import torch

from ganstudio.api import InputError
from ganstudio_plugins.sr_features import VGG19, difference, features, missing, vgg_file


@pytest.fixture
def vgg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point torch at an empty folder, and return where the weights would be."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    return tmp_path / "hub" / "checkpoints" / VGG19


def write_weights(file: Path) -> None:
    """Write weights with the names and sizes of VGG19's convolutions."""
    from torchvision.models import vgg19

    with torch.device("meta"):
        shapes = vgg19(weights=None).features.state_dict()
    file.parent.mkdir(parents=True)
    generator = torch.Generator().manual_seed(0)
    torch.save(
        {f"features.{n}": torch.randn(t.shape, generator=generator) * 0.02 for n, t in shapes.items()}, file
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_own_features_are_the_same_each_time_and_draw_nothing(channels: int) -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = features("own", channels).state_dict()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    second = features("own", channels).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_own_features_have_random_weights_of_the_usual_size() -> None:
    for layer in features("own", 3).layers:
        fan = layer.weight[0].numel()
        assert float(layer.weight.std()) == pytest.approx((2 / fan) ** 0.5, rel=0.1)


def test_images_differ_the_more_the_less_alike_they_are() -> None:
    network = features("own", 3)
    generator = torch.Generator().manual_seed(0)
    images, noise = (
        torch.rand(2, 3, 32, 32, generator=generator),
        torch.randn(2, 3, 32, 32, generator=generator),
    )
    found = [float(difference(network, images + strength * noise, images)) for strength in (0, 0.1, 0.3)]
    assert found[0] == 0
    assert found[0] < found[1] < found[2]


def test_the_difference_moves_images_and_never_the_network() -> None:
    network = features("own", 1)
    images = torch.rand(1, 1, 16, 16, requires_grad=True)
    difference(network, images, torch.rand(1, 1, 16, 16)).backward()
    assert images.grad is not None
    assert images.grad.abs().sum() > 0
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_weights_that_are_not_there_are_not_fetched(vgg: Path) -> None:
    assert vgg_file() == vgg
    assert missing("own") is None
    reason = missing("VGG19")
    assert reason is not None
    assert str(vgg) in reason
    with pytest.raises(InputError, match="set Features to own"):
        features("VGG19", 3)
    assert not vgg.parent.exists()


def test_a_file_that_is_no_weights_is_named(vgg: Path) -> None:
    vgg.parent.mkdir(parents=True)
    vgg.write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read as the weights of VGG19"):
        features("VGG19", 3)


@pytest.mark.parametrize("channels", [1, 3])
def test_vgg19_is_read_from_the_disk_up_to_its_sixteenth_convolution(vgg: Path, channels: int) -> None:
    write_weights(vgg)
    before = torch.get_rng_state()
    network = features("VGG19", channels)
    assert torch.equal(torch.get_rng_state(), before)
    assert sum(isinstance(layer, torch.nn.Conv2d) for layer in network.layers) == 16
    assert isinstance(network.layers[-1], torch.nn.ReLU)
    (found,) = network(torch.rand(1, channels, 32, 32))
    assert found.shape == (1, 512, 2, 2)
    images = torch.rand(1, channels, 32, 32, requires_grad=True)
    difference(network, images, torch.rand(1, channels, 32, 32)).backward()
    assert torch.isfinite(images.grad).all()
