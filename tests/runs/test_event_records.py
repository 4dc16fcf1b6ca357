import json
from pathlib import Path
from typing import Any

import pytest

from ganstudio.api.events import (
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    HealthChanged,
    Paused,
    Restarted,
    ScoreRecord,
    SettingChanged,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.runs.event_records import event_of, measured
from ganstudio.runs.recorder import event_record
from tests.runs.test_condition_records import WHOLE

RUN = Path("/runs/one")


@pytest.mark.parametrize(
    "event",
    [
        Started(1, "one", 400, "cpu", {"generator": 12}, ("a note",), 8),
        Restarted(100, "one", 400, "cpu", {}, ("a note",), changes=1),
        SettingChanged(7, "training.ema_decay", 0.5, 0.9, again=True),
        SettingRefused(7, "training.ema_decay", "No."),
        Paused(9),
        Warned(9, "Careful."),
        HealthChanged(9, "Far", "Distance", WHOLE),
        HealthChanged(9, "Far", "Distance", None, "far"),
        Finished(400, "done", 4.5),
        Failed(3, "It broke.", "traceback", "data.path", "kept"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_comes_back_as_it_was_written(event: Event):
    assert event_of(json.loads(json.dumps(event_record(event))), RUN) == event


def test_a_checkpoint_is_told_with_its_place_on_the_disk():
    record = event_record(CheckpointSaved(400, "checkpoints/000000400", 12, "end"))
    assert event_of(record, RUN) == CheckpointSaved(400, str(RUN / "checkpoints/000000400"), 12, "end")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"event": "FromTheFuture", "step": 1},
        {"event": "Event", "step": 1},
        {"event": "Paused"},
        {"event": "Paused", "step": "one"},
        {"event": "Warned", "step": 1},
        {"event": "Warned", "step": 1, "message": None},
        {"event": "Started", "step": 1, "run": "x", "total_steps": "many", "device": "cpu", "networks": {}},
        {"event": ["Paused"], "step": 1},
        {"event": "HealthChanged", "step": 1, "rule": "Far", "title": "Far", "condition": {"name": "far"}},
        {"event": "HealthChanged", "step": 1, "rule": 3, "title": "Far"},
    ],
    ids=str,
)
def test_what_is_no_event_gives_none(record: dict[str, Any]):
    assert event_of(record, RUN) is None


def test_reports_and_scores_come_back():
    report = {"step": 3, "seconds": 1, "images_seen": 96, "values": {"loss/generator": 0.5}}
    assert measured(report) == StepRecord(3, 1.0, 96, {"loss/generator": 0.5})
    scores = {"step": 3, "scores": {"fid": 2}, "took": 0.5}
    assert measured(scores) == ScoreRecord(3, {"fid": 2.0}, 0.5)
    assert measured({**scores, "lower": ["fid"]}) == ScoreRecord(3, {"fid": 2.0}, 0.5, ("fid",))
    known = {"intervals": {"fid": [1, 3], "kid": [1]}, "floors": {"fid": 1}}
    assert measured({**scores, **known}) == ScoreRecord(
        3, {"fid": 2.0}, 0.5, (), {"fid": (1.0, 3.0)}, {"fid": 1.0}
    )
    assert measured({"step": 3, "values": []}) is None
