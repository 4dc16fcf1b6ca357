"""Checks asked for by the window: what is told meanwhile, and how they end."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import checking, places
from ganstudio.catalogue import PluginState
from ganstudio.discovery.trust import Trust
from ganstudio.gui.plugin_checking import PluginChecking
from ganstudio.testing.report import Finding, Report

FIRST, SECOND = Finding("builds", True, "It builds."), Finding("steps", False, "It raised.", "/own.py", 3)


class Process:
    """Stands in for the process of a check: it tells one finding, and waits."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.given_up = threading.Event()
        self.targets: list[str] = []

    def run(self, target: str, *, cancelled: Callable[[], bool], tell: Callable[[Finding], None]) -> Report:
        self.targets.append(target)
        tell(FIRST)
        while not self.go_on.wait(0.01):
            if cancelled():
                self.given_up.set()
                return Report(target)
        return Report(target, (FIRST, SECOND))


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    made = Process()
    monkeypatch.setattr(checking, "run_check", made.run)
    return made


@pytest.fixture
def own() -> PluginState:
    path = places.plugins() / "own.py"
    path.parent.mkdir(parents=True)
    path.write_text("own = 1\n")
    Trust(places.trust()).agree(path)
    return PluginState("own", "file: own.py", "", kind="file", path=str(path))


def test_findings_are_told_as_they_come_and_then_all_of_them(
    qtbot: QtBot, process: Process, own: PluginState
) -> None:
    check = PluginChecking()
    with qtbot.waitSignal(check.found) as told:
        check.check(own)
    assert told.args == [own.source, Report("own", (FIRST,)), True]
    with qtbot.waitSignal(check.found) as ended:
        process.go_on.set()
    assert ended.args == [own.source, Report("own", (FIRST, SECOND)), False]
    assert process.targets == [own.path]


def test_given_up_the_process_is_ended_and_nothing_more_is_told(
    qtbot: QtBot, process: Process, own: PluginState
) -> None:
    check = PluginChecking()
    with qtbot.waitSignal(check.found):
        check.check(own)
    with qtbot.waitSignal(check.changed) as changed:
        check.cancel()
    assert changed.args == [""]
    with qtbot.assertNotEmitted(check.found, wait=50):
        assert process.given_up.wait(5)


def test_a_file_that_is_not_as_agreed_to_is_not_executed(
    qtbot: QtBot, process: Process, own: PluginState
) -> None:
    Path(own.path).write_text("evil = 1\n")
    check = PluginChecking()
    with qtbot.waitSignal(check.failed) as failed:
        check.check(own)
    assert "not as you agreed" in failed.args[1]
    assert process.targets == []


def test_a_real_check_of_a_file_that_cannot_be_loaded_says_where(qtbot: QtBot, own: PluginState) -> None:
    Path(own.path).write_text("first = 1\nsecond = = 2\n")
    Trust(places.trust()).agree(Path(own.path))
    check = PluginChecking()
    reports: list[Report] = []
    check.found.connect(lambda _source, report, running: None if running else reports.append(report))
    check.check(own)
    qtbot.waitUntil(lambda: bool(reports), timeout=120_000)
    (wrong,) = reports[0].failures
    assert (wrong.file, wrong.line) == (own.path, 2)
