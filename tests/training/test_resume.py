"""A training that goes on from a checkpoint ends as one that never stopped, bit for bit."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganstudio.api import Architecture, ImageSpec, LoadedData, Optimizer, StudioError, Update
from ganstudio.api.events import (
    CheckpointReady,
    Event,
    PreviewReady,
    Restarted,
    ScoreRecord,
    SettingChanged,
    StepRecord,
    Warned,
)
from ganstudio.runs.checkpoint import read_checkpoint, write_checkpoint
from ganstudio.training.controls import CheckpointNow, Controls, Edit
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.state import TrainingState
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.augmentations import ADA, DiffAugment
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, GradientPenalty
from ganstudio_plugins.stylegan import StyleGAN2
from ganstudio_plugins.tutorial_conv_gan import TutorialConvGAN
from ganstudio_plugins.vae import MLPVAE
from tests.training.support import Numbers, only, ring

STEPS, HALF = 40, 23
"""Half way lies between two reports, and previews are due there."""


def labelled_images(side: int = 8) -> LoadedData:
    generator = torch.Generator().manual_seed(1)
    values = torch.randint(0, 256, (50, 1, side, side), generator=generator, dtype=torch.uint8)
    return LoadedData(ImageSpec(1, side, side, ("a", "b")), values, torch.arange(50) % 2, flip=True)


def spectral() -> Architecture:
    settings = PointGAN.Settings(width=16, spectral_norm=True, n_critic=2)
    return PointGAN(settings, NonSaturating(), [R1(R1.Settings(every=3)), GradientPenalty()])


def conditional() -> Architecture:
    settings = MLPGAN.Settings(width=8, conditioning="embedded", instance_noise=0.1, instance_noise_steps=30)
    ada = ADA(ADA.Settings(speed=0.5))
    return MLPGAN(settings, NonSaturating(), augmentations=[DiffAugment(), ada])


def convolutional() -> Architecture:
    return ConvGAN(ConvGAN.Settings(width=4, spectral_norm=True, skip_when_winning=0.6), NonSaturating())


def batch_normalised() -> Architecture:
    return TutorialConvGAN(TutorialConvGAN.Settings(width=4), NonSaturating())


def style() -> Architecture:
    settings = StyleGAN2.Settings(width=4, latent_dim=4, layers=1)
    return StyleGAN2(settings, NonSaturating(), [R1(R1.Settings(every=16))])


def growing() -> Architecture:
    # Half way, at 23 steps of 4 images, the second of three levels is being faded in.
    return StyleGAN2(StyleGAN2.Settings(width=4, latent_dim=4, layers=1, growing=48), NonSaturating())


def vae() -> Architecture:
    return MLPVAE(MLPVAE.Settings(width=8))


Make = Callable[[], Architecture]
CASES = {
    "spectral norm and penalties": (spectral, ring, {}),
    "RMSprop": (spectral, ring, {"kind": "RMSprop"}),
    "SGD, a schedule": (spectral, ring, {"kind": "SGD", "schedule": "cosine"}),
    "classes and ADA": (conditional, labelled_images, {}),
    "convolutions": (convolutional, lambda: labelled_images(28), {"batch_size": 4}),
    "batch norm": (batch_normalised, lambda: labelled_images(64), {"batch_size": 4}),
    "styles, lazy penalties": (style, lambda: labelled_images(28), {"batch_size": 4}),
    "growing": (growing, lambda: labelled_images(28), {"batch_size": 4}),
    "VAE": (vae, labelled_images, {}),
    "no average": (spectral, ring, {"ema_decay": 0.0}),
}


def any_score(architecture: Architecture) -> Mapping[str, float]:
    return {"score/any": float(torch.rand(1))}


def trainer(make: Make, data: LoadedData, *, kind: str = "Adam", **more: Any) -> Trainer:
    own = {name: more.pop(name) for name in ("controls", "start_from", "replay") if name in more}
    wished = {"batch_size": 8, "preview_count": 4, "preview_every": HALF, "steps": STEPS}
    wished |= {"keep_best": "none", **more}
    architecture = make()
    optimizers = {
        name: Optimizer(**{**optimizer.model_dump(), "kind": kind, "learning_rate": 1e-3})
        for name, optimizer in type(architecture).default_optimizers.items()
    }
    return Trainer(architecture, data, optimizers, TrainingSettings(**wished), observers=[any_score], **own)


def straight(make: Make, data: LoadedData, edits: Mapping[int, Sequence[Edit]], **more: Any) -> Any:
    """Train without a stop but with a checkpoint half way; return the trainer, its events and that state."""
    controls = Controls()
    made = trainer(make, data, controls=controls, **more)
    events, kept = [], []
    for event in made.run():
        events.append(event)
        if isinstance(event, CheckpointReady) and event.background:
            kept.append(event.state)
        if isinstance(event, StepRecord | ScoreRecord):
            for edit in edits.get(event.step, ()):
                controls.post(edit)
            if isinstance(event, ScoreRecord) and event.step == HALF:
                controls.post(CheckpointNow())
    assert len(kept) == 1
    return made, events, kept[0]


def read_back(state: TrainingState, folder: Path) -> TrainingState:
    """Send a state through real files."""
    kept = read_checkpoint(Path(write_checkpoint(folder, state, "test").path))
    return TrainingState(
        kept.step, kept.images_seen, kept.seconds, kept.spec, kept.weights, kept.averages, kept.rest
    )


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor | np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def said_after(events: Sequence[Event], step: int) -> list[Any]:
    """What is told of later steps, without times."""
    told: list[Any] = []
    for event in events:
        if event.step > step:
            match event:
                case StepRecord() | ScoreRecord():
                    told.append((event.step, dict(event.values)))
                case PreviewReady():
                    told.append((event.step, event.source, event.array))
                case SettingChanged():
                    told.append((event.step, event.path, event.value, event.before))
    return told


def assert_same_end(first: Trainer, second: Trainer) -> None:
    one, other = first.state(), second.state()
    assert (one.step, one.images_seen) == (other.step, other.images_seen)
    assert alike(one.weights, other.weights)
    assert alike(one.averages, other.averages)
    for part in one.rest:
        assert alike(one.rest[part], other.rest[part]), part


@pytest.mark.parametrize(("make", "data", "more"), CASES.values(), ids=CASES)
def test_going_on_from_the_files_of_a_checkpoint_ends_with_the_same_state(
    make: Make, data: Callable[[], LoadedData], more: dict[str, Any], tmp_path: Path
) -> None:
    whole, events, state = straight(make, data(), {}, **more)
    resumed = trainer(make, data(), start_from=read_back(state, tmp_path), **more)
    again = list(resumed.run())
    assert only(again, Restarted)[0].step == HALF
    assert [event.step for event in only(again, StepRecord)] == [30, 40]
    assert alike(said_after(again, HALF), said_after(events, HALF))
    assert_same_end(whole, resumed)
    assert resumed.clock.seconds() > state.seconds


def test_previews_start_from_the_same_latents_and_data(tmp_path: Path) -> None:
    _whole, events, state = straight(conditional, labelled_images(), {})
    again = list(trainer(conditional, labelled_images(), start_from=read_back(state, tmp_path)).run())
    shown = [
        {e.source: e.array for e in only(told, PreviewReady) if e.source == "real"}
        for told in (events, again)
    ]
    assert alike(*shown)
    at_half = [
        next(e.array for e in only(told, PreviewReady) if e.step == HALF and e.source == "fixed")
        for told in (events, again)
    ]
    assert alike(*at_half)


RATE, DECAY, GAMMA = "optimizers.generator.learning_rate", "training.ema_decay", "regularizers.R1.gamma"
EDITS = {
    10: [Edit(RATE, 3e-4), Edit(DECAY, 0.0)],
    20: [Edit(GAMMA, 0.5)],
    30: [Edit(DECAY, 0.9), Edit(RATE, 1e-5)],
}


def test_edits_hold_and_later_ones_are_made_again(tmp_path: Path) -> None:
    whole, events, state = straight(spectral, ring(), EDITS)
    replay = [(e.step, Edit(e.path, e.value)) for e in only(events, SettingChanged)]
    assert len(replay) == 5
    resumed = trainer(
        spectral,
        ring(),
        start_from=read_back(state, tmp_path),
        replay=replay[state.rest["changes"] :],
    )
    again = list(resumed.run())
    assert only(again, Restarted)[0].changes == 3
    assert alike(said_after(again, HALF), said_after(events, HALF))
    assert resumed.live.changed == {RATE: 1e-5, DECAY: 0.9, GAMMA: 0.5}
    assert_same_end(whole, resumed)


def test_an_average_that_is_exact_stays_so_when_its_decay_is_changed_at_once(tmp_path: Path) -> None:
    whole, _events, state = straight(spectral, ring(), {HALF: [Edit(DECAY, 0.99)]}, ema_decay=0.0)
    # The edit came just before the checkpoint, and no step was made in between.
    assert state.rest["changes"] == 1
    resumed = trainer(spectral, ring(), start_from=read_back(state, tmp_path), ema_decay=0.0)
    for _event in resumed.run():
        pass
    assert_same_end(whole, resumed)


class Remembering(Numbers):
    """Has a buffer of its own, and a number that no network holds."""

    def build(self, data: Any) -> None:
        super().build(data)
        self.register_buffer("seen", torch.zeros(2))
        self.turns = 0

    def training_step(self, batches: Any) -> Any:
        self.turns += 1
        self.seen += next(batches).points.mean(0)
        yield Update(self.first, (self.first.weight.sum() - self.seen.sum() * self.turns).square())

    def checkpoint_state(self) -> dict[str, Any]:
        return {**super().checkpoint_state(), "turns": self.turns}

    def load_checkpoint_state(self, state: Mapping[str, Any]) -> None:
        super().load_checkpoint_state(state)
        self.turns = state["turns"]


def test_what_a_variant_remembers_by_itself_is_put_back(tmp_path: Path) -> None:
    whole, _events, state = straight(Remembering, ring(), {})
    assert alike(state.rest["components"]["architecture"]["turns"], HALF)
    resumed = trainer(Remembering, ring(), start_from=read_back(state, tmp_path))
    for _event in resumed.run():
        pass
    assert_same_end(whole, resumed)


def test_more_steps_than_were_asked_for_may_follow(tmp_path: Path) -> None:
    whole = trainer(spectral, ring(), steps=STEPS)
    for _event in whole.run():
        pass
    further = trainer(spectral, ring(), steps=2 * STEPS, start_from=read_back(whole.state(), tmp_path))
    for _event in further.run():
        pass
    once = trainer(spectral, ring(), steps=2 * STEPS)
    for _event in once.run():
        pass
    assert_same_end(once, further)


def test_a_state_is_not_changed_by_the_training_that_goes_on_from_it() -> None:
    whole, _events, state = straight(spectral, ring(), {})
    for _ in range(2):
        resumed = trainer(spectral, ring(), start_from=state)
        for _event in resumed.run():
            pass
        assert resumed._start_from is None
        assert_same_end(whole, resumed)


def test_a_state_of_other_networks_is_refused_with_a_sentence(tmp_path: Path) -> None:
    _whole, _events, state = straight(spectral, ring(), {})
    wider = trainer(lambda: PointGAN(PointGAN.Settings(width=32), NonSaturating()), ring(), start_from=state)
    with pytest.raises(StudioError, match=r"^The checkpoint of step 23 does not fit the networks"):
        list(wider.run())


def test_a_state_as_older_versions_kept_it_is_taken(tmp_path: Path) -> None:
    _whole, _events, state = straight(spectral, ring(), {})
    for part in ("meter", "settings", "changes", "components", "average_is_exact"):
        del state.rest[part]
    resumed = trainer(spectral, ring(), start_from=state)
    assert list(resumed.run())[-1].step == STEPS


def test_a_checkpoint_comes_every_so_many_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("ganstudio.training.keeping.time.monotonic", lambda: now[0])
    kept = []
    made = trainer(spectral, ring(), checkpoint_minutes=0.5, keep_checkpoints=7, report_every=1)
    for event in made.run():
        if isinstance(event, StepRecord):
            now[0] += 10
        if isinstance(event, CheckpointReady):
            kept.append((event.step, event.reason, event.background, event.keep))
    assert kept[:3] == [(n, "every few minutes", True, 7) for n in (3, 6, 9)]
    assert kept[-1] == (STEPS, "end", False, 7)


def test_no_minutes_keep_the_end_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]

    def later() -> float:
        now[0] += 1000
        return now[0]

    monkeypatch.setattr("ganstudio.training.keeping.time.monotonic", later)
    kept = only(list(trainer(spectral, ring(), checkpoint_minutes=0).run()), CheckpointReady)
    assert [event.reason for event in kept] == ["end"]


def test_weights_that_are_no_numbers_are_no_checkpoint() -> None:
    controls = Controls()
    made = trainer(spectral, ring(), controls=controls, steps=30, checkpoint_minutes=0)
    told: list[Event] = []

    def spoil() -> None:
        for event in made.run():
            told.append(event)
            if isinstance(event, StepRecord) and event.step == 10:
                next(made.architecture.parameters()).data.fill_(float("nan"))
                controls.post(CheckpointNow())

    with pytest.raises(StudioError, match="not a finite number"):
        spoil()
    assert "No checkpoint is kept now" in only(told, Warned)[0].message
    assert not [event for event in only(told, CheckpointReady) if event.step > 10]
