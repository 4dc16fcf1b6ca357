import shutil
import stat
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui import editor
from ganstudio.gui.editor import editor_command, open_in_editor

FILE = Path("/plugins/own.py")


@pytest.fixture(autouse=True)
def _no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in editor.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")


@pytest.mark.parametrize(
    ("command", "line", "arguments"),
    [
        ("code --wait", 12, ["/bin/code", "--wait", "--goto", f"{FILE}:12"]),
        ("code", 0, ["/bin/code", str(FILE)]),
        ("subl", 3, ["/bin/subl", f"{FILE}:3"]),
        ("gedit", 3, ["/bin/gedit", "+3", str(FILE)]),
        ("kate", 3, ["/bin/kate", "--line", "3", str(FILE)]),
        ("unheard-of", 3, ["/bin/unheard-of", str(FILE)]),
        ("vim", 3, []),
        ("", 3, []),
    ],
    ids=["code at a line", "code", "sublime", "gedit", "kate", "unknown", "in a terminal", "none"],
)
def test_each_editor_is_told_the_line_its_own_way(
    monkeypatch: pytest.MonkeyPatch, command: str, line: int, arguments: list[str]
) -> None:
    monkeypatch.setenv("VISUAL", command)
    assert editor_command(FILE, line) == arguments


def test_the_studios_own_variable_comes_first_and_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "code")
    monkeypatch.setenv("GANSTUDIO_EDITOR", "vim")
    assert editor_command(FILE) == ["/bin/vim", str(FILE)]


def test_a_program_that_is_not_there_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "code" else f"/bin/{name}")
    monkeypatch.setenv("VISUAL", "code")
    monkeypatch.setenv("EDITOR", "gedit")
    assert editor_command(FILE) == ["/bin/gedit", str(FILE)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script")
def test_the_program_is_started(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, told = tmp_path / "code", tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(shutil, "which", lambda _name: str(program))
    monkeypatch.setenv("VISUAL", "code")
    assert open_in_editor(FILE, 7)
    qtbot.waitUntil(lambda: told.exists() and bool(told.read_text()), timeout=5000)
    assert told.read_text() == f"--goto {FILE}:7\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the desktop there would run the file")
def test_without_an_editor_the_desktop_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(editor, "show_on_desktop", lambda path: bool(asked.append(path)))
    assert not open_in_editor(FILE)
    assert asked == [FILE]
