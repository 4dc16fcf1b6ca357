from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import (
    GAN,
    Batch,
    Discriminate,
    PointSpec,
    Regularizer,
    Settings,
    Update,
    add_spectral_norm,
    mixes_samples,
)
from ganstudio_plugins.losses import NonSaturating, RelativisticPairing
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty


class Lazy(Regularizer):
    """A penalty of 10 that depends on the weights, computed at every n-th step."""

    class Settings(Settings):
        """How often."""

        every: int = 1

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        assert real.requires_grad
        assert fake.requires_grad
        return 10 + 0 * discriminate(real).sum()


def built(*regularizers: Regularizer, loss=None, seed: int = 0, **settings) -> GAN:
    torch.manual_seed(seed)
    gan = PointGAN(PointGAN.Settings(width=8, **settings), loss or NonSaturating(), regularizers)
    gan.build(PointSpec())
    return gan


def batch(count: int = 6) -> Batch:
    generator = torch.Generator().manual_seed(1)
    return Batch(torch.randn(count, 2, generator=generator))


def fakes(count: int = 6) -> Tensor:
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(2))


def gradients(gan: GAN, joint: bool) -> list[Tensor]:
    gan._joint = joint
    torch.manual_seed(3)  # the gradient penalty draws where it looks
    loss = gan.discriminator_loss(batch(), fakes())
    return [loss.detach(), *torch.autograd.grad(loss, list(gan.discriminator.parameters()))]


@pytest.mark.parametrize(
    "regularizers",
    [(), (R1(),), (R2(),), (R1(), R2()), (R1(), GradientPenalty()), (R1(), R2(), GradientPenalty(), Lazy())],
    ids=["none", "R1", "R2", "R1+R2", "R1+GP", "all"],
)
def test_one_pass_for_both_halves_does_what_two_passes_do(regularizers: tuple[Regularizer, ...]) -> None:
    gan = built(*regularizers)
    for together, apart in zip(gradients(gan, True), gradients(gan, False), strict=True):
        torch.testing.assert_close(together, apart)


@pytest.mark.parametrize(
    ("regularizers", "passes"),
    [((), 1), ((R1(),), 2), ((R1(), R2()), 1), ((GradientPenalty(),), 2)],
    ids=["none", "R1 apart", "R1+R2 together", "GP: both halves, and between"],
)
def test_no_pass_is_made_twice(regularizers: tuple[Regularizer, ...], passes: int) -> None:
    gan = built(*regularizers)
    seen: list[nn.Module] = []
    gan.discriminator.register_forward_hook(lambda module, inputs, output: seen.append(module))
    gan.discriminator_loss(batch(), fakes())
    assert len(seen) == passes


def test_a_layer_that_mixes_samples_gets_the_halves_apart() -> None:
    class Mixing(PointGAN):
        def build_discriminator(self, data: PointSpec) -> nn.Module:
            return nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))

    gan = Mixing(loss=NonSaturating())
    gan.build(PointSpec())
    seen: list[int] = []
    gan.discriminator.register_forward_hook(lambda module, inputs, output: seen.append(len(output)))
    gan.discriminate_both(batch(4).real, fakes(5))
    assert seen == [4, 5]


def test_what_mixes_samples_is_known_or_says_so() -> None:
    own = nn.Identity()
    assert not mixes_samples(own)
    own.mixes_samples = True
    assert mixes_samples(own)
    assert mixes_samples(nn.BatchNorm2d(1))
    assert not mixes_samples(nn.LayerNorm(1))


@pytest.mark.parametrize(("step", "extra"), [(0, 40), (1, 0), (3, 0), (4, 40), (8, 40)])
def test_a_lazy_regularizer_comes_at_every_nth_step_n_times_as_strong(step: int, extra: float) -> None:
    plain, lazy = built(), built(Lazy(Lazy.Settings(every=4)))
    lazy.step = plain.step = step
    difference = lazy.discriminator_loss(batch(), fakes()) - plain.discriminator_loss(batch(), fakes())
    assert difference.item() == pytest.approx(extra, abs=1e-5)


def test_a_penalty_is_logged_as_it_is_not_as_it_is_weighted() -> None:
    gan = built(Lazy(Lazy.Settings(every=4)))
    gan.recording = True
    gan.discriminator_loss(batch(), fakes())
    assert float(gan.take_log()["penalty/Lazy"]) == 10


def test_a_lazy_penalty_is_shown_though_no_reported_step_computes_it() -> None:
    gan = built(Lazy(Lazy.Settings(every=4)))
    gan.discriminator_loss(batch(), fakes())
    gan.step, gan.recording = 1, True
    gan.discriminator_loss(batch(), fakes())
    assert float(gan.take_log()["penalty/Lazy"]) == 10


def test_nothing_is_logged_between_reports() -> None:
    gan = built(R1())
    gan.discriminator_loss(batch(), fakes())
    assert gan.take_log() == {}


def test_logits_and_accuracy_are_logged_for_a_report() -> None:
    gan = built()
    gan.recording = True
    real_logits, fake_logits = gan.discriminate_both(batch().real, fakes())
    gan.discriminator_loss(batch(), fakes())
    logged = gan.take_log()
    assert float(logged["logits/real"]) == pytest.approx(float(real_logits.detach().mean()), abs=1e-6)
    assert float(logged["logits/fake"]) == pytest.approx(float(fake_logits.detach().mean()), abs=1e-6)
    expected = float((real_logits > fake_logits).float().mean())
    assert float(logged["accuracy/discriminator"]) == pytest.approx(expected)
    assert gan.take_log() == {}


def test_samples_of_the_last_discriminator_update_serve_the_generator() -> None:
    gan = built(n_critic=3)
    made: list[Tensor] = []
    gan.generator.register_forward_hook(lambda module, inputs, output: made.append(output))

    def batches() -> Iterator[Batch]:
        while True:
            yield batch()

    updates: list[Update] = list(gan.training_step(batches()))
    assert len(updates) == 4
    assert [fake.requires_grad for fake in made] == [False, False, True]
    assert all(g is not None for g in torch.autograd.grad(updates[-1].loss, list(gan.generator.parameters())))


@pytest.mark.parametrize(("loss", "passes"), [(NonSaturating(), 1), (RelativisticPairing(), 2)])
def test_real_logits_are_computed_for_the_generator_only_where_the_loss_asks(loss, passes: int) -> None:
    gan = built(loss=loss)
    seen: list[bool] = []
    gan.discriminator.register_forward_hook(
        lambda module, inputs, output: seen.append(bool(output.requires_grad))
    )
    gan.generator_loss(batch(), gan.generator(gan.draw_latents(6)))
    assert seen == [False, True][-passes:]


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_latents_are_drawn_as_asked(kind: str) -> None:
    gan = built(latents=kind, latent_dim=3)
    drawn = gan.draw_latents(4000, torch.Generator().manual_seed(0))
    assert drawn.shape == (4000, 3)
    assert float(drawn.std()) == pytest.approx({"normal": 1.0, "uniform": 3**-0.5}[kind], abs=0.02)
    assert (float(drawn.abs().max()) <= 1) == (kind == "uniform")
    assert torch.equal(drawn, gan.draw_latents(4000, torch.Generator().manual_seed(0)))


def test_spectral_norm_holds_every_layer_at_one() -> None:
    gan = built(spectral_norm=True)
    for _ in range(50):
        gan.discriminator(batch().real)
    layers = [layer for layer in gan.discriminator if isinstance(layer, nn.Linear)]
    for layer in layers:
        assert float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) == pytest.approx(1, abs=1e-2)
    assert not hasattr(gan.generator[0], "parametrizations")


def test_spectral_norm_suits_convolutions_as_well() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ConvTranspose2d(2, 1, 3), nn.ReLU(), nn.Linear(4, 4))
    add_spectral_norm(network)
    assert [hasattr(layer, "parametrizations") for layer in network] == [True, True, False, True]


def test_a_variant_without_networks_says_which_is_missing() -> None:
    class Half(GAN):
        def build_generator(self, data: PointSpec) -> nn.Module:
            return nn.Linear(100, 2)

    with pytest.raises(NotImplementedError, match="Half does not say how its discriminator is built"):
        Half().build(PointSpec())
