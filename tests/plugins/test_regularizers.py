import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import Batch, Discriminate, PointSpec, Regularizer
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty, WeightClipping


def linear(*weights: float) -> nn.Linear:
    layer = nn.Linear(len(weights), 1)
    layer.weight.data = torch.tensor([weights])
    return layer


def penalty(regularizer: Regularizer, network: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    real, fake = real.requires_grad_(), fake.requires_grad_()
    discriminate = Discriminate(network, {real: network(real), fake: network(fake)})
    value = regularizer.penalty(discriminate, real, fake, None)
    assert value is not None
    return value


@pytest.mark.parametrize("cls", [R1, R2], ids=["R1", "R2"])
def test_the_penalty_of_a_linear_discriminator_is_half_gamma_times_its_squared_weights(cls):
    value = penalty(cls(cls.Settings(gamma=0.5)), linear(3.0, -4.0), torch.randn(8, 2), torch.randn(8, 2))
    assert value.item() == pytest.approx(0.25 * 25)


class Squared(nn.Module):
    """D(x) = Σ x² w, whose gradient is 2 w x."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(3.0))

    def forward(self, samples: Tensor) -> Tensor:
        return (self.weight * samples.square()).sum(1, keepdim=True)


@pytest.mark.parametrize(("cls", "half"), [(R1, 0), (R2, 1)], ids=["R1 on real", "R2 on fake"])
def test_the_gradient_is_taken_at_the_right_half(cls, half):
    halves = [torch.tensor([[1.0], [2.0]]), torch.tensor([[5.0], [7.0]])]
    mean = float((6 * halves[half]).square().mean())
    assert penalty(cls(), Squared(), *halves).item() == pytest.approx(mean / 2)


@pytest.mark.parametrize("cls", [R1, R2], ids=["R1", "R2"])
def test_the_penalty_reaches_the_weights(cls):
    network = linear(3.0, -4.0)
    penalty(cls(), network, torch.randn(8, 2), torch.randn(8, 2)).backward()
    # d/dw ½ ‖w‖² = w.
    torch.testing.assert_close(network.weight.grad, network.weight.data)


@pytest.mark.parametrize(("weights", "length"), [((3.0, -4.0), 5.0), ((0.6, 0.8), 1.0), ((0.0, 0.0), 0.0)])
def test_the_gradient_penalty_pulls_the_length_to_one(weights, length):
    settings = GradientPenalty.Settings(weight=10)
    value = penalty(GradientPenalty(settings), linear(*weights), torch.randn(8, 2), torch.randn(8, 2))
    assert value.item() == pytest.approx(10 * (length - 1) ** 2, abs=1e-4)


def test_the_gradient_penalty_has_finite_gradients_where_the_discriminator_is_flat():
    network = linear(0.0, 0.0)
    penalty(GradientPenalty(), network, torch.randn(8, 2), torch.randn(8, 2)).backward()
    assert torch.isfinite(network.weight.grad).all()


def test_the_gradient_penalty_looks_between_real_and_fake():
    seen = []

    class Watching(nn.Linear):
        def forward(self, samples: Tensor) -> Tensor:
            seen.append(samples.detach())
            return super().forward(samples)

    real, fake = torch.zeros(64, 3, 4, 4), torch.ones(64, 3, 4, 4)
    network = nn.Sequential(nn.Flatten(), Watching(48, 1))
    GradientPenalty().penalty(Discriminate(network), real, fake, None)
    between = seen[0]
    assert ((between >= 0) & (between <= 1)).all()
    # One share for each sample, evenly drawn.
    assert (between.amax(1) - between.amin(1)).max() == 0
    assert between.std() > 0.2


def test_clipping_leaves_every_parameter_in_the_box_and_small_ones_alone():
    network = nn.Sequential(linear(3.0, -4.0), linear(0.005))
    WeightClipping(WeightClipping.Settings(limit=0.01)).after_update(network)
    assert torch.equal(network[0].weight.data, torch.tensor([[0.01, -0.01]]))
    assert float(network[1].weight.detach()) == pytest.approx(0.005)
    assert all(parameter.abs().max() <= 0.01 for parameter in network.parameters())


def test_a_lazy_penalty_is_added_at_every_nth_step_n_times_as_strong():
    torch.manual_seed(0)
    regularizer = R1(R1.Settings(gamma=2.0, every=4))
    gan = PointGAN(PointGAN.Settings(width=8), NonSaturating(), [regularizer])
    gan.discriminator = linear(3.0, -4.0)
    gan._joint = True
    real, fake = torch.randn(16, 2), torch.randn(16, 2)
    losses = []
    for gan.step in range(9):
        losses.append(gan.discriminator_loss(Batch(real), fake).item())
    added = [loss - losses[1] for loss in losses]
    assert added == pytest.approx([4 * 25.0 if step % 4 == 0 else 0.0 for step in range(9)], abs=1e-4)


@pytest.mark.parametrize("both", [False, True], ids=["R1 alone", "R1 and R2"])
def test_penalties_are_the_same_whether_or_not_they_share_a_pass(both):
    torch.manual_seed(0)
    regularizers = [R1(), R2()] if both else [R1()]
    gan = PointGAN(PointGAN.Settings(width=8), NonSaturating(), regularizers)
    gan.build(PointSpec(2))
    real, fake = torch.randn(16, 2), torch.randn(16, 2)
    loss = gan.discriminator_loss(Batch(real), fake)
    apart = gan.loss.discriminator_loss(gan.discriminator(real), gan.discriminator(fake))
    apart = apart + sum(penalty(r, gan.discriminator, real.clone(), fake.clone()) for r in regularizers)
    torch.testing.assert_close(loss, apart)
