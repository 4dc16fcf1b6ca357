import json
from pathlib import Path

import pytest

from ganstudio.api import StudioError
from ganstudio.runs.manifest import FORMAT, NAME, FileSum, Manifest, read_manifest, verified

MANIFEST = Manifest(
    step=12,
    images_seen=768,
    seconds=1.25,
    reason="end",
    spec={"kind": "images", "channels": 1, "height": 2, "width": 2, "classes": ["Ä"]},
    files={"file": FileSum(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")},
    time="2026-11-21T14:32:00+00:00",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_text(MANIFEST.to_text(), encoding="utf-8")
    (tmp_path / "file").write_bytes(b"abc")
    return tmp_path


def test_a_manifest_is_read_as_it_was_written(folder: Path) -> None:
    assert read_manifest(folder) == MANIFEST


def test_every_flipped_bit_is_noticed_or_harmless(folder: Path) -> None:
    whole = (folder / NAME).read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        (folder / NAME).write_bytes(changed)
        try:
            read = read_manifest(folder)
        except StudioError:
            continue
        assert read == MANIFEST


def test_every_truncation_is_noticed(folder: Path) -> None:
    whole = (folder / NAME).read_bytes()
    for size in range(len(whole) - 2):
        (folder / NAME).write_bytes(whole[:size])
        with pytest.raises(StudioError, match=f"{NAME} is damaged"):
            read_manifest(folder)


@pytest.mark.parametrize(
    "text", ["[]", "{}", "null", '{"sum": 1}', "[" * 100_000], ids=["list", "empty", "null", "sum", "nesting"]
)
def test_what_is_no_manifest_is_said_to_be_damaged(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text)
    with pytest.raises(StudioError, match=f"{NAME} is damaged"):
        read_manifest(folder)


def test_a_missing_manifest_is_named(folder: Path) -> None:
    (folder / NAME).unlink()
    with pytest.raises(StudioError, match=f"{folder} is not whole: it has no {NAME}"):
        read_manifest(folder)


def test_a_newer_format_is_said_to_be_newer(folder: Path) -> None:
    (folder / NAME).write_text(json.dumps({"format": FORMAT + 1, "new": True}))
    with pytest.raises(StudioError, match="newer GAN Studio"):
        read_manifest(folder)


def test_a_file_as_written_is_returned(folder: Path) -> None:
    assert verified(folder, "file", MANIFEST) == b"abc"


@pytest.mark.parametrize(
    ("content", "words"), [(b"abd", "SHA-256"), (b"ab", "2 bytes, and 3"), (b"abcd", "4 bytes, and 3")]
)
def test_a_file_not_as_written_is_named(folder: Path, content: bytes, words: str) -> None:
    (folder / "file").write_bytes(content)
    with pytest.raises(StudioError, match=f"{folder / 'file'} is damaged.*{words}"):
        verified(folder, "file", MANIFEST)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "file").unlink()
    with pytest.raises(StudioError, match="it has no file"):
        verified(folder, "file", MANIFEST)


def test_a_file_that_is_not_listed_is_not_trusted(folder: Path) -> None:
    with pytest.raises(StudioError, match="does not list state"):
        verified(folder, "state.pt", MANIFEST)
