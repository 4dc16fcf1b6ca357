from pathlib import Path

import pytest

from ganstudio.runs.tail import Tail


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines"


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_lines_are_given_once_as_they_come(path: Path):
    tail = Tail(path)
    assert tail.read() == []
    append(path, b"a\nb\n")
    assert tail.read() == [b"a\n", b"b\n"]
    assert tail.read() == []
    append(path, b"c\n")
    assert tail.read() == [b"c\n"]
    assert not tail.went_back


def test_a_line_waits_for_its_end(path: Path):
    tail = Tail(path)
    append(path, b"a\nbe")
    assert tail.read() == [b"a\n"]
    assert tail.read() == []
    append(path, b"gin\n")
    assert tail.read() == [b"begin\n"]


def test_what_is_too_much_for_once_is_left_for_the_next_time(path: Path):
    tail = Tail(path)
    append(path, b"1234567\n" * 100)
    found = tail.read(limit=80)
    assert len(found) == 10
    assert tail.more
    while tail.more:
        found += tail.read(limit=80)
    assert found == [b"1234567\n"] * 100


def test_a_line_longer_than_the_limit_is_read_whole(path: Path):
    tail = Tail(path)
    append(path, b"x" * 511 + b"\ny\n")
    assert tail.read(limit=16) == [b"x" * 511 + b"\n"]


@pytest.mark.parametrize("after", [b"", b"a\n", b"a\nB\nc\nd\ne\n"], ids=["empty", "shorter", "longer"])
def test_a_file_that_was_cut_or_rewritten_is_noticed(path: Path, after: bytes):
    append(path, b"a\nb\nc\n")
    tail = Tail(path)
    tail.read()
    path.write_bytes(after)
    assert tail.read() == []
    assert tail.went_back
    assert tail.read() == after.splitlines(keepends=True)
    assert not tail.went_back


def test_a_file_that_was_cut_and_has_grown_past_where_it_was_is_noticed(path: Path):
    append(path, b"".join(b"line %d\n" % number for number in range(2000)))
    tail = Tail(path)
    tail.read()
    with path.open("rb+") as file:
        file.truncate(10_000)
    append(path, b"".join(b"anew %d\n" % number for number in range(2000)))
    tail.read()
    assert tail.went_back


def test_a_file_that_goes_is_noticed(path: Path):
    append(path, b"a\n")
    tail = Tail(path)
    tail.read()
    path.unlink()
    assert tail.read() == []
    assert tail.went_back


def test_reading_can_begin_behind_any_line(path: Path):
    lines = [b"line %d\n" % number for number in range(50_000)]
    append(path, b"".join(lines) + b"torn")
    tail = Tail(path)
    places = list(tail.backwards())
    assert [line for _, line in places] == lines[::-1]
    behind = next(place for place, line in places if line == b"line 49000\n")
    tail.move(behind)
    assert tail.read() == lines[49_001:]
    assert not tail.went_back
