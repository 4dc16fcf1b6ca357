import json
import math
from pathlib import Path

import pytest

from ganstudio.api import StudioError
from ganstudio.api.events import VectorRecord
from ganstudio.runs.vectors import newest_vectors, read_vectors, vector_of

FIRST = VectorRecord(2, {"kl/latents": (0.5, 1e-6)}, {"kl/latents": ("0", "1")})
LATER = [VectorRecord(step, {"kl/latents": (0.5, float(step))}) for step in (4, 6, 8)]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    records = [FIRST, *LATER]
    lines = [json.dumps({"step": r.step, "values": r.values, "labels": r.labels}) for r in records]
    (tmp_path / "vectors.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_come_back_as_they_were_written(run: Path) -> None:
    assert read_vectors(run) == [FIRST, *LATER]


def test_a_torn_last_line_and_damaged_ones_are_dropped(run: Path) -> None:
    with (run / "vectors.jsonl").open("a") as file:
        file.write('no record\n{"step":9}\n{"step":10,"values":{"kl/lat')
    assert read_vectors(run) == [FIRST, *LATER]
    assert newest_vectors(run, 1) == LATER[-1:]


def test_an_older_run_has_none(tmp_path: Path) -> None:
    assert read_vectors(tmp_path) == []
    assert newest_vectors(tmp_path, 3) == []


def test_the_newest_are_those_before_a_step(run: Path) -> None:
    assert newest_vectors(run, 2) == LATER[1:]
    assert newest_vectors(run, 2, until=5) == [FIRST, LATER[0]]


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "vectors.jsonl").mkdir()
    with pytest.raises(StudioError, match="cannot be read"):
        newest_vectors(tmp_path, 1)


def test_what_was_not_finite_is_no_number() -> None:
    record = vector_of({"step": 1, "values": {"logits/real": [1, None]}})
    assert record is not None
    one, none = record.values["logits/real"]
    assert (one, math.isnan(none)) == (1.0, True)
