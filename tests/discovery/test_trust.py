import json
from pathlib import Path

import pytest

from ganstudio.api import InputError
from ganstudio.discovery.trust import Trust


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    return Trust(tmp_path / "trust")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text("a = 1\n")
    return path


def test_a_file_is_new_then_trusted_then_changed(trust: Trust, file: Path) -> None:
    assert trust.state(file) == "new"
    digest = trust.agree(file)
    assert len(digest) == 64
    assert trust.state(file) == "trusted"
    file.write_text("a = 2\n")
    assert trust.state(file) == "changed"
    trust.agree(file)
    assert trust.state(file) == "trusted"


def test_it_is_remembered(trust: Trust, file: Path, tmp_path: Path) -> None:
    trust.agree(file)
    trust.disable("losses")
    again = Trust(tmp_path / "trust")
    assert again.state(file) == "trusted"
    assert again.disabled == {"losses"}


def test_it_goes_by_content(trust: Trust, file: Path) -> None:
    """A file that moved, or went back to what it was, is what was agreed to."""
    trust.agree(file)
    moved = file.rename(file.with_name("other.py"))
    assert trust.state(moved) == "trusted"
    moved.write_text("a = 2\n")
    trust.agree(moved)
    moved.write_text("a = 1\n")
    assert trust.state(moved) == "trusted"


def test_a_date_alone_changes_nothing(trust: Trust, file: Path) -> None:
    trust.agree(file)
    file.touch()
    assert trust.state(file) == "trusted"


def test_one_agrees_to_what_one_was_shown(trust: Trust, file: Path) -> None:
    shown = "0" * 64
    with pytest.raises(InputError, match="has changed while you were asked"):
        trust.agree(file, shown)
    assert trust.state(file) == "new"


def test_what_is_withdrawn_is_new_whatever_it_was(trust: Trust, file: Path) -> None:
    trust.agree(file)
    copy = file.with_name("copy.py")
    copy.write_bytes(file.read_bytes())
    file.write_text("a = 2\n")
    trust.agree(file)
    trust.withdraw(file)
    assert trust.state(file) == "new"
    assert trust.state(copy) == "new"
    file.write_text("a = 1\n")
    assert trust.state(file) == "new"


def test_a_file_that_is_gone_can_be_withdrawn(trust: Trust, file: Path) -> None:
    trust.agree(file)
    text = file.read_text()
    file.unlink()
    trust.withdraw(file)
    file.write_text(text)
    assert trust.state(file) == "new"


def test_the_diff_is_to_what_was_agreed_to_last(trust: Trust, file: Path) -> None:
    assert trust.diff(file) == "a = 1\n"
    trust.agree(file)
    assert trust.diff(file) == ""
    file.write_text("a = 2\n")
    assert trust.diff(file).endswith("@@ -1 +1 @@\n-a = 1\n+a = 2\n")
    trust.agree(file)
    file.write_text("a = 3\n")
    assert trust.diff(file).endswith("-a = 2\n+a = 3\n")


def test_of_a_folder_every_file_counts(trust: Trust, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    helper = folder / "helper.py"
    helper.write_text("a = 1\n")
    trust.agree(folder)
    helper.write_text("a = 2\n")
    assert trust.state(folder) == "changed"
    assert "-a = 1\n+a = 2\n" in trust.diff(folder)


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"x": 3}', "\x00"])
@pytest.mark.allow_log_warnings
def test_a_damaged_memory_asks_anew(text: str, trust: Trust, file: Path, tmp_path: Path) -> None:
    trust.agree(file)
    trust.disable("x")
    (tmp_path / "trust" / "agreed.json").write_text(text)
    (tmp_path / "trust" / "disabled.json").write_text(text)
    assert trust.state(file) == "new"
    assert trust.disabled == set()
    trust.agree(file)
    assert trust.state(file) == "trusted"


def test_disabling_and_enabling(trust: Trust, tmp_path: Path) -> None:
    assert trust.disabled == set()
    trust.disable("b")
    trust.disable("a")
    trust.disable("a")
    assert json.loads((tmp_path / "trust" / "disabled.json").read_text()) == ["a", "b"]
    trust.enable("b")
    trust.enable("never")
    assert trust.disabled == {"a"}
