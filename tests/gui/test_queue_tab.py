"""The queue tab: from the form and files into the queue, and from the session back onto the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import queueing
from ganstudio.experiment import Experiment
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.queue_tab import QueueTab
from ganstudio.queueing import Queue
from ganstudio.requests import Request
from tests import experiments
from tests.gui.catalogues import CATALOGUE, RING
from tests.gui.recording import RecordingSession


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession()


@pytest.fixture
def tab(qtbot: QtBot, session: RecordingSession) -> Iterator[QueueTab]:
    form = ExperimentPanel()
    qtbot.addWidget(form)
    form.set_catalogue(CATALOGUE)
    made = QueueTab(session, form, lambda: "cpu")  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.show()
    yield made
    made.hide()
    made.shutdown()


def names(tab: QueueTab) -> list[str]:
    return [entry.name for entry in tab.runner.entries]


def test_takes_what_is_in_the_form_a_preset_a_file_and_a_run(tab: QueueTab, tmp_path: Path) -> None:
    counted: list[int] = []
    tab.counted.connect(counted.append)
    tab.page.formAsked.emit()
    tab.page.presetAsked.emit("ring")
    (tmp_path / "mine.toml").write_text(experiments.ring().to_toml())
    tab.add_file(tmp_path / "mine.toml")
    run = tmp_path / "run"
    run.mkdir()
    (run / "experiment.toml").write_text(experiments.ring().to_toml())
    tab.add_run(run)
    assert names(tab) == ["mnist-dcgan", "ring", "small ring", "run"]
    assert [entry.device for entry in tab.runner.entries[:3]] == ["cpu"] * 3
    assert tab.page.list.current_row().name == "run"  # type: ignore[union-attr]
    assert counted == [1, 2, 3, 4]


def test_says_what_cannot_be_added(tab: QueueTab, tmp_path: Path) -> None:
    failures: list[str] = []
    tab.failed.connect(lambda what, why: failures.append(f"{what} {why}"))
    tab.add_file(tmp_path / "nothing.toml")
    tab.add_run(tmp_path)
    assert "cannot be read" in failures[0]
    assert "is no run" in failures[1]
    assert names(tab) == []


def test_moves_renames_and_removes(tab: QueueTab) -> None:
    for name in "abc":
        tab.add(queueing.training(Experiment.from_dict(RING).renamed(name)))
    keys = [entry.key for entry in tab.runner.entries]
    tab.page.moved.emit(keys[2], 0)
    tab.page.renamed.emit(keys[0], "first")
    tab.page.stepsAsked.emit(keys[1], 77)
    tab.page.removed.emit(keys[2])
    assert [(entry.name, entry.total) for entry in Queue().entries()] == [("first", 3000), ("b", 77)]
    assert "2-D GAN on Ring" in tab.page.list.current_row().line  # type: ignore[union-attr]


def test_asks_the_session_and_shows_how_far_it_is(tab: QueueTab, session: RecordingSession) -> None:
    tab.add(queueing.training(Experiment.from_dict(RING), "cpu"))
    tab.page.start.click()
    what, request = session.asked[0]
    assert what == "begin"
    assert isinstance(request, Request)
    assert request.experiment == Experiment.from_dict(RING)
    assert request.queued == tab.runner.entries[0].key
    assert tab.page.start.text() == "Hold"
    tab.runner.progressed.emit(750, 3000)
    row = tab.page.list.current_row()
    assert row is not None
    assert (row.share, row.token) == (0.25, "accent")
    tab.page.start.click()
    assert "is held" in tab.page.notice.text.text()


def test_says_that_another_process_works_the_queue(qtbot: QtBot, tab: QueueTab) -> None:
    tab.add(queueing.training(Experiment.from_dict(RING)))
    other = Queue()
    other.begin_work()
    other.mark(other.entries()[0].key, "running")
    tab.runner.refresh()
    assert "Another window or command line" in tab.page.notice.text.text()
    assert not tab.page.start.isEnabled()
    other.end_work()
    tab.runner.refresh()
    assert not tab.page.notice.isVisible()
    assert tab.page.list.current_row().state == "interrupted"  # type: ignore[union-attr]


def test_opens_the_run_of_an_entry(tab: QueueTab, tmp_path: Path) -> None:
    opened: list[Path] = []
    tab.opened.connect(opened.append)
    entry = queueing.training(Experiment.from_dict(RING))
    tab.add(entry)
    tab.runner.queue.mark(entry.key, "done", run=tmp_path)
    tab.runner.refresh()
    tab.page.details.open.click()
    assert opened == [tmp_path]
    tab.page.clear.click()
    assert names(tab) == []
    assert tmp_path.is_dir()
