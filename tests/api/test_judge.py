"""What any discriminator can be given beside its samples: packs, and a look at the whole batch."""

import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import GAN, InputError, PointSpec
from ganstudio.api.judge import MinibatchDiscrimination, MinibatchStandardDeviation, pack
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1
from tests.api.gans import POINTS, batch, fakes, images_gan, points_gan

LABELS = torch.tensor([2, 0, 1, 1, 0, 2])

KERNELS = 100


# --- Minibatch standard deviation ------------------------------------------------------------------


def test_the_deviation_of_a_group_is_that_of_its_features_on_average() -> None:
    features = torch.randn(8, 3)
    made = MinibatchStandardDeviation()(features)
    assert made.shape == (8, 4)
    assert torch.equal(made[:, :3], features)
    # Groups of four: samples 0, 2, 4, 6 and samples 1, 3, 5, 7.
    for group in ([0, 2, 4, 6], [1, 3, 5, 7]):
        expected = features[group].std(0, unbiased=False).mean()
        torch.testing.assert_close(made[group, 3], expected.expand(4), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("count", "size"), [(8, 4), (6, 3), (4, 4), (2, 2), (7, 1), (1, 1), (10, 2)])
def test_groups_are_the_largest_up_to_four_that_divide_the_batch(count: int, size: int) -> None:
    features = torch.randn(count, 5)
    last = MinibatchStandardDeviation()(features)[:, -1]
    groups = count // size
    for place in range(groups):
        expected = features[place::groups].std(0, unbiased=False).mean()
        torch.testing.assert_close(last[place::groups], expected.expand(size), rtol=1e-3, atol=2e-4)


def test_samples_that_are_alike_have_hardly_any_deviation_and_a_finite_gradient() -> None:
    features = torch.ones(8, 3, requires_grad=True)
    made = MinibatchStandardDeviation()(features)
    assert float(made[:, 3].detach().max()) < 1e-3
    made.sum().backward()
    assert torch.isfinite(features.grad).all()


# --- Minibatch discrimination ----------------------------------------------------------------------


def test_discrimination_is_the_closeness_to_every_other_sample() -> None:
    torch.manual_seed(0)
    layer = MinibatchDiscrimination(4, KERNELS)
    features = torch.randn(5, 4) * 0.3
    made = layer(features)
    assert made.shape == (5, 4 + KERNELS)
    assert torch.equal(made[:, :4], features)
    rows = (features @ layer.kernels.weight.T).view(5, KERNELS, -1)
    for i in range(5):
        for b in range(0, KERNELS, 17):
            others = [torch.exp(-(rows[i, b] - rows[j, b]).abs().sum()) for j in range(5) if j != i]
            torch.testing.assert_close(made[i, 4 + b], torch.stack(others).sum(), rtol=1e-4, atol=1e-5)


def test_penalties_on_gradients_see_the_comparison_as_the_formula_has_it() -> None:
    """The second derivatives are those of the formula written out, so R1 and unrolling may go through it."""
    torch.manual_seed(0)
    layer = MinibatchDiscrimination(4, 7).double()
    features = (torch.randn(5, 4).double() * 0.3).requires_grad_()

    def by_hand(features: Tensor) -> Tensor:
        rows = layer.kernels(features).view(5, 7, -1)
        distance = (rows[:, None] - rows[None]).abs().sum(3)
        return torch.cat([features, torch.exp(-distance).sum(1) - 1], 1)

    found = []
    for make in (layer, by_hand):
        made = make(features)
        weighted = (made * torch.arange(made.numel()).view_as(made)).sum()
        (gradient,) = torch.autograd.grad(weighted, features, create_graph=True)
        found.append(torch.autograd.grad(gradient.square().sum(), [features, layer.kernels.weight]))
    torch.testing.assert_close(*found)


def test_closeness_counts_the_others_that_are_alike() -> None:
    made = MinibatchDiscrimination(4, KERNELS)(torch.ones(5, 4))
    torch.testing.assert_close(made[:, 4:], torch.full((5, KERNELS), 4.0))
    far = MinibatchDiscrimination(4, KERNELS)(torch.eye(5, 4) * 1e4)
    torch.testing.assert_close(far[:, 4:], torch.zeros(5, KERNELS))


@pytest.mark.parametrize("minibatch", ["standard deviation", "discrimination"])
@pytest.mark.parametrize("form", ["none", "projection", "auxiliary", "concatenated"])
def test_the_verdict_on_a_sample_depends_on_the_others(minibatch: str, form: str) -> None:
    gan = points_gan(minibatch=minibatch, conditioning=form)
    samples, others = fakes(), fakes()
    others[1:] *= 3
    labels = LABELS if form != "none" else None
    first, second = (gan.discriminate(given, labels)[0, 0] for given in (samples, others))
    assert not torch.isclose(first, second)
    plain = points_gan(conditioning=form)
    alone, still = (plain.discriminate(given, labels)[0, 0] for given in (samples, others))
    torch.testing.assert_close(alone, still)


@pytest.mark.parametrize("minibatch", ["standard deviation", "discrimination"])
def test_real_and_generated_samples_are_never_compared_with_each_other(minibatch: str) -> None:
    gan = points_gan(minibatch=minibatch)
    seen: list[Tensor] = []
    gan.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    real, fake = batch(), fakes()
    gan.discriminator_loss(real, fake)
    assert [torch.equal(*pair) for pair in zip(seen, (real.real, fake), strict=True)] == [True, True]


def test_a_collapsed_batch_is_told_apart_from_a_varied_one_by_its_last_features() -> None:
    gan = points_gan(minibatch="standard deviation")
    features, between = gan.discriminator.network, gan.discriminator.between
    varied, collapsed = fakes(), fakes()[:1].repeat(6, 1)
    assert float(between(features(varied))[0, -1].detach()) > 10 * float(
        between(features(collapsed))[0, -1].detach()
    )


# --- Packing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "count", "expected"),
    [
        ((6, 2), 2, (3, 4)),
        ((6, 2), 3, (2, 6)),
        ((6, 3, 4, 5), 2, (3, 6, 4, 5)),
        ((6, 1, 4, 5), 6, (1, 6, 4, 5)),
    ],
)
def test_packs_are_samples_side_by_side(shape, count: int, expected) -> None:
    samples = torch.randn(*shape)
    packs = pack(samples, count)
    assert tuple(packs.shape) == expected
    for place, one in enumerate(packs):
        assert torch.equal(one, torch.cat(list(samples[place * count : (place + 1) * count])))


def test_a_pack_of_one_is_the_sample() -> None:
    samples = fakes()
    assert pack(samples, 1) is samples


@pytest.mark.parametrize("packing", [2, 3])
@pytest.mark.parametrize("form", ["none", "concatenated", "embedded"])
def test_a_pack_gets_one_verdict_and_never_mixes_real_and_generated(packing: int, form: str) -> None:
    gan = points_gan(packing=packing, conditioning=form)
    given: list[Tensor] = []
    gan.discriminator.network.register_forward_pre_hook(lambda module, inputs: given.append(inputs[0]))
    real, fake = batch(), fakes()
    labels = real.labels if form != "none" else None
    real_made, fake_made = gan.discriminate_both(real.real, fake, labels=labels)
    assert real_made.shape == fake_made.shape == (6 // packing, 1)
    torch.testing.assert_close(real_made, gan.discriminate(real.real, labels))
    torch.testing.assert_close(fake_made, gan.discriminate(fake, labels))
    packs = given[0]
    assert len(packs) == 12 // packing
    real_packs = packs[: 6 // packing].view(6, -1)[:, :2]
    assert torch.equal(real_packs, real.real)
    assert torch.equal(packs[6 // packing :].view(6, -1)[:, :2], fake)


@pytest.mark.parametrize(
    ("count", "packing", "batch_size"), [(5, 2, 4), (6, 4, 4), (7, 3, 6), (1, 2, 2), (2, 8, 8), (3, 2, 2)]
)
def test_a_batch_that_cannot_be_divided_is_refused_with_one_that_can(
    count: int, packing: int, batch_size: int
) -> None:
    """Even where real and generated samples together could be divided."""
    gan = points_gan(packing=packing)
    with pytest.raises(InputError, match=rf"batches of {count} cannot .* set Batch size to {batch_size}\.$"):
        gan.discriminator_loss(batch(count), fakes(count))


def test_images_are_packed_in_channels_and_trained_on() -> None:
    gan = images_gan(packing=2)
    real, fake = batch(6, (1, 8, 8)), fakes(6, (1, 8, 8))
    assert gan.discriminate(real.real).shape == (3, 1)
    assert torch.isfinite(gan.discriminator_loss(real, fake))


# --- Taking a discriminator apart ------------------------------------------------------------------


class Whole(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1))

    def forward(self, samples: Tensor) -> Tensor:
        return self.layers(samples)


OTHERWISE = {
    "not a Sequential": Whole,
    "no linear layer last": lambda: nn.Sequential(nn.Linear(2, 1), nn.Flatten()),
    "two outputs": lambda: nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 2)),
    "nothing in it": nn.Sequential,
}


@pytest.mark.parametrize("make", OTHERWISE.values(), ids=OTHERWISE)
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"minibatch": "standard deviation"}, "Minibatch standard deviation needs"),
        ({"minibatch": "discrimination"}, "Minibatch discrimination needs"),
        ({"conditioning": "projection"}, "This conditioning needs"),
        ({"conditioning": "auxiliary"}, "This conditioning needs"),
    ],
    ids=["deviation", "discrimination", "projection", "auxiliary"],
)
def test_a_discriminator_that_cannot_be_taken_apart_is_refused_with_the_fix(make, settings, said) -> None:
    class Other(PointGAN):
        def build_discriminator(self, data: PointSpec) -> nn.Module:
            return make()

    with pytest.raises(InputError, match=said) as caught:
        Other(Other.Settings(**settings)).build(POINTS)
    sentence = str(caught.value)
    assert "ends in nn.Linear(features, 1)" in sentence
    assert "Set Minibatch to none and Conditioning to none, concatenated or embedded." in sentence


@pytest.mark.parametrize("settings", [{"packing": 1}, {"packing": 2}, {"conditioning": "embedded"}])
def test_what_needs_no_features_takes_any_discriminator(settings) -> None:
    class Other(PointGAN):
        def build_discriminator(self, data: PointSpec) -> nn.Module:
            self.given = data.dimensions
            return nn.Sequential(nn.Sequential(nn.Linear(data.dimensions, 1)), nn.Identity())

    gan = Other(Other.Settings(width=8, **settings))
    gan.build(POINTS)
    labels = LABELS if gan.classes else None
    assert gan.discriminate(fakes(), labels).shape == (6 // gan.settings.packing, 1)


def test_what_is_added_is_normalised_as_the_layers_are() -> None:
    gan: GAN = points_gan(minibatch="discrimination", conditioning="auxiliary", spectral_norm=True)
    layers = [m for m in gan.discriminator.modules() if isinstance(m, nn.Linear)]
    assert len(layers) == 4  # hidden, kernels, last and the one that names classes
    assert all(hasattr(layer, "parametrizations") for layer in layers)


@pytest.mark.parametrize("kernels", [1, 20])
def test_as_many_kernels_are_learned_as_asked_for(kernels: int) -> None:
    gan = points_gan(minibatch="discrimination", minibatch_kernels=kernels)
    features = gan.discriminator.network(fakes())
    assert gan.discriminator.between(features).shape == (6, features.shape[1] + kernels)
    assert gan.discriminator.last.in_features == features.shape[1] + kernels


@pytest.mark.parametrize("minibatch", ["standard deviation", "discrimination"])
def test_the_generator_learns_through_the_comparison(minibatch: str) -> None:
    """A term of the last features alone moves the generator."""
    gan = points_gan(minibatch=minibatch, regularizers=[R1()])
    fake = gan.generate(gan.draw_latents(6))
    extra = gan.discriminator.between(gan.discriminator.network(fake))[:, 8:]
    gradients = torch.autograd.grad(extra.sum(), list(gan.generator.parameters()))
    assert any(float(g.abs().max()) > 0 for g in gradients)
