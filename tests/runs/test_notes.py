import errno
from pathlib import Path

import pytest

from ganstudio.api.errors import StudioError
from ganstudio.runs import notes
from ganstudio.runs.notes import Notes, change_notes, read_notes, split_tags, write_notes


def test_a_run_without_notes_has_empty_ones(tmp_path: Path) -> None:
    assert read_notes(tmp_path) == Notes()


def test_notes_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = Notes("Größe 7 🎲", ("a", "b c"), "line one\nline two \udcff", True)
    write_notes(tmp_path, written)
    read = read_notes(tmp_path)
    assert (read.name, read.tags, read.starred) == (written.name, written.tags, True)
    assert read.text == "line one\nline two ?"


def test_a_change_leaves_the_rest(tmp_path: Path) -> None:
    change_notes(tmp_path, tags=["one", " one ", "", "two words"], text="kept")
    assert change_notes(tmp_path, starred=True, name=" a\nname ") == Notes(
        "a name", ("one", "two words"), "kept", True
    )


def test_no_change_writes_nothing(tmp_path: Path) -> None:
    change_notes(tmp_path, starred=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"tags": "one"}', b'{"tags": [1]}', b'{"name": 3}', b"\xff\xfe"],
    ids=["torn", "list", "tags-text", "tags-numbers", "name-number", "no-text"],
)
def test_damaged_notes_are_named_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.json").write_bytes(content)
    with pytest.raises(StudioError, match=r"notes\.json is damaged"):
        read_notes(tmp_path)
    assert change_notes(tmp_path, text="new").text == "new"
    assert (tmp_path / "notes.damaged.json").read_bytes() == content
    assert read_notes(tmp_path).text == "new"


def test_a_disk_that_refuses_leaves_the_notes_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notes(tmp_path, Notes("before"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(notes.write_text.__globals__["os"], "replace", full)
    with pytest.raises(StudioError, match="is full"):
        change_notes(tmp_path, name="after")
    monkeypatch.undo()
    assert read_notes(tmp_path).name == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [("a b", ("a", "b")), ("a b, c", ("a b", "c")), (" ,", ()), ("a,a", ("a",))],
    ids=["blanks", "commas", "nothing", "twice"],
)
def test_tags_are_read_as_people_write_them(text: str, tags: tuple[str, ...]) -> None:
    assert split_tags(text) == tags
