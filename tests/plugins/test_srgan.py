from typing import Any

import pytest
import torch
from torch.nn import functional

from ganstudio.api import Fixed, ImageSpec, InputError, PairedSpec, StudioError, Upscaler
from ganstudio.api.events import CheckpointReady, Finished, PreviewReady, StepRecord
from ganstudio.judging import lender_of
from ganstudio.registry import Registry
from ganstudio.testing.stand_ins import PlainFeatures
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.losses import LeastSquares
from ganstudio_plugins.sr_generators import bicubic
from ganstudio_plugins.srgan import SRGAN, difference
from tests.plugins.translations import batches, loaded, made, random_images, walk

REGISTRY = Registry.load()
LOSSES = REGISTRY.classes["loss"]
REGULARIZERS = REGISTRY.classes["regularizer"]
AUGMENTATIONS = REGISTRY.classes["augmentation"]
PAIRS = PairedSpec(ImageSpec(3, 12, 12), ImageSpec(3, 24, 24), ("low", "high"))
GREY = PairedSpec(ImageSpec(1, 12, 12), ImageSpec(1, 48, 48))
FIRST, THEN = [("generator",)], [("discriminator",), ("generator",)]


def srgan(data: PairedSpec = PAIRS, *rest: Any, **settings: Any) -> Any:
    """Return a small one whose discriminator joins at once, and features without training are compared."""
    gan = made(SRGAN, data, *rest, **{"blocks": 2, "pixel_steps": 0, "features": "random", **settings})
    gan.lend_extractors(lender_of(REGISTRY, loaded(data, (8, 8))))
    return gan


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_takes_its_steps(loss: type) -> None:
    assert walk(srgan(PAIRS, loss()), batches(PAIRS)) == THEN * 2


@pytest.mark.parametrize("regularizer", REGULARIZERS.values(), ids=REGULARIZERS)
def test_every_regularizer_takes_its_steps(regularizer: type) -> None:
    assert walk(srgan(PAIRS, None, [regularizer()]), batches(PAIRS)) == THEN * 2


@pytest.mark.parametrize("augmentation", AUGMENTATIONS.values(), ids=AUGMENTATIONS)
@pytest.mark.parametrize("data", [PAIRS, GREY], ids=["colour", "grey"])
def test_every_augmentation_takes_its_steps(augmentation: type, data: PairedSpec) -> None:
    assert walk(srgan(data, None, (), [augmentation()]), batches(data)) == THEN * 2


@pytest.mark.parametrize(
    "settings",
    [
        {"normalised": True},
        {"added": False},
        {"shuffle": "by two"},
        {"spectral_norm": True},
        {"perceptual": 0.0, "pixel": 1.0},
        {"pixel_loss": "MSE", "pixel_steps": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("data", [PAIRS, GREY], ids=["× 2", "× 4"])
def test_every_setting_takes_its_steps(settings: dict[str, Any], data: PairedSpec) -> None:
    steps = [*FIRST, *THEN] if "pixel_steps" in settings else THEN * 2
    assert walk(srgan(data, **settings), batches(data)) == steps


def test_the_discriminator_joins_after_the_first_steps() -> None:
    assert walk(srgan(pixel_steps=2), batches(PAIRS), steps=4) == FIRST * 2 + THEN * 2


@pytest.mark.parametrize("kind", ["L1", "MSE"])
def test_the_first_steps_are_by_the_pixel_loss_alone(kind: str) -> None:
    gan = srgan(pixel_steps=1, pixel_loss=kind)
    small, large = next(batches(PAIRS)).both
    apart = gan.generator(small) - large
    (update,) = gan.training_step(batches(PAIRS))
    torch.testing.assert_close(update.loss, apart.abs().mean() if kind == "L1" else apart.square().mean())


def test_the_generators_loss_is_that_of_the_paper() -> None:
    gan = srgan(perceptual=2.0, adversarial=0.1, pixel=0.5)
    small, large = next(batches(PAIRS)).both
    made_of_it = gan.generator(small)
    _, update = gan.training_step(batches(PAIRS))
    adversarial = (gan.discriminator(made_of_it) - 1).square().mean() / 2
    perceptual = difference(gan.extractor("random"), made_of_it, large)
    pixel = functional.l1_loss(made_of_it, large)
    torch.testing.assert_close(update.loss, 0.1 * adversarial + 2 * perceptual + 0.5 * pixel)


def test_the_perceptual_network_is_none_that_is_trained() -> None:
    gan = srgan()
    walk(gan, batches(PAIRS))
    assert list(gan.networks()) == ["generator", "discriminator"]


def test_the_batch_is_measured_beside_bicubic_enlargement() -> None:
    gan = srgan(pixel_steps=1)
    small, large = next(batches(PAIRS)).both
    list(gan.training_step(batches(PAIRS)))
    log = gan.take_log()
    square = functional.mse_loss(bicubic(small, 2).clamp(-1, 1), large)
    # Untrained, the generator is bicubic but for what it does not clip.
    assert float(log["psnr/bicubic"]) == pytest.approx(float(10 * torch.log10(4 / square)))
    assert float(log["psnr/generator"]) == pytest.approx(float(log["psnr/bicubic"]), abs=1.5)


def test_previews_show_four_columns() -> None:
    gan = srgan()
    small, large = random_images(PAIRS.input, 8), random_images(PAIRS.target, 8, seed=1)
    with torch.no_grad():
        preview = gan.preview(Fixed(None, small, None, large))
        made_of_it = gan.generator(small[:2])
    assert preview.captions[:4] == ("low", "bicubic", "generator", "original")
    rows = preview.values.view(2, 4, 3, 24, 24)
    assert torch.equal(rows[:, 0], functional.interpolate(small[:2], (24, 24)))
    assert torch.equal(rows[:, 1], bicubic(small[:2], 2).clamp(-1, 1))
    torch.testing.assert_close(rows[:, 2], made_of_it)
    assert torch.equal(rows[:, 3], large[:2])


def test_it_can_be_asked_to_enlarge_and_to_translate() -> None:
    gan = srgan(GREY)
    assert isinstance(gan, Upscaler)
    assert gan.scale == 4
    images = torch.rand(1, 1, 9, 7)
    assert gan.upscale(images).shape == (1, 1, 36, 28)
    assert torch.equal(gan.translate(images, "target"), gan.upscale(images))
    with pytest.raises(InputError, match="not 'low'"):
        gan.translate(images, "low")


@pytest.mark.parametrize(
    ("small", "large", "words"),
    [
        ((12, 12), (24, 36), "both ways by the same whole number"),
        ((12, 12), (30, 30), "12 × 12, their targets 30 × 30"),
        ((24, 24), (12, 12), "Choose super-resolution pairs"),
        ((4, 4), (8, 8), "Set Patch to 12"),
    ],
    ids=["stretched", "no whole number", "smaller", "nothing to judge"],
)
def test_targets_that_are_no_enlargement_are_refused(
    small: tuple[int, int], large: tuple[int, int], words: str
) -> None:
    reason = SRGAN.refuses(SRGAN.Settings(), PairedSpec(ImageSpec(3, *small), ImageSpec(3, *large)))
    assert reason is not None
    assert words in reason


def test_the_perceptual_loss_takes_the_features_that_are_chosen() -> None:
    small, large = next(batches(PAIRS)).both
    extractors = {"pixels": PlainFeatures(), "random": srgan().extractor("random")}
    found = []
    for name, extractor in extractors.items():
        gan = srgan(features=name, adversarial=0.0)
        gan.lend_extractors(extractors.__getitem__)
        with torch.no_grad():
            wanted = difference(extractor, gan.generator(small), large)
        _, update = gan.training_step(batches(PAIRS))
        torch.testing.assert_close(update.loss.detach(), wanted)
        found.append(float(wanted))
    assert found[0] != pytest.approx(found[1], rel=0.1)


def test_who_only_enlarges_images_or_learns_pixels_needs_no_features() -> None:
    gan = made(SRGAN, PAIRS, blocks=2, pixel_steps=1)
    assert gan.upscale(torch.rand(1, 3, 6, 6)).shape == (1, 3, 12, 12)
    list(gan.training_step(batches(PAIRS)))
    gan.step = 1
    with pytest.raises(StudioError, match="SRGAN asks for features outside of a training"):
        list(gan.training_step(batches(PAIRS)))


def test_runs_of_earlier_versions_keep_their_random_filters() -> None:
    assert SRGAN.Settings(features="own").features == "random"


def test_it_learns_to_undo_what_was_done() -> None:
    gan = SRGAN(SRGAN.Settings(width=8, blocks=2), LeastSquares())
    settings = TrainingSettings(steps=60, batch_size=8, report_every=10, preview_every=1000)
    data = loaded(PAIRS, (32, 32))
    # Smooth images, and their small versions.
    data.other = functional.interpolate(data.values.float(), (24, 24), mode="bilinear").to(torch.uint8)
    optimizers = {
        name: rule.model_copy(update={"learning_rate": 1e-3})
        for name, rule in SRGAN.default_optimizers.items()
    }
    reports = [e for e in Trainer(gan, data, optimizers, settings).run() if isinstance(e, StepRecord)]
    last = reports[-1].values
    assert last["psnr/generator"] > last["psnr/bicubic"] + 1


@pytest.mark.parametrize("pixel_steps", [0, 2, 5], ids=["after", "between", "before"])
def test_a_training_goes_on_from_its_state_exactly(pixel_steps: int) -> None:
    def trainer(start: object = None) -> Trainer:
        chosen = {"width": 4, "blocks": 1, "discriminator_width": 4, "features": "random"}
        gan = SRGAN(
            SRGAN.Settings(**chosen, pixel_steps=pixel_steps),
            LeastSquares(),
            augmentations=[AUGMENTATIONS["DiffAugment"]()],
        )
        gan.lend_extractors(lender_of(REGISTRY, loaded(PAIRS, (7, 7))))
        settings = TrainingSettings(steps=6, batch_size=2, preview_every=3, preview_count=8, report_every=1)
        return Trainer(gan, loaded(PAIRS, (7, 7)), SRGAN.default_optimizers, settings, start_from=start)

    straight = list(trainer().run())
    assert isinstance(straight[-1], Finished)
    assert {e.step for e in straight if isinstance(e, PreviewReady) and e.kept} == {3, 6}
    half = trainer()
    state = next(half.state() for e in half.run() if isinstance(e, StepRecord) and e.step == 3)
    again = list(trainer(state).run())
    one, other = (
        next(e.state for e in events if isinstance(e, CheckpointReady)) for events in (straight, again)
    )
    assert one.rest["feed"] == other.rest["feed"]
    for tensors, others in ((one.weights, other.weights), (one.averages, other.averages)):
        for name, tensor in tensors.items():
            assert torch.equal(tensor, others[name]), name
