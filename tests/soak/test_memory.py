"""The soak of the memory itself: it reads what it says, and sees growth where there is any."""

import json
from pathlib import Path

import pytest

from ganstudio.runs.folder import RunFolder
from tests.soak import memory
from tests.soak.memory import Reading


def curve(*resident: float) -> list[Reading]:
    return [Reading(step, 0.0, int(size), 0) for step, size in enumerate(resident)]


@pytest.mark.parametrize(
    ("readings", "grown"),
    [
        (curve(*[10] * 10, *[100] * 90), 1.0),
        (curve(*range(100, 300)), 297.5 / 121.5),
        (curve(*[100] * 499, 500), 1.0),
    ],
    ids=["the beginning does not count", "steady", "one odd reading"],
)
def test_growth_is_the_end_over_what_was_after_a_tenth(readings: list[Reading], grown: float) -> None:
    assert memory.growth(readings) == pytest.approx(grown, rel=0.02)


def test_watches_a_real_training(tmp_path: Path) -> None:
    out = tmp_path / "readings.jsonl"
    readings = memory.watch("ring", 30, tmp_path / "run", out)
    assert RunFolder.open(tmp_path / "run").state == "finished"
    assert readings[-1].step == 30
    assert all(reading.resident > 50e6 for reading in readings)
    assert len(out.read_text().splitlines()) == len(readings)
    assert json.loads(out.read_text().splitlines()[-1])["resident"] == readings[-1].resident
    assert "resident MB" in memory.table(readings)
