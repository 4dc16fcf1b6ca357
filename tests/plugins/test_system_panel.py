"""The System panel: loaded without Qt, fed by events, and silent while nobody looks."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganstudio.api import CheckpointSaved, Started, StepRecord
from ganstudio_plugins.system_panel import SystemPanel
from ganstudio_plugins.system_view import SystemView
from ganstudio_plugins.trace import SECONDS, Trace, round_above
from tests.commands import python

STARTED = Started(0, "run", 1000, "cpu", {"generator": 3})


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[SystemPanel]:
    made = SystemPanel()
    parent = QWidget()
    qtbot.addWidget(parent)
    view = made.make(parent)
    parent.resize(300, 600)
    view.resize(300, 600)
    parent.show()
    qtbot.waitExposed(parent)
    yield made
    # Kept until here: the view is the parent's.
    parent.close()


def view_of(panel: SystemPanel) -> SystemView:
    return panel._view


def test_the_plugins_are_loaded_without_qt() -> None:
    code = "import sys\nfrom ganstudio.registry import Registry\nregistry = Registry.load()\n"
    code += "print(*registry.classes['panel'], *{name.partition('.')[0] for name in sys.modules})"
    loaded = set(python(code).stdout.split())
    assert "SystemPanel" in loaded
    assert not loaded & {"PySide6", "shiboken6"}


def test_the_rate_is_that_between_two_reports(panel: SystemPanel) -> None:
    panel.take([STARTED, StepRecord(10, 1.0, 0, {})])
    assert view_of(panel).rate.value.text() == "–"
    panel.take([StepRecord(30, 2.0, 0, {}), StepRecord(130, 4.0, 0, {})])
    assert view_of(panel).rate.value.text() == "50"
    assert view_of(panel).rate.trace.accessibleName() == "Steps a second: 50"


def test_another_run_begins_anew(panel: SystemPanel) -> None:
    panel.take([STARTED, StepRecord(10, 1.0, 0, {}), StepRecord(30, 2.0, 0, {})])
    panel.take([STARTED, StepRecord(5, 3.0, 0, {})])
    assert view_of(panel).rate.value.text() == "–"


def test_the_figures_are_those_of_this_process(panel: SystemPanel) -> None:
    view = view_of(panel)
    view.look()
    shown = float(view.memory.value.text().split()[0])
    assert shown == pytest.approx(psutil.Process().memory_info().rss / 2**30, abs=0.05)
    assert 0 <= int(view.processor.value.text().split()[0]) <= 100


def test_the_disk_is_the_one_that_holds_the_checkpoints(panel: SystemPanel, tmp_path: Path) -> None:
    place = tmp_path / "not yet" / "there"
    panel.take([CheckpointSaved(1, str(place), 10, "end")])
    view = view_of(panel)
    assert str(place) in view.disk.note.text()
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize / 2**30
    assert float(view.disk.value.text().split()[0]) == pytest.approx(free, abs=2)


def test_what_runs_low_is_said_in_a_word(panel: SystemPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=2**30))
    view_of(panel).watch_disk_of("/")
    assert view_of(panel).disk.value.text() == "1.0 GiB, low"


def test_a_disk_that_does_not_answer_is_said(panel: SystemPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    def refuses(path: Path) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", refuses)
    view_of(panel).watch_disk_of("/somewhere")
    assert view_of(panel).disk.note.text() == "/somewhere cannot be asked: Input/output error"


def test_nothing_is_asked_while_nobody_looks(panel: SystemPanel) -> None:
    children = Qt.FindChildOption.FindDirectChildrenOnly
    timers = view_of(panel).findChildren(QTimer, options=children)
    (timer,) = [timer for timer in timers if timer.interval() == 1000]
    assert timer.isActive()
    view_of(panel).hide()
    assert not timer.isActive()
    view_of(panel).show()
    assert timer.isActive()


def test_a_trace_keeps_ten_minutes_and_breaks_where_nobody_looked(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    trace = Trace(" %", None, parent)
    for second in (0, 1, 2, 30, 31):
        trace.add(float(second), 3.0)
    assert [len(part) for part in trace._parts()] == [3, 2]
    assert trace.span() == 60
    trace.add(SECONDS + 10, 3.0)
    assert trace.span() == pytest.approx(SECONDS - 20)
    assert [len(part) for part in trace._parts()] == [2, 1]
    trace.resize(200, 56)
    assert not trace.grab().isNull()


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.3, 0.5), (1, 1), (1.01, 2), (4.2, 5), (71, 100), (100, 100), (101, 200)]
)
def test_the_upper_edge_is_a_round_number(value: float, top: float) -> None:
    assert round_above(value) == top
