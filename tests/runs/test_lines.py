import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.api import StudioError
from ganstudio.runs.lines import LineReader, LineWriter, decode, encode

records = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
plain_records = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=4)


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    writer = LineWriter(path)
    for line in lines:
        writer.append(line)
    writer.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines") / "lines.jsonl"


@given(st.lists(plain_records, max_size=6))
@settings(deadline=None)
def test_what_was_appended_is_read_back(file: Path, lines: list[dict[str, Any]]) -> None:
    file.unlink(missing_ok=True)
    write(file, lines)
    reader = LineReader(file)
    assert list(reader) == lines
    assert reader.damaged == 0


@given(st.lists(plain_records, min_size=1, max_size=6), st.data())
@settings(deadline=None)
def test_a_file_cut_anywhere_loses_only_the_torn_line(
    file: Path, lines: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = b"".join(map(encode, lines))
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    file.write_bytes(cut)
    reader = LineReader(file)
    assert list(reader) == lines[: cut.count(b"\n")]
    assert reader.damaged == 0


@given(st.lists(plain_records, max_size=4), st.binary(max_size=40), plain_records)
@settings(deadline=None)
def test_going_on_after_a_torn_line_glues_nothing_to_it(
    file: Path, lines: list[dict[str, Any]], torn: bytes, later: dict[str, Any]
) -> None:
    file.write_bytes(b"".join(map(encode, lines)) + torn.replace(b"\n", b""))
    write(file, [later])
    reader = LineReader(file)
    assert list(reader) == [*lines, later]
    assert reader.damaged == 0


@given(st.lists(plain_records | st.binary(max_size=30), max_size=8))
@settings(deadline=None)
def test_damaged_lines_are_counted_and_passed_over(file: Path, mixed: list[dict[str, Any] | bytes]) -> None:
    damage = [each.replace(b"\n", b"") for each in mixed if isinstance(each, bytes)]
    damage = [each for each in damage if decode(each) is None]
    good = [each for each in mixed if isinstance(each, dict)]
    lines = [encode(each) if isinstance(each, dict) else each.replace(b"\n", b"") + b"\n" for each in mixed]
    lines = [line for line in lines if decode(line) in good or line.rstrip(b"\n") in damage]
    file.write_bytes(b"".join(lines))
    reader = LineReader(file)
    assert list(reader) == good
    assert reader.damaged == len(damage)


@given(records)
def test_every_line_is_one_line_of_valid_json(record: dict[str, Any]) -> None:
    line = encode(record)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    assert line.count(b"\n") == 1
    assert isinstance(json.loads(line.decode("utf-8"), parse_constant=refuse), dict)


@given(st.binary(max_size=60))
def test_no_line_whatever_is_fatal(line: bytes) -> None:
    assert decode(line) is None or isinstance(decode(line), dict)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"[1, 2]\n", id="a list"),
        pytest.param(b"3\n", id="a number"),
        pytest.param(b"\n", id="nothing"),
        pytest.param(b"\0" * 64 + b"\n", id="zeros of a lost block"),
        pytest.param(b"\xff\xfe{\0}\0\n", id="another encoding"),
        pytest.param(b"[" * 100_000 + b"\n", id="endless nesting"),
    ],
)
def test_what_is_no_record_is_damaged(line: bytes) -> None:
    assert decode(line) is None


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param(math.nan, None, id="nan"),
        pytest.param({"deep": [1.0, -math.inf]}, {"deep": [1.0, None]}, id="infinity inside"),
        pytest.param(np.float32("nan"), None, id="numpy nan"),
        pytest.param(np.float32(0.5), 0.5, id="numpy float"),
        pytest.param(np.int64(3), 3, id="numpy int"),
        pytest.param(Path("a/b"), "a/b", id="path"),
        pytest.param(MappingProxyType({"a": 1}), {"a": 1}, id="read-only mapping"),
        pytest.param("Grüße\ud800", "Grüße\ud800", id="text that is half a character"),
    ],
)
def test_values_unknown_to_json_are_made_plain(value: Any, kept: Any) -> None:
    assert decode(encode({"value": value})) == {"value": kept}


def test_a_line_can_be_read_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    writer = LineWriter(tmp_path / "lines")
    writer.append({"step": 1})
    assert list(LineReader(tmp_path / "lines")) == [{"step": 1}]
    writer.close()


def test_no_file_has_no_records(tmp_path: Path) -> None:
    assert list(LineReader(tmp_path / "none")) == []


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be read"):
        list(LineReader(tmp_path))
    with pytest.raises(StudioError, match="there is a folder of that name"):
        LineWriter(tmp_path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").symlink_to("/dev/full")
    writer = LineWriter(tmp_path / "metrics.jsonl")
    with pytest.raises(StudioError, match="is full; free some space"):
        writer.append({"step": 1})
    writer.close()


def test_a_line_that_did_not_fit_leaves_no_trace_once_there_is_room(
    tiny_disk: Path, fill: Callable[[Path], Path]
) -> None:
    path = tiny_disk / "metrics.jsonl"
    writer = LineWriter(path)
    writer.append({"step": 1})
    filler = fill(tiny_disk)
    with pytest.raises(StudioError, match="is full"):
        writer.append({"text": "x" * 10_000})
    assert path.stat().st_size > len(encode({"step": 1})), "a part of the line did fit"
    assert list(LineReader(path)) == [{"step": 1}]
    filler.unlink()
    writer.append({"step": 2})
    writer.close()
    assert path.read_bytes() == encode({"step": 1}) + encode({"step": 2})


def test_a_torn_line_longer_than_a_block_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(encode({"step": 1}) + b"x" * 200_000)
    write(path, [{"step": 2}])
    assert path.read_bytes() == encode({"step": 1}) + encode({"step": 2})
