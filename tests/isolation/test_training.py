"""A plugin file that fails once it is used: a sentence with file and line, and nothing else is harmed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ganstudio import launch, places
from ganstudio.api.events import StepRecord
from ganstudio.experiment import Choice
from ganstudio.launch import Request
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls
from tests import experiments
from tests.commands import ganstudio
from tests.plugin_files import write

SOURCE = """
from torch import nn
from ganstudio.api import GAN, PointSpec, hookimpl

class Odd(GAN):
    "An odd one."
    title = "Odd"
    accepts = (PointSpec,)

    def build_generator(self, data):
        {build}
        return nn.Linear(self.generator_inputs, 2)

    def build_discriminator(self, data):
        return nn.Linear(2, 1)

    def training_step(self, batches):
        {step}
        yield from super().training_step(batches)

@hookimpl
def ganstudio_architectures():
    return [Odd]
"""
EXPERIMENT = """
name = "odd"
[data]
kind = "Ring"
[architecture]
kind = "Odd"
[training]
steps = 20
batch_size = 16
preview_every = 10
"""


def train(tmp_path: Path, build: str = "pass", step: str = "pass"):
    path = write("odd.py", SOURCE.format(build=build, step=step))
    file = tmp_path / "odd.toml"
    file.write_text(EXPERIMENT)
    return path, ganstudio("train", file, "--device", "cpu")


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("where", "code", "said"),
    [
        ("build", "1 / 0", "ZeroDivisionError: division by zero"),
        ("build", "import sys; sys.exit(7)", "SystemExit: 7"),
        ("step", "[][1]", "IndexError: list index out of range"),
        ("step", "raise SystemExit(3)", "SystemExit: 3"),
    ],
    ids=["raises in build", "exits in build", "raises in training_step", "exits in training_step"],
)
def test_it_is_told_with_file_and_line(where: str, code: str, said: str, tmp_path: Path) -> None:
    path, done = train(tmp_path, **{where: code})
    line = path.read_text().splitlines().index(f"        {code}") + 1
    assert done.exit_code == 1
    assert re.search(rf"{path} line {line}, in (build_generator|training_step): {said}", done.stderr)
    assert not list(places.runs().glob(".*tmp*"))


def test_what_it_prints_in_a_step_is_not_in_the_commands_own_output(tmp_path: Path) -> None:
    _path, done = train(tmp_path, step="print('here')")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("here\n") == 20


def test_one_that_is_healthy_trains(tmp_path: Path) -> None:
    _path, done = train(tmp_path)
    assert done.exit_code == 0, done.stderr
    assert len(list(places.runs().iterdir())) == 1


def test_a_run_keeps_the_code_it_began_with_while_plugins_are_loaded_anew(tmp_path: Path) -> None:
    old = "import torch\n" + SOURCE.format(build="pass", step="self.log('generation/old', torch.ones(1))")
    write("odd.py", old)
    registry = Registry.load()
    prepared = prepare(registry)
    training = launch.train(prepared)
    events = [next(event for event in training if isinstance(event, StepRecord))]
    write("odd.py", old.replace("generation/old", "generation/new"))
    fresh = registry.reload()
    events += [event for event in training if isinstance(event, StepRecord)]
    assert {name for event in events for name in event.values if "generation" in name} == {"generation/old"}
    again = [event for event in launch.train(prepare(fresh)) if isinstance(event, StepRecord)]
    assert {name for event in again for name in event.values if "generation" in name} == {"generation/new"}


def prepare(registry: Registry) -> launch.Prepared:
    experiment = experiments.ring(steps=6)
    experiment = replace(experiment, architecture=Choice("Odd"))
    return launch.prepare(Request(experiment, "cpu"), registry, Controls(), lambda what, share: None)
