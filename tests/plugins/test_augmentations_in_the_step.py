"""Augmentations in the step of a GAN: whom they reach, how they adapt, and what is kept of them."""

from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.api import Augmentation, Batch
from ganstudio.api.events import PreviewReady, SettingChanged, SettingRefused, StepRecord
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.previews import to_uint8
from ganstudio_plugins.augmentations import ADA, DiffAugment
from ganstudio_plugins.mlp_gan import MLPGAN
from tests.api.gans import batch, fakes, images_gan
from tests.plugins.test_augmentations import EVERY, diff, every, pictures
from tests.training.support import gan, images, only, run, trained, trainer_of

SHAPE = (1, 8, 8)


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
    with trainer._looking._on_averages() as architecture, torch.no_grad():
        latents = trainer._looking._fixed.latents
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
