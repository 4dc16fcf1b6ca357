import pytest
import torch

from ganstudio.api import Batch, Fixed, ImageSpec
from ganstudio_plugins.began import BEGAN
from ganstudio_plugins.sides import SIDES

MNIST = ImageSpec(1, 28, 28)


def built(spec: ImageSpec = MNIST, **settings) -> BEGAN:
    torch.manual_seed(0)
    began = BEGAN(BEGAN.Settings(**{"width": 4, "latent_dim": 3, **settings}))
    began.build(spec)
    return began


@pytest.mark.parametrize("side", SIDES)
def test_every_accepted_size_goes_through_both_networks(side):
    spec = ImageSpec(3, side, side)
    assert BEGAN.refuses(BEGAN.Settings(), spec) is None
    began = built(spec)
    made = began.generate(began.draw_latents(2))
    assert made.shape == began.discriminator(made).shape == (2, 3, side, side)


def test_the_discriminator_knows_real_images_and_the_balance_follows():
    began = built(balance_rate=0.5)
    began.recording = True
    began.balance.fill_(0.25)
    real = torch.rand(4, 1, 28, 28) * 2 - 1
    first, second = began.training_step(iter([Batch(real)]))
    told = began.take_log()
    known, made = told["reconstruction/real"], told["reconstruction/fake"]
    torch.testing.assert_close(first.loss.detach(), known - 0.25 * made)
    torch.testing.assert_close(second.loss.detach(), made)
    wanted = 0.5 * known - made
    expected = (0.25 + 0.5 * wanted).clamp(0, 1)
    torch.testing.assert_close(began.balance, expected)
    torch.testing.assert_close(told["balance/convergence"], known + wanted.abs())


@pytest.mark.parametrize(("balance", "kept"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_balance_stays_between_nothing_and_one(balance, kept):
    # Real images that are known perfectly, or samples that are: both would push k beyond its ends.
    began = built(balance_rate=1.0, gamma=1.0 if balance else 0.0)
    began.balance.fill_(balance)
    real = torch.full((4, 1, 28, 28), 100.0 if balance else 0.0)
    list(began.training_step(iter([Batch(real)])))
    assert float(began.balance) == kept


def test_the_balance_belongs_to_the_checkpoint():
    began = built()
    began.balance.fill_(0.5)
    other = built()
    other.load_checkpoint_state({name: value.clone() for name, value in began.checkpoint_state().items()})
    assert float(other.balance) == 0.5


def test_it_shows_samples_and_reconstructions():
    began = built().eval()
    with torch.no_grad():
        previews = began.preview(Fixed(began.draw_latents(9), torch.zeros(16, 1, 28, 28)))
    assert {name: (len(p.values), p.columns) for name, p in previews.items()} == {
        "samples": (9, 0),
        "reconstructions": (16, 8),
    }
    assert max(p.values.abs().max() for p in previews.values()) <= 1
