import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio_plugins.sr_generators import ResidualUpscaler, bicubic


def made(scale: int = 2, inputs: int = 3, outputs: int = 3, **settings: object) -> ResidualUpscaler:
    torch.manual_seed(0)
    return ResidualUpscaler(inputs, outputs, scale, width=4, blocks=2, **settings).eval()


def stirred(network: ResidualUpscaler) -> ResidualUpscaler:
    """Give every layer weights that are not zero."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.uniform_(0.1, 0.2, generator=generator)
    return network


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_enlarging_bicubically_is_what_pillow_does(scale: int) -> None:
    pixels = np.random.default_rng(0).integers(60, 196, (13, 17, 3), np.uint8)
    size = 17 * scale, 13 * scale
    wanted = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)).astype(int)
    images = torch.from_numpy(pixels).permute(2, 0, 1)[None].float()
    found = bicubic(images, scale).clamp(0, 255).round()[0].permute(1, 2, 0).numpy()
    # Pillow rounds between the two directions, and would clip there what went beyond black or white.
    assert np.abs(found - wanted).max() <= 1


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "by two"])
@pytest.mark.parametrize("scale", [1, 2, 4])
def test_untrained_it_enlarges_bicubically(scale: int, at_once: bool) -> None:
    images = torch.rand(2, 3, 7, 5)
    network = made(scale, at_once=at_once)
    assert torch.equal(network(images), bicubic(images, scale))
    assert made(scale, at_once=at_once, added=False)(images).shape == (2, 3, 7 * scale, 5 * scale)


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (1, 3), (3, 1), (3, 3)])
def test_colours_may_come_and_go(inputs: int, outputs: int) -> None:
    assert made(2, inputs, outputs)(torch.rand(1, inputs, 6, 6)).shape == (1, outputs, 12, 12)


@pytest.mark.parametrize("added", [True, False], ids=["added", "whole"])
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "by two"])
@pytest.mark.parametrize("scale", [1, 2, 3, 4, 6])
def test_an_output_depends_on_what_is_in_reach_and_on_nothing_else(
    scale: int, at_once: bool, added: bool
) -> None:
    network = stirred(made(scale, 1, 1, at_once=at_once, added=added)).double()
    side = 2 * network.reach + 7
    middle = side // 2
    images = torch.rand(1, 1, side, side, dtype=torch.float64)
    changed = images.clone()
    changed[..., middle, middle] += 1
    apart = (network(changed) - network(images)).abs()[0, 0].view(side, scale, side, scale).amax((1, 3))
    touched = (apart > 0).nonzero()
    assert (touched - middle).abs().max() == network.reach


def test_batch_normalisation_has_running_statistics() -> None:
    assert any("running_mean" in name for name in made(normalised=True).state_dict())
    assert not any("running_mean" in name for name in made().state_dict())
