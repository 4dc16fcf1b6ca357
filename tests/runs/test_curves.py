import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.api import StudioError
from ganstudio.runs import curves as module
from ganstudio.runs.curves import Curve, read_metrics


def report(step: int, **values: float | None) -> dict[str, Any]:
    named = {f"loss/{name}": value for name, value in (values or {"generator": step / 7}).items()}
    return {"step": step, "seconds": step / 100, "images_seen": step * 64, "values": named}


def score(step: int, value: float = 8.0, name: str = "score/modes") -> dict[str, Any]:
    return {"step": step, "scores": {name: value}, "took": 0.25}


def text(record: Any) -> str:
    return json.dumps(record, separators=(",", ":")) + "\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def write(path: Path, *records: Any) -> None:
    path.write_text("".join(map(text, records)), encoding="utf-8")


def test_every_report_becomes_a_point_of_each_of_its_curves(path: Path):
    write(path, *(report(step, generator=step / 7, discriminator=step / 3) for step in (10, 20, 30)))
    metrics = read_metrics(path)
    curve = metrics.curves["loss/discriminator"]
    assert list(metrics.curves) == ["loss/generator", "loss/discriminator"]
    assert curve.steps.tolist() == [10, 20, 30]
    assert curve.values.tolist() == [10 / 3, 20 / 3, 10.0]
    assert curve.seconds.tolist() == [0.1, 0.2, 0.3]
    assert curve.images.tolist() == [640, 1280, 1920]
    assert (metrics.step, metrics.seconds, metrics.images_seen, metrics.thinned) == (30, 0.3, 1920, False)


def test_scores_are_called_as_the_live_plots_call_them_and_timed_by_the_reports(path: Path):
    write(path, report(10), score(15), report(20), score(20, 7.0), score(20, 3.0, "fid"))
    found = read_metrics(path).curves
    assert found["score/modes"].steps.tolist() == [15, 20]
    assert found["score/modes"].seconds.tolist() == pytest.approx([0.15, 0.2])
    assert found["score/modes"].images.tolist() == [960, 1280]
    assert found["score/fid"].values.tolist() == [3.0]


def test_a_value_that_was_not_finite_is_a_gap(path: Path):
    write(path, report(1, generator=1.0), report(2, generator=None))
    values = read_metrics(path).curves["loss/generator"].values
    assert values[0] == 1.0
    assert math.isnan(values[1])


def test_curves_may_begin_and_end_anywhere(path: Path):
    write(path, report(1, a=1), report(2, a=2, b=2), report(3, b=3), report(4, a=4))
    found = read_metrics(path).curves
    assert found["loss/a"].steps.tolist() == [1, 2, 4]
    assert found["loss/b"].values.tolist() == [2.0, 3.0]


def test_where_steps_fall_what_came_later_counts(path: Path):
    write(path, report(1), report(2, generator=9), report(3), report(2, generator=5), report(4))
    curve = read_metrics(path).curves["loss/generator"]
    assert curve.steps.tolist() == [1, 2, 4]
    assert curve.values.tolist()[1] == 5.0


@pytest.mark.parametrize(
    "rubbish",
    [
        "rubbish\n",
        "[1, 2]\n",
        '{"step": "two", "values": {"loss/generator": 1}}\n',
        '{"step": 2, "values": 3}\n',
        '{"step": 2, "values": {"loss/generator": "high"}, "seconds": 1, "images_seen": 1}\n',
        '{"values": {"loss/generator": 1}}\n',
        '{"step": 2, "values": {"loss/generator": 1}, "seconds": {}, "images_seen": 1}\n',
        '{"step": 9999999999999999999999, "seconds": 1, "images_seen": 1, "values": {"loss/generator": 1}}\n',
        "\n",
        '{"step": 2, "scores": []}\n',
        '{"step": 1}, {"step": 2}\n',
    ],
    ids=str.strip,
)
def test_lines_that_hold_no_report_are_passed_over(path: Path, rubbish: str):
    path.write_text(text(report(1)) + rubbish + text(report(3)), encoding="utf-8")
    assert read_metrics(path).curves["loss/generator"].steps.tolist() == [1, 3]


def test_bytes_that_are_no_text_are_passed_over(path: Path):
    path.write_bytes(text(report(1)).encode() + b"\xff\xfe\x00\n" + text(report(3)).encode())
    assert read_metrics(path).curves["loss/generator"].steps.tolist() == [1, 3]


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_last_line_does_not_count(path: Path, cut: int):
    write(path, report(1), report(2))
    path.write_bytes(path.read_bytes()[:-cut])
    assert read_metrics(path).curves["loss/generator"].steps.tolist() == [1]


@pytest.mark.parametrize("content", [None, b"", b'{"step":1'], ids=["missing", "empty", "torn"])
def test_a_file_without_lines_gives_no_curves(path: Path, content: bytes | None):
    if content is not None:
        path.write_bytes(content)
    metrics = read_metrics(path)
    assert (metrics.curves, metrics.step, metrics.thinned) == ({}, 0, False)


def test_a_file_that_cannot_be_read_is_named(path: Path):
    path.mkdir()
    with pytest.raises(StudioError, match=r"metrics.jsonl cannot be read"):
        read_metrics(path)


@pytest.fixture
def long(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 20 000 reports, of which some sixth is read."""
    monkeypatch.setattr(module, "PLACES", 64)
    with path.open("w", encoding="utf-8") as file:
        for step in range(1, 20_001):
            file.write(text(report(step, generator=math.sin(step), discriminator=step / 7)))
            if step % 500 == 0:
                file.write(text(score(step, step / 500)))
    return path


def test_of_a_long_file_an_even_sample_is_read(long: Path):
    whole = long.stat().st_size
    metrics = read_metrics(long, whole=whole // 6)
    curve = metrics.curves["loss/discriminator"]
    assert metrics.thinned
    assert 2000 < len(curve) < 3400
    assert (curve.steps[0], curve.steps[-1], metrics.step) == (1, 20_000, 20_000)
    assert curve.values.tolist() == [step / 7 for step in curve.steps]
    assert np.diff(curve.steps).max() < 400
    assert metrics.images_seen == 20_000 * 64


def test_of_a_long_file_the_scores_that_are_asked_for_are_found(long: Path):
    few = read_metrics(long, whole=long.stat().st_size // 6).curves["score/modes"]
    every = range(500, 20_001, 500)
    # Steps without a score are no hindrance.
    wanted = sorted([*every, 3, 777, 19_999, 50_000])
    all_of_them = read_metrics(long, wanted, whole=long.stat().st_size // 6).curves["score/modes"]
    assert len(few) < 20
    assert all_of_them.steps.tolist() == list(every)
    assert all_of_them.values.tolist() == [step / 500 for step in every]


def test_a_long_file_of_any_length_can_be_read_whole(long: Path):
    metrics = read_metrics(long, whole=None)
    assert metrics.curves["loss/generator"].steps.tolist() == list(range(1, 20_001))
    assert len(metrics.curves["score/modes"]) == 40


def test_a_long_file_with_damage_in_the_middle_is_read_around_it(long: Path):
    data = bytearray(long.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 30_000] = b"\0" * 30_000
    long.write_bytes(data)
    metrics = read_metrics(long, range(500, 20_001, 500), whole=len(data) // 6)
    assert metrics.step == 20_000
    assert len(metrics.curves["score/modes"]) >= 38


def curve(*steps: int) -> Curve:
    row = np.array(steps, np.int64)
    return Curve(row, row / 2.0, row / 10.0, row * 64)


def test_a_curve_can_be_cut_and_gone_on_with():
    joined = curve(1, 2, 3, 4, 5).until(3).then(curve(3, 6))
    assert joined.steps.tolist() == [1, 2, 3, 6]
    assert len(joined.values) == len(joined.seconds) == len(joined.images) == 4
    assert curve(1, 2).then(curve()).steps.tolist() == [1, 2]
    assert len(curve(4, 5).until(3)) == 0


# --- What is known beside the values ---------------------------------------------------------------


def marked(step: int, value: float, **more: Any) -> dict[str, Any]:
    known = {
        "intervals": {"score/FID": [value - 1, value + 1]},
        "floors": {"score/FID": 8.0},
        "lower": ["score/FID"],
    }
    return {"step": step, "scores": {"score/FID": value, "score/modes": 8}, "took": 0.1, **known, **more}


def test_intervals_and_floors_come_back_with_their_steps(path: Path):
    write(path, report(10), marked(15, 30.0), report(20), marked(20, 20.0), score(25))
    margin = read_metrics(path).margins["score/FID"]
    assert margin.low.steps.tolist() == [15, 20]
    assert margin.low.values.tolist() == [29.0, 19.0]
    assert margin.high.values.tolist() == [31.0, 21.0]
    assert margin.floor.values.tolist() == [8.0, 8.0]
    assert margin.lower
    assert list(read_metrics(path).margins) == ["score/FID"]


def test_where_the_run_went_back_intervals_go_back_too(path: Path):
    write(path, marked(10, 30.0), marked(20, 20.0), marked(10, 40.0))
    assert read_metrics(path).margins["score/FID"].low.values.tolist() == [39.0]


@pytest.mark.parametrize(
    "broken",
    [
        {"intervals": [1, 2]},
        {"intervals": {"score/FID": 3}},
        {"intervals": {"score/FID": [1]}},
        {"intervals": {"score/FID": ["a", "b"]}},
        {"floors": "none"},
        {"floors": {"score/FID": "low"}},
        {"lower": 3},
    ],
    ids=str,
)
def test_what_is_damaged_beside_a_score_hides_no_score(path: Path, broken: dict[str, Any]):
    write(path, marked(10, 30.0), marked(20, 20.0, **broken))
    metrics = read_metrics(path)
    assert metrics.curves["score/FID"].values.tolist() == [30.0, 20.0]
    assert metrics.margins["score/FID"].low.values[0] == 29.0


def test_of_a_long_file_scores_of_one_step_stay_apart(long: Path):
    with long.open("a", encoding="utf-8") as file:
        for step in range(20_001, 20_101):
            file.write(text(score(step, name="score/vitals/diversity")) + text(score(step, name="score/FID")))
    found = read_metrics(long, range(20_001, 20_101), whole=long.stat().st_size // 6).curves
    assert found["score/vitals/diversity"].steps.tolist() == found["score/FID"].steps.tolist()
    assert len(found["score/FID"]) > 10
