import hashlib
import os
from pathlib import Path

import pytest

from ganstudio.api import InputError
from ganstudio.discovery import content
from ganstudio.discovery.content import Content, difference, read_content, texts, visible, whole_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("a = 1\n")
    (folder / "deep" / "data.bin").write_bytes(b"\xff\x00")
    return folder


def test_a_files_hash_is_what_sha256sum_prints(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(b"a = 1\r\n")
    content = read_content(path)
    assert content.digest == hashlib.sha256(b"a = 1\r\n").hexdigest()
    assert content.files == {"mine.py": b"a = 1\r\n"}
    assert not content.is_folder


def test_a_folders_hash_is_of_the_hashes_of_all_its_files(folder: Path) -> None:
    content = read_content(folder)
    lines = [
        f"{hashlib.sha256(b'a = 1' + os.linesep.encode()).hexdigest()}  __init__.py\n",
        f"{hashlib.sha256(bytes([255, 0])).hexdigest()}  deep/data.bin\n",
    ]
    assert content.digest == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert content.is_folder


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "deep" / "data.bin").write_bytes(b"\xff\x01"),
        lambda folder: (folder / "deep" / "data.bin").rename(folder / "data.bin"),
        lambda folder: (folder / "more.txt").write_text(""),
        lambda folder: (folder / "deep" / "data.bin").unlink(),
    ],
    ids=["a byte changes", "a file moves", "an empty file comes", "a file goes"],
)
def test_a_folder_has_another_hash_once(change, folder: Path) -> None:
    before = read_content(folder).digest
    change(folder)
    assert read_content(folder).digest != before


def test_what_python_and_editors_leave_is_no_part_of_a_folder(folder: Path) -> None:
    before = read_content(folder)
    for name in ("__pycache__/x.pyc", ".git/HEAD", ".__init__.py.swp", "__init__.py~", "old.pyc"):
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x")
    assert read_content(folder) == before


def test_links_lead_to_what_they_stand_for(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert read_content(link) == read_content(folder)


def test_a_link_within_a_folder_is_read_but_not_walked_in_circles(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("b = 1\n")
    (folder / "inside.py").symlink_to(outside)
    (folder / "again").symlink_to(folder)
    before = read_content(folder)
    assert set(before.files) == {"__init__.py", "deep/data.bin", "inside.py"}
    outside.write_text("b = 2\n")
    assert read_content(folder).digest != before.digest


def test_what_is_no_plugin_says_why(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    for name, sentence in {
        "gone.py": "There is no plugin file",
        "notes.txt": "that is a file whose name ends in .py, or a folder",
        "empty": "a folder that is one has a file __init__.py in it",
        "pipe.py": "is no plugin",
    }.items():
        with pytest.raises(InputError, match=sentence):
            read_content(tmp_path / name)
    monkeypatch.setattr(content, "MAX_BYTES", 7)
    with pytest.raises(InputError, match="too large for a plugin"):
        read_content(folder)
    monkeypatch.undo()
    monkeypatch.setattr(content, "MAX_FILES", 1)
    with pytest.raises(InputError, match="holds more than 1 files"):
        read_content(folder)


def test_a_difference_shows_what_changed_in_each_file(folder: Path) -> None:
    before = texts(read_content(folder))
    (folder / "__init__.py").write_text("a = 2\n")
    (folder / "new.py").write_text("b = 1\n")
    (folder / "deep" / "data.bin").write_bytes(b"\xff\xff\xff")
    diff = difference(before, read_content(folder))
    assert "--- agreed/__init__.py\n+++ now/__init__.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n" in diff
    assert "--- /dev/null\n+++ now/new.py\n@@ -0,0 +1 @@\n+b = 1\n" in diff
    assert "-2 bytes that are no text" in diff
    assert "+3 bytes that are no text" in diff
    assert difference(texts(read_content(folder)), read_content(folder)) == ""


def test_what_would_deceive_the_eye_is_written_out() -> None:
    trick = "if user != '\u202e admin': # \u2066\x1b[2K\r\n"
    assert visible(trick) == "if user != '\\u202e admin': # \\u2066\\x1b[2K\\r\n"
    assert visible("läuft, 走る\t\n") == "läuft, 走る\t\n"
    shown = whole_text(Content(Path("a.py"), {"a.py": trick.encode()}, ""))
    assert "\u202e" not in shown
