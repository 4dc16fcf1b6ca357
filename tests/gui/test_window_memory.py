from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from ganstudio.experiment import Experiment
from ganstudio.gui.window_memory import WindowMemory
from tests.gui.catalogues import DIGITS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "window.ini"


def test_what_is_remembered_comes_back(path: Path) -> None:
    WindowMemory(path).remember({"theme": "dark", "layout": QByteArray(b"\0\1\xff")})
    again = WindowMemory(path)
    assert again.text("theme") == "dark"
    assert again.data("layout") == QByteArray(b"\0\1\xff")
    assert again.complaints == []


def test_at_first_there_is_nothing(path: Path) -> None:
    memory = WindowMemory(path)
    assert (memory.text("theme"), memory.data("layout").isEmpty()) == ("", True)
    assert memory.last_experiment() is None
    assert memory.complaints == []


def test_the_last_experiment_comes_back(path: Path) -> None:
    experiment = Experiment.from_dict(DIGITS)
    WindowMemory(path).remember_experiment(experiment)
    assert WindowMemory(path).last_experiment() == experiment


def test_a_damaged_file_is_set_aside_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"[General\n\0\xfe garbage without an end")
    memory = WindowMemory(path)
    assert memory.text("theme") == ""
    assert "damaged" in memory.complaints[0]
    memory.remember({"theme": "dark"})
    assert WindowMemory(path).text("theme") == "dark"
    assert list(path.parent.glob("*.corrupt.ini"))


@pytest.mark.parametrize(
    "text", ["not toml = = =", "name = 3", '[data]\nkind = "x"'], ids=["toml", "type", "part"]
)
def test_a_damaged_experiment_is_passed_over_and_told(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.with_name("last-experiment.toml").write_text(text)
    memory = WindowMemory(path)
    assert memory.last_experiment() is None
    assert "passed over" in memory.complaints[0]


def test_a_place_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    memory = WindowMemory(tmp_path / "home" / "window.ini")
    memory.remember({"theme": "dark"})
    memory.remember({"theme": "light"})
    memory.remember_experiment(Experiment.from_dict(DIGITS))
    assert len(memory.complaints) == 2


def test_two_windows_lose_nothing_of_each_other(path: Path) -> None:
    one, other = WindowMemory(path), WindowMemory(path)
    one.remember({"theme": "dark", "device": "cpu"})
    other.remember({"theme": "light", "preset": "ring"})
    last = WindowMemory(path)
    assert [last.text(key) for key in ("theme", "device", "preset")] == ["light", "cpu", "ring"]


def test_a_value_of_another_kind_is_as_none(path: Path) -> None:
    memory = WindowMemory(path)
    memory.remember({"layout": "text", "theme": QByteArray(b"\0")})
    assert memory.data("layout").isEmpty()
    assert memory.text("theme") == ""
