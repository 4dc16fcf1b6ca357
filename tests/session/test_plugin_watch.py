import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.session import plugin_watch
from ganstudio.session.plugin_watch import PluginWatch, signature

QUIET_MS = 300
"""Longer than a change needs to be told of here."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin_watch, "SETTLE_MS", 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plugins"
    made.mkdir()
    (made / "mine.py").write_text("first = 1\n")
    return made


@pytest.fixture
def watch(qtbot: QtBot, folder: Path) -> Iterator[PluginWatch]:
    made = PluginWatch()
    made.watch([folder])
    yield made
    made.stop()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def rename_over(path: Path, text: str) -> None:
    """Save as editors do that never leave half a file: write beside it and take its place."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text)
    os.replace(beside, path)


def with_backup(path: Path, text: str) -> None:
    """Save as Vim does with a backup: move the old one away, write a new one, remove the old."""
    backup = path.with_name(path.name + "~")
    path.rename(backup)
    path.write_text(text)
    backup.unlink()


SAVES: dict[str, Callable[[Path, str], None]] = {
    "in place": write,
    "by rename": rename_over,
    "with a backup": with_backup,
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_every_save_is_told_of_however_an_editor_saves(
    qtbot: QtBot, watch: PluginWatch, folder: Path, save: Callable[[Path, str], None]
) -> None:
    for number in range(3):
        with qtbot.waitSignal(watch.changed, timeout=5000) as told:
            save(folder / "mine.py", f"number = {number}\n" * (number + 1))
        assert told.args == [[folder]]


def test_a_file_that_comes_goes_or_is_renamed_is_told_of(
    qtbot: QtBot, watch: PluginWatch, folder: Path
) -> None:
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(folder / "new.py", "")
    with qtbot.waitSignal(watch.changed, timeout=5000):
        (folder / "new.py").rename(folder / "other.py")
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(folder / "other.py", "changed = 1\n")
    with qtbot.waitSignal(watch.changed, timeout=5000):
        (folder / "other.py").unlink()


def test_a_folder_that_comes_later_is_watched_inside(qtbot: QtBot, watch: PluginWatch, folder: Path) -> None:
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(folder / "package" / "__init__.py", "")
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(folder / "package" / "__init__.py", "changed = 1\n")


def test_several_writes_at_once_are_one_change(qtbot: QtBot, watch: PluginWatch, folder: Path) -> None:
    told: list[object] = []
    watch.changed.connect(told.append)
    for number in range(5):
        write(folder / f"file{number}.py", "x = 1\n")
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    qtbot.wait(QUIET_MS)
    assert len(told) == 1


@pytest.mark.parametrize(
    "name", ["__pycache__/mine.pyc", ".mine.py.swp", "mine.py~", ".hidden", "4913"], ids=str
)
def test_what_python_and_editors_leave_beside_a_file_is_no_change(
    qtbot: QtBot, watch: PluginWatch, folder: Path, name: str
) -> None:
    with qtbot.assertNotEmitted(watch.changed, wait=QUIET_MS):
        write(folder / name, "x")


def test_reading_and_touching_nothing_is_no_change(qtbot: QtBot, watch: PluginWatch, folder: Path) -> None:
    with qtbot.assertNotEmitted(watch.changed, wait=QUIET_MS):
        (folder / "mine.py").read_text()


def test_the_place_that_changed_is_named(qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere" / "alone.py"
    write(alone, "")
    watch = PluginWatch()
    watch.watch([folder, alone])
    with qtbot.waitSignal(watch.changed, timeout=5000) as told:
        rename_over(alone, "changed = 1\n")
    assert told.args == [[alone]]
    watch.stop()


def test_a_place_that_is_made_later_is_seen(qtbot: QtBot, tmp_path: Path) -> None:
    watch = PluginWatch()
    watch.watch([tmp_path / "later"])
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(tmp_path / "later" / "mine.py", "")
    with qtbot.waitSignal(watch.changed, timeout=5000):
        write(tmp_path / "later" / "mine.py", "changed = 1\n")
    watch.stop()


def test_after_the_end_nothing_is_told(qtbot: QtBot, watch: PluginWatch, folder: Path) -> None:
    watch.stop()
    with qtbot.assertNotEmitted(watch.changed, wait=QUIET_MS):
        write(folder / "mine.py", "changed = 1\n")


def test_a_place_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert signature(tmp_path / "nowhere") == {}
