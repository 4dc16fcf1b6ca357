"""Previews made anew on a thread: which wishes are fulfilled, and what is said where they cannot be."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import launch
from ganstudio.registry import Registry
from ganstudio.session.remaking import Remaking
from ganstudio.training.controls import Controls
from tests import experiments


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def run(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "digits"
    prepared = launch.prepare(
        launch.Request(experiments.digits(), "cpu", place), registry, Controls(), lambda what, share: None
    )
    for _event in launch.train(prepared):
        pass
    return place


@pytest.fixture
def remaking(qtbot: QtBot):
    made = Remaking()
    yield made
    assert made.shutdown(10_000)


def test_of_many_wishes_the_first_and_the_newest_are_fulfilled(
    remaking: Remaking, run: Path, registry: Registry, qtbot: QtBot
):
    made = []
    remaking.made.connect(lambda folder, previews: made.append((folder, previews)))
    for latents in range(5):
        remaking.remake(run, registry, {"n_critic": latents + 1})
    qtbot.waitUntil(lambda: len(made) == 2, timeout=20_000)
    assert remaking._wish is None
    assert [(folder, previews[0].step) for folder, previews in made] == [(run, 3), (run, 3)]


def test_what_is_wrong_is_told_and_the_next_wish_is_fulfilled(
    remaking: Remaking, run: Path, registry: Registry, qtbot: QtBot
):
    with qtbot.waitSignal(remaking.failed, timeout=20_000) as told:
        remaking.remake(run.parent / "none", registry, {})
    assert "There is no folder" in told.args[0]
    with qtbot.waitSignal(remaking.made, timeout=20_000):
        remaking.remake(run, registry, {})
