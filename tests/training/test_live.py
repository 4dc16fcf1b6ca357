"""Every live setting that a plugin offers can be changed while it trains, and acts at the next step."""

from typing import Any

import pytest

from ganstudio.api.events import SettingChanged, StepRecord
from ganstudio.api.settings import Range
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved, resolve
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.live import is_live
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer

REGISTRY = Registry.load()
TRAINING = {"steps": 6, "batch_size": 16, "report_every": 1, "preview_every": 3, "preview_count": 4}

IMAGES = Experiment(
    Choice("Digits"),
    Choice("MLPGAN", {"width": 8, "conditioning": "auxiliary"}),
    regularizers={name: {} for name in REGISTRY.classes["regularizer"] if name != "WeightClipping"},
    augmentations={
        name: {} for name, cls in REGISTRY.classes["augmentation"].items() if "Image" in str(cls.accepts)
    },
    training=TRAINING,
)


def live_paths() -> list[tuple[str, Any]]:
    """Return every live setting of the experiment above, with another value that it takes."""
    resolved = resolve(IMAGES, REGISTRY)
    owners: dict[str, Any] = {
        "architecture": resolved.architecture.settings,
        "training": resolved.training,
        "optimizers.generator": resolved.optimizers["generator"],
        "loss": resolved.architecture.loss.settings,
    }
    for part in ("regularizers", "augmentations"):
        owners |= {
            f"{part}.{type(one).__name__}": one.settings for one in getattr(resolved.architecture, part)
        }
    return [
        (f"{prefix}.{name}", other(type(settings), name, getattr(settings, name)))
        for prefix, settings in owners.items()
        for name in type(settings).model_fields
        if is_live(type(settings), name)
    ]


def other(settings: Any, name: str, value: Any) -> Any:
    bounds = next((m for m in settings.model_fields[name].metadata if isinstance(m, Range)), None)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 2 if value != 2 else 3
    if isinstance(value, float):
        assert bounds is not None
        near = (value + bounds.low) / 2
        return near if near != value else min(bounds.high, 0.25)
    return "other" if value != "other" else ""


def trained(resolved: Resolved, edits: dict[int, Edit]) -> tuple[Trainer, list[Any]]:
    controls = Controls()
    data = resolved.source.load(lambda what, share=None: None)
    trainer = Trainer(resolved.architecture, data, resolved.optimizers, resolved.training, controls=controls)
    events = []
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and event.step in edits:
            controls.post(edits[event.step])
    return trainer, events


def test_what_is_to_be_live_is() -> None:
    paths = {path for path, _value in live_paths()}
    assert paths >= {
        *("optimizers.generator.learning_rate", "regularizers.R1.gamma", "regularizers.R1.every"),
        *("architecture.n_critic", "augmentations.ADA.target"),
        *("training.ema_decay", "training.preview_every", "training.report_every"),
        *("training.checkpoint_minutes", "training.keep_checkpoints"),
        *("training.keep_every", "training.keep_best"),
    }


@pytest.mark.parametrize(
    ("path", "value"), live_paths(), ids=lambda each: each if isinstance(each, str) else ""
)
def test_each_is_changed_at_its_step_and_holds(path: str, value: Any) -> None:
    trainer, events = trained(resolve(IMAGES, REGISTRY), {2: Edit(path, value)})
    changed = [event for event in events if isinstance(event, SettingChanged)]
    assert [(event.step, event.path, event.value) for event in changed] == [(2, path, value)]
    assert changed[0].before != value
    assert trainer.live.changed == {path: value}
    assert trainer.step == 6


WEIGHING = [
    *("optimizers.generator.learning_rate", "optimizers.discriminator.learning_rate"),
    *("regularizers.R1.gamma", "architecture.n_critic", "architecture.auxiliary_weight"),
]


def weights_after(step: int, edits: dict[int, Edit]) -> bytes:
    experiment = IMAGES.with_value("training.steps", step)
    trainer, _events = trained(resolve(experiment, REGISTRY), edits)
    return b"".join(bytes(p.detach().numpy().data) for p in trainer.architecture.parameters())


@pytest.mark.parametrize("path", [path for path in WEIGHING if path in dict(live_paths())])
def test_it_acts_at_the_very_next_step(path: str) -> None:
    value = dict([*live_paths(), ("optimizers.discriminator.learning_rate", 1e-3)])[path]
    assert weights_after(2, {2: Edit(path, value)}) == weights_after(2, {})
    assert weights_after(3, {2: Edit(path, value)}) != weights_after(3, {})


def test_the_learning_rate_of_a_schedule_falls_from_its_new_value() -> None:
    experiment = IMAGES.with_value("training.schedule", "linear")
    trainer, _events = trained(
        resolve(experiment, REGISTRY), {2: Edit("optimizers.generator.learning_rate", 0.6)}
    )
    rate = trainer.optimizers["generator"].rule.param_groups[0]["lr"]
    assert rate == pytest.approx(0.6 * (1 - 5 / 6))


def test_the_average_follows_by_the_new_decay() -> None:
    trainer, _events = trained(resolve(IMAGES, REGISTRY), {2: Edit("training.ema_decay", 0.0)})
    for name, average in trainer.average.networks.items():
        network = trainer.architecture.networks()[name]
        assert all((a == p).all() for a, p in zip(average.parameters(), network.parameters(), strict=True))


def test_the_interval_of_reports_is_that_of_now() -> None:
    experiment = IMAGES.with_value("training.steps", 12)
    _trainer, events = trained(resolve(experiment, REGISTRY), {4: Edit("training.report_every", 3)})
    assert [event.step for event in events if isinstance(event, StepRecord)] == [1, 2, 3, 4, 6, 9, 12]
    assert all("grad_norm/generator" in e.values for e in events if isinstance(e, StepRecord))


def test_a_setting_that_is_not_live_is_refused() -> None:
    assert not is_live(TrainingSettings, "batch_size")
    _trainer, events = trained(resolve(IMAGES, REGISTRY), {2: Edit("training.batch_size", 32)})
    refused = [event for event in events if type(event).__name__ == "SettingRefused"]
    assert [event.reason for event in refused] == [
        "training.batch_size: this setting cannot change while training."
    ]
