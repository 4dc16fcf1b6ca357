import math
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.api import Augmentation
from ganstudio_plugins import augmentations
from ganstudio_plugins.augmentations import ADA, DiffAugment

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
    """Return an image [C, H, W] moved, grey where nothing was."""
    moved = torch.full_like(image, 0.0)
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
