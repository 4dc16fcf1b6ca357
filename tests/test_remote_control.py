"""The thread that brings commands of other processes to a training."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio import launch, remote_control
from ganstudio.api.events import CheckpointSaved, Finished, Paused, Resumed, SettingChanged, SettingRefused
from ganstudio.registry import Registry
from ganstudio.remote_control import RemoteControl, as_command
from ganstudio.runs import control
from ganstudio.training.controls import (
    CheckpointNow,
    Controls,
    Edit,
    Pause,
    PreviewNow,
    Resume,
    Stop,
)
from tests import experiments


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def quiet(what: str, share: float | None = None) -> None:
    pass


def prepared(registry: Registry, place: Path) -> launch.Prepared:
    request = launch.Request(experiments.ring(steps=1_000_000, report_every=50), "cpu", place)
    return launch.prepare(request, registry, Controls(), quiet)


def watchers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "remote control"]


@pytest.mark.parametrize(
    ("table", "command"),
    [
        ({"command": "set", "path": "a.b", "value": [1]}, Edit("a.b", [1])),
        ({"command": "set", "path": "a.b", "value": None}, Edit("a.b", None)),
        ({"command": "pause"}, Pause()),
        ({"command": "resume"}, Resume()),
        ({"command": "stop"}, Stop()),
        ({"command": "abort"}, Stop(save=False)),
        ({"command": "checkpoint"}, CheckpointNow()),
        ({"command": "preview"}, PreviewNow()),
        ({"command": "set", "path": "a.b"}, None),
        ({"command": "set", "path": 3, "value": 1}, None),
        ({"command": "dance"}, None),
        ({}, None),
    ],
)
def test_tables_become_commands(table: dict[str, object], command: object) -> None:
    assert as_command(table) == command


def test_what_is_sent_is_posted_in_order(tmp_path: Path) -> None:
    controls = Controls()
    with RemoteControl(tmp_path, controls):
        for name in ("pause", "nonsense", "checkpoint", "resume"):
            control.send(tmp_path, {"command": name})
        assert [controls.take(wait=True) for _ in range(3)] == [Pause(), CheckpointNow(), Resume()]
    assert watchers() == []


def test_a_folder_that_goes_away_ends_nothing(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    controls = Controls()
    with RemoteControl(run, controls):
        run.rename(tmp_path / "moved")
        time.sleep(2 * remote_control.POLL_SECONDS)
        assert watchers() == ["remote control"]
        (tmp_path / "moved").rename(run)
        control.send(run, {"command": "stop"})
        assert controls.take(wait=True) == Stop()


def test_a_training_does_as_it_is_told_and_says_so(registry: Registry, tmp_path: Path) -> None:
    ready = prepared(registry, tmp_path / "run")
    say: dict[type, Callable[[], None]] = {
        Paused: lambda: control.send(ready.run.path, {"command": "checkpoint"}),
        CheckpointSaved: lambda: control.send(ready.run.path, {"command": "resume"}),
        Resumed: lambda: control.send(
            ready.run.path, {"command": "set", "path": "training.steps", "value": 3}
        ),
        SettingRefused: lambda: control.send(
            ready.run.path, {"command": "set", "path": "training.ema_decay", "value": 0.5}
        ),
        SettingChanged: lambda: control.send(ready.run.path, {"command": "abort"}),
    }
    order = []
    control.send(ready.run.path, {"command": "pause"})
    for event in launch.train(ready):
        if type(event) in say:
            order.append(type(event))
            say[type(event)]()
    assert order == [Paused, CheckpointSaved, Resumed, SettingRefused, SettingChanged]
    assert isinstance(event, Finished)
    assert event.reason == "aborted"
    assert watchers() == []


@pytest.mark.parametrize("how", ["closed", "failed"])
@pytest.mark.allow_log_warnings
def test_the_thread_ends_however_the_training_does(
    registry: Registry, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = prepared(registry, tmp_path / "run")
    events = launch.train(ready)
    for event in events:
        if event.step >= 50:
            assert watchers() == ["remote control"]
            break
    if how == "closed":
        events.close()
    else:
        monkeypatch.setattr(type(ready.trainer), "_one_step", lambda *_: 1 / 0)
        assert type(list(events)[-1]).__name__ == "Failed"
    assert watchers() == []


def test_what_was_left_for_a_dead_process_is_not_done_by_the_next(registry: Registry, tmp_path: Path) -> None:
    place = tmp_path / "run"
    request = launch.Request(experiments.ring(steps=20), "cpu", place)
    list(launch.train(launch.prepare(request, registry, Controls(), quiet)))
    control.send(place, {"command": "abort"})
    resumed = launch.prepare(launch.Resume(place, steps=40), registry, Controls(), quiet)
    # What comes while it is made ready is for this one.
    control.send(place, {"command": "set", "path": "training.ema_decay", "value": 0.25})
    assert len(list((place / "control").iterdir())) == 1
    events = list(launch.train(resumed))
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "done"


def test_a_folder_of_commands_that_cannot_be_made_is_no_failure(registry: Registry, tmp_path: Path) -> None:
    place = tmp_path / "run"
    ready = launch.prepare(
        launch.Request(experiments.ring(steps=30), "cpu", place), registry, Controls(), quiet
    )
    (place / "control").write_text("in the way")
    events = list(launch.train(ready))
    assert isinstance(events[-1], Finished)
    assert (place / "control").read_text() == "in the way"
