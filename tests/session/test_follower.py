"""Following a run: a real training, in this process where its steps are to be chosen, else in its own."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import (
    CheckpointSaved,
    Event,
    Finished,
    Paused,
    PreviewReady,
    Resumed,
    SettingChanged,
    SettingRefused,
    StepRecord,
    Warned,
)
from ganstudio.registry import Registry
from ganstudio.runs.history import read_history
from ganstudio.session.follower import POLL_MS, Follower
from tests import experiments
from tests.runs.watched import Training

E = TypeVar("E", bound=Event)
PATIENCE_MS = 60_000


class Followed:
    """A follower, and what came out of it in order."""

    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.events: list[Event] = []
        self.batches: list[int] = []
        self.states: list[str] = []
        self.failures: list[str] = []
        self.follower = Follower(read_history(path))
        self.follower.eventsArrived.connect(self._take)
        self.follower.stateChanged.connect(self.states.append)
        self.follower.failed.connect(self.failures.append)
        self.follower.start()

    def _take(self, events: list[Event]) -> None:
        self.events += events
        self.batches.append(len(events))

    def only(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def training(registry: Registry) -> Iterator[Training]:
    made = Training(registry, experiments.ring(60, preview_every=20))
    made.until(5)
    yield made
    made.die()


@pytest.fixture
def followed(training: Training, qtbot: QtBot) -> Iterator[Followed]:
    made = Followed(training.path, qtbot)
    yield made
    assert made.follower.stop()


def test_reports_previews_and_the_end_arrive(training: Training, followed: Followed):
    training.until(25)
    followed.until(lambda: followed.only(PreviewReady))
    training.end()
    followed.until(lambda: followed.follower.state == "finished")
    assert {event.step for event in followed.only(StepRecord)} == set(range(5, 61))
    assert [event.step for event in followed.only(PreviewReady)] == [20, 40, 60]
    assert all(event.kind == "points" and event.kept for event in followed.only(PreviewReady))
    assert isinstance(followed.events[-1], Finished)
    assert followed.states == ["finished"]


def test_a_line_arrives_within_half_a_second(training: Training, followed: Followed):
    followed.until(lambda: followed.events)
    delays = []
    for step in (6, 7, 8):
        training.until(step)
        written = time.monotonic()
        followed.until(lambda step=step: any(event.step == step for event in followed.only(StepRecord)))
        delays.append(time.monotonic() - written)
    # Others may use the processors meanwhile; what it does itself is far below that.
    assert min(delays) < 0.5


def test_a_training_that_dies_is_interrupted(training: Training, followed: Followed):
    training.die()
    followed.until(lambda: followed.states == ["interrupted"])


def test_commands_reach_the_training_and_come_back_as_events(training: Training, followed: Followed):
    follower = followed.follower
    step = 5

    def until(condition: Callable[[], object]) -> None:
        nonlocal step

        def on() -> bool:
            nonlocal step
            step += 1
            training.until(step)
            return bool(condition())

        followed.qtbot.waitUntil(on, timeout=PATIENCE_MS)

    follower.set("training.ema_decay", 0.5)
    follower.set("training.steps", 0)
    until(lambda: followed.only(SettingChanged) and followed.only(SettingRefused))
    assert followed.only(SettingChanged)[0].value == 0.5
    follower.checkpoint()
    until(lambda: followed.only(CheckpointSaved))
    assert Path(followed.only(CheckpointSaved)[0].path).is_dir()


def test_a_training_in_another_process_is_paused_gone_on_with_and_stopped(tmp_path: Path, qtbot: QtBot):
    run = tmp_path / "run"
    command = [sys.executable, "-m", "ganstudio", "train", "ring", "--run-dir", str(run)]
    process = subprocess.Popen([*command, "--steps", "1000000"], stdout=subprocess.DEVNULL)
    try:
        qtbot.waitUntil(lambda: (run / "metrics.jsonl").exists(), timeout=PATIENCE_MS)
        followed = Followed(run, qtbot)
        followed.until(lambda: len(followed.only(StepRecord)) > 3)
        followed.follower.pause()
        followed.until(lambda: followed.follower.state == "paused")
        followed.follower.go_on()
        followed.until(lambda: followed.follower.state == "running")
        followed.follower.stop_training()
        followed.until(lambda: followed.follower.state == "stopped")
        kinds = [type(event) for event in followed.events if isinstance(event, Paused | Resumed | Finished)]
        assert kinds == [Paused, Resumed, Finished]
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert followed.follower.stop()


def test_many_records_at_once_arrive_in_pieces(training: Training, followed: Followed):
    followed.until(lambda: followed.events)
    line = b'{"step":%d,"seconds":1.0,"images_seen":1,"values":{"loss/generator":1.0}}\n'
    with (training.path / "metrics.jsonl").open("ab") as file:
        file.write(b"".join(line % step for step in range(6, 60_006)))
    followed.until(lambda: followed.only(StepRecord)[-1].step == 60_005)
    assert max(followed.batches) < 20_000
    assert len(followed.only(StepRecord)) == 60_001


def test_a_folder_that_is_deleted_is_told_once(training: Training, followed: Followed):
    followed.until(lambda: followed.events)
    shutil.rmtree(training.path)
    followed.until(lambda: followed.only(Warned))
    followed.qtbot.wait(3 * POLL_MS)
    assert len(followed.only(Warned)) == 1
    assert followed.follower.state == "interrupted"
    followed.follower.pause()
    followed.until(lambda: followed.failures)
    assert str(training.path) in followed.failures[0]


def test_nothing_comes_after_it_was_stopped(training: Training, followed: Followed):
    followed.until(lambda: followed.events)
    assert followed.follower.stop()
    assert followed.follower.stop()
    before = len(followed.events)
    training.until(20)
    followed.follower.start()
    followed.qtbot.wait(3 * POLL_MS)
    assert len(followed.events) == before
