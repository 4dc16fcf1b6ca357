import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganstudio.api import StudioError
from ganstudio.api.events import (
    CheckpointReady,
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Paused,
    Preparing,
    PreviewReady,
    Released,
    Resumed,
    ScoreRecord,
    SettingChanged,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.experiment import Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder
from ganstudio.runs.refusals import DiskError
from tests.runs.conftest import State, names

IMAGES = np.zeros((4, 3, 5, 1), np.uint8)


@pytest.fixture
def recorder(run: RunFolder) -> Recorder:
    return Recorder(run)


def test_a_report_becomes_a_line_of_metrics(recorder: Recorder, run: RunFolder) -> None:
    event = StepRecord(10, 1.5, 640, {"loss/generator": 0.7})
    assert recorder.record(event) == [event]
    assert list(run.metrics()) == [
        {"step": 10, "seconds": 1.5, "images_seen": 640, "values": {"loss/generator": 0.7}}
    ]


def test_scores_become_a_line_of_metrics(recorder: Recorder, run: RunFolder) -> None:
    event = ScoreRecord(10, {"score/modes": 8.0, "score/fid": math.nan}, 0.25)
    assert recorder.record(event) == [event]
    assert list(run.metrics()) == [
        {"step": 10, "scores": {"score/modes": 8.0, "score/fid": None}, "took": 0.25}
    ]


def test_what_is_known_of_scores_becomes_part_of_their_line(recorder: Recorder, run: RunFolder) -> None:
    event = ScoreRecord(
        10, {"score/FID": 8.0}, 0.25, ("score/FID",), {"score/FID": (7.0, math.inf)}, {"score/FID": 2.0}
    )
    recorder.record(event)
    assert list(run.metrics()) == [
        {
            "step": 10,
            "scores": {"score/FID": 8.0},
            "took": 0.25,
            "lower": ["score/FID"],
            "intervals": {"score/FID": [7.0, None]},
            "floors": {"score/FID": 2.0},
        }
    ]


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        pytest.param(
            Started(1, "name", 100, "cpu", {"generator": 7}, ("a note",), 8),
            {
                "run": "name",
                "total_steps": 100,
                "device": "cpu",
                "networks": {"generator": 7},
                "notes": ["a note"],
                "modes": 8,
                "replay": [],
                "classes": [],
            },
            id="started",
        ),
        pytest.param(
            SettingChanged(5, "optimizers.generator.learning_rate", np.float64(1e-4), 2e-4),
            {"path": "optimizers.generator.learning_rate", "value": 1e-4, "before": 2e-4, "again": False},
            id="changed",
        ),
        pytest.param(
            SettingRefused(5, "x", "No."), {"path": "x", "reason": "No.", "again": False}, id="refused"
        ),
        pytest.param(Paused(5), {}, id="paused"),
        pytest.param(Resumed(5), {}, id="resumed"),
        pytest.param(Released(5, "Full."), {"message": "Full."}, id="released"),
        pytest.param(Warned(5, "Hot."), {"message": "Hot."}, id="warned"),
        pytest.param(Finished(5, "done", 2.5), {"reason": "done", "seconds": 2.5}, id="finished"),
        pytest.param(
            Failed(5, "No.", "Traceback", "x", "kept"),
            {"message": "No.", "details": "Traceback", "path": "x", "saved": "kept"},
            id="failed",
        ),
    ],
)
def test_what_happens_becomes_a_line_of_events(
    recorder: Recorder, run: RunFolder, event: Event, fields: dict[str, object]
) -> None:
    assert recorder.record(event) == [event]
    (line,) = run.events()
    time = datetime.fromisoformat(line.pop("time"))
    assert abs(datetime.now(UTC) - time) < timedelta(minutes=1)
    assert line == {"event": type(event).__name__, "step": event.step, **fields}
    assert list(run.metrics()) == []


def test_getting_ready_is_not_written(recorder: Recorder, run: RunFolder) -> None:
    before = names(run.path)
    event = Preparing(0, "Loading", 0.5)
    assert recorder.record(event) == [event]
    assert names(run.path) == before


@pytest.mark.parametrize(
    ("source", "kept", "written"),
    [
        pytest.param("fixed", True, ["000000010.png"], id="kept"),
        pytest.param("fixed", False, [], id="for the window alone"),
        pytest.param("real", False, ["real.png"], id="real"),
    ],
)
def test_previews_are_kept_as_asked(
    recorder: Recorder, run: RunFolder, source: str, kept: bool, written: list[str]
) -> None:
    event = PreviewReady(10, "images", IMAGES, source=source, kept=kept)
    assert recorder.record(event) == [event]
    found = [path.name for path in (run.path / "samples").glob("*")]
    assert found == written


def test_a_checkpoint_is_written_and_its_place_goes_on(recorder: Recorder, run: RunFolder) -> None:
    (saved,) = recorder.record(CheckpointReady(12, State(), "end"))
    assert isinstance(saved, CheckpointSaved)
    assert Path(saved.path) == run.path / "checkpoints" / "000000012"
    assert saved.reason == "end"
    (line,) = run.events()
    assert (line["event"], line["step"], line["path"]) == ("CheckpointSaved", 12, "checkpoints/000000012")
    assert run.latest_checkpoint()[1] == []


def test_the_state_itself_goes_no_further(recorder: Recorder) -> None:
    told = recorder.record(CheckpointReady(12, State(), "end"))
    assert not [event for event in told if isinstance(event, CheckpointReady)]


def test_a_full_disk_is_told_and_the_run_reads_as_interrupted(
    tiny_disk: Path, fill: Callable[[Path], Path], experiment: Experiment
) -> None:
    run = RunFolder.create(tiny_disk, experiment, {})
    recorder = Recorder(run)
    recorder.record(Started(1, "name", 100, "cpu", {}))
    filler = fill(tiny_disk)
    with pytest.raises(StudioError, match="is full; free some space"):
        recorder.record(CheckpointReady(12, State(), "end"))
    with pytest.raises(StudioError, match="is full; free some space"):
        recorder.record(Failed(12, "No.", "x" * 8192))
    run.close()
    assert run.state == "interrupted"
    filler.unlink()
    assert [line["event"] for line in run.events()] == ["Started"]


def test_every_line_of_a_run_is_valid_json(recorder: Recorder, run: RunFolder) -> None:
    recorder.record(StepRecord(1, math.inf, 1, {"loss": math.nan}))
    recorder.record(SettingChanged(1, "path", {1, 2}, Path("a")))

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for path in run.path.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            json.loads(line, parse_constant=refuse)


@pytest.mark.parametrize(
    ("source", "first", "kept", "written"),
    [
        pytest.param("samples", True, True, ["000000010.png"], id="the first"),
        pytest.param("reconstructions", False, True, ["000000010-reconstructions.png"], id="another"),
        pytest.param("Seen & made", False, True, ["000000010-seen-made.png"], id="a name for people"),
        pytest.param("reconstructions", False, False, [], id="for the window alone"),
    ],
)
def test_previews_of_several_kinds_are_kept_by_name(
    recorder: Recorder, run: RunFolder, source: str, first: bool, kept: bool, written: list[str]
) -> None:
    recorder.record(PreviewReady(10, "images", IMAGES, source, first, kept=kept))
    assert [path.name for path in (run.path / "samples").glob("*")] == written


@pytest.mark.parametrize(
    ("columns", "size"), [(0, (2 * 5 + 1, 2 * 3 + 1)), (4, (4 * 5 + 3, 3)), (3, (17, 7))]
)
def test_a_preview_is_kept_with_as_many_columns_as_it_asks_for(
    recorder: Recorder, run: RunFolder, columns: int, size: tuple[int, int]
) -> None:
    recorder.record(PreviewReady(10, "images", IMAGES, columns=columns, kept=True))
    with Image.open(run.path / "samples" / "000000010.png") as picture:
        assert picture.size == size


@pytest.fixture
def refusing(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A disk that takes no line of metrics while ``full`` holds."""
    disk, append = {"full": True}, run.append_metrics

    def appending(record: Any) -> None:
        if disk["full"]:
            raise DiskError("The disk is full.", passing=True)
        append(record)

    monkeypatch.setattr(run, "append_metrics", appending)
    return disk


def test_what_the_disk_refuses_is_written_when_it_is_tried_again(
    recorder: Recorder, run: RunFolder, refusing: dict[str, bool]
) -> None:
    report, released = StepRecord(7, 1.0, 1, {}), Released(7, "Full.")
    with pytest.raises(DiskError):
        recorder.record(report)
    recorder.add(released)
    with pytest.raises(DiskError):
        recorder.again()
    assert list(run.metrics()) == list(run.events()) == []
    refusing["full"] = False
    assert recorder.again() == [report, released]
    assert recorder.again() == []
    assert [line["step"] for line in run.metrics()] == [7]
    assert [line["event"] for line in run.events()] == ["Released"]


def test_what_is_given_up_is_never_written(
    recorder: Recorder, run: RunFolder, refusing: dict[str, bool]
) -> None:
    with pytest.raises(DiskError):
        recorder.record(StepRecord(7, 1.0, 1, {}))
    recorder.give_up()
    refusing["full"] = False
    finished = Finished(7, "stopped", 1.0)
    assert recorder.record(finished) == [finished]
    assert list(run.metrics()) == []
