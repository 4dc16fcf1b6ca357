"""Labels that are softened or exchanged for the discriminator, against the formulas written out."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from ganstudio.api import AdversarialLoss
from ganstudio.api.balance import flipped, smoothed
from ganstudio_plugins.losses import (
    Hinge,
    LeastSquares,
    NonSaturating,
    RelativisticPairing,
    Wasserstein,
)
from tests.api.gans import batch, fakes, points_gan, slopes


def logits(count: int = 7) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    real, fake = (torch.randn(count, 1, generator=generator) * 2 for _ in range(2))
    return real.requires_grad_(), fake.requires_grad_()


def bce(real: Tensor, fake: Tensor, share: float) -> Tensor:
    """Binary cross-entropy with the targets 1 − α for real and 0 for fake, as papers write it."""
    as_real = binary_cross_entropy_with_logits(real, torch.full_like(real, 1 - share))
    return as_real + binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))


def least_squares(real: Tensor, fake: Tensor, share: float) -> Tensor:
    return ((real - (1 - share)).square().mean() + fake.square().mean()) / 2


def hinge(real: Tensor, fake: Tensor, share: float) -> Tensor:
    kept, turned = (1 - real).clamp(min=0).mean(), (1 + real).clamp(min=0).mean()
    return (1 - share) * kept + share * turned + (1 + fake).clamp(min=0).mean()


def wasserstein(real: Tensor, fake: Tensor, share: float) -> Tensor:
    return fake.mean() - (1 - 2 * share) * real.mean()


BY_HAND = {
    "cross-entropy": (NonSaturating(), bce),
    "least squares": (LeastSquares(), least_squares),
    "hinge": (Hinge(), hinge),
    "Wasserstein": (Wasserstein(), wasserstein),
}


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize(("loss", "by_hand"), BY_HAND.values(), ids=BY_HAND)
def test_smoothing_has_the_gradient_of_the_softened_target(loss: AdversarialLoss, by_hand, share) -> None:
    real, fake = logits()
    mine = torch.autograd.grad(smoothed(loss, real, fake, share), [real, fake])
    theirs = torch.autograd.grad(by_hand(real, fake, share), [real, fake])
    torch.testing.assert_close(mine, theirs)


@pytest.mark.parametrize("loss", [NonSaturating(), Hinge(), RelativisticPairing()])
def test_smoothing_is_one_sided(loss: AdversarialLoss) -> None:
    real, fake = logits()
    (plain,) = torch.autograd.grad(loss.discriminator_loss(real, fake), fake)
    (soft,) = torch.autograd.grad(smoothed(loss, real, fake, 0.3), fake)
    torch.testing.assert_close(plain, soft)


def test_smoothing_acts_on_the_discriminators_step_and_not_on_the_generators() -> None:
    architecture = points_gan(label_smoothing=0.2)
    real, fake = batch(), fakes()
    loss = architecture.discriminator_loss(real, fake)
    by_hand = bce(architecture.discriminator(real.real), architecture.discriminator(fake), 0.2)
    mine, theirs = (slopes(one, architecture.discriminator) for one in (loss, by_hand))
    torch.testing.assert_close(mine, theirs)
    plain = points_gan()
    assert torch.equal(architecture.generator_loss(real, fake), plain.generator_loss(real, fake))


def test_a_smoothed_discriminator_wants_a_finite_logit() -> None:
    """The best logit of real samples is log((1 − α) / α), where plain training knows no end."""
    logit = torch.zeros(1, 1, requires_grad=True)
    for _step in range(200):
        loss = smoothed(NonSaturating(), logit, torch.zeros(1, 1), 0.1)
        (slope,) = torch.autograd.grad(loss, logit)
        logit = (logit - 5 * slope).detach().requires_grad_()
    assert float(logit.detach()) == pytest.approx(2.1972, abs=1e-3)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_flipping_exchanges_that_share_of_pairs_and_keeps_them_together(share: float) -> None:
    torch.manual_seed(0)
    real, fake = torch.arange(1.0, 4001)[:, None], -torch.arange(1.0, 4001)[:, None]
    told_real, told_fake = flipped(real, fake, share)
    assert torch.equal(told_real, -told_fake)
    assert torch.equal(told_real.abs(), real)
    assert float((told_real < 0).float().mean()) == pytest.approx(share, abs=0.03)


def test_flipping_nothing_returns_the_logits_themselves() -> None:
    real, fake = logits()
    told = flipped(real, fake, 0.0)
    assert told[0] is real
    assert told[1] is fake


def test_logits_in_a_row_are_flipped_as_well() -> None:
    torch.manual_seed(0)
    told_real, told_fake = flipped(torch.ones(1000), torch.zeros(1000), 0.5)
    assert told_real.shape == (1000,)
    assert torch.equal(told_real, 1 - told_fake)
    assert 0.4 < float(told_real.mean()) < 0.6


def test_with_half_of_the_pairs_flipped_nothing_is_learned_on_average() -> None:
    real, fake = batch(400), fakes(400)

    def mean_slope(share: float, times: int) -> float:
        """Return the largest slope by a weight of the last layer, on average over draws."""
        architecture = points_gan(loss=Wasserstein(), label_flipping=share)
        drawn = [
            slopes(architecture.discriminator_loss(real, fake), architecture.discriminator)[-2]
            for _ in range(times)
        ]
        return float(torch.stack(drawn).mean(0).abs().max())

    assert mean_slope(0.5, 40) < 0.2 * mean_slope(0.0, 1)


def test_the_curves_tell_the_logits_as_they_are_not_as_they_were_told() -> None:
    plain, told = points_gan(), points_gan(label_flipping=0.5, label_smoothing=0.3)
    logs = []
    for architecture in (plain, told):
        architecture.recording = True
        architecture.discriminator_loss(batch(), fakes())
        logs.append(architecture.take_log())
    assert logs[0] == logs[1]
