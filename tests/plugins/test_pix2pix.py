import pytest
import torch

from ganstudio.api import Fixed, ImageSpec, InputError, PairedSpec
from ganstudio.registry import Registry
from ganstudio_plugins.pix2pix import Pix2Pix
from tests.plugins.translations import COLOUR, GREY, PAIRED, batches, made, random_images, walk

REGISTRY = Registry.load()
LOSSES = REGISTRY.classes["loss"]
PARTS = {
    **{name: ("regularizers", cls) for name, cls in REGISTRY.classes["regularizer"].items()},
    **{name: ("augmentations", cls) for name, cls in REGISTRY.classes["augmentation"].items()},
}
STEP = [("discriminator",), ("generator",)]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_takes_its_steps(loss: type) -> None:
    assert walk(made(Pix2Pix, PAIRED, loss()), batches(PAIRED)) == STEP * 2


@pytest.mark.parametrize(("part", "cls"), PARTS.values(), ids=PARTS)
def test_every_regularizer_and_augmentation_takes_its_steps(part: str, cls: type) -> None:
    assert walk(made(Pix2Pix, PAIRED, **{part: [cls()]}), batches(PAIRED)) == STEP * 2


def test_the_generators_loss_is_that_of_the_paper() -> None:
    gan = made(Pix2Pix, PAIRED, LOSSES["NonSaturating"](), distance=30.0, dropout=0.0)
    given, wanted = next(batches(PAIRED)).both
    fake = gan.generator(given)
    seen = gan.discriminator(torch.cat([given, fake], 1))
    expected = torch.nn.functional.softplus(-seen).mean() + 30 * (fake - wanted).abs().mean()
    _discriminator, generator = gan.training_step(batches(PAIRED))
    torch.testing.assert_close(generator.loss, expected)


def test_the_discriminator_judges_a_target_beside_its_input() -> None:
    gan = made(Pix2Pix, PAIRED, dropout=0.0)
    given, wanted = next(batches(PAIRED)).both
    real = gan.discriminator(torch.cat([given, wanted], 1))
    fake = gan.discriminator(torch.cat([given, gan.generator(given)], 1))
    update = next(gan.training_step(batches(PAIRED)))
    torch.testing.assert_close(update.loss, ((real - 1).square().mean() + fake.square().mean()) / 2)


def test_what_is_shown_has_no_dropout() -> None:
    gan = made(Pix2Pix, PAIRED, dropout=0.9)
    images = random_images(GREY)
    assert not torch.equal(gan.translate(images), gan.translate(images))
    gan.eval()
    assert torch.equal(gan.translate(images), gan.translate(images))


def test_the_preview_shows_input_output_and_target_of_different_colours() -> None:
    gan = made(Pix2Pix, PAIRED).eval()
    given, wanted = random_images(GREY, 9), random_images(COLOUR, 9)
    with torch.no_grad():
        preview = gan.preview(Fixed(None, given, None, wanted))
        rows = preview.values.view(3, 3, 3, 32, 32)
        assert preview.captions[:3] == ("input", "output", "target")
        assert torch.equal(rows[:, 0], given[:3].expand(-1, 3, -1, -1))
        torch.testing.assert_close(rows[:, 1], gan.generator(given[:3]))
        assert torch.equal(rows[:, 2], wanted[:3])


def test_targets_of_another_size_are_refused() -> None:
    reason = Pix2Pix.refuses(Pix2Pix.Settings(), PairedSpec(GREY, ImageSpec(1, 64, 64)))
    assert reason is not None
    assert "64 × 64" in reason


def test_the_way_back_is_not_learned() -> None:
    gan = made(Pix2Pix, PAIRED)
    with pytest.raises(InputError, match="'input'"):
        gan.translate(random_images(COLOUR), "input")
