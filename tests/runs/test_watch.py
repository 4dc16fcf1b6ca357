"""Watching a run that is written: a real training goes on step by step, and is looked at in between."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.api.events import (
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Paused,
    PreviewReady,
    Restarted,
    ScoreRecord,
    SettingChanged,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.recorder import event_record
from ganstudio.runs.watch import Watch
from ganstudio.training.controls import CheckpointNow, Edit
from tests import experiments
from tests.runs.watched import Training


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def training(registry: Registry) -> Iterator[Training]:
    made = Training(registry, experiments.ring(60, preview_every=20))
    yield made
    made.die()


def comparable(events: list[Event]) -> list[Any]:
    """Return what can be compared; of previews only those that are kept."""
    found = []
    for event in events:
        if isinstance(event, PreviewReady):
            if event.kept:
                found.append(("preview", event.step, event.array.shape, float(event.array.sum())))
        else:
            found.append(event)
    return sorted(found, key=str)


def all_news(watch: Watch) -> list[Any]:
    """Look until nothing is left for the next time."""
    told: list[Any] = []
    while True:
        news = watch.news()
        told += news.events
        if not news.more:
            return told


def test_it_tells_what_the_training_tells(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    told: list[Event] = []
    expected: list[Event] = []
    for step in (10, 11, 30, 45):
        if step == 30:
            training.controls.post(Edit("training.ema_decay", 0.5))
        expected += training.until(step)
        told += all_news(watch)
        assert watch.news().state == "running"
    expected += training.end()
    told += all_news(watch)
    assert watch.news().state == "finished"
    assert comparable([event for event in told if event.step > 5]) == comparable(expected)
    assert {Finished, SettingChanged, CheckpointSaved, ScoreRecord, StepRecord} <= set(map(type, told))


def test_nothing_is_told_where_nothing_is_new(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    watch.news()
    assert watch.news().events == []


def test_events_come_in_the_order_of_their_steps(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    training.end()
    told = list(watch.news().events)
    steps = [event.step for event in told]
    assert steps == sorted(steps)
    assert isinstance(told[-1], Finished)


def test_a_run_that_died_and_goes_on_is_followed_without_gap_or_double(registry: Registry):
    first = Training(registry, experiments.ring(60, preview_every=20))
    first.until(20)
    first.controls.post(CheckpointNow())
    first.until(24)
    history = read_history(first.path)
    watch = Watch(history)
    first.until(35)
    told = list(watch.news().events)
    first.die()
    assert watch.news().state == "interrupted"
    again = Training(registry, resume=first.path)
    again.until(50)
    told += all_news(watch)
    assert watch.news().state == "running"
    again.end()
    told += all_news(watch)
    assert watch.news().state == "finished"
    (restarted,) = [event for event in told if isinstance(event, Restarted)]
    assert restarted.step < 24
    reports = kept_curve(history, told)
    whole = read_history(first.path).curves["loss/generator"]
    assert list(reports) == whole.steps.tolist()
    assert list(reports.values()) == whole.values.tolist()
    at = told.index(restarted)
    previews = [event.step for event in told[at:] if isinstance(event, PreviewReady)]
    assert previews == [40, 60]


def kept_curve(history: Any, told: list[Event]) -> dict[int, float]:
    """Return a curve as whoever shows it has it, by step."""
    curve = history.curves["loss/generator"]
    points = dict(zip(curve.steps.tolist(), curve.values.tolist(), strict=True))
    for event in told:
        if isinstance(event, Restarted):
            points = {step: value for step, value in points.items() if step <= event.step}
        elif isinstance(event, StepRecord):
            points[event.step] = event.values["loss/generator"]
    return points


def test_a_history_read_before_the_run_went_on_is_set_right(registry: Registry):
    first = Training(registry, experiments.ring(40))
    first.until(10)
    first.controls.post(CheckpointNow())
    first.until(30)
    first.die()
    history = read_history(first.path)
    again = Training(registry, resume=first.path)
    again.until(20)
    told = list(Watch(history).news().events)
    assert isinstance(told[0], Restarted)
    assert list(kept_curve(history, told)) == list(range(1, 21))
    again.die()


def test_a_torn_line_waits_for_its_end(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    watch.news()
    line = b'{"step":6,"seconds":1.5,"images_seen":192,"values":{"loss/generator":null}}\n'
    with (training.path / "metrics.jsonl").open("ab") as file:
        file.write(line[:30])
        file.flush()
        assert watch.news().events == []
        file.write(line[30:])
    (report,) = watch.news().events
    assert isinstance(report, StepRecord)
    assert np.isnan(report.values["loss/generator"])


def test_lines_that_are_no_records_are_passed_over(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    watch.news()
    with (training.path / "metrics.jsonl").open("ab") as file:
        file.write(b'rubbish\n[1]\n{"step":"x"}\n{"step":6,"scores":{"score/modes":8.0},"took":0.1}\n')
    with (training.path / "events.jsonl").open("ab") as file:
        file.write(b'\xff\xfe\n{"event":"FromTheFuture","step":6}\n{"event":"Warned","step":6}\n')
    assert watch.news().events == [ScoreRecord(6, {"score/modes": 8.0}, 0.1)]


def test_a_hundred_thousand_new_records_come_in_pieces_with_the_end_last(run: RunFolder):
    run.append_event(event_record(Started(1, run.name, 100_000, "cpu", {})))
    watch = Watch(read_history(run.path))
    lines = [
        b'{"step":%d,"seconds":1.0,"images_seen":1,"values":{"loss/a":1.0}}\n' % s for s in range(1, 100_001)
    ]
    with (run.path / "metrics.jsonl").open("wb") as file:
        file.write(b"".join(lines))
    run.append_event(event_record(Finished(100_000, "done", 9.0)))
    told: list[Event] = []
    looks = 0
    while True:
        news = watch.news()
        told += news.events
        looks += 1
        assert len(news.events) < 20_000
        if not news.more:
            break
        assert news.state == "running"
    assert looks > 5
    assert [event.step for event in told if isinstance(event, StepRecord)] == list(range(1, 100_001))
    assert isinstance(told[-1], Finished)
    assert news.state == "finished"


def test_a_folder_that_is_deleted_is_told_once_and_followed_when_it_is_back(
    training: Training, tmp_path: Path
):
    training.until(5)
    watch = Watch(read_history(training.path))
    training.path.rename(tmp_path / "away")
    news = watch.news()
    (warned,) = news.events
    assert isinstance(warned, Warned)
    assert "is not there any more" in warned.message
    assert news.state == "interrupted"
    assert watch.news().events == []
    (tmp_path / "away").rename(training.path)
    training.until(8)
    back = watch.news()
    assert back.state == "running"
    assert [event.step for event in back.events if isinstance(event, StepRecord)][-1] == 8


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (Paused(5), "paused"),
        (Finished(5, "stopped", 1.0), "stopped"),
        (Failed(5, "No."), "failed"),
    ],
    ids=["paused", "stopped", "failed"],
)
def test_it_says_how_the_run_stands(run: RunFolder, last: Event, state: str):
    run.append_event(event_record(Started(1, run.name, 100, "cpu", {})))
    watch = Watch(read_history(run.path))
    assert watch.news().state == "running"
    run.append_event(event_record(last))
    assert watch.news().state == state
    assert Watch(read_history(run.path)).news().state == state


def test_a_preview_that_is_no_picture_is_passed_over(run: RunFolder):
    run.append_event(event_record(Started(1, run.name, 100, "cpu", {})))
    watch = Watch(read_history(run.path))
    watch.news()
    (run.path / "samples").mkdir()
    (run.path / "samples" / "000000010.png").write_bytes(b"no picture")
    run.write_sample(20, np.zeros((4, 8, 8, 1), np.uint8))
    (preview,) = all_news(watch)
    assert isinstance(preview, PreviewReady)
    assert (preview.step, preview.array.shape, preview.kept) == (20, (4, 8, 8, 1), True)


def test_the_data_and_each_kind_of_preview_are_told_apart(run: RunFolder):
    watch = Watch(read_history(run.path))
    run.write_real(np.zeros((2, 8, 8, 3), np.uint8))
    run.write_sample(20, np.zeros((4, 8, 8, 1), np.uint8))
    run.write_sample(20, np.zeros((4, 8, 8, 1), np.uint8), "reconstructed")
    found = [(event.source, event.first, event.kept) for event in all_news(watch)]
    assert found == [("real", False, False), ("fixed", True, True), ("reconstructed", False, True)]


def test_a_folder_removed_while_it_is_read_raises_nothing(training: Training):
    training.until(5)
    watch = Watch(read_history(training.path))
    shutil.rmtree(training.path / "samples")
    (training.path / "metrics.jsonl").unlink()
    assert watch.news().state == "running"
