"""A plugin that fails in the window's worker: the window lives on, and so does its worker."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Failed
from ganstudio.experiment import Choice
from tests import experiments
from tests.isolation.test_training import SOURCE
from tests.plugin_files import loss, write
from tests.session.conftest import Watched

DATA = """
import sys
from ganstudio.api import DataSource, PointSpec, hookimpl

class Leaving(DataSource):
    "It leaves."
    gives = PointSpec
    def load(self, report):
        sys.exit("I leave")

@hookimpl
def ganstudio_data_sources():
    return [Leaving]
"""


@pytest.fixture
def unloaded(qtbot: QtBot) -> Watched:
    watched = Watched(qtbot)
    yield watched
    assert watched.session.shutdown(60_000)
    qtbot.wait(1)


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("build", "step"),
    [("import sys; sys.exit(1)", "pass"), ("pass", "raise SystemExit(1)"), ("pass", "1 / 0")],
    ids=["exits in build", "exits in training_step", "raises in training_step"],
)
def test_a_failing_training_ends_as_failed_and_the_next_one_trains(
    build: str, step: str, unloaded: Watched
) -> None:
    path = write("odd.py", SOURCE.format(build=build, step=step))
    unloaded.load()
    unloaded.train(replace(experiments.ring(), architecture=Choice("Odd")))
    unloaded.until_state("failed")
    (failed,) = unloaded.only(Failed)
    assert failed.message.startswith(f"{path} line ")
    unloaded.until_free()
    unloaded.train(experiments.ring())
    unloaded.until_state("finished")


@pytest.mark.allow_log_warnings
def test_data_that_calls_sys_exit_is_refused(unloaded: Watched) -> None:
    path = write("odd.py", DATA)
    unloaded.load()
    unloaded.train(replace(experiments.ring(), data=Choice("Leaving")))
    unloaded.until(lambda: unloaded.problems)
    assert unloaded.problems[0][0].sentence == f"{path} line 9, in load: SystemExit: I leave"
    unloaded.until_free()
    unloaded.train(experiments.ring())
    unloaded.until_state("finished")


def test_one_that_hangs_holds_up_neither_the_window_nor_the_others(
    unloaded: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = tmp_path / "end"
    source = f"import os, time\nwhile not os.path.exists({str(end)!r}):\n    time.sleep(0.01)\n"
    write("hanging.py", source)
    write("healthy.py", loss("Healthy"))
    monkeypatch.setenv("GANSTUDIO_PLUGIN_SECONDS", "1")
    ticks: list[float] = []
    unloaded.session.load()
    try:
        while not unloaded.session.ready:
            unloaded.qtbot.wait(5)
            ticks.append(time.monotonic())
        states = {plugin.name: plugin.state for plugin in unloaded.session.catalogue.plugins}
        assert (states["hanging"], states["healthy"]) == ("failed", "loaded")
        # The window lived while the worker waited.
        assert len(ticks) > 20
    finally:
        end.touch()
