import os
from pathlib import Path

import pytest

from ganstudio.runs import tally as tallying
from ganstudio.runs.lines import encode
from ganstudio.runs.tally import Tally, tally


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def write(path: Path, *values: float | None, start: int = 0) -> None:
    with path.open("ab") as file:
        for number, value in enumerate(values, start):
            file.write(encode({"step": number, "values": {"loss/generator": 1.0}}))
            file.write(encode({"step": number, "scores": {"score/fid": value}}))


def test_no_file_has_no_scores(path: Path) -> None:
    assert tally(path) == Tally()


def test_lowest_highest_and_last_are_found(path: Path) -> None:
    write(path, 5.0, 2.0, 9.0, 4.0)
    assert tally(path).scores == {"score/fid": (2.0, 9.0, 4.0)}


def test_what_is_no_number_does_not_count(path: Path) -> None:
    write(path, 5.0, None)
    path.write_bytes(path.read_bytes() + b'{"scores": {"score/fid": true}}\n{"scores": 3}\n{"scores": {\n')
    assert tally(path).scores == {"score/fid": (5.0, 5.0, 5.0)}


def test_only_what_is_new_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, 5.0, 2.0)
    first = tally(path)
    write(path, 3.0, start=2)
    seen: list[bytes] = []
    decode = tallying.decode
    monkeypatch.setattr(tallying, "decode", lambda line: seen.append(line) or decode(line))
    assert tally(path, first).scores == {"score/fid": (2.0, 5.0, 3.0)}
    assert len(seen) == 1


def test_a_torn_line_waits_for_its_end(path: Path) -> None:
    write(path, 5.0)
    line = encode({"step": 1, "scores": {"score/fid": 1.0}})
    with path.open("ab") as file:
        file.write(line[:20])
    first = tally(path)
    assert first.scores == {"score/fid": (5.0, 5.0, 5.0)}
    with path.open("ab") as file:
        file.write(line[20:])
    assert tally(path, first).scores == {"score/fid": (1.0, 5.0, 1.0)}


def test_a_file_that_was_cut_back_is_read_anew(path: Path) -> None:
    write(path, 5.0, 1.0)
    first = tally(path)
    os.truncate(path, first.read // 2)
    write(path, 7.0, 8.0, 6.0, start=1)
    assert tally(path, first).scores == {"score/fid": (5.0, 8.0, 6.0)}


def test_a_large_file_is_read_in_turns(path: Path) -> None:
    write(path, *(float(value) for value in range(200, 0, -1)))
    limit = path.stat().st_size // 4
    found: Tally | None = None
    turns = 0
    while found is None or not found.whole:
        found = tally(path, found, limit)
        turns += 1
    assert 4 <= turns <= 6
    assert found.scores == {"score/fid": (1.0, 200.0, 1.0)}
    assert found.read == path.stat().st_size


def test_scores_are_found_across_blocks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying, "_BLOCK", 64)
    write(path, *(float(value) for value in range(50)))
    assert tally(path).scores == {"score/fid": (0.0, 49.0, 49.0)}


def test_what_is_better_the_lower_is_remembered(path: Path) -> None:
    path.write_bytes(encode({"scores": {"score/fid": 1.0}, "lower": ["score/fid", "odd"]}))
    first = tally(path)
    assert first.lower == ("score/fid",)
    write(path, 3.0)
    assert tally(path, first).lower == ("score/fid",)
