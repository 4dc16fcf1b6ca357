"""A disk that is full holds the training, and lets it go on as if nothing had happened."""

import errno
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganstudio import launch, performing
from ganstudio.api.events import Event, Failed, Finished, Held, Released, StepRecord, Warned
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import CheckpointNow, Controls, Stop
from tests.faults.disks import fill, mounted, refuse
from tests.faults.trainings import STEPS, begin, go_on, saving, small, straight
from tests.same_run import assert_same_run, assert_same_weights

linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the file names of /proc")

FILES = [
    pytest.param("*/metrics.jsonl", 0, id="the first line of metrics"),
    pytest.param("*/metrics.jsonl", 25, id="a line of metrics"),
    pytest.param("*/events.jsonl", 0, id="the first line of events"),
    pytest.param("*/events.jsonl", 1, id="a line of events"),
    pytest.param("*/samples/real.png", 0, id="the picture of the data"),
    pytest.param("*/samples/000000020.png", 0, id="a preview"),
    pytest.param("*/samples/000000020.npy", 0, id="the points of a preview"),
    pytest.param("*/weights.safetensors", 0, id="the weights of a checkpoint in the background"),
    pytest.param("*/checkpoints/000000012", 0, id="a checkpoint's name"),
    pytest.param("*/checkpoints/000000040", 0, id="the last checkpoint"),
]


@pytest.fixture(scope="module")
def undisturbed(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The run without any fault, with a checkpoint of step 12 besides the last."""
    return straight(tmp_path_factory.mktemp("straight") / "run", registry, 12)


@linux
@pytest.mark.usefixtures("quick_retry")
@pytest.mark.parametrize(("name", "after"), FILES)
def test_training_holds_until_there_is_room_and_ends_the_same(
    name: str,
    after: int,
    place: Path,
    registry: Registry,
    undisturbed: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = refuse(monkeypatch, name, after=after, most=5)
    prepared = begin(place, registry)
    held: list[Held] = []
    released: list[Released] = []
    for event in saving(prepared, 12):
        assert not isinstance(event, Failed | Warned), event
        if isinstance(event, Held):
            held.append(event)
        if isinstance(event, Released):
            released.append(event)
            assert event.step == prepared.trainer.step == held[-1].step
    assert len(held) == len(released) == 1
    assert disk.times == 5, "it tried again"
    assert "is full, so training holds. Free some space on it; it then goes on by itself." in held[0].message
    run = RunFolder(place)
    assert_same_run(undisturbed, run)
    assert [path.name for path in run.checkpoints()] == ["000000012", "000000040"]
    assert run.latest_checkpoint()[1] == []
    assert list(place.rglob(".tmp-*")) == []
    assert [event["message"] for event in run.events() if event["event"] == "Released"] == [held[0].message]


@linux
@pytest.mark.usefixtures("quick_retry")
def test_time_held_is_no_training_time(
    place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = refuse(monkeypatch, "*/samples/000000020.png")
    prepared = begin(place, registry)
    before = 0.0
    for event in launch.train(prepared):
        if isinstance(event, Held):
            before = prepared.trainer.clock.seconds()
            threading.Timer(0.5, disk.relent).start()
        if isinstance(event, Released):
            assert prepared.trainer.clock.seconds() - before < 0.2
    assert before


@linux
def test_a_stop_ends_a_held_training_at_once(
    place: Path, registry: Registry, undisturbed: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = Controls()
    disk = refuse(monkeypatch, "*/metrics.jsonl", after=25)
    prepared = begin(place, registry, controls)
    events: list[Event] = []
    for event in saving(prepared, 12):
        events.append(event)
        if isinstance(event, Held):
            threading.Timer(0.2, controls.post, [Stop()]).start()
            began = time.monotonic()
    assert time.monotonic() - began < performing.RETRY_SECONDS
    *_, warned, finished = events
    assert isinstance(warned, Warned)
    assert warned.message == (
        f"The run ends without a checkpoint of step {finished.step}, which the disk refused. "
        f"The state at step 12 is kept in {place / 'checkpoints' / '000000012'}."
    )
    assert isinstance(finished, Finished)
    assert finished.reason == "stopped"
    run = RunFolder(place)
    assert run.state == "stopped"
    assert RunFolder.open(place, writing=True).close() is None
    disk.relent()
    assert not [event for event in launch.train(go_on(place, registry)) if isinstance(event, Failed)]
    assert_same_run(undisturbed, run)


@linux
@pytest.mark.usefixtures("quick_retry")
def test_a_stop_from_before_waits_for_room_to_keep_its_checkpoint(
    place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = Controls()
    disk = refuse(monkeypatch, "*/weights.safetensors")
    events: list[Event] = []
    for event in launch.train(begin(place, registry, controls)):
        events.append(event)
        if isinstance(event, StepRecord) and event.step == 5:
            controls.post(Stop())
        if isinstance(event, Held):
            threading.Timer(0.1, disk.relent).start()
    assert isinstance(events[-1], Finished)
    assert [path.name for path in RunFolder(place).checkpoints()] == ["000000005"]
    assert RunFolder(place).state == "stopped"


@linux
def test_an_abort_does_not_wait_for_room(
    place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = Controls()
    refuse(monkeypatch, "*/events.jsonl", after=1)
    events: list[Event] = []
    # Health rules would write events of their own as it starts.
    for event in launch.train(begin(place, registry, controls, small(health=False))):
        events.append(event)
        if isinstance(event, StepRecord) and event.step == 5:
            controls.post(Stop(save=False))
    assert not [event for event in events if isinstance(event, Held)]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "aborted"
    assert RunFolder(place).state == "interrupted"


@linux
@pytest.mark.usefixtures("quick_retry")
def test_commands_that_come_meanwhile_are_obeyed_afterwards(
    place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = Controls()
    disk = refuse(monkeypatch, "*/metrics.jsonl", after=25)
    for event in launch.train(begin(place, registry, controls)):
        if isinstance(event, Held):
            controls.post(CheckpointNow())
            disk.relent()
    assert len(RunFolder(place).checkpoints()) == 2


@linux
@pytest.mark.usefixtures("quick_retry")
@pytest.mark.parametrize(
    ("code", "what"),
    [
        (errno.EDQUOT, "is full, so training holds. Free some space on it"),
        (errno.EIO, "cannot be written: Input/output error, so training holds. Look after the disk"),
        (errno.EROFS, "its disk can only be read, so training holds. Let that disk be written again"),
        (errno.EACCES, "access to it is denied, so training holds. Let it be written again"),
        (errno.EFBIG, "larger than files may be, so training holds. Raise that limit"),
    ],
    ids=["quota", "broken", "read-only", "denied", "limit"],
)
def test_each_refusal_that_may_pass_holds_with_its_sentence(
    code: int,
    what: str,
    place: Path,
    registry: Registry,
    undisturbed: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = refuse(monkeypatch, "*/samples/000000020.png", code=code)
    held = []
    for event in saving(begin(place, registry), 12):
        if isinstance(event, Held):
            held.append(event.message)
            disk.relent()
    assert len(held) == 1
    assert what in held[0]
    assert_same_run(undisturbed, RunFolder(place))


def test_a_real_disk_that_fills_up_holds_the_training_until_there_is_room(
    tmp_path: Path, registry: Registry
) -> None:
    undisturbed = straight(tmp_path / "straight", registry, experiment=small(400))
    with mounted(tmp_path / "disk", "2m") as disk:
        prepared = begin(disk / "run", registry, experiment=small(400))
        held = 0
        for event in saving(prepared, 11, 150, 330):
            assert not isinstance(event, Failed), event
            if isinstance(event, StepRecord) and event.step in (10, 200, 300):
                filler = fill(disk)
            if isinstance(event, Held):
                held += 1
                assert f"The disk holding {disk / 'run'}" in event.message
                threading.Timer(0.3, filler.unlink).start()
        assert held >= 2
        run = RunFolder(disk / "run")
        assert run.latest_checkpoint()[1] == []
        assert_same_run(undisturbed, run)
        assert list(disk.rglob(".tmp-*")) == []


@pytest.fixture
def events_of_a_held_run(
    place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Iterator[Event]]:
    refuse(monkeypatch, "*/samples/000000020.png")
    events = launch.train(begin(place, registry))
    yield events
    events.close()


@linux
def test_a_held_training_that_is_dropped_can_be_gone_on_with(
    events_of_a_held_run: Iterator[Event], place: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = next(event for event in events_of_a_held_run if isinstance(event, Held))
    events_of_a_held_run.close()
    assert held.step == 20
    assert RunFolder(place).state == "interrupted"
    assert list(place.rglob(".tmp-*")) == []


def test_the_same_steps_are_compared(place: Path, registry: Registry, undisturbed: RunFolder) -> None:
    """Were two trainings alike whatever happened, the tests here would show nothing."""
    other = straight(place, registry, experiment=small(seed=1))
    assert len([line for line in undisturbed.metrics() if "values" in line]) == STEPS
    with pytest.raises(AssertionError):
        assert_same_weights(undisturbed, other)
