"""Unrolled GANs: the generator learns through updates that the discriminator has not made yet."""

import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import Batch, PointSpec
from ganstudio_plugins.losses import LeastSquares, RelativisticPairing, Wasserstein
from ganstudio_plugins.point_gans import PointGAN
from tests.api.gans import batch, batches, points_gan, slopes, weights
from tests.training.support import same

LINE = PointSpec(1)


class Scalars(PointGAN):
    """G(z) = z · a and D(x) = x · w: everything can be written down."""

    def build_generator(self, data: PointSpec) -> nn.Module:
        layer = nn.Linear(1, 1, bias=False)
        layer.weight.data.fill_(0.7)
        return layer

    def build_discriminator(self, data: PointSpec) -> nn.Module:
        layer = nn.Linear(1, 1, bias=False)
        layer.weight.data.fill_(0.4)
        return layer


REAL, LATENTS = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.5], [-1.5]])


def slope_of_the_generator(steps: int, rate: float = 0.1) -> float:
    """Return dL_G/da of the GAN itself."""
    gan = points_gan(
        Scalars, LeastSquares(), data=LINE, latent_dim=1, unrolled_steps=steps, unrolled_rate=rate
    )
    loss = gan.generator_loss(Batch(REAL), gan.generate(LATENTS))
    return float(slopes(loss, gan.generator)[0])


def slope_by_hand(steps: int, rate: float = 0.1) -> float:
    """Return dL_G/da by the formulas: w moves by −η dL_D/dw, and L_G is taken where it arrives."""
    a = torch.tensor(0.7, requires_grad=True)
    w = torch.tensor(0.4, requires_grad=True)
    fake = LATENTS * a
    moved: Tensor = w
    for _ in range(steps):
        loss = ((REAL * moved - 1).square().mean() + (fake * moved).square().mean()) / 2
        (slope,) = torch.autograd.grad(loss, moved, create_graph=True)
        moved = moved - rate * slope
    (found,) = torch.autograd.grad((fake * moved - 1).square().mean() / 2, a)
    return float(found)


@pytest.mark.parametrize(("steps", "rate"), [(0, 0.1), (1, 0.1), (1, 0.5), (2, 0.1), (5, 0.3)])
def test_the_gradient_is_that_of_the_formulas(steps: int, rate: float) -> None:
    assert slope_of_the_generator(steps, rate) == pytest.approx(slope_by_hand(steps, rate), rel=1e-5)


def test_one_step_written_out_without_automatic_differentiation() -> None:
    """L_D = ½E(xw − 1)² + ½E(zaw)², so dL_D/dw = E x(xw − 1) + a²w E z², and dw'/da = −2ηaw E z²."""
    a, w, rate = 0.7, 0.4, 0.1
    x, z = REAL.flatten().double(), LATENTS.flatten().double()
    zz = float((z * z).mean())
    ahead = w - rate * (float((x * (x * w - 1)).mean()) + a * a * w * zz)
    through = -2 * rate * a * w * zz
    # L_G = ½E(zaw' − 1)², by a and through w'.
    expected = float(((z * a * ahead - 1) * z * (ahead + a * through)).mean())
    assert slope_of_the_generator(1) == pytest.approx(expected, rel=1e-5)


def test_looking_ahead_is_not_the_same_as_only_standing_ahead() -> None:
    """The gradient flows through the weights looked ahead, not only into what they judge."""
    a = torch.tensor(0.7, requires_grad=True)
    w = torch.tensor(0.4, requires_grad=True)
    fake = LATENTS * a
    loss = ((REAL * w - 1).square().mean() + (fake * w).square().mean()) / 2
    (slope,) = torch.autograd.grad(loss, w, retain_graph=True)
    (stopped,) = torch.autograd.grad((fake * (w - 0.1 * slope) - 1).square().mean() / 2, a)
    assert slope_of_the_generator(1) != pytest.approx(float(stopped), rel=1e-2)
    assert slope_of_the_generator(1) != pytest.approx(slope_of_the_generator(0), rel=1e-2)


class Normalised(PointGAN):
    """A discriminator with running statistics."""

    def build_discriminator(self, data: PointSpec) -> nn.Module:
        return nn.Sequential(
            nn.Linear(data.dimensions, 8), nn.BatchNorm1d(8), nn.LeakyReLU(0.2), nn.Linear(8, 1)
        )


@pytest.mark.parametrize(
    "settings",
    [{}, {"conditioning": "auxiliary"}, {"minibatch": "standard deviation"}, {"spectral_norm": True}],
    ids=["plain", "auxiliary", "minibatch", "spectral norm"],
)
@pytest.mark.parametrize("cls", [PointGAN, Normalised], ids=["plain net", "batch norm"])
def test_looking_ahead_leaves_no_trace_in_the_discriminator(cls, settings) -> None:
    gan = points_gan(cls, unrolled_steps=3, unrolled_rate=1.0, **settings)
    real = batch()
    fake = gan.generate(gan.draw_latents(6), gan._labels(real))
    before = {name: tensor.clone() for name, tensor in gan.discriminator.state_dict().items()}
    assert all(bool(g.isfinite().all()) for g in slopes(gan.generator_loss(real, fake), gan.generator))
    after = gan.discriminator.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(tensor, after[name]) for name, tensor in before.items())
    assert all(p.grad is None and p.requires_grad and p.is_leaf for p in gan.discriminator.parameters())


@pytest.mark.parametrize("loss", [LeastSquares(), RelativisticPairing(), Wasserstein()])
def test_the_step_updates_the_discriminator_as_without_looking_ahead(loss) -> None:
    """Looking ahead is the generator's alone: what it draws and sees does not reach the discriminator."""
    stepped = []
    for steps in (0, 3):
        gan = points_gan(loss=loss, unrolled_steps=steps)
        torch.manual_seed(0)
        updates = gan.training_step(batches())
        first = next(updates)
        stepped.append(slopes(first.loss, gan.discriminator))
        before = weights(gan.discriminator)
        (second,) = updates
        slopes(second.loss, gan.generator)
        assert same(before, weights(gan.discriminator))
    assert same(*stepped)


def test_looking_ahead_names_classes_but_leaves_no_curve_of_it() -> None:
    gan = points_gan(conditioning="auxiliary", unrolled_steps=2)
    gan.recording = True
    real = batch()
    gan.generator_loss(real, gan.generate(gan.draw_latents(6), real.labels))
    assert set(gan.take_log()) == {"class/generator"}
    made = gan.discriminator.named.weight
    ahead = gan._looked_ahead(real, gan.generate(gan.draw_latents(6), real.labels))
    assert not torch.equal(ahead["named.weight"], made)
