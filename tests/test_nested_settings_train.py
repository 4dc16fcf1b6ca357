"""A plugin whose settings are nested, listed and chosen: from the command line to the step, and live."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ganstudio.api.events import SettingChanged, SettingRefused, StepRecord
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.trainer import Trainer
from tests.commands import ganstudio
from tests.installing import InstallPlugin

SOURCE = '''
from typing import Annotated, Literal

import torch
from torch import nn

from ganstudio.api import GAN, Length, Live, PointSpec, Range, Settings, hookimpl


class Plain(Settings):
    kind: Literal["Plain"] = "Plain"
    scale: Annotated[float, Range(0.0, 10.0)] = 1.0


class Noisy(Settings):
    kind: Literal["Noisy"] = "Noisy"
    scale: Annotated[float, Range(0.0, 10.0)] = 2.0
    noise: Annotated[float, Range(0.0, 1.0)] = 0.5


class Inner(Settings):
    rate: Annotated[float, Range(0.0, 1.0), Live] = 0.5
    depth: Annotated[int, Range(1, 4)] = 1


class ListedGAN(GAN):
    """Points through layers as listed."""

    title = "Listed GAN"
    accepts = (PointSpec,)

    class Settings(GAN.Settings):
        layers: Annotated[tuple[Annotated[int, Range(1, 64)], ...], Length(1, 3)] = (8,)
        inner: Inner = Inner(depth=3)
        mixing: Annotated[Plain | Noisy, Live] = Plain()

    def build_generator(self, data):
        return self._layers(self.generator_inputs, 2)

    def build_discriminator(self, data):
        return self._layers(2, 1)

    def _layers(self, first, last):
        widths = [first, *self.settings.layers]
        hidden = [m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
        return nn.Sequential(*hidden, nn.Linear(widths[-1], last))

    def training_step(self, batches):
        self.log("own/rate", torch.tensor(self.settings.inner.rate))
        self.log("own/scale", torch.tensor(self.settings.mixing.scale))
        yield from super().training_step(batches)


@hookimpl
def ganstudio_architectures():
    return [ListedGAN]
'''


def test_the_command_line_reaches_what_is_nested(
    install_plugin: InstallPlugin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_plugin("listed_gan", SOURCE)
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path))
    wishes = {
        "architecture.kind": "ListedGAN",
        "architecture.layers": "[16, 4]",
        "architecture.inner.rate": "0.25",
        "architecture.mixing": '{kind="Noisy", noise=0.125}',
        **{"training.steps": "2", "training.batch_size": "8", "training.preview_count": "4"},
    }
    words = [word for path, value in wishes.items() for word in ("--set", f"{path}={value}")]
    assert ganstudio("train", "ring", *words).exit_code == 0
    (file,) = tmp_path.rglob("experiment.toml")
    architecture = tomllib.loads(file.read_text(encoding="utf-8"))["architecture"]
    assert architecture["layers"] == [16, 4]
    assert architecture["inner"] == {"rate": 0.25, "depth": 3}
    assert architecture["mixing"] == {"kind": "Noisy", "scale": 2.0, "noise": 0.125}


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (
            "architecture.layers=[16,65]",
            "architecture.layers: [16, 65] is not a list of 1 to 3 whole numbers from 1 to 64.",
        ),
        ("architecture.inner.depth=5", "architecture.inner.depth: 5 is not a whole number from 1 to 4."),
        ("architecture.mixing.kind=Loud", "architecture.mixing.kind: 'Loud' is not one of Plain, Noisy."),
    ],
)
def test_what_is_wrong_is_told_with_its_option(
    install_plugin: InstallPlugin, wish: str, sentence: str
) -> None:
    install_plugin("listed_gan", SOURCE)
    told = ganstudio("train", "ring", "--set", "architecture.kind=ListedGAN", "--set", wish)
    assert told.exit_code == 2
    assert f"--set {wish}: {sentence}" in told.output


def steered(registry: Registry, edits: list[Edit]) -> tuple[Trainer, list[Any]]:
    """Train six steps, with one edit after each of the first; the events after the last report are last."""
    wanted = Experiment(
        Choice("Ring"),
        Choice("ListedGAN"),
        training={"steps": 6, "batch_size": 8, "report_every": 1, "preview_every": 6, "preview_count": 4},
    )
    resolved = resolve(wanted, registry)
    controls, events, waiting = Controls(), [], list(edits)
    data = resolved.source.load(lambda what, share=None: None)
    trainer = Trainer(resolved.architecture, data, resolved.optimizers, resolved.training, controls=controls)
    for event in trainer.run():
        events.append(event)
        if isinstance(event, StepRecord) and waiting:
            controls.post(waiting.pop(0))
    return trainer, events


class TestLive:
    def test_a_nested_setting_acts_at_the_next_step(self, install_plugin: InstallPlugin) -> None:
        install_plugin("listed_gan", SOURCE)
        _trainer, events = steered(Registry.load(), [Edit("architecture.inner.rate", 0.125)])
        (changed,) = [event for event in events if isinstance(event, SettingChanged)]
        assert (changed.path, changed.before, changed.value) == ("architecture.inner.rate", 0.5, 0.125)
        rates = [event.values["own/rate"] for event in events if isinstance(event, StepRecord)]
        assert rates == [0.5, *[0.125] * 5]

    def test_another_kind_acts_with_what_both_have(self, install_plugin: InstallPlugin) -> None:
        install_plugin("listed_gan", SOURCE)
        edits = [Edit("architecture.mixing.scale", 3.0), Edit("architecture.mixing.kind", "Noisy")]
        trainer, events = steered(Registry.load(), [*edits, Edit("architecture.mixing.noise", 0.25)])
        assert not [event for event in events if isinstance(event, SettingRefused)]
        mixing = trainer.architecture.settings.mixing  # type: ignore[attr-defined]
        assert mixing.model_dump() == {"kind": "Noisy", "scale": 3.0, "noise": 0.25}

    def test_changes_are_put_back_in_their_order(self, install_plugin: InstallPlugin) -> None:
        install_plugin("listed_gan", SOURCE)
        registry = Registry.load()
        edits = [Edit("architecture.mixing.kind", "Noisy"), Edit("architecture.mixing.noise", 0.25)]
        before, _events = steered(registry, edits)
        after, _events = steered(registry, [])
        after.live.put_back(before.live.changed, before.live.changes)
        assert after.architecture.settings == before.architecture.settings

    @pytest.mark.parametrize(
        ("path", "value", "why"),
        [
            ("architecture.inner.rate", 2.0, "2.0 is not a number from 0 to 1."),
            ("architecture.inner.depth", 2, "this setting cannot change while training."),
            ("architecture.inner.nothing", 2, "this run has no such setting."),
            ("architecture.mixing.noise", 0.5, "this run has no such setting."),
            ("architecture.layers.0", 8, "this run has no such setting."),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, install_plugin: InstallPlugin, path: str, value: Any, why: str
    ) -> None:
        install_plugin("listed_gan", SOURCE)
        _trainer, events = steered(Registry.load(), [Edit(path, value)])
        (refused,) = [event for event in events if isinstance(event, SettingRefused)]
        assert refused.reason == f"{path}: {why}"
