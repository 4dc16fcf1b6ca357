"""The Health dock in the window: what a run tells reaches the panel and the plots, and remedies the run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.api.conditions import Remedy
from ganstudio.api.events import Event, Failed, HealthChanged, SettingChanged
from ganstudio.gui.closing import Closing
from ganstudio.gui.health_dock import WIDE, HealthDock
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.window_memory import WindowMemory
from ganstudio.requests import Branch, Request
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import event_record
from tests.compared import experiment, make_run
from tests.driving import Driver
from tests.experiments import ring
from tests.gui.findings import COLLAPSE, PENALTY, RATE, collapse, says
from tests.gui.recording import RecordingSession
from tests.installing import InstallPlugin

PATIENCE_MS = 30_000
CHOICE = experiment("a run")


class Watched:
    """A window on a recording session; a test says itself what becomes of a run."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session = RecordingSession()
        self.window = MainWindow(self.session, WindowMemory(places.window_settings()))  # type: ignore[arg-type]
        self.session.setParent(self.window)
        self.window.closer.ask = lambda parent, paused: Closing.ABORT
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.tabs.live()
        self.health: HealthDock = self.window.health
        self.panel = self.health.panel

    def asked(self, what: str) -> list[tuple[Any, ...]]:
        return [wish for wish in self.session.asked if wish[0] == what]

    def begin(self, *events: Any) -> None:
        self.session.run(CHOICE)
        self.session.tell(says(1), says(1, "Convergence"), *events)
        self.health.show()

    def marks(self) -> list[tuple[float, str]]:
        plot = self.window.live_panel().stack.plots["losses"]
        return list(plot.graph.markers.marks)


@pytest.fixture
def watched(qtbot: QtBot, studio_home: Path) -> Iterator[Watched]:
    watched = Watched(qtbot)
    yield watched
    watched.window.close()


def test_a_trouble_is_named_wherever_one_looks(watched: Watched) -> None:
    watched.begin(says(140, condition=COLLAPSE))
    assert [lamp.level for lamp in watched.health.strip.lamps] == ["bad", "good"]
    assert watched.health.strip.word == "Mode collapse"
    assert watched.health.dock.windowTitle() == "Health (1)"
    assert "mode collapse" in watched.window.log.text()
    watched.session.tell(says(300))
    assert (watched.health.strip.word, watched.health.dock.windowTitle()) == ("", "Health")


def test_its_beginning_and_its_end_are_marked_on_the_plots_once(watched: Watched) -> None:
    watched.begin(says(140, condition=COLLAPSE))
    watched.session.tell(says(180, condition=collapse(since=118, sentence="Worse.")), says(300))
    assert watched.marks() == [(120, "mode collapse begins"), (300, "mode collapse ends")]


def test_a_lamp_leads_to_its_rule(watched: Watched) -> None:
    watched.begin()
    watched.health.dock.hide()
    watched.health.strip.asked.emit("Convergence")
    assert watched.health.dock.isVisible()
    assert watched.panel.opened() == "Convergence"


def test_it_takes_no_room_from_samples(watched: Watched) -> None:
    assert watched.window.tabifiedDockWidgets(watched.health.dock)
    watched.window.resize(WIDE, 900)
    watched.health.place()
    assert not watched.window.tabifiedDockWidgets(watched.health.dock)


class TestApplying:
    def test_edits_the_run_that_trains_here(self, watched: Watched) -> None:
        watched.begin(says(140, condition=COLLAPSE))
        card = watched.panel.detail.remedies[0]
        assert card.changes.text() == "discriminator learning rate 2e-4 → 1e-4"
        card.button.click()
        assert watched.asked("edit") == [("edit", RATE, 1e-4)]
        watched.session.tell(SettingChanged(150, RATE, 1e-4, 2e-4))
        assert "applied at step 150" in watched.panel.detail.applied.text.text()
        assert not card.button.isEnabled()

    def test_is_taken_back_by_one_undo(self, watched: Watched) -> None:
        other = "optimizers.generator.learning_rate"
        both = Remedy("Halve both rates", {RATE: 1e-4, other: 1e-4})
        watched.begin(says(140, condition=collapse(remedies=(both,))))
        watched.panel.detail.remedies[0].button.click()
        watched.session.tell(SettingChanged(150, RATE, 1e-4, 2e-4), SettingChanged(150, other, 1e-4, 3e-4))
        assert watched.window.undo.undo_text() == "“Halve both rates”"
        watched.session.asked.clear()
        watched.window.undo.undo()
        assert watched.asked("edit") == [("edit", other, 3e-4), ("edit", RATE, 2e-4)]
        assert watched.window.undo.undo_text() == ""


class TestOpenedRuns:
    @pytest.fixture
    def run(self, watched: Watched, qtbot: QtBot) -> Path:
        """Return a run that has ended with a trouble and is shown."""
        path = make_run(places.runs(), CHOICE, steps=400, checkpoints=(100, 200))
        folder = RunFolder.open(path)
        with folder:
            for event in (says(1), says(140, condition=COLLAPSE)):
                folder.append_event(event_record(event))
        watched.window.journeys.open(path)
        qtbot.waitUntil(lambda: bool(watched.panel.record.titles), timeout=PATIENCE_MS)
        watched.health.show()
        return path

    def test_show_what_was_wrong(self, watched: Watched, run: Path) -> None:
        assert watched.panel.level() == "bad"
        assert (120, "mode collapse begins") in watched.marks()

    def test_branch_from_before_the_trouble(self, watched: Watched, run: Path) -> None:
        button = watched.panel.detail.remedies[1].button
        assert button.text() == "Branch from step 100"
        button.click()
        ((_, request),) = watched.asked("begin")
        assert isinstance(request, Branch)
        assert (request.path, request.step) == (run, 100)
        assert request.experiment.regularizers["R1"]["gamma"] == PENALTY.changes["regularizers.R1.gamma"]

    def test_closing_one_leaves_nothing_watched(self, watched: Watched, run: Path) -> None:
        watched.window.tabs.live().bar.cross.click()
        assert watched.panel.level() == "idle"
        assert not watched.panel.detail.isVisible()


def test_a_failure_offers_the_first_remedy_of_what_was_told_last(watched: Watched) -> None:
    run = make_run(places.runs(), CHOICE, steps=400)
    watched.begin(says(140, condition=COLLAPSE))
    watched.session.run_path = run
    watched.session.become("failed")
    watched.session.tell(Failed(150, "The loss is not finite."))
    offer = watched.window.banner.way_out
    assert offer.text() == "Train anew: halve the discriminator's rate"
    offer.click()
    ((_, request),) = watched.asked("begin")
    assert isinstance(request, Request)
    assert request.experiment.optimizers["discriminator"]["learning_rate"] == 1e-4
    assert watched.window.banner.isHidden()


def test_a_failure_without_a_known_trouble_offers_nothing(watched: Watched) -> None:
    watched.begin()
    watched.session.become("failed")
    watched.session.tell(Failed(150, "The disk is gone."))
    assert watched.window.banner.isVisible()
    assert watched.window.banner.way_out.isHidden()


RULE = """
from ganstudio.api import Condition, HealthRule, Remedy, StepRecord, hookimpl

RATE = "optimizers.generator.learning_rate"


class TooFast(HealthRule):
    '''Finds the generator too fast from the sixth step on, as long as its rate is not lowered.'''

    title = "Haste"
    step = 0

    def take(self, event):
        if isinstance(event, StepRecord):
            self.step = event.step

    def condition(self):
        rate = self.facts.settings[RATE]
        if self.step < 6 or rate < 1e-3:
            return None
        slower = Remedy("Slow it down", {RATE: 5e-4}, "live", "Haste makes waste.")
        return Condition("haste", "bad", 6, "It is too fast.", "Nobody is that fast.", {"rate": rate}, None,
                         (slower,))


@hookimpl
def ganstudio_health_rules():
    return [TooFast]
"""


@pytest.fixture
def driver(install_plugin: InstallPlugin, qtbot: QtBot, qapp: QApplication) -> Driver:
    """Return the whole studio, with a rule of a plugin."""
    install_plugin("haste_rule", RULE)
    driver = Driver()
    driver.window.closer.ask = lambda parent, paused: Closing.ABORT
    qtbot.addWidget(driver.window)
    driver.open()
    return driver


def test_a_trouble_of_a_real_run_is_named_mended_at_one_press_and_gone(driver: Driver) -> None:
    health, rate = driver.window.health, "optimizers.generator.learning_rate"
    driver.window.experiment.set_experiment(ring(steps=100_000).with_value(rate, 1e-3))
    driver.window.train()
    driver.wait(lambda: health.panel.record.current("TooFast") is not None, 60)
    driver.session.pause()
    driver.wait(lambda: driver.session.state == "paused", 60)
    health.show("TooFast")
    card = health.panel.detail.remedies[0]
    assert "haste since step 6" in health.panel.rows["TooFast"].accessibleName()
    assert card.changes.text() == "generator learning rate 0.001 → 5e-4"
    card.button.click()
    driver.session.resume()
    driver.wait(lambda: health.panel.record.current("TooFast") is None, 60)
    assert health.panel.rows["TooFast"].level == "good"
    assert "after “Slow it down”" in health.panel.mended.text.text()
    assert [(event.path, event.value) for event in of(driver, SettingChanged)] == [(rate, 5e-4)]
    told = [event.condition for event in of(driver, HealthChanged) if event.rule == "TooFast"]
    assert [condition and condition.name for condition in told] == [None, "haste", None]


Happened = TypeVar("Happened", bound=Event)


def of(driver: Driver, kind: type[Happened]) -> list[Happened]:
    return [event for event in driver.events if isinstance(event, kind)]
