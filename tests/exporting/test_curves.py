"""Curves as a table: every point of a run, each where it belongs."""

import csv
import json
import math
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ganstudio.api import InputError, StudioError
from ganstudio.exporting.curves import rows, write_csv
from ganstudio.runs.history import read_history
from tests import experiments


def quiet(what: str, share: float | None) -> None:
    pass


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def made(folder: Path, records: list[dict[str, Any]], provenance: dict[str, Any] | None = None) -> Path:
    """Write a run folder by hand, of these lines."""
    folder.mkdir(parents=True)
    (folder / "experiment.toml").write_text(experiments.ring().to_toml())
    (folder / "provenance.json").write_text(json.dumps(provenance or {}))
    (folder / "metrics.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


def report(step: int, **values: float | None) -> dict[str, Any]:
    return {"step": step, "seconds": step / 2, "images_seen": 32 * step, "values": values}


def test_every_point_of_a_real_run_is_there(ring: Path, tmp_path: Path) -> None:
    written = write_csv(ring, tmp_path / "deep" / "curves.csv", quiet)
    lines = table(written)
    curves = read_history(ring).curves
    assert [int(line["step"]) for line in lines] == [1, 2, 3, 4, 5, 6]
    assert "score/modes" in curves
    for name, curve in curves.items():
        points = {int(line["step"]): float(line[name]) for line in lines if line[name]}
        assert points == pytest.approx(dict(zip(curve.steps.tolist(), curve.values.tolist(), strict=True)))
    assert lines[0]["score/modes"] == ""
    assert float(lines[-1]["seconds"]) > 0
    assert int(lines[-1]["images_seen"]) == 6 * 32


def test_a_curve_that_begins_late_is_blank_before(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [report(1, a=0.5), report(2, a=1.0, b=2.0), report(3, c=3.0)])
    text = write_csv(run, tmp_path / "c.csv", quiet).read_text()
    assert text == ("step,seconds,images_seen,a,b,c\n1,0.5,32,0.5,,\n2,1.0,64,1.0,2.0,\n3,1.5,96,,,3.0\n")


def test_a_report_and_its_scores_are_one_row(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [report(1, a=0.5), {"step": 1, "scores": {"score/fid": 9.0}, "took": 0.1}])
    assert table(write_csv(run, tmp_path / "c.csv", quiet)) == [
        {"step": "1", "seconds": "0.5", "images_seen": "32", "a": "0.5", "score/fid": "9.0"}
    ]


def test_what_was_not_finite_is_told_from_what_is_not_there(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [report(1, a=None, b=1.0), report(2, b=2.0)])
    first, second = table(write_csv(run, tmp_path / "c.csv", quiet))
    assert math.isnan(float(first["a"]))
    assert second["a"] == ""


def test_a_branch_begins_with_its_ancestors(tmp_path: Path) -> None:
    made(tmp_path / "first", [report(step, a=1.0) for step in (1, 2, 3, 4)])
    parent = {"parent": {"run": "first", "path": "first", "step": 3}}
    made(tmp_path / "second", [report(step, a=2.0) for step in (4, 5, 6)], parent)
    parent = {"parent": {"run": "second", "path": "second", "step": 5}}
    third = made(tmp_path / "third", [report(step, a=3.0) for step in (6, 7)], parent)
    assert [(row.step, row.values["a"]) for row in rows(third)] == [
        *((1, 1.0), (2, 1.0), (3, 1.0), (4, 2.0), (5, 2.0), (6, 3.0), (7, 3.0))
    ]


def test_names_that_a_plugin_thought_up_are_quoted(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [report(1, **{'a,"b"': 1.0})])
    assert table(write_csv(run, tmp_path / "c.csv", quiet))[0]['a,"b"'] == "1.0"


def test_a_run_without_a_report_has_a_header_alone(tmp_path: Path) -> None:
    written = write_csv(made(tmp_path / "run", []), tmp_path / "c.csv", quiet)
    assert written.read_text() == "step,seconds,images_seen\n"


def test_a_torn_last_line_and_damaged_ones_are_passed_over(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [report(1, a=1.0)])
    with (run / "metrics.jsonl").open("a") as file:
        file.write('nonsense\n{"step": "x"}\n{"step": 2, "seco')
    assert len(table(write_csv(run, tmp_path / "c.csv", quiet))) == 1


def test_memory_does_not_depend_on_the_length(tmp_path: Path) -> None:
    run = made(tmp_path / "run", [])
    with (run / "metrics.jsonl").open("w") as file:
        for step in range(1, 15_001):
            file.write(json.dumps(report(step, a=1 / step, b=0.25)) + "\n")
    for _ in rows(run):  # what is loaded at the first use is no matter of length
        break
    read_history(run)
    tracemalloc.start()
    seen = 0
    for number, _ in enumerate(rows(run)):
        if number == 100:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
        seen += 1
    grown = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert seen == 15_000
    assert grown < 300_000


def test_nothing_half_written_stays(ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out" / "curves.csv"
    write_csv(ring, out, quiet)
    before = out.read_bytes()
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(StudioError, match="is full"):
        write_csv(ring, out, quiet)
    assert out.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["curves.csv"]


def _full(handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no run"):
        write_csv(tmp_path, tmp_path / "c.csv", quiet)
