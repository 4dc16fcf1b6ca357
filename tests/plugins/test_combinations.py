"""Every architecture with every loss and every regularizer: the step gives each weight a usable gradient."""

from collections.abc import Sequence

import pytest
import torch

from ganstudio.api import GAN, AdversarialLoss, Batch, DataSpec, ImageSpec, PointSpec, Regularizer
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.losses import ganstudio_losses
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty, WeightClipping

ARCHITECTURES = {
    "points": (PointGAN, {"width": 8}, PointSpec(2)),
    "fully connected": (MLPGAN, {"width": 8}, ImageSpec(1, 28, 28)),
    "fully connected, colour": (MLPGAN, {"width": 8, "shape": "even"}, ImageSpec(3, 12, 10)),
    "convolutional": (ConvGAN, {"width": 4, "normalisation": "none"}, ImageSpec(1, 28, 28)),
    "convolutional, batch norm": (ConvGAN, {"width": 4, "normalisation": "batch"}, ImageSpec(3, 32, 32)),
    "convolutional, head": (
        ConvGAN,
        {"width": 4, "normalisation": "generator", "head": 8},
        ImageSpec(1, 28, 28),
    ),
}
REGULARIZERS: dict[str, tuple[bool, Sequence[type[Regularizer]]]] = {
    "none": (False, []),
    "R1": (False, [R1]),
    "R1 and R2": (False, [R1, R2]),
    "gradient penalty": (False, [GradientPenalty]),
    "clipping": (False, [WeightClipping]),
    "spectral norm": (True, []),
    "spectral norm and R1": (True, [R1]),
}


def step(gan: GAN, data: DataSpec) -> list[torch.nn.Module]:
    """Walk through one step; return the networks it updates."""
    generator = torch.Generator().manual_seed(0)
    shape = data.shape if isinstance(data, ImageSpec) else (2,)
    real = torch.rand(8, *shape, generator=generator) * 2 - 1
    updated = []
    for update in gan.training_step(iter([Batch(real)] * gan.settings.n_critic)):
        parameters = list(update.networks.parameters())
        gradients = torch.autograd.grad(update.loss, parameters)
        assert all(torch.isfinite(gradient).all() for gradient in gradients)
        assert any(gradient.abs().max() > 0 for gradient in gradients)
        updated.append(update.networks)
    return updated


@pytest.mark.parametrize("loss", ganstudio_losses(), ids=lambda cls: cls.__name__)
@pytest.mark.parametrize(("spectral_norm", "regularizers"), REGULARIZERS.values(), ids=REGULARIZERS)
@pytest.mark.parametrize(("cls", "settings", "data"), ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_every_parameter_gets_a_finite_gradient(
    cls: type[GAN],
    settings: dict,
    data: DataSpec,
    spectral_norm: bool,
    regularizers: Sequence[type[Regularizer]],
    loss: type[AdversarialLoss],
) -> None:
    torch.manual_seed(0)
    chosen = cls.Settings(**settings, spectral_norm=spectral_norm)
    gan = cls(chosen, loss(), [regularizer() for regularizer in regularizers])
    gan.build(data)
    assert step(gan, data) == [gan.discriminator, gan.generator]


@pytest.mark.parametrize(("cls", "settings", "data"), ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_the_largest_singular_value_of_a_normalised_layer_is_one(cls, settings, data):
    torch.manual_seed(0)
    gan = cls(cls.Settings(**settings, spectral_norm=True))
    gan.build(data)
    for layer in gan.discriminator.modules():
        if hasattr(layer, "parametrizations"):
            # Weights far from where the estimate of the singular vectors began.
            torch.nn.init.normal_(layer.parametrizations.weight.original, std=3.0)
    samples = torch.randn(8, *(data.shape if isinstance(data, ImageSpec) else (2,)))
    with torch.no_grad():
        for _pass in range(60):
            gan.discriminator(samples)
    gan.discriminator.eval()
    layers = [m for m in gan.discriminator.modules() if hasattr(m, "parametrizations")]
    largest = [float(torch.linalg.matrix_norm(m.weight.detach().flatten(1), 2)) for m in layers]
    assert len(largest) >= 3
    assert largest == pytest.approx([1.0] * len(largest), abs=0.05)
