"""A few real runs to export, made once, and copied for whoever changes them."""

import shutil
from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api.events import Failed, StepRecord
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.schema import describe
from ganstudio.training.controls import Controls, Edit
from ganstudio.training.settings import TrainingSettings
from tests import experiments

CASES = {
    "points": experiments.ring(6, preview_every=3),
    "images": experiments.digits(3, report_every=1, preview_every=2),
    "conditional": Experiment(
        Choice("Digits"),
        Choice("MLPGAN", {"width": 8, "conditioning": "concatenated"}),
        name="conditional",
        training={"steps": 2, "batch_size": 16, "preview_count": 10, "report_every": 1},
    ),
    "vae": Experiment(
        Choice("Digits"),
        Choice("MLPVAE", {"width": 8}),
        name="vae",
        training={"steps": 2, "batch_size": 16, "preview_count": 4, "report_every": 1, "ema_decay": 0.0},
    ),
}


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="session")
def catalogue(registry: Registry) -> Catalogue:
    return registry.catalogue(describe(TrainingSettings))


def trained(experiment: Experiment, place: Path, registry: Registry, edit: bool = False) -> Path:
    """Train into the folder ``place``; with ``edit`` a live setting is changed on the way."""
    controls = Controls()
    request = launch.Request(experiment, "cpu", place)
    for event in launch.train(launch.prepare(request, registry, controls, lambda what, share: None)):
        assert not isinstance(event, Failed), event
        if edit and isinstance(event, StepRecord) and event.step == 2:
            controls.post(Edit("optimizers.generator.learning_rate", 5e-4))
    return place


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    return {
        name: trained(experiment, folder / name, registry, edit=name == "points")
        for name, experiment in CASES.items()
    }


@pytest.fixture
def ring(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run of its own to be changed."""
    return Path(shutil.copytree(runs["points"], tmp_path / "ring", ignore=shutil.ignore_patterns(".lock")))
