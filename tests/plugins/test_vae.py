import math

import pytest
import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Normal, kl_divergence

from ganstudio.api import Architecture, Batch, Fixed, ImageSpec, PointSpec
from ganstudio_plugins.sides import SIDES
from ganstudio_plugins.vae import MLPVAE, VAE, ConvVAE

MNIST = ImageSpec(1, 28, 28)


def built(cls: type[VAE] = MLPVAE, spec: ImageSpec = MNIST, **settings) -> VAE:
    torch.manual_seed(0)
    vae = cls(cls.Settings(**{"width": 8, **settings}))
    vae.build(spec)
    return vae


def images(count: int, spec: ImageSpec = MNIST) -> Tensor:
    return torch.rand(count, *spec.shape, generator=torch.Generator().manual_seed(1)) * 2 - 1


def step(vae: VAE, real: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    vae.recording = True
    (update,) = vae.training_step(iter([Batch(real)]))
    assert update.networks == (vae.encoder, vae.decoder)
    return update.loss, vae.take_log()


def test_by_itself_the_linear_form_is_the_tutorial_s():
    vae = MLPVAE()
    vae.build(MNIST)
    sizes = [(m.in_features, m.out_features) for m in vae.modules() if isinstance(m, nn.Linear)]
    assert sizes == [(784, 400), (400, 40), (20, 400), (400, 784)]
    for optimizer in MLPVAE.default_optimizers.values():
        assert (optimizer.learning_rate, optimizer.beta1, optimizer.beta2) == (1e-3, 0.9, 0.999)
    assert not Architecture.adversarial
    assert not MLPVAE.adversarial


@pytest.mark.parametrize(
    ("cls", "spec"),
    [
        (MLPVAE, ImageSpec(1, 5, 9)),
        (MLPVAE, ImageSpec(3, 32, 32)),
        *[(ConvVAE, ImageSpec(1 + 2 * (side % 16 == 0), side, side)) for side in SIDES],
    ],
    ids=str,
)
def test_every_accepted_size_goes_through_both_networks(cls, spec):
    assert cls.refuses(cls.Settings(), spec) is None
    vae = built(cls, spec, latent_dim=3)
    made = vae.generate(vae.draw_latents(2))
    assert made.shape == (2, *spec.shape)
    assert made.abs().max() <= 1
    mu, logvar = vae.encode(made)
    assert mu.shape == logvar.shape == (2, 3)
    assert vae.reconstruct(made).shape == made.shape


def test_what_does_not_fit_is_refused():
    assert "set Resize to 28" in ConvVAE.refuses(ConvVAE.Settings(), ImageSpec(1, 20, 20))
    for cls in (MLPVAE, ConvVAE):
        assert cls.refuses(cls.Settings(), PointSpec(2)) == f"{cls.title} cannot be trained on 2-D points."


@pytest.mark.parametrize("cls", [MLPVAE, ConvVAE])
def test_kl_is_that_of_the_distributions(cls):
    vae, real = built(cls), images(6)
    mu, logvar = vae.encode(real)
    prior = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    expected = kl_divergence(Normal(mu, (logvar / 2).exp()), prior).sum(1)
    torch.testing.assert_close(vae.nats(real)[1], expected)
    assert expected.min() > 0


def test_reconstruction_is_the_likelihood_of_the_pixels_summed_over_the_image():
    vae, real = built(), images(6).sign()
    torch.manual_seed(2)
    found, _kl = vae.nats(real)
    torch.manual_seed(2)
    mu, logvar = vae.encode(real)
    latents = mu + (logvar / 2).exp() * torch.randn_like(mu)
    distribution = Bernoulli(probs=(vae.generate(latents) + 1) / 2)
    torch.testing.assert_close(found, -distribution.log_prob((real + 1) / 2).sum((1, 2, 3)))


def test_the_bound_is_the_sum_and_a_new_network_knows_nothing():
    vae, real = built(), images(4)
    torch.manual_seed(2)
    reconstruction, kl = vae.nats(real)
    torch.manual_seed(2)
    bound = vae.negative_elbo(real)
    torch.testing.assert_close(bound, reconstruction + kl)
    assert bound.shape == (4,)
    # 784 pixels of even odds cost log 2 each.
    assert bound.mean().item() == pytest.approx(784 * math.log(2), rel=0.05)


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_beta_weighs_kl_against_reconstruction(beta):
    loss, logged = step(built(beta=beta), images(8))
    assert set(logged) == {"nats/reconstruction", "nats/kl"}
    torch.testing.assert_close(loss.detach(), logged["nats/reconstruction"] + beta * logged["nats/kl"])


def test_beta_may_change_while_training():
    vae, real = built(), images(8)
    torch.manual_seed(4)
    before, logged = step(vae, real)
    vae.settings = vae.settings.model_copy(update={"beta": 3.0})
    torch.manual_seed(4)
    after, _logged = step(vae, real)
    # A small difference of two numbers of hundreds.
    torch.testing.assert_close((after - before).detach(), 2 * logged["nats/kl"], atol=1e-3, rtol=0)


def trained(beta: float) -> tuple[float, float]:
    vae = built(width=64, latent_dim=4, beta=beta)
    blobs = torch.linspace(-1, 1, 28)
    centres = torch.rand(64, 2, generator=torch.Generator().manual_seed(3)) - 0.5
    square = (blobs[None, :, None] - centres[:, :1, None]) ** 2 + (
        blobs[None, None] - centres[:, 1:, None]
    ) ** 2
    real = (torch.exp(-square * 20) * 2 - 1)[:, None]
    rule = torch.optim.Adam(vae.parameters(), lr=3e-3)
    for _step in range(200):
        loss, logged = step(vae, real)
        rule.zero_grad()
        loss.backward()
        rule.step()
    return logged["nats/reconstruction"].item(), logged["nats/kl"].item()


def test_it_learns_and_more_beta_leaves_less_in_the_latents():
    one, ten = trained(1.0), trained(10.0)
    assert one[0] + one[1] < 200
    assert ten[1] < one[1]
    assert ten[0] > one[0]


@pytest.mark.parametrize(("cls", "spec"), [(MLPVAE, MNIST), (ConvVAE, ImageSpec(3, 32, 32))], ids=str)
def test_every_gradient_is_finite(cls, spec):
    vae = built(cls, spec)
    loss, _logged = step(vae, images(2, spec))
    gradients = torch.autograd.grad(loss, list(vae.parameters()))
    assert all(g.isfinite().all() and g.abs().max() > 0 for g in gradients)


def test_extreme_images_and_logits_stay_finite():
    vae = built()
    with torch.no_grad():
        vae.decoder[-2].bias.fill_(200.0)
    loss, _logged = step(vae, -torch.ones(2, 1, 28, 28))
    assert loss.isfinite()
    assert all(g.isfinite().all() for g in torch.autograd.grad(loss, list(vae.parameters())))


@pytest.mark.parametrize(("count", "pairs", "columns"), [(1, 1, 2), (2, 1, 2), (64, 32, 8), (30, 15, 6)])
def test_the_preview_shows_samples_and_originals_beside_their_reconstructions(count, pairs, columns):
    vae = built()
    vae.eval()
    fixed = Fixed(vae.draw_latents(count), images(count))
    with torch.no_grad():
        shown = vae.preview(fixed)
        assert list(shown) == ["samples", "reconstructions"]
        torch.testing.assert_close(shown["samples"].values, vae.generate(fixed.latents))
        beside = shown["reconstructions"]
        torch.testing.assert_close(beside.values[::2], fixed.real[:pairs])
        torch.testing.assert_close(beside.values[1::2], vae.reconstruct(fixed.real[:pairs]))
    assert beside.columns == columns


def test_latents_are_drawn_from_the_prior_with_the_source_that_is_given():
    vae = built(latent_dim=7)
    first, again = (vae.draw_latents(500, torch.Generator().manual_seed(9)) for _ in range(2))
    assert first.shape == (500, 7)
    assert torch.equal(first, again)
    assert first.std().item() == pytest.approx(1, abs=0.05)
