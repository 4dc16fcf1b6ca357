import pytest
import torch

from ganstudio.api import Fixed, ImageSpec, InputError, UnpairedSpec
from ganstudio.api.events import CheckpointReady, Finished, PreviewReady, StepRecord
from ganstudio.registry import Registry
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.cyclegan import CycleGAN
from ganstudio_plugins.losses import LeastSquares
from tests.plugins.translations import COLOUR, GREY, UNPAIRED, batches, loaded, made, random_images, walk

REGISTRY = Registry.load()
LOSSES = REGISTRY.classes["loss"]
REGULARIZERS = REGISTRY.classes["regularizer"]
AUGMENTATIONS = REGISTRY.classes["augmentation"]
STEP = [("generator_ab", "generator_ba"), ("discriminator_a",), ("discriminator_b",)]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_takes_its_steps(loss: type) -> None:
    assert walk(made(CycleGAN, UNPAIRED, loss()), batches(UNPAIRED)) == STEP * 2


@pytest.mark.parametrize("regularizer", REGULARIZERS.values(), ids=REGULARIZERS)
def test_every_regularizer_takes_its_steps(regularizer: type) -> None:
    gan = made(CycleGAN, UNPAIRED, regularizers=[regularizer()])
    assert walk(gan, batches(UNPAIRED)) == STEP * 2


@pytest.mark.parametrize("augmentation", AUGMENTATIONS.values(), ids=AUGMENTATIONS)
@pytest.mark.parametrize("kind", [GREY, COLOUR], ids=["grey", "colour"])
def test_every_augmentation_takes_its_steps(augmentation: type, kind: ImageSpec) -> None:
    data = UnpairedSpec(kind, kind)
    assert walk(made(CycleGAN, data, augmentations=[augmentation()]), batches(data)) == STEP * 2


@pytest.mark.parametrize("normalisation", ["instance", "batch", "none"])
@pytest.mark.parametrize("generator", ["ResNet", "U-Net"])
@pytest.mark.parametrize("added", [False, True], ids=["whole", "added"])
def test_every_network_takes_its_steps(generator: str, normalisation: str, added: bool) -> None:
    settings = {"generator": generator, "normalisation": normalisation, "added": added}
    gan = made(CycleGAN, UNPAIRED, spectral_norm=added, **settings)
    assert walk(gan, batches(UNPAIRED)) == STEP * 2


def test_the_generators_loss_is_that_of_the_paper() -> None:
    gan = made(CycleGAN, UNPAIRED, cycle=7.0, identity=0.3)
    real_a, real_b = next(batches(UNPAIRED)).both
    ab, ba = gan.generator_ab, gan.generator_ba
    fake_b, fake_a = ab(real_a), ba(real_b)
    adversarial = sum(
        (judge(fake) - 1).square().mean() / 2
        for judge, fake in ((gan.discriminator_b, fake_b), (gan.discriminator_a, fake_a))
    )
    cycle = (ba(fake_b) - real_a).abs().mean() + (ab(fake_a) - real_b).abs().mean()
    identity = (ba(real_a) - real_a).abs().mean() + (ab(real_b) - real_b).abs().mean()
    update = next(gan.training_step(batches(UNPAIRED)))
    torch.testing.assert_close(update.loss, adversarial + 7 * (cycle + 0.3 * identity))


def test_a_generator_that_adds_leaves_images_alone_until_it_is_trained() -> None:
    images = random_images(GREY)
    gan = made(CycleGAN, UNPAIRED, added=True)
    assert torch.equal(gan.translate(images), images)
    walk(gan, batches(UNPAIRED))
    assert not torch.equal(gan.translate(images), images)


def test_discriminators_see_translations_of_earlier_steps() -> None:
    gan = made(CycleGAN, UNPAIRED, pool=2)
    walk(gan, batches(UNPAIRED, 2), steps=4)
    kept = gan.checkpoint_state()["pool_b"]["images"]
    assert kept.shape == (2, 1, 32, 32)
    assert not kept.requires_grad


@pytest.mark.parametrize(
    ("to", "network"), [("B", "generator_ab"), ("zebras", "generator_ab"), ("a", "generator_ba")]
)
def test_images_are_translated_to_the_domain_that_is_named(to: str, network: str) -> None:
    gan = made(CycleGAN, UnpairedSpec(GREY, GREY, ("horses", "zebras")))
    images = random_images(GREY)
    assert torch.equal(gan.translate(images, to), getattr(gan, network)(images))


def test_a_domain_there_is_not_is_named_with_those_there_are() -> None:
    gan = made(CycleGAN, UnpairedSpec(GREY, GREY, ("horses", "zebras")))
    with pytest.raises(InputError, match=r"'cows'.*A \(horses\).*B \(zebras\)"):
        gan.translate(random_images(GREY), "cows")


def test_previews_show_input_translation_and_cycle_in_both_directions() -> None:
    gan = made(CycleGAN, UNPAIRED)
    real, other = random_images(GREY, 12), random_images(GREY, 12, seed=1)
    with torch.no_grad():
        previews = gan.preview(Fixed(None, real, None, other))
        for name, images, there, back in (
            ("a to b", real, gan.generator_ab, gan.generator_ba),
            ("b to a", other, gan.generator_ba, gan.generator_ab),
        ):
            preview = previews[name]
            assert preview.captions[:3] == ("input", "translation", "cycle")
            assert len(preview.captions) == preview.columns
            rows = preview.values.view(4, 3, 1, 32, 32)
            assert torch.equal(rows[:, 0], images[:4])
            torch.testing.assert_close(rows[:, 1], there(images[:4]))
            torch.testing.assert_close(rows[:, 2], back(there(images[:4])))


def test_domains_of_other_colours_need_no_identity() -> None:
    data = UnpairedSpec(GREY, COLOUR)
    reason = CycleGAN.refuses(CycleGAN.Settings(), data)
    assert reason is not None
    assert "Set Identity to 0" in reason
    assert CycleGAN.refuses(CycleGAN.Settings(identity=0.0), data) is None
    gan = made(CycleGAN, data, identity=0.0)
    assert walk(gan, batches(data)) == STEP * 2
    fixed = Fixed(None, random_images(GREY, 3), None, random_images(COLOUR, 3))
    assert {preview.values.shape[1:] for preview in gan.preview(fixed).values()} == {(3, 32, 32)}


def test_domains_of_other_sizes_are_refused() -> None:
    reason = CycleGAN.refuses(CycleGAN.Settings(), UnpairedSpec(GREY, ImageSpec(1, 64, 64)))
    assert reason is not None
    assert "32 × 32 and 64 × 64" in reason


def test_a_training_shows_both_directions_and_goes_on_from_its_state_exactly() -> None:
    def trainer(start: object = None) -> Trainer:
        gan = CycleGAN(CycleGAN.Settings(width=4, discriminator_width=4, pool=3), LeastSquares())
        settings = TrainingSettings(steps=6, batch_size=2, preview_every=3, preview_count=6, report_every=1)
        data = loaded(UNPAIRED, (7, 5))
        return Trainer(gan, data, CycleGAN.default_optimizers, settings, start_from=start)

    straight = list(trainer().run())
    assert isinstance(straight[-1], Finished)
    shown = {(e.step, e.source) for e in straight if isinstance(e, PreviewReady) and e.kept}
    assert shown == {(step, name) for step in (3, 6) for name in ("a to b", "b to a")}
    (report,) = (e for e in straight if isinstance(e, StepRecord) and e.step == 6)
    assert {"cycle/a", "identity/b", "loss/generator_ab+generator_ba", "loss/discriminator_b"} <= set(
        report.values
    )
    half = trainer()
    state = next(half.state() for e in half.run() if isinstance(e, StepRecord) and e.step == 3)
    again = list(trainer(state).run())
    one, other = (
        next(e.state for e in events if isinstance(e, CheckpointReady)) for events in (straight, again)
    )
    assert one.rest["feed"] == other.rest["feed"]
    for name, tensor in one.weights.items():
        assert torch.equal(tensor, other.weights[name]), name
    pools = [each.rest["components"]["architecture"] for each in (one, other)]
    assert torch.equal(pools[0]["pool_a"]["images"], pools[1]["pool_a"]["images"])
