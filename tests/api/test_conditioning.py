"""Labels: how they reach each network, and that what is asked for is what comes."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot, softplus

from ganstudio.api import Batch, DataSpec, Fixed, ImageSpec, InputError, LoadedData, PointSpec
from ganstudio.api.conditioning import Beside, Embedded, OneHot, code_for_samples, packed
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty
from tests.api.gans import (
    CLASSES,
    IMAGES,
    POINTS,
    batch,
    batches,
    descend,
    fakes,
    images_gan,
    points_gan,
)
from tests.training.support import trained

FORMS = ("concatenated", "embedded", "projection", "auxiliary")
LABELS = torch.tensor([2, 0, 1, 1, 0, 2])


class SeesNeighbours(MLPGAN):
    """An architecture for images whose discriminator is given planes, as a convolutional one is."""

    flat = False


# --- Shapes and codes ------------------------------------------------------------------------------


def test_a_one_hot_code_is_one_where_the_class_is() -> None:
    assert OneHot(3)(torch.tensor([2, 0])).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_an_embedded_code_is_learned_and_of_the_class() -> None:
    code = Embedded(3, 5)
    rows = code(LABELS)
    assert rows.shape == (6, 5)
    assert torch.equal(rows[0], rows[5])
    assert not torch.equal(rows[0], rows[1])
    assert [p.shape for p in code.parameters()] == [(3, 5)]


GIVEN = {
    "one-hot planes": ("concatenated", False, ImageSpec(1, 4, 6, CLASSES), (1 + 3, 4, 6)),
    "colour and planes": ("concatenated", False, ImageSpec(3, 4, 6, CLASSES), (3 + 3, 4, 6)),
    "one learned plane": ("embedded", False, ImageSpec(3, 4, 6, CLASSES), (3 + 1, 4, 6)),
    "one-hot at the end of a row": ("concatenated", True, ImageSpec(3, 4, 6, CLASSES), (3 * 4 * 6 + 3, 1, 1)),
    "learned at the end of a row": ("embedded", True, ImageSpec(1, 4, 6, CLASSES), (4 * 6 + 3, 1, 1)),
    "points and one-hot": ("concatenated", False, POINTS, (2 + 3,)),
    "points and learned": ("embedded", False, POINTS, (2 + 3,)),
}


@pytest.mark.parametrize(("form", "flat", "data", "expected"), GIVEN.values(), ids=GIVEN)
def test_what_stands_beside_samples_has_the_shape_that_its_spec_says(
    form: str, flat: bool, data: DataSpec, expected: tuple[int, ...]
) -> None:
    beside = Beside(code_for_samples(form, 3, data, flat), data, flat)
    shape = data.shape if isinstance(data, ImageSpec) else (2,)
    samples = torch.randn(6, *shape)
    given = beside(samples, LABELS)
    assert tuple(given.shape[1:]) == expected
    spec = beside.spec
    said = spec.shape if isinstance(spec, ImageSpec) else (spec.dimensions,)
    assert said == expected
    # The samples come first and are unchanged; what follows is the class's and nothing else.
    inside = given.flatten(1)[:, : samples[0].numel()]
    assert torch.equal(inside, samples.flatten(1))
    code = given.flatten(1)[:, samples[0].numel() :]
    assert torch.equal(code[0], code[5])
    assert not torch.equal(code[0], code[1])


def test_a_one_hot_plane_is_one_all_over_where_the_class_is() -> None:
    given = Beside(OneHot(3), IMAGES, flat=False)(torch.zeros(6, 1, 8, 8), LABELS)
    assert torch.equal(given[:, 1:].amin((2, 3)), one_hot(LABELS, 3).float())
    assert torch.equal(given[:, 1:].amax((2, 3)), one_hot(LABELS, 3).float())


@pytest.mark.parametrize(
    ("cls", "data", "settings", "expected"),
    [
        (PointGAN, POINTS, {"conditioning": "concatenated"}, 5),
        (PointGAN, POINTS, {"conditioning": "projection"}, 2),
        (PointGAN, POINTS, {"packing": 3}, 6),
        (PointGAN, POINTS, {"conditioning": "embedded", "packing": 2}, 10),
        (MLPGAN, IMAGES, {"conditioning": "concatenated"}, (67, 1, 1)),
        (MLPGAN, IMAGES, {"packing": 2}, (2, 8, 8)),
        (SeesNeighbours, IMAGES, {"conditioning": "concatenated"}, (4, 8, 8)),
        (SeesNeighbours, IMAGES, {"conditioning": "embedded", "packing": 2}, (4, 8, 8)),
        (SeesNeighbours, IMAGES, {"conditioning": "auxiliary"}, (1, 8, 8)),
        (SeesNeighbours, IMAGES, {}, (1, 8, 8)),
    ],
)
def test_a_discriminator_is_built_for_what_it_is_given(cls, data, settings, expected) -> None:
    told: list[DataSpec] = []

    class Told(cls):
        def build_discriminator(self, data: DataSpec) -> nn.Module:
            told.append(data)
            return super().build_discriminator(data)

    Told(Told.Settings(width=8, **settings), NonSaturating()).build(data)
    (spec,) = told
    assert (spec.shape if isinstance(spec, ImageSpec) else spec.dimensions) == expected


@pytest.mark.parametrize("form", ["none", *FORMS])
def test_the_generator_is_given_the_latents_and_a_code_behind_them(form: str) -> None:
    gan = points_gan(conditioning=form, latent_dim=4)
    given: list[Tensor] = []
    inner = gan.generator if form == "none" else gan.generator.network
    inner.register_forward_pre_hook(lambda module, inputs: given.append(inputs[0]))
    latents = gan.draw_latents(6)
    assert latents.shape == (6, 4)
    gan.generate(latents, LABELS)
    assert gan.generator_inputs == given[0].shape[1] == (4 if form == "none" else 4 + 3)
    assert torch.equal(given[0][:, :4], latents)
    if form not in ("none", "embedded"):
        assert torch.equal(given[0][:, 4:], one_hot(LABELS, 3).float())


def test_packing_of_unknown_data_is_refused_in_a_sentence() -> None:
    class Sounds(DataSpec):
        def describe(self) -> str:
            return "sounds"

    with pytest.raises(InputError, match=r"^Samples of sounds cannot be packed: set Packing to 1\.$"):
        packed(Sounds(), 2)


# --- Without labels nothing changes ----------------------------------------------------------------


@pytest.mark.parametrize("data", [POINTS, PointSpec()], ids=["labelled", "not labelled"])
def test_networks_without_conditions_have_no_wrapper(data: PointSpec) -> None:
    gan = points_gan(data=data)
    assert list(gan.networks()) == ["generator", "discriminator"]
    keys = {"0.weight", "0.bias", "2.weight", "2.bias"}
    assert set(gan.generator.state_dict()) == set(gan.discriminator.state_dict()) == keys
    assert gan.classes == 0


@pytest.mark.parametrize("form", FORMS)
def test_data_without_classes_is_refused_before_and_while_building(form: str) -> None:
    settings = PointGAN.Settings(conditioning=form)
    reason = PointGAN.refuses(settings, PointSpec())
    assert reason == (
        "These 2-D points have no classes to ask for. Set Conditioning to none, or choose data with labels."
    )
    with pytest.raises(InputError, match="have no classes to ask for"):
        PointGAN(settings).build(PointSpec())


@pytest.mark.parametrize("form", ["projection", "auxiliary"])
def test_a_class_for_each_sample_of_a_pack_is_refused(form: str) -> None:
    settings = PointGAN.Settings(conditioning=form, packing=2)
    reason = PointGAN.refuses(settings, POINTS)
    assert reason is not None
    assert form in reason
    assert "Set Packing to 1" in reason


# --- The discriminator's part, by hand -------------------------------------------------------------


def last_layers(gan) -> tuple[nn.Module, nn.Linear]:
    """Return what makes features, and the linear layer behind them."""
    return gan.discriminator.network, gan.discriminator.last


def test_projection_is_the_features_times_the_class_vector_plus_the_linear_layer() -> None:
    gan = points_gan(conditioning="projection")
    nn.init.normal_(gan.discriminator.projection.weight)
    samples = fakes()
    features, last = last_layers(gan)
    h = features(samples)
    by_hand = [
        sum(h[i, j] * gan.discriminator.projection.weight[LABELS[i], j] for j in range(h.shape[1]))
        + (h[i] * last.weight[0]).sum()
        + last.bias[0]
        for i in range(6)
    ]
    torch.testing.assert_close(gan.discriminate(samples, LABELS).flatten(), torch.stack(by_hand))


def test_projection_prefers_no_class_before_anything_was_learned() -> None:
    gan = points_gan(conditioning="projection")
    samples = fakes()
    assert torch.equal(gan.discriminate(samples, LABELS), gan.discriminate(samples, (LABELS + 1) % 3))


def test_auxiliary_adds_the_cross_entropy_of_real_and_fake_for_the_discriminator() -> None:
    gan = points_gan(conditioning="auxiliary", auxiliary_weight=0.7)
    real, fake = batch(), fakes()
    d = gan.discriminator
    h_real, h_fake = d.network(real.real), d.network(fake)
    adversarial = softplus(-d.last(h_real)).mean() + softplus(d.last(h_fake)).mean()
    naming = cross_entropy(d.named(h_real), real.labels) + cross_entropy(d.named(h_fake), real.labels)
    gan.recording = True
    torch.testing.assert_close(gan.discriminator_loss(real, fake), adversarial + 0.7 * naming)
    log = gan.take_log()
    torch.testing.assert_close(
        log["class/real"], 0.7 * cross_entropy(d.named(h_real), real.labels), check_stride=False
    )
    assert {"class/real", "class/fake"} <= set(log)


def test_auxiliary_adds_the_cross_entropy_of_its_samples_for_the_generator() -> None:
    gan = points_gan(conditioning="auxiliary", auxiliary_weight=0.7)
    real = batch()
    fake = gan.generate(gan.draw_latents(6), real.labels)
    d = gan.discriminator
    h = d.network(fake)
    by_hand = softplus(-d.last(h)).mean() + 0.7 * cross_entropy(d.named(h), real.labels)
    torch.testing.assert_close(gan.generator_loss(real, fake), by_hand)


@pytest.mark.parametrize("form", ["concatenated", "embedded", "projection"])
@pytest.mark.parametrize("make", [points_gan, images_gan], ids=["points", "images"])
def test_the_discriminators_verdict_depends_on_the_label(make, form: str) -> None:
    gan = make(conditioning=form)
    if form == "projection":
        nn.init.normal_(gan.discriminator.projection.weight)
    samples = fakes(shape=(2,) if make is points_gan else (1, 8, 8))
    first, second = (gan.discriminate(samples, labels) for labels in (LABELS, (LABELS + 1) % 3))
    assert first.shape == (6, 1)
    assert not torch.isclose(first, second).any()


@pytest.mark.parametrize("form", FORMS)
def test_a_generated_sample_is_judged_as_the_class_it_was_made_for(form: str) -> None:
    gan = points_gan(conditioning=form)
    made: list[Tensor] = []
    judged: list[Tensor] = []
    gan.generator.register_forward_pre_hook(lambda module, inputs: made.append(inputs[1]))
    gan.discriminator.register_forward_pre_hook(lambda module, inputs: judged.append(inputs[1]))
    real = batch()
    for _update in gan.training_step(iter([real])):
        pass
    assert real.labels is not None
    assert [labels.tolist() for labels in made] == [real.labels.tolist()]
    # Both halves of the joint pass, then the generator's samples.
    assert [labels.tolist() for labels in judged] == [real.labels.tolist() * 2, real.labels.tolist()]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "regularizers", [[GradientPenalty()], [R1(), R2()], [R1()]], ids=["GP", "R1+R2", "R1"]
)
def test_penalties_look_at_each_sample_under_its_own_label(form: str, regularizers) -> None:
    gan = points_gan(conditioning=form, regularizers=regularizers)
    if form == "projection":
        nn.init.normal_(gan.discriminator.projection.weight)
    judged: list[Tensor] = []
    gan.discriminator.register_forward_pre_hook(lambda module, inputs: judged.append(inputs[1]))
    real = batch()
    gan.discriminator_loss(real, fakes())
    assert real.labels is not None
    labels = real.labels.tolist()
    assert judged
    assert all(one.tolist() in (labels, labels * 2) for one in judged)


def test_the_gradient_penalty_is_of_the_labelled_discriminator() -> None:
    gan = points_gan(conditioning="projection", regularizers=[R1(R1.Settings(gamma=2.0))])
    nn.init.normal_(gan.discriminator.projection.weight)
    gan.recording = True
    real = batch()
    gan.discriminator_loss(real, fakes())
    samples = real.real.clone().requires_grad_()
    logits = gan.discriminate(samples, real.labels)
    (gradient,) = torch.autograd.grad(logits.sum(), samples)
    expected = gradient.square().sum(1).mean()
    assert float(gan.take_log()["penalty/R1"]) == pytest.approx(float(expected), rel=1e-5)


# --- What is asked for is what comes ---------------------------------------------------------------

TWO = ("first", "second")


def black_and_white(black: int, count: int = 32) -> Iterator[Batch]:
    """Give 4 × 4 images: those of the class ``black`` nearly black, those of the other nearly white."""
    generator = torch.Generator().manual_seed(0)
    while True:
        labels = torch.randint(2, (count,), generator=generator)
        level = torch.where(labels == black, -0.8, 0.8)[:, None, None, None]
        yield Batch(level + 0.1 * torch.randn(count, 1, 4, 4, generator=generator), labels)


def share_right(form: str, cls: type[MLPGAN], black: int, steps: int = 160) -> float:
    """Train a GAN on black and white, and return the share of samples that are what was asked for."""
    small = {"width": 16, "shape": "even", "layers": 1}
    calm = [R1(R1.Settings(gamma=0.5))]
    gan = images_gan(cls, regularizers=calm, data=ImageSpec(1, 4, 4, TWO), conditioning=form, **small)
    rules = {
        network: torch.optim.Adam(network.parameters(), lr=1e-2, betas=(0.5, 0.99))
        for network in (gan.generator, gan.discriminator)
    }
    feed = black_and_white(black)
    for gan.step in range(steps):
        for update in gan.training_step(feed):
            rules[update.networks].zero_grad()
            update.loss.backward(inputs=list(update.networks.parameters()))
            rules[update.networks].step()
    labels = torch.arange(200) % 2
    with torch.no_grad():
        samples = gan.generate(gan.draw_latents(200), labels)
    return float(((samples.mean((1, 2, 3)) < 0) == (labels == black)).float().mean())


@pytest.mark.parametrize("black", [0, 1], ids=["first is black", "second is black"])
@pytest.mark.parametrize("cls", [MLPGAN, SeesNeighbours], ids=["row", "planes"])
@pytest.mark.parametrize("form", FORMS)
def test_samples_are_of_the_class_that_was_asked_for(form: str, cls: type[MLPGAN], black: int) -> None:
    assert share_right(form, cls, black) >= 0.95


class BlindGenerator(MLPGAN):
    """Its generator never learns which class is asked for."""

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        return super().generate(latents, None if labels is None else torch.zeros_like(labels))


class BlindDiscriminator(MLPGAN):
    """Its discriminator never learns which class a sample is to be."""

    def discriminate(self, samples, labels=None, weights=None):
        return super().discriminate(samples, None if labels is None else torch.zeros_like(labels), weights)


@pytest.mark.parametrize("blind", [BlindGenerator, BlindDiscriminator])
def test_without_the_label_in_either_network_the_class_is_missed(blind: type[MLPGAN]) -> None:
    """What the test above would see if labels were lost on the way: at best one of the two is met by luck."""
    assert min(share_right("concatenated", blind, black) for black in (0, 1)) < 0.8


# --- Previews --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["none", *FORMS])
def test_a_preview_has_a_column_for_each_class(form: str) -> None:
    gan = points_gan(conditioning=form)
    latents = gan.draw_latents(6)
    labels = torch.arange(6) % 3 if gan.classes else None
    preview = gan.preview(Fixed(latents, latents, labels))
    assert preview.columns == gan.classes == (0 if form == "none" else 3)
    assert preview.captions == (() if form == "none" else CLASSES)
    assert torch.equal(preview.values, gan.samples(latents, labels))


def test_a_step_takes_conditional_batches_of_the_feed() -> None:
    gan = points_gan(conditioning="concatenated")
    for update in gan.training_step(batches()):
        descend(update)
        assert torch.isfinite(update.loss)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("form", FORMS)
def test_a_training_goes_through_with_it(form: str, precision: str) -> None:
    data = LoadedData(POINTS, torch.randn(90, 2), torch.arange(90) % 3)
    gan = PointGAN(PointGAN.Settings(width=8, conditioning=form), NonSaturating(), [R1(), GradientPenalty()])
    trainer = trained(gan, data, steps=4, precision=precision)
    assert all(torch.isfinite(p).all() for p in trainer.architecture.parameters())
