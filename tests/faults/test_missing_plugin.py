"""A run whose plugin is no longer installed: anybody may look, and training names what is missing."""

from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from tests.commands import ganstudio
from tests.installing import installer

SOURCE = """
from torch import nn
from ganstudio.api import GAN, PointSpec, hookimpl

class Passing(GAN):
    "Passing."
    title = "Passing"
    accepts = (PointSpec,)

    def build_generator(self, data):
        return nn.Linear(100, 2)

    def build_discriminator(self, data):
        return nn.Linear(2, 1)

@hookimpl
def ganstudio_architectures():
    return [Passing]
"""
EXPERIMENT = """
name = "passing"
[data]
kind = "Ring"
[architecture]
kind = "Passing"
[training]
steps = 20
batch_size = 16
preview_every = 10
"""


@pytest.fixture
def run(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run made with a plugin that is gone."""
    file = tmp_path / "passing.toml"
    file.write_text(EXPERIMENT)
    with installer(tmp_path_factory) as install:
        install("passing_gan", SOURCE)
        done = ganstudio("train", file, "--device", "cpu")
        assert done.exit_code == 0, done.stderr
    (run,) = [path for path in places.runs().iterdir() if (path / "experiment.toml").exists()]
    return run


@pytest.mark.allow_log_warnings
def test_it_opens_for_looking_and_training_names_what_is_missing(run: Path) -> None:
    history = read_history(run)
    assert history.state == "finished"
    assert history.experiment.architecture.kind == "Passing"
    assert len(history.curves["loss/generator"]) == 2
    assert [kept.step for kept in history.previews[""]] == [10, 20]
    (entry,) = Library(places.runs()).entries()
    assert (entry.architecture, entry.state) == ("Passing", "finished")

    before = sorted(path.name for path in run.rglob("*"))
    refused = ganstudio("resume", run, "--steps", "40")
    assert refused.exit_code == 2
    assert "there is no 'Passing' here" in refused.stderr
    assert "was made with plugins that are not installed, or do not load now: passing_gan" in refused.stderr
    assert "Install them to go on; `ganstudio plugins` tells what there is." in refused.stderr
    assert sorted(path.name for path in run.rglob("*")) == before

    refused = ganstudio("train", run)
    assert refused.exit_code == 2
    assert "there is no 'Passing' here" in refused.stderr
