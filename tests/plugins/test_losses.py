import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import AdversarialLoss
from ganstudio_plugins.losses import (
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    RelativisticAverage,
    RelativisticPairing,
    Wasserstein,
    ganstudio_losses,
)

ALL = list(ganstudio_losses())
REAL, FAKE = torch.tensor([[2.0], [-1.0]]), torch.tensor([[0.5], [-3.0]])


def minus_log_sigmoid(x: float) -> float:
    return math.log(1 + math.exp(-x))


def mean(*values: float) -> float:
    return sum(values) / len(values)


BY_HAND = {
    NonSaturating: (
        mean(minus_log_sigmoid(2), minus_log_sigmoid(-1))
        + mean(minus_log_sigmoid(-0.5), minus_log_sigmoid(3)),
        mean(minus_log_sigmoid(0.5), minus_log_sigmoid(-3)),
    ),
    Minimax: (
        mean(minus_log_sigmoid(2), minus_log_sigmoid(-1))
        + mean(minus_log_sigmoid(-0.5), minus_log_sigmoid(3)),
        -mean(minus_log_sigmoid(-0.5), minus_log_sigmoid(3)),
    ),
    LeastSquares: (mean(1, 4) / 2 + mean(0.25, 9) / 2, mean(0.25, 16) / 2),
    Hinge: (mean(0, 2) + mean(1.5, 0), -mean(0.5, -3)),
    Wasserstein: (mean(0.5, -3) - mean(2, -1), -mean(0.5, -3)),
    # Pairs are (2, 0.5) and (-1, -3).
    RelativisticPairing: (
        mean(minus_log_sigmoid(1.5), minus_log_sigmoid(2)),
        mean(minus_log_sigmoid(-1.5), minus_log_sigmoid(-2)),
    ),
    # The mean of real is 0.5 and that of fake -1.25: real leads by 3.25 and 0.25, and over fake by 0 and 3.5.
    RelativisticAverage: (
        mean(minus_log_sigmoid(3.25), minus_log_sigmoid(0.25))
        + mean(minus_log_sigmoid(0), minus_log_sigmoid(3.5)),
        mean(minus_log_sigmoid(-3.25), minus_log_sigmoid(-0.25))
        + mean(minus_log_sigmoid(0), minus_log_sigmoid(-3.5)),
    ),
}


def named(cls: type) -> str:
    return cls.__name__


def both(loss: AdversarialLoss, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    given = real if loss.relativistic else None
    return loss.discriminator_loss(real, fake), loss.generator_loss(fake, given)


def test_every_loss_is_worked_out_by_hand():
    assert set(BY_HAND) == set(ALL)


@pytest.mark.parametrize("cls", ALL, ids=named)
def test_both_formulas_hold(cls):
    values = [value.item() for value in both(cls(), REAL, FAKE)]
    assert values == pytest.approx(BY_HAND[cls], rel=1e-6)


def test_non_saturating_is_cross_entropy_on_logits():
    bce = functional.binary_cross_entropy_with_logits
    discriminator, generator = both(NonSaturating(), REAL, FAKE)
    ones, zeros = torch.ones_like(REAL), torch.zeros_like(FAKE)
    torch.testing.assert_close(discriminator, bce(REAL, ones) + bce(FAKE, zeros))
    torch.testing.assert_close(generator, bce(FAKE, ones))


@pytest.mark.parametrize("cls", ALL, ids=named)
@pytest.mark.parametrize("size", [1e-30, 1e4, 1e15], ids=["tiny", "large", "huge"])
def test_gradients_stay_finite_at_extreme_logits(cls, size):
    for sign in (1.0, -1.0):
        real = (sign * size * torch.tensor([[1.0], [-1.0]])).requires_grad_()
        fake = (sign * size * torch.tensor([[-1.0], [1.0]])).requires_grad_()
        for value in both(cls(), real, fake):
            gradients = torch.autograd.grad(value, [real, fake], allow_unused=True)
            assert torch.isfinite(value)
            assert all(torch.isfinite(g).all() for g in gradients if g is not None)


@pytest.mark.parametrize("cls", ALL, ids=named)
def test_the_generator_is_pulled_towards_being_taken_for_real(cls):
    fake = torch.zeros(4, 1, requires_grad=True)
    (gradient,) = torch.autograd.grad(both(cls(), torch.zeros(4, 1), fake)[1], fake)
    assert (gradient < 0).all()


@pytest.mark.parametrize("cls", ALL, ids=named)
def test_the_discriminator_is_pulled_apart(cls):
    real, fake = torch.zeros(4, 1, requires_grad=True), torch.zeros(4, 1, requires_grad=True)
    upwards, downwards = torch.autograd.grad(both(cls(), real, fake)[0], [real, fake], allow_unused=True)
    assert (upwards < 0).all()
    # Least squares wants fake logits at 0, and there they are.
    assert (downwards >= 0).all()


def test_minimax_stalls_where_the_discriminator_is_sure_and_non_saturating_does_not():
    fake = torch.full((1, 1), -20.0, requires_grad=True)
    stalled, pulled = (
        torch.autograd.grad(loss.generator_loss(fake, None), fake)[0].abs()
        for loss in (Minimax(), NonSaturating())
    )
    assert stalled < 1e-8
    assert pulled > 0.99


@pytest.mark.parametrize("cls", ALL, ids=named)
def test_logits_without_a_second_dimension_give_the_same(cls):
    flat = [value.item() for value in both(cls(), REAL[:, 0], FAKE[:, 0])]
    assert flat == pytest.approx([value.item() for value in both(cls(), REAL, FAKE)])


AVERAGE_BY_HAND = {
    "least squares": (
        mean(2.25**2, 0.75**2) + mean(1, 2.5**2),
        mean(4.25**2, 1.25**2) + mean(1, 4.5**2),
    ),
    "hinge": (mean(0, 0.75) + mean(1, 0), mean(4.25, 1.25) + mean(1, 4.5)),
}


@pytest.mark.parametrize("form", AVERAGE_BY_HAND)
def test_the_forms_of_the_relativistic_average_hold(form):
    loss = RelativisticAverage(RelativisticAverage.Settings(form=form))
    values = [value.item() for value in both(loss, REAL, FAKE)]
    assert values == pytest.approx(AVERAGE_BY_HAND[form], rel=1e-6)


@pytest.mark.parametrize("form", ["standard", *AVERAGE_BY_HAND])
@pytest.mark.parametrize("shift", [-7.0, 100.0])
def test_a_relativistic_loss_sees_differences_alone(form, shift):
    loss = RelativisticAverage(RelativisticAverage.Settings(form=form))
    here = [value.item() for value in both(loss, REAL, FAKE)]
    there = [value.item() for value in both(loss, REAL + shift, FAKE + shift)]
    assert there == pytest.approx(here, rel=1e-4)


@pytest.mark.parametrize("form", ["standard", *AVERAGE_BY_HAND])
def test_the_relativistic_average_pulls_the_two_kinds_apart(form):
    loss = RelativisticAverage(RelativisticAverage.Settings(form=form))
    real, fake = torch.zeros(4, 1, requires_grad=True), torch.zeros(4, 1, requires_grad=True)
    upwards, downwards = torch.autograd.grad(loss.discriminator_loss(real, fake), [real, fake])
    assert (upwards < 0).all()
    assert (downwards > 0).all()
    assert (torch.autograd.grad(loss.generator_loss(fake, real), fake)[0] < 0).all()
