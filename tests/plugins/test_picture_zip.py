import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ganstudio.api import InputError
from ganstudio_plugins import picture_zip
from ganstudio_plugins.picture_zip import ZippedFile, escapes, files_in, open_zip
from ganstudio_plugins.pictures import UnreadableError, look


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def reason(path: Path) -> str:
    """Return why the only file in a zip cannot be read."""
    with open_zip(path) as archive:
        (file,) = files_in(archive)
        with pytest.raises(UnreadableError) as raised:
            file.open("rb")
    return str(raised.value)


def patched(path: Path, offset_of: bytes, offset: int, value: bytes) -> Path:
    """Change bytes some way behind the first place that begins with ``offset_of``."""
    content = bytearray(path.read_bytes())
    place = content.index(offset_of) + offset
    content[place : place + len(value)] = value
    path.write_bytes(content)
    return path


LOCAL, CENTRAL = b"PK\3\4", b"PK\1\2"


def test_a_picture_is_read_in_memory(tmp_path):
    content = io.BytesIO()
    Image.new("L", (5, 7)).save(content, "PNG")
    with open_zip(packed(tmp_path / "z.zip", **{"a/b.png": content.getvalue(), "c/": b""})) as archive:
        (file,) = files_in(archive)
        assert (look(file).width, look(file).height) == (5, 7)
        assert file.path == PurePosixPath("a/b.png")


def test_a_locked_file_is_told(tmp_path):
    path = packed(tmp_path / "z.zip", a=b"secret")
    assert (
        reason(patched(patched(path, LOCAL, 6, b"\1\0"), CENTRAL, 8, b"\1\0"))
        == "it is locked with a password"
    )


def test_an_unknown_packing_is_told(tmp_path):
    path = packed(tmp_path / "z.zip", a=b"rare")
    path = patched(patched(path, LOCAL, 8, b"\x61\0"), CENTRAL, 10, b"\x61\0")
    assert reason(path) == "it is packed in a way that cannot be read here"


@pytest.mark.parametrize(
    ("behind", "value"), [(31, b"\xff\xff\xff"), (14, b"\0\0\0\0")], ids=["data", "head"]
)
def test_a_damaged_file_is_told(behind, value, tmp_path):
    path = packed(tmp_path / "z.zip", a=os.urandom(500))
    place = patched(path, LOCAL, behind, value)
    if behind == 14:
        place = patched(path, CENTRAL, 16, value)
    assert reason(place) == "it is damaged in the zip"


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_zip, "LARGEST", 1 << 20)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    path = packed(tmp_path / "z.zip", a=bytes(2 << 20))
    assert path.stat().st_size < 5000
    assert reason(path) == "it unpacks to more than 1 MiB"


def test_a_file_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path):
    path = packed(tmp_path / "z.zip", a=bytes(2 << 20))
    short = (100).to_bytes(4, "little")
    assert reason(patched(patched(path, LOCAL, 22, short), CENTRAL, 24, short)) == "it is damaged in the zip"


@pytest.mark.parametrize("content", [b"", b"PK", bytes(500)], ids=["empty", "text", "zeros"])
def test_what_is_no_zip_is_a_sentence(content, tmp_path):
    path = tmp_path / "z.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"z\.zip is no zip, or is damaged: ") as raised:
        open_zip(path)
    assert str(raised.value).endswith("Choose another file, or a folder.")


def test_an_empty_zip_has_no_files(tmp_path):
    with open_zip(packed(tmp_path / "z.zip")) as archive:
        assert files_in(archive) == []


@given(st.integers(0, 180), st.binary(max_size=40))
def test_a_damaged_zip_is_told_in_words(tmp_path_factory, place, content):
    path = packed(tmp_path_factory.mktemp("z") / "z.zip", a=b"content " * 9)
    path.write_bytes(path.read_bytes()[:place] + content + path.read_bytes()[place + len(content) :])
    with suppress(InputError, UnreadableError), open_zip(path) as archive:
        for file in files_in(archive):
            file.open("rb").close()


# --- Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "a/..",
        "..",
        "/x",
        "\\x",
        "\\\\host\\x",
        "C:\\x",
        "c:/x",
        "c:x",
        "a\\..\\..\\x",
        "",
        "a\0",
    ],
)
def test_names_that_lead_out_are_known(name):
    assert escapes(name)


@pytest.mark.parametrize("name", ["x", "a/x", "a/..b/x", "...", "a b/ä.png", "a/./x", "a\\x"])
def test_names_that_stay_inside_are_known(name):
    assert not escapes(name)


@given(
    st.lists(st.sampled_from(["..", ".", "a", "b c", "", "/", "\\", "C:", "~", "x.png"]), max_size=6),
    st.sampled_from("/\\"),
)
def test_a_name_that_is_let_through_stays_below_any_folder(parts, separator):
    name = separator.join(parts)
    if not escapes(name):
        for spelled in (name, name.replace("\\", "/")):
            inside = os.path.normpath(os.path.join("/top/folder", spelled))
            assert inside == "/top/folder" or inside.startswith("/top/folder/")


def test_a_name_that_leads_out_is_never_opened(tmp_path):
    info = zipfile.ZipInfo("../x.png")
    with pytest.raises(UnreadableError, match="leads out"):
        ZippedFile(None, info).open("rb")
