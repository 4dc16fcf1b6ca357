from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api import Condition, InputError, Remedy
from ganstudio.api.events import StepRecord
from ganstudio.experiment import Choice
from ganstudio.registry import Registry
from ganstudio.remedying import live_edits, request_for
from ganstudio.requests import Branch, Request
from ganstudio.training.controls import CheckpointNow, Controls, Edit
from tests import experiments

RATE, DECAY = "optimizers.generator.learning_rate", "training.ema_decay"
REMEDY = Remedy("Half the rate", {RATE: 5e-4, "regularizers.R1.gamma": 2.0}, "branch")


def trouble(since: int) -> Condition:
    return Condition("far", "bad", since, "It is far.", "Steps add up.", remedies=(REMEDY,))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def run(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with checkpoints of steps 3, 6 and 9, and another average from step 5 on."""
    path = tmp_path_factory.mktemp("runs") / "one"
    controls = Controls()
    request = launch.Request(experiments.ring(steps=9, seed=3), "cpu", path)
    for event in launch.train(launch.prepare(request, registry, controls, _quiet)):
        if isinstance(event, StepRecord) and event.step in (3, 6):
            controls.post(CheckpointNow())
        if isinstance(event, StepRecord) and event.step == 4:
            controls.post(Edit(DECAY, 0.5))
    return path


def test_live_edits_are_the_changes_one_by_one() -> None:
    assert live_edits(REMEDY) == ((RATE, 5e-4), ("regularizers.R1.gamma", 2.0))


@pytest.mark.parametrize(
    ("since", "step", "decay"), [(4, 3, 0.999), (6, 3, 0.999), (7, 6, 0.5), (500, 9, 0.5)], ids=str
)
def test_a_branch_begins_at_the_newest_checkpoint_before_the_trouble_with_what_held_then(
    run: Path, since: int, step: int, decay: float
) -> None:
    request = request_for(run, trouble(since), REMEDY)
    assert isinstance(request, Branch)
    assert (request.path, request.step) == (run, step)
    assert request.experiment.training["ema_decay"] == decay
    assert request.experiment.optimizers["generator"]["learning_rate"] == 5e-4
    assert request.experiment.regularizers["R1"]["gamma"] == 2.0


def test_without_a_checkpoint_before_the_trouble_the_run_is_begun_anew(run: Path) -> None:
    request = request_for(run, trouble(2), REMEDY)
    assert isinstance(request, Request)
    assert request.device == "cpu"
    assert request.run_dir is None
    assert request.experiment.training["seed"] == 3
    assert request.experiment.training["ema_decay"] == 0.999
    assert request.experiment.optimizers["generator"]["learning_rate"] == 5e-4


def test_a_run_is_begun_anew_where_the_remedy_says_so_whatever_checkpoints_there_are(run: Path) -> None:
    request = request_for(run, trouble(500), Remedy("Wider", {"architecture.width": 8}, "anew"))
    assert isinstance(request, Request)
    assert request.experiment.architecture.settings["width"] == 8


def test_what_is_asked_for_can_be_trained(run: Path, registry: Registry, tmp_path: Path) -> None:
    remedy = Remedy("Another loss", {"loss.kind": "LeastSquares", "training.steps": 8}, "branch")
    request = request_for(run, trouble(7), remedy)
    prepared = launch.prepare(request, registry, Controls(), _quiet)
    assert [event.step for event in launch.train(prepared) if isinstance(event, StepRecord)] == [7, 8]
    assert prepared.resolved.experiment.loss == Choice("LeastSquares")


def test_a_setting_that_no_experiment_has_is_refused_with_a_sentence(run: Path) -> None:
    with pytest.raises(InputError, match="there is no 'optimisers' here"):
        request_for(run, trouble(7), Remedy("Slower", {"optimisers.generator.learning_rate": 1e-4}))


def test_where_there_is_no_run_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        request_for(tmp_path, trouble(7), REMEDY)


def _quiet(what: str, share: float | None = None) -> None:
    pass
