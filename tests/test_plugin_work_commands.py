"""The commands ``plugins new`` and ``plugins check``."""

import json
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.discovery.trust import Trust
from tests.commands import ganstudio


def test_new_writes_into_the_plugin_folder_and_agrees_to_it(studio_home: Path) -> None:
    done = ganstudio("plugins", "new", "my-loss", "--kind", "loss")
    assert done.exit_code == 0
    path = studio_home / "plugins" / "my_loss.py"
    assert str(path) in done.output
    assert Trust(places.trust()).state(path) == "trusted"


def test_new_writes_elsewhere_and_agrees_to_nothing(tmp_path: Path) -> None:
    done = ganstudio("plugins", "new", "my-loss", "--kind", "loss", "--folder", tmp_path)
    assert done.exit_code == 0
    assert Trust(places.trust()).state(tmp_path / "my_loss.py") == "new"


def test_new_writes_a_package(tmp_path: Path) -> None:
    done = ganstudio("plugins", "new", "my-loss", "--kind", "loss", "--package", "--folder", tmp_path)
    assert done.exit_code == 0
    assert (tmp_path / "ganstudio-my-loss" / "pyproject.toml").exists()
    assert "pip install -e" in done.output


@pytest.mark.allow_log_warnings
def test_new_refuses_a_name_that_is_taken() -> None:
    ganstudio("plugins", "new", "mine", "--kind", "loss")
    done = ganstudio("plugins", "new", "mine", "--kind", "loss")
    assert done.exit_code == 2
    assert "is there already" in done.output


def test_check_shows_a_card_and_exits_with_0() -> None:
    ganstudio("plugins", "new", "mine", "--kind", "loss")
    done = ganstudio("plugins", "check", "mine")
    assert done.exit_code == 0, done.output
    assert "  ✓ directions: " in done.output
    assert "mine: all 6 checks passed in" in done.output


def test_check_tells_what_is_wrong_with_file_and_line_and_exits_with_1(tmp_path: Path) -> None:
    path = broken(tmp_path)
    done = ganstudio("plugins", "check", path, "--trust")
    assert done.exit_code == 1
    assert "  ✗ directions: Lowering generator_loss does not raise" in done.output
    line = path.read_text(encoding="utf-8").splitlines().index(GENERATOR) + 1
    assert f"{path}:{line}" in done.output


def test_check_gives_json(tmp_path: Path) -> None:
    path = broken(tmp_path)
    done = ganstudio("plugins", "check", path, "--trust", "--json")
    report = json.loads(done.output)
    assert done.exit_code == 1
    assert not report["ok"]
    assert [finding["check"] for finding in report["findings"] if not finding["ok"]] == ["directions"]


@pytest.mark.allow_log_warnings
def test_check_executes_nothing_that_nobody_has_agreed_to(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    done = ganstudio("plugins", "check", path)
    assert done.exit_code == 2
    assert "is new, and a check executes it" in done.output
    assert not (tmp_path / "ran").exists()


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("name", ["nothing.py", "no/such/folder"])
def test_check_of_a_file_that_is_not_there_is_refused(name: str) -> None:
    done = ganstudio("plugins", "check", name)
    assert done.exit_code == 2
    assert "There is no plugin file" in done.output


GENERATOR = "    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:"


def broken(folder: Path) -> Path:
    """Return a loss whose generator has the wrong sign."""
    ganstudio("plugins", "new", "mine", "--kind", "loss", "--folder", folder)
    path = folder / "mine.py"
    text = path.read_text(encoding="utf-8").replace("return -fake_logits", "return fake_logits")
    path.write_text(text, encoding="utf-8")
    return path
