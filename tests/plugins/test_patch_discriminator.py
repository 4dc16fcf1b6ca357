import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from ganstudio_plugins.patch_discriminator import patch_discriminator, smallest_side


@pytest.mark.parametrize(("layers", "side"), [(1, 16), (2, 34), (3, 70)])
def test_a_patch_is_as_large_as_is_said(layers: int, side: int) -> None:
    torch.manual_seed(0)
    network = patch_discriminator(1, 4, layers, "none")
    images = torch.randn(1, 1, 128, 128, requires_grad=True)
    logits = network(images)
    middle = logits.shape[2] // 2
    (gradient,) = torch.autograd.grad(logits[0, 0, middle, middle], images)
    seen = gradient[0, 0] != 0
    assert (int(seen.any(0).sum()), int(seen.any(1).sum())) == (side, side)


@pytest.mark.parametrize("layers", [1, 2, 3, 4, 5])
def test_the_smallest_image_still_has_a_patch(layers: int) -> None:
    side = smallest_side(layers)
    network = patch_discriminator(3, 4, layers, "instance")
    assert network(torch.randn(2, 3, side, side)).shape == (2, 1, 1, 1)
    with pytest.raises((RuntimeError, ValueError)):
        network(torch.randn(2, 3, side // 2, side // 2))


@pytest.mark.parametrize(
    ("normalisation", "kind"), [("instance", nn.InstanceNorm2d), ("batch", nn.BatchNorm2d), ("none", None)]
)
def test_all_but_the_first_and_last_layers_are_normalised(normalisation: str, kind: type | None) -> None:
    network = patch_discriminator(3, 4, 3, normalisation)
    convolutions = [layer for layer in network if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in convolutions] == [4, 8, 16, 32, 1]
    assert sum(kind is not None and isinstance(layer, kind) for layer in network) == (3 if kind else 0)
    # A bias before a normalisation would be taken away again.
    biased = [layer.bias is not None for layer in convolutions]
    assert biased == ([True, False, False, False, True] if kind else [True] * 5)


def test_what_is_divided_by_its_norms_is_not_normalised_besides() -> None:
    network = patch_discriminator(3, 4, 2, "batch", spectral_norm=True)
    assert not [layer for layer in network if isinstance(layer, nn.BatchNorm2d)]
    convolutions = [layer for layer in network if isinstance(layer, nn.Conv2d)]
    assert all(parametrize.is_parametrized(layer, "weight") for layer in convolutions)
    assert all(layer.bias is not None for layer in convolutions)
