import threading

import pytest

from ganstudio.api import StudioError
from ganstudio.api.events import CheckpointReady, CheckpointSaved, Event, Finished, StepRecord, Warned
from ganstudio.runs.background import BackgroundWriter
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder
from ganstudio.runs.refusals import DiskError
from tests.runs.conftest import State


class Slow:
    """Writes nothing, and that only when it is let."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.beginning = threading.Event()
        self.let = threading.Event()
        self.fails: Exception | None = None

    def __call__(self, event: CheckpointReady) -> CheckpointSaved:
        self.began.append(event.step)
        self.beginning.set()
        assert self.let.wait(10)
        if self.fails:
            raise self.fails
        return CheckpointSaved(event.step, f"/{event.step}", 1, event.reason)


def ready(step: int, background: bool = True) -> CheckpointReady:
    return CheckpointReady(step, State(step), "test", keep=2, background=background)


def test_it_writes_while_others_go_on() -> None:
    slow = Slow()
    writer = BackgroundWriter(slow)
    writer.submit(ready(1))
    assert slow.beginning.wait(10)
    assert writer.done() == []
    slow.let.set()
    assert [written.step for written in writer.done(wait=True)] == [1]
    assert writer.done(wait=True) == []


def test_the_newest_that_waits_takes_the_place_of_others() -> None:
    slow = Slow()
    writer = BackgroundWriter(slow)
    writer.submit(ready(1))
    assert slow.beginning.wait(10)
    writer.submit(ready(2))
    writer.submit(ready(3))
    slow.let.set()
    assert [written.step for written in writer.done(wait=True)] == [1, 3]
    assert slow.began == [1, 3]


def test_it_writes_again_after_it_was_done() -> None:
    slow = Slow()
    slow.let.set()
    writer = BackgroundWriter(slow)
    for step in range(20):
        writer.submit(ready(step))
        assert [written.step for written in writer.done(wait=True)] == [step]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StudioError("The disk is full; free some."), "was not kept: The disk is full; free some. Training"),
        (ZeroDivisionError("odd"), "was not kept: ZeroDivisionError: odd. Training"),
    ],
    ids=["told", "unforeseen"],
)
def test_what_goes_wrong_is_told_and_the_next_is_tried(error: Exception, said: str) -> None:
    slow = Slow()
    slow.let.set()
    slow.fails = error
    writer = BackgroundWriter(slow)
    writer.submit(ready(7))
    (told,) = writer.done(wait=True)
    assert isinstance(told, Warned)
    assert told.message.startswith("The checkpoint of step 7 ")
    assert said in told.message
    slow.fails = None
    writer.submit(ready(8))
    assert isinstance(writer.done(wait=True)[0], CheckpointSaved)


def test_one_that_the_disk_refuses_comes_back(run: RunFolder) -> None:
    slow = Slow()
    slow.let.set()
    slow.fails = DiskError("The disk is full.", passing=True)
    writer = BackgroundWriter(slow)
    refused = ready(7)
    writer.submit(refused)
    assert writer.done(wait=True) == [refused]
    assert writer.done(wait=True) == []


def test_of_two_that_the_disk_refuses_the_newer_comes_back(run: RunFolder) -> None:
    slow = Slow()
    slow.fails = DiskError("The disk is full.", passing=True)
    writer = BackgroundWriter(slow)
    writer.submit(ready(7))
    newer = ready(8)
    writer.submit(newer)
    slow.let.set()
    assert writer.done(wait=True) == [newer]


# --- In a recorder ---------------------------------------------------------------------------------


def test_a_checkpoint_is_told_once_it_is_on_disk(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    let, write = threading.Event(), run.write_checkpoint

    def later(*arguments: object) -> CheckpointSaved:
        assert let.wait(10)
        return write(*arguments)

    monkeypatch.setattr(run, "write_checkpoint", later)
    recorder = Recorder(run)
    step = StepRecord(13, 1.0, 1, {})
    assert recorder.record(ready(12)) == []
    assert recorder.record(step) == [step]
    assert run.checkpoints() == []
    let.set()
    finished = Finished(20, "aborted", 1.0)
    saved, end = recorder.record(finished)
    assert isinstance(saved, CheckpointSaved)
    assert end is finished
    assert run.latest_checkpoint()[0].step == 12
    assert [line["event"] for line in run.events()] == ["CheckpointSaved", "Finished"]


def test_one_in_the_background_comes_before_the_last(run: RunFolder) -> None:
    recorder = Recorder(run)
    recorder.record(ready(12))
    told: list[Event] = recorder.record(ready(20, background=False))
    assert [(type(event), event.step) for event in told] == [(CheckpointSaved, 12), (CheckpointSaved, 20)]
    assert [path.name for path in run.checkpoints()] == ["000000012", "000000020"]


def test_a_recorder_that_is_left_has_written_it(run: RunFolder) -> None:
    with Recorder(run) as recorder:
        recorder.record(ready(12))
    assert run.latest_checkpoint()[0].step == 12
    assert [line["path"] for line in run.events()] == ["checkpoints/000000012"]


def test_one_that_is_awaited_is_told_at_once(run: RunFolder) -> None:
    recorder = Recorder(run)
    (told,) = recorder.record(CheckpointReady(12, State(), "test", background=True, awaited=True))
    assert isinstance(told, CheckpointSaved)
