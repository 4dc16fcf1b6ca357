import pytest
import torch

from ganstudio.api import Batch, Fixed, ImageSpec
from ganstudio_plugins.began import BEGAN, alikeness
from ganstudio_plugins.sides import SIDES

MNIST = ImageSpec(1, 28, 28)


def built(spec: ImageSpec = MNIST, **settings) -> BEGAN:
    torch.manual_seed(0)
    began = BEGAN(BEGAN.Settings(**{"width": 4, "latent_dim": 3, **settings}))
    began.build(spec)
    return began


@pytest.mark.parametrize("networks", ["pyramid", "shallow"])
@pytest.mark.parametrize("side", SIDES)
def test_every_accepted_size_goes_through_both_networks(side, networks):
    spec = ImageSpec(3, side, side)
    assert BEGAN.refuses(BEGAN.Settings(), spec) is None
    began = built(spec, networks=networks)
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


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        pytest.param([[2.0, 0.0], [0.0, 3.0]], 0.0, id="apart"),
        pytest.param([[2.0, 0.0], [-5.0, 0.0]], 1.0, id="alike, whatever their lengths and signs"),
        pytest.param([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], 1 / 3, id="halves, and one pair apart"),
        pytest.param([[1.0, 2.0]], 0.0, id="one alone"),
    ],
)
def test_codes_are_as_alike_as_their_directions(codes, expected):
    assert float(alikeness(torch.tensor(codes))) == pytest.approx(expected, abs=1e-6)


def losses(**settings) -> tuple[float, float, dict[str, torch.Tensor]]:
    """Return the two losses of one step on the same latents and images, and what it logs."""
    began = built(latent_dim=4, **settings)
    began.recording = True
    torch.manual_seed(1)
    first, second = began.training_step(iter([Batch(torch.rand(4, 1, 28, 28) * 2 - 1)]))
    return first.loss.item(), second.loss.item(), began.take_log()


def test_the_repelling_term_is_the_generators_alone_and_no_part_of_the_balance():
    judged, made, plain = losses()
    same, repelled, told = losses(repelling=0.5)
    assert same == judged
    assert repelled == pytest.approx(made + 0.5 * float(told["reconstruction/alike"]))
    assert float(told["reconstruction/alike"]) > 0
    assert "reconstruction/alike" not in plain
    for name, value in plain.items():
        torch.testing.assert_close(told[name], value)


def test_the_repelling_term_moves_the_generator():
    slopes = []
    for repelling in (0.0, 0.5):
        began = built(latent_dim=4, repelling=repelling)
        torch.manual_seed(1)
        _first, second = began.training_step(iter([Batch(torch.rand(4, 1, 28, 28) * 2 - 1)]))
        slopes.append(torch.autograd.grad(second.loss, next(began.generator.parameters()))[0])
    assert not torch.allclose(*slopes, rtol=1e-3)


@pytest.mark.parametrize("networks", ["pyramid", "shallow"])
@pytest.mark.parametrize(
    ("chosen", "normalised"),
    [("none", set()), ("generator", {"generator"}), ("both", {"generator", "discriminator"})],
)
def test_batch_normalisation_is_where_it_is_asked_for(networks, chosen, normalised):
    began = built(networks=networks, normalisation=chosen)
    found = {
        name
        for name, network in began.networks().items()
        if any(isinstance(layer, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d) for layer in network.modules())
    }
    assert found == normalised


def test_shallow_networks_code_an_image_after_one_halving_and_bound_what_is_made():
    began = built(networks="shallow", normalisation="both", latent_dim=5)
    encoder, decoder = began.discriminator.children()
    codes = encoder(torch.rand(2, 1, 28, 28))
    assert codes.shape == (2, 5)
    assert decoder(codes).shape == (2, 1, 28, 28)
    assert sum(isinstance(layer, torch.nn.Conv2d) for layer in encoder) == 1
    with torch.no_grad():
        assert float(began.generator(1e3 * torch.randn(4, 5)).abs().max()) <= 1
