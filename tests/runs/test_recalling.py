import json
from pathlib import Path
from typing import Any

import pytest

from ganstudio.api import Condition
from ganstudio.api.events import (
    Event,
    Finished,
    HealthChanged,
    ScoreRecord,
    SettingChanged,
    Started,
    StepRecord,
    VectorRecord,
)
from ganstudio.runs import recalling
from ganstudio.runs.recalling import recall
from ganstudio.runs.recorder import event_record

FAR = Condition("far", "watch", 3, "It is far.", "Steps add up.")


def write(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    told: list[Event] = [
        Started(1, "one", 400, "cpu", {}),
        SettingChanged(2, "training.ema_decay", 0.5, 0.9),
        HealthChanged(3, "Far", "Distance", FAR),
        SettingChanged(4, "training.ema_decay", 0.7, 0.5),
        HealthChanged(5, "Far", "Distance", None, "far"),
        Finished(5, "stopped", 1.0),
    ]
    write(tmp_path / "events.jsonl", [event_record(event) for event in told])
    reports = [
        {"step": step, "seconds": 0.1, "images_seen": 32, "values": {"loss/g": 1.0}} for step in range(1, 6)
    ]
    write(tmp_path / "metrics.jsonl", [*reports[:4], {"step": 4, "scores": {"score/modes": 8.0}}, reports[4]])
    write(tmp_path / "vectors.jsonl", [{"step": step, "values": {"logits/real": [1.0]}} for step in (2, 4)])
    return tmp_path


def test_gives_what_was_known_at_a_step_in_its_order(run: Path) -> None:
    recalled = recall(run, step=4, changes=1)
    assert [(event.step, type(event)) for event in recalled.events] == [
        *((1, StepRecord), (1, Started)),
        *((2, StepRecord), (2, VectorRecord), (2, SettingChanged)),
        (3, StepRecord),
        *((4, StepRecord), (4, ScoreRecord), (4, VectorRecord)),
    ]
    assert recalled.health == {"Far": HealthChanged(3, "Far", "Distance", FAR)}


def test_what_was_said_last_of_a_rule_counts_and_an_end_does_not(run: Path) -> None:
    recalled = recall(run, step=5, changes=2)
    assert recalled.health == {"Far": HealthChanged(5, "Far", "Distance", None, "far")}
    assert not any(isinstance(event, Finished) for event in recalled.events)


def test_of_a_long_run_the_newest_reports_alone_are_read(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalling, "REPORTS", 2)
    found = recall(run, step=5, changes=2).events
    assert [event.step for event in found if isinstance(event, StepRecord)] == [4, 5]


def test_of_a_run_without_records_there_is_nothing(tmp_path: Path) -> None:
    assert recall(tmp_path, step=5, changes=0) == recalling.Recalled((), {})
