"""From page to page: what is asked of one is done by another. Runs are real folders, the session records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.gui.closing import Closing
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.window_memory import WindowMemory
from ganstudio.requests import Branch
from tests.compared import digits, experiment, make_run
from tests.gui.recording import RecordingSession

PATIENCE_MS = 30_000
CHOICE = experiment("a run")


class Opened:
    """A window on a recording session, and a finished run."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.run = make_run(places.runs(), CHOICE, steps=400)
        self.session = RecordingSession()
        self.window = MainWindow(self.session, WindowMemory(places.window_settings()))  # type: ignore[arg-type]
        self.session.setParent(self.window)
        self.window.closer.ask = lambda parent, paused: Closing.ABORT
        qtbot.addWidget(self.window)
        self.window.show()
        self.journeys = self.window.journeys

    def until(self, condition: Any) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def asked(self, what: str) -> list[tuple[Any, ...]]:
        return [wish for wish in self.session.asked if wish[0] == what]

    def page(self) -> str:
        return self.window.tabs.tabText(self.window.tabs.currentIndex())


@pytest.fixture
def opened(qtbot: QtBot, studio_home: Path) -> Iterator[Opened]:
    opened = Opened(qtbot)
    yield opened
    opened.window.close()


def test_a_run_is_opened_in_live(opened: Opened) -> None:
    opened.window.tabs.show_page("Runs")
    opened.journeys.open(opened.run)
    shown = opened.window.tabs.live().shown
    opened.until(lambda: shown.history)
    assert opened.page() == "Live"
    assert shown.folder == opened.run
    assert opened.run.name in opened.window.tabs.live().bar.text.text()
    assert opened.window.menus.branch.isEnabled()


def test_closing_an_opened_run_leaves_an_empty_page(opened: Opened) -> None:
    opened.journeys.open(opened.run)
    live = opened.window.tabs.live()
    opened.until(lambda: live.shown.history)
    live.bar.cross.click()
    assert live.bar.isHidden()
    assert live.shown.folder is None
    assert not opened.window.menus.branch.isEnabled()


def test_a_run_that_is_done_goes_on_as_far_as_one_says(opened: Opened) -> None:
    opened.journeys.ask_steps = lambda parent, done: 3 * done
    opened.journeys.resume(opened.run)
    opened.until(lambda: opened.asked("go on"))
    assert opened.asked("go on") == [("go on", opened.run, 1200)]
    form = opened.window.experiment.experiment()
    assert form is not None
    assert form.training["steps"] == 400


def test_a_change_of_mind_leaves_a_run_that_is_done_alone(opened: Opened) -> None:
    opened.journeys.ask_steps = lambda parent, done: None
    opened.journeys.resume(opened.run)
    opened.until(lambda: not opened.journeys._reader.busy)
    assert opened.asked("go on") == []


def test_the_settings_of_a_run_come_into_the_form(opened: Opened) -> None:
    opened.journeys.settings(opened.run)
    form = opened.window.experiment.experiment()
    assert form is not None
    assert form.architecture.kind == CHOICE.architecture.kind


def test_a_damaged_experiment_is_said_and_the_form_stays(opened: Opened) -> None:
    before = opened.window.experiment.experiment()
    (opened.run / "experiment.toml").write_text("no = ")
    opened.journeys.settings(opened.run)
    assert opened.window.banner.isVisible()
    assert opened.window.experiment.experiment() == before


def test_runs_are_compared_on_their_page(opened: Opened) -> None:
    other = make_run(places.runs(), digits())
    opened.journeys.compare([opened.run, other])
    assert opened.page() == "Compare"
    assert opened.window.tabs.compare().page.paths == [opened.run, other]
    opened.until(lambda: not opened.window.tabs.compare().comparing.busy)


class TestBranching:
    def test_begins_at_once_where_nothing_trains(self, opened: Opened) -> None:
        chosen = CHOICE.with_value("training.steps", 600)
        opened.journeys.begin(Branch(opened.run, 400, chosen))
        assert opened.asked("begin") == [("begin", Branch(opened.run, 400, chosen))]

    def test_stops_the_run_that_goes_on_where_one_says_so(self, opened: Opened) -> None:
        chosen = CHOICE
        opened.session.run(chosen)
        opened.journeys.ask_when = lambda parent: "now"
        opened.journeys.begin(Branch(opened.run, 400, chosen))
        assert opened.asked("begin") == []
        assert opened.asked("stop") == [("stop", True)]
        opened.session.become("finished")
        assert opened.asked("begin") == [("begin", Branch(opened.run, 400, chosen))]

    def test_waits_in_the_queue_where_one_says_so(self, opened: Opened) -> None:
        opened.session.loadingChanged.emit("")
        chosen = CHOICE
        opened.session.run(chosen)
        opened.journeys.ask_when = lambda parent: "later"
        opened.journeys.begin(Branch(opened.run, 400, chosen))
        queue = opened.window.waiting.queue
        assert queue is not None
        (entry,) = queue.runner.entries
        assert entry.state == "waiting"
        assert opened.asked("begin") == []

    def test_is_forgotten_where_one_changes_ones_mind(self, opened: Opened) -> None:
        opened.session.run(CHOICE)
        opened.journeys.ask_when = lambda parent: ""
        opened.journeys.begin(Branch(opened.run, 400, CHOICE))
        opened.session.become("finished")
        assert opened.asked("begin") == opened.asked("stop") == []


def test_what_is_no_run_is_a_sentence(opened: Opened, tmp_path: Path) -> None:
    opened.journeys.branch(tmp_path)
    opened.until(opened.window.banner.isVisible)
    assert "is no run" in opened.window.banner.sentence.text()
