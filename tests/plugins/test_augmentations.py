import math
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.api import Augmentation, Batch
from ganstudio.api.events import PreviewReady, SettingChanged, SettingRefused, StepRecord
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.previews import to_uint8
from ganstudio_plugins import augmentations
from ganstudio_plugins.augmentations import ADA, DiffAugment
from ganstudio_plugins.mlp_gan import MLPGAN
from tests.api.gans import batch, fakes, images_gan
from tests.training.support import gan, images, only, run, trained, trainer_of

SHAPE = (1, 8, 8)


def pictures(count: int = 6, channels: int = 3, side: int = 8, width: int | None = None) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, channels, side, width or side, generator=generator) * 1.6 - 0.8


def diff(**settings: Any) -> DiffAugment:
    """Return a DiffAugment that does only what is asked for."""
    return DiffAugment(DiffAugment.Settings(**{"colour": False, "translation": 0, "cutout": 0, **settings}))


def ada(p: float = 1.0, **settings: Any) -> ADA:
    made = ADA(ADA.Settings(**settings))
    made.strength = torch.tensor(p)
    return made


EVERY = {
    "DiffAugment": DiffAugment(),
    "colour": diff(colour=True),
    "translation": diff(translation=0.25),
    "cutout": diff(cutout=0.5),
    "ADA": ada(1.0),
    "ADA, half": ada(0.5),
}
every = pytest.mark.parametrize("augmentation", EVERY.values(), ids=EVERY)


# --- All of them -----------------------------------------------------------------------------------


@every
@pytest.mark.parametrize(("channels", "width"), [(1, 8), (3, 8), (3, 12)], ids=["grey", "colour", "wide"])
def test_images_keep_their_shape_and_stay_finite_and_sane(
    augmentation: Augmentation, channels: int, width: int
) -> None:
    torch.manual_seed(0)
    samples = pictures(32, channels, 8, width)
    made = augmentation.augment(samples)
    assert made.shape == samples.shape
    assert made.dtype == torch.float32
    assert torch.isfinite(made).all()
    assert float(made.abs().max()) < 10
    assert not torch.equal(made, samples)
    assert torch.equal(samples, pictures(32, channels, 8, width))


@every
def test_each_image_is_changed_in_its_own_way(augmentation: Augmentation) -> None:
    torch.manual_seed(0)
    alike = pictures(1).repeat(16, 1, 1, 1)
    made = augmentation.augment(alike)
    different = {tuple(one.flatten().tolist()) for one in made}
    assert len(different) >= 8


@every
def test_gradients_flow_through_every_change(augmentation: Augmentation) -> None:
    """The derivative in a random direction is the difference quotient at the same random numbers."""
    samples = pictures().double()
    direction = torch.randn(samples.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    pull = torch.randn(samples.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(6))

    def value(at: Tensor) -> Tensor:
        torch.manual_seed(3)
        return (augmentation.augment(at) * pull).sum()

    at = samples.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(value(at), at)
    step = 1e-4
    quotient = (value(samples + step * direction) - value(samples - step * direction)) / (2 * step)
    assert float((gradient * direction).sum()) == pytest.approx(float(quotient), rel=1e-5)
    assert float(gradient.abs().max()) > 0


# --- DiffAugment -----------------------------------------------------------------------------------


def test_nothing_ticked_changes_nothing() -> None:
    samples = pictures()
    assert diff().augment(samples) is samples


@pytest.mark.parametrize(("share", "reach"), [(0.125, 1), (0.25, 2), (0.5, 4)])
def test_translation_moves_by_whole_pixels_within_its_reach(share: float, reach: int) -> None:
    torch.manual_seed(0)
    samples = pictures(200, 2)
    moves = set()
    for before, after in zip(samples, diff(translation=share).augment(samples), strict=True):
        (move,) = [
            (down, right)
            for down in range(-reach, reach + 1)
            for right in range(-reach, reach + 1)
            if torch.equal(shifted(before, down, right), after)
        ]
        moves.add(move)
    extremes = {-reach, reach}
    assert extremes <= {down for down, _right in moves}
    assert extremes <= {right for _down, right in moves}


def shifted(image: Tensor, down: int, right: int) -> Tensor:
    """Return an image [C, H, W] moved, black where nothing was."""
    moved = torch.full_like(image, -1.0)
    _, height, width = image.shape
    rows, columns = (slice(max(0, s), n + min(0, s)) for s, n in ((down, height), (right, width)))
    from_rows, from_columns = (slice(max(0, -s), n + min(0, -s)) for s, n in ((down, height), (right, width)))
    moved[:, rows, columns] = image[:, from_rows, from_columns]
    return moved


@pytest.mark.parametrize(("share", "side"), [(0.5, 4), (0.25, 2), (0.75, 6)])
def test_cutout_greys_one_square_of_its_size_that_may_hang_over_the_edge(share: float, side: int) -> None:
    torch.manual_seed(0)
    samples = pictures(300) + 3  # nothing is grey by itself
    made = diff(cutout=share).augment(samples)
    whole = 0
    for before, after in zip(samples, made, strict=True):
        hole = (after == 0).all(0)
        assert torch.equal(after[:, ~hole], before[:, ~hole])
        rows, columns = hole.any(1), hole.any(0)
        assert torch.equal(hole, rows[:, None] & columns[None])
        assert side // 2 <= int(rows.sum()) <= side
        assert side // 2 <= int(columns.sum()) <= side
        whole += int(hole.sum()) == side * side
    assert whole > 0


def test_colour_keeps_grey_images_grey() -> None:
    grey = pictures(16, 1).expand(-1, 3, -1, -1).contiguous()
    torch.manual_seed(0)
    made = diff(colour=True).augment(grey)
    torch.testing.assert_close(made, made[:, :1].expand_as(made))


def test_colour_changes_brightness_contrast_and_saturation_within_their_ranges() -> None:
    torch.manual_seed(0)
    samples = pictures(2000)
    made = diff(colour=True).augment(samples)
    shift = (made - samples).mean((1, 2, 3))
    assert float(shift.abs().max()) <= 0.5 + 1e-5
    assert float(shift.min()) < -0.45
    assert float(shift.max()) > 0.45
    # Grey values are kept by saturation: only contrast spreads them.
    spread = made.mean(1).flatten(1).std(1) / samples.mean(1).flatten(1).std(1)
    assert 0.5 - 1e-4 <= float(spread.min()) < 0.55
    assert 1.45 < float(spread.max()) <= 1.5 + 1e-4
    colour = (made - made.mean(1, keepdim=True)).flatten(1).norm(dim=1)
    kept = colour / (samples - samples.mean(1, keepdim=True)).flatten(1).norm(dim=1) / spread
    assert float(kept.min()) < 0.05
    assert 1.95 < float(kept.max()) <= 2 + 1e-3


# --- ADA's changes ---------------------------------------------------------------------------------


def test_a_flip_is_exact() -> None:
    samples = pictures()
    assert torch.equal(augmentations._flipped(samples), samples.flip(3))


def test_turns_are_exact_quarters_each_as_likely_of_square_images() -> None:
    torch.manual_seed(0)
    samples = pictures(300)
    found = [0, 0, 0, 0]
    for before, after in zip(samples, augmentations._turned(samples), strict=True):
        (turn,) = [k for k in range(4) if torch.equal(before.rot90(k, (1, 2)), after)]
        found[turn] += 1
    assert found[0] == 0
    assert min(found[1:]) > 60


def test_images_that_are_not_square_are_turned_by_half() -> None:
    samples = pictures(4, width=12)
    assert torch.equal(augmentations._turned(samples), samples.rot90(2, (2, 3)))


def test_a_warp_by_nothing_is_nothing() -> None:
    samples = pictures()
    still = augmentations._warped(samples, torch.ones(6, 1, 1, 1), torch.zeros(6, 1, 1, 1))
    torch.testing.assert_close(still, samples, atol=1e-5, rtol=0)


def test_a_rotation_by_a_right_angle_is_a_quarter_turn() -> None:
    samples = pictures()
    angle = torch.full((6, 1, 1, 1), math.pi / 2)
    turned = augmentations._warped(samples, torch.ones_like(angle), angle)
    quarters = [samples.rot90(k, (2, 3)) for k in (1, 3)]
    assert min(float((turned - quarter).abs().max()) for quarter in quarters) < 1e-4


def test_a_rotation_of_an_image_that_is_not_square_keeps_what_is_round() -> None:
    """A disc about the middle looks the same from every angle, whatever the sides of the image."""
    rows, columns = torch.meshgrid(torch.arange(16) - 7.5, torch.arange(32) - 15.5, indexing="ij")
    disc = torch.exp(-(rows.square() + columns.square()) / 8)[None, None]
    turned = augmentations._warped(disc, torch.ones(1, 1, 1, 1), torch.full((1, 1, 1, 1), 1.0))
    assert float((turned - disc).abs().max()) < 0.05


@pytest.mark.parametrize(("scale", "wider"), [(2.0, True), (0.5, False)])
def test_scaling_above_one_makes_things_larger(scale: float, wider: bool) -> None:
    image = torch.full((1, 1, 16, 16), -1.0)
    image[:, :, 6:10, 6:10] = 1.0
    made = augmentations._warped(image, torch.full((1, 1, 1, 1), scale), torch.zeros(1, 1, 1, 1))
    area = float((made > 0).sum()) / 16
    assert area == pytest.approx(scale**2, rel=0.05)


# --- ADA's probability -----------------------------------------------------------------------------


def test_with_p_at_zero_nothing_changes() -> None:
    samples = pictures()
    assert torch.equal(ADA().augment(samples), samples)


def test_each_change_comes_with_probability_p(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augmentations, "_PIPELINE", (lambda x: x + 1, lambda x: x + 10))
    torch.manual_seed(0)
    made = ada(0.3).augment(torch.zeros(4000, 1, 1, 1)).flatten().round().int()
    first, second = made % 10 == 1, made >= 10
    assert float(first.float().mean()) == pytest.approx(0.3, abs=0.03)
    assert float(second.float().mean()) == pytest.approx(0.3, abs=0.03)
    assert float((first & second).float().mean()) == pytest.approx(0.09, abs=0.02)


REAL = torch.ones(64, 1)
"""Logits of real samples that are all positive, as of a discriminator that knows them by heart."""


@pytest.mark.parametrize(
    ("positive", "rises"),
    [(64, True), (56, True), (48, False), (32, False), (0, False)],
    ids=["all", "mean sign .75", "mean sign .5", "mean sign 0", "none"],
)
def test_p_rises_while_too_many_real_logits_are_positive_and_falls_else(positive: int, rises: bool) -> None:
    one = ada(0.5, target=0.6, speed=1.0)
    one.adapt(torch.cat([REAL[:positive] * 5, -REAL[positive:]]))
    assert float(one.strength) == pytest.approx(0.5 + (0.064 if rises else -0.064))


def test_p_goes_from_none_to_one_within_the_images_that_are_asked_for() -> None:
    one = ada(0.0, limit=1.0, speed=2.0)
    steps = 0
    while float(one.strength) < 1:
        one.adapt(REAL)
        steps += 1
    assert steps == math.ceil(2000 / 64)


@pytest.mark.parametrize("limit", [0.0, 0.3, 0.8, 1.0])
def test_p_never_passes_its_limit_nor_falls_below_none(limit: float) -> None:
    one = ada(0.0, limit=limit, speed=0.5)
    for _ in range(20):
        one.adapt(REAL)
        assert float(one.strength) <= limit + 1e-6
    assert float(one.strength) == pytest.approx(limit)
    for _ in range(20):
        one.adapt(-REAL)
        assert float(one.strength) >= 0
    assert float(one.strength) == 0


def test_each_run_has_a_p_of_its_own() -> None:
    first = ADA(ADA.Settings(speed=1.0))
    first.adapt(REAL)
    assert float(first.strength) > 0
    assert float(ADA().strength) == 0


# --- In the step -----------------------------------------------------------------------------------


class Marking(Augmentation):
    """Adds a number to all it is given, and remembers what that was."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Tensor] = []

    def augment(self, samples: Tensor) -> Tensor:
        self.given.append(samples.detach())
        return samples + 100


def test_real_and_generated_samples_are_changed_in_both_updates() -> None:
    marking = Marking()
    one = images_gan(augmentations=[marking])
    seen: list[Tensor] = []
    one.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    real = batch(4, SHAPE)
    updates = one.training_step(iter([real]))
    next(updates)
    assert torch.equal(marking.given[0], real.real)
    assert len(marking.given) == 2
    assert torch.equal(seen[0], torch.cat(marking.given) + 100)
    next(updates)
    assert len(marking.given) == 3
    assert torch.equal(marking.given[1], marking.given[2])
    assert torch.equal(seen[1], marking.given[2] + 100)


def test_the_generator_learns_through_the_augmentation() -> None:
    one = images_gan(augmentations=[diff(cutout=0.5, translation=0.25)])
    loss = one.generator_loss(batch(4, SHAPE), one.generate(one.draw_latents(4)))
    gradients = torch.autograd.grad(loss, list(one.generator.parameters()))
    assert all(float(g.abs().max()) > 0 for g in gradients)


def test_several_are_applied_one_after_the_other() -> None:
    first, second = Marking(), Marking()
    one = images_gan(augmentations=[first, second])
    made = one.as_seen(fakes(2, SHAPE))
    assert torch.equal(second.given[0], first.given[0] + 100)
    assert torch.equal(made, second.given[0] + 100)


def test_it_adapts_to_the_real_logits_of_each_update_of_the_discriminator() -> None:
    one = images_gan(augmentations=[ADA(ADA.Settings(speed=1.0))], n_critic=3)
    one.discriminator[-1].bias.data.fill_(1e3)
    list(one.training_step(iter([batch(4, SHAPE)] * 3)))
    assert float(one.augmentations[0].strength) == pytest.approx(3 * 4 / 1000)


def augmented(*chosen: Augmentation, **settings: Any) -> MLPGAN:
    made = gan(MLPGAN, **settings)
    made.augmentations = chosen
    return made


def test_previews_are_never_augmented() -> None:
    marking = Marking()
    trainer = trainer_of(augmented(marking), images(), steps=2)
    shown = [p for p in only(run(trainer), PreviewReady) if p.source == "fixed"][-1]
    with trainer._on_averages() as architecture, torch.no_grad():
        latents = trainer._fixed.latents
        assert latents is not None
        assert (shown.array == to_uint8(architecture.generate(latents))).all()
    # Two updates a step: real, generated, and generated again.
    assert len(marking.given) == 2 * 3


def test_p_is_a_curve_and_part_of_the_state() -> None:
    trainer = trainer_of(
        augmented(ADA(ADA.Settings(speed=0.1, target=0.0))), images(), steps=30, report_every=1
    )
    curve = [e.values["augmentation/ADA"] for e in only(run(trainer), StepRecord)]
    assert all(0 <= p <= 0.8 + 1e-6 for p in curve)
    assert max(curve) > 0
    assert trainer.state().rest["augmentations"] == {"ADA": pytest.approx(curve[-1])}


def test_an_augmentation_that_does_not_adapt_has_no_curve_and_no_state() -> None:
    trainer = trainer_of(augmented(DiffAugment()), images(), steps=2, report_every=1)
    for event in only(run(trainer), StepRecord):
        assert not any(name.startswith("augmentation/") for name in event.values)
    assert trainer.state().rest["augmentations"] == {}


@pytest.mark.parametrize("made", [lambda: gan(), lambda: gan(MLPGAN)], ids=["points", "images"])
def test_a_training_without_augmentations_keeps_none(made) -> None:
    trainer = trained(made(), images() if isinstance(made(), MLPGAN) else None, steps=1)
    assert trainer.state().rest["augmentations"] == {}


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ("augmentations.ADA.limit", 0.01, SettingChanged),
        ("augmentations.ADA.limit", 2.0, SettingRefused),
        ("augmentations.ADA.speed", 1.0, SettingChanged),
        ("augmentations.DiffAugment.cutout", 0.5, SettingRefused),
    ],
    ids=["limit", "out of range", "speed", "not in this run"],
)
def test_its_settings_are_changed_while_it_trains(path: str, value: float, kind: type) -> None:
    controls = Controls()
    one = ADA(ADA.Settings(speed=0.1, limit=1.0))
    trainer = trainer_of(augmented(one), images(), steps=6, report_every=1, controls=controls)
    events = []
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and event.step == 3:
            one.strength = torch.tensor(0.9)
            controls.post(Edit(path, value))
    (told,) = [e for e in events if isinstance(e, SettingChanged | SettingRefused)]
    assert type(told) is kind
    assert told.path == path
    if kind is SettingChanged:
        assert getattr(one.settings, path.rpartition(".")[2]) == value
    if (path, value) == ("augmentations.ADA.limit", 0.01):
        assert float(one.strength) <= 0.01


def test_diffaugments_settings_act_at_once() -> None:
    one = DiffAugment()
    samples = pictures()
    one.settings = DiffAugment.Settings(colour=False, translation=0, cutout=0)
    assert torch.equal(one.augment(samples), samples)


def test_a_batch_of_one_image_is_augmented() -> None:
    real = Batch(pictures(1))
    for augmentation in EVERY.values():
        assert augmentation.augment(real.real).shape == (1, 3, 8, 8)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@every
def test_a_training_goes_through_with_it(augmentation: Augmentation, precision: str) -> None:
    one = type(augmentation)(augmentation.settings)
    one.strength = augmentation.strength
    trainer = trained(augmented(one), images(channels=3), steps=3, precision=precision)
    assert all(torch.isfinite(p).all() for p in trainer.architecture.parameters())


def test_images_are_augmented_in_full_precision() -> None:
    """A half as precise grid of places would blur every image that is turned or scaled."""
    seen: list[torch.dtype] = []

    class Watching(Augmentation):
        def augment(self, samples: Tensor) -> Tensor:
            seen.append(samples.dtype)
            return samples

    trained(augmented(Watching()), images(), steps=2, precision="bf16")
    assert set(seen) == {torch.float32}
