"""Docks of plugins' panels: made when seen, fed, and taken down alone when they raise."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.api import Event, Panel, PreviewReady, Started, StepRecord
from ganstudio.catalogue import Entry
from ganstudio.gui.panel_docks import PanelDocks
from ganstudio.gui.panel_host import FailedPanel
from ganstudio.registry import Registry


class Counter(Panel):
    """Counts the events it is told."""

    title = "Counter"

    def make(self, parent: Any) -> QWidget:
        self.label = QLabel("0", parent)
        self.events: list[Event] = []
        return self.label

    def take(self, events: Sequence[Event]) -> None:
        self.events += events
        self.label.setText(str(len(self.events)))


class FailsInConstructor(Counter):
    def __init__(self) -> None:
        raise ValueError("nothing works")


class FailsInMake(Counter):
    def make(self, parent: Any) -> QWidget:
        QLabel("left behind", parent)
        raise ValueError("nothing works")


class MakesNoWidget(Counter):
    def make(self, parent: Any) -> Any:
        return "a text"


class FailsInTake(Counter):
    def take(self, events: Sequence[Event]) -> None:
        if events:
            raise ValueError("nothing works")


class ExitsInTake(Counter):
    def take(self, events: Sequence[Event]) -> None:
        if events:
            sys.exit(3)


class Painting(QWidget):
    """Raises with an open painter, deep within the panel."""

    fails = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawLine(0, 0, 5, 5)
        if self.fails:
            raise ValueError("nothing works")


class FailsInPaint(Counter):
    painting_class: type[Painting] = Painting

    def make(self, parent: Any) -> QWidget:
        body = QWidget(parent)
        self.painting = self.painting_class(body)
        QVBoxLayout(body).addWidget(self.painting)
        return body

    def take(self, events: Sequence[Event]) -> None:
        if events:
            self.painting.fails = True
            self.painting.update()


class ExitingPainting(Painting):
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawLine(0, 0, 5, 5)
        if self.fails:
            sys.exit(3)


class ExitsInPaint(FailsInPaint):
    painting_class = ExitingPainting


class FailsInTimer(Counter):
    def take(self, events: Sequence[Event]) -> None:
        if events:
            QTimer.singleShot(0, self.label, self.tick)

    def tick(self) -> None:
        raise ValueError("nothing works")


class FailsWhenClicked(Counter):
    def make(self, parent: Any) -> QWidget:
        self.button = QPushButton("Press", parent)
        self.button.clicked.connect(lambda: [][0])
        return self.button

    def take(self, events: Sequence[Event]) -> None:
        if events:
            self.button.click()


EVENTS = [Started(0, "run", 10, "cpu", {"generator": 3}), StepRecord(1, 0.5, 32, {"loss/generator": 1.0})]


def registry_of(*classes: type[Panel]) -> Registry:
    registry = Registry()
    registry.classes["panel"] = {cls.__name__: cls for cls in classes}
    return registry


def entries_of(*classes: type[Panel]) -> list[Entry]:
    return [Entry(cls.__name__, cls.title, "What it shows", "tests") for cls in classes]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.setCentralWidget(QWidget())
    made.resize(700, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def docks(window: QMainWindow) -> Iterator[PanelDocks]:
    made = PanelDocks(window)
    yield made
    made.shutdown()


def offer(docks: PanelDocks, *classes: type[Panel]) -> None:
    docks.show_catalogue(entries_of(*classes))
    docks.set_registry(registry_of(*classes))


def show(docks: PanelDocks, cls: type[Panel]) -> None:
    docks.dock(cls.__name__).toggleViewAction().trigger()


def test_a_panel_is_offered_in_the_menu_and_made_when_it_is_seen(docks: PanelDocks) -> None:
    assert not docks.menu.menuAction().isVisible()
    offer(docks, Counter)
    assert docks.menu.menuAction().isVisible()
    assert [action.text() for action in docks.menu.actions()] == ["Counter"]
    assert docks.host("Counter").panel is None
    show(docks, Counter)
    assert docks.dock("Counter").isVisible()
    assert isinstance(docks.host("Counter").panel, Counter)


def test_a_panel_that_is_seen_before_the_plugins_are_loaded_comes_when_they_are(docks: PanelDocks) -> None:
    docks.show_catalogue(entries_of(Counter))
    show(docks, Counter)
    assert docks.host("Counter").panel is None
    docks.set_registry(registry_of(Counter))
    assert isinstance(docks.host("Counter").panel, Counter)


def test_a_panel_made_late_is_told_what_has_happened_and_of_previews_the_newest(docks: PanelDocks) -> None:
    previews = [PreviewReady(step, "points", None, source) for step in (1, 2) for source in ("fixed", "b")]
    offer(docks, Counter)
    docks.take([EVENTS[1], *EVENTS])
    docks.take(previews)
    show(docks, Counter)
    panel = docks.host("Counter").panel
    assert isinstance(panel, Counter)
    assert panel.events == [*EVENTS, *previews[2:]]
    docks.take([EVENTS[1]])
    assert panel.events[-1] is EVENTS[1]


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("cls", "said"),
    [
        (FailsInConstructor, "in __init__: ValueError: nothing works"),
        (FailsInMake, "in make: ValueError: nothing works"),
        (MakesNoWidget, "make() must return a QWidget, and returned str"),
        (FailsInTake, "in take: ValueError: nothing works"),
        (ExitsInTake, "in take: SystemExit: 3"),
        (FailsInPaint, "in paintEvent: ValueError: nothing works"),
        (ExitsInPaint, "in paintEvent: RuntimeError: it calls sys.exit"),
        (FailsInTimer, "in tick: ValueError: nothing works"),
        (FailsWhenClicked, "in <lambda>: IndexError: list index out of range"),
    ],
    ids=["constructor", "make", "no widget", "take", "exit", "paint", "exit in paint", "timer", "slot"],
)
def test_a_panel_that_raises_is_taken_down_with_a_sentence_and_the_others_stay(
    docks: PanelDocks, qtbot: QtBot, cls: type[Panel], said: str
) -> None:
    offer(docks, cls, Counter)
    show(docks, cls)
    show(docks, Counter)
    qtbot.wait(30)
    docks.take(EVENTS)
    host = docks.host(cls.__name__)
    qtbot.waitUntil(lambda: host.failed, timeout=3000)
    (card,) = host.findChildren(FailedPanel)
    assert card.sentence.text().startswith("Counter stopped. ")
    assert said in card.sentence.text()
    assert "Traceback" in card.details.toPlainText()
    if cls is not MakesNoWidget:
        assert f"{__file__} line " in card.sentence.text()
    # Nothing else is harmed: the other panel is fed, and the window paints on.
    docks.take(EVENTS)
    other = docks.host("Counter").panel
    assert isinstance(other, Counter)
    assert other.label.text() == "4"
    assert not docks.host("Counter").failed
    qtbot.wait(30)
    assert [child for child in host.findChildren(QLabel) if child.text() == "left behind"] == []


@pytest.mark.allow_log_warnings
def test_a_failed_panel_can_be_tried_again(docks: PanelDocks) -> None:
    offer(docks, FailsInTake)
    show(docks, FailsInTake)
    docks.take(EVENTS)
    host = docks.host("FailsInTake")
    assert host.failed
    docks.take([EVENTS[0]])
    (card,) = host.findChildren(FailedPanel)
    docks._past.clear()
    card.retry.click()
    assert not host.failed
    assert isinstance(host.panel, FailsInTake)


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("before", [Counter, FailsInTake], ids=["good", "failed"])
def test_a_class_loaded_anew_takes_the_place_of_the_one_before(
    docks: PanelDocks, before: type[Panel]
) -> None:
    newer = type(before.__name__, (Counter,), {"version": 2})
    offer(docks, before)
    show(docks, before)
    docks.take(EVENTS)
    offer(docks, newer)
    host = docks.host(before.__name__)
    assert type(host.panel) is newer
    assert host.panel.events == EVENTS  # type: ignore[union-attr]


def test_the_dock_of_a_panel_that_is_gone_goes(docks: PanelDocks, window: QMainWindow) -> None:
    offer(docks, Counter, FailsInTake)
    show(docks, FailsInTake)
    offer(docks, Counter)
    assert [action.text() for action in docks.menu.actions()] == ["Counter"]
    offer(docks)
    assert not docks.menu.menuAction().isVisible()


@pytest.mark.allow_log_warnings
def test_errors_of_others_go_where_they_went_before(
    docks: PanelDocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(error))
    before = sys.excepthook
    offer(docks, Counter)
    show(docks, Counter)
    error = KeyError("somebody else's")
    sys.excepthook(KeyError, error, None)
    assert seen == [error]
    docks.shutdown()
    assert sys.excepthook is before


def test_a_dock_comes_back_where_it_was_left(qtbot: QtBot, window: QMainWindow, docks: PanelDocks) -> None:
    offer(docks, Counter)
    show(docks, Counter)
    kept = window.saveState()
    later = QMainWindow()
    qtbot.addWidget(later)
    later.restoreState(kept)
    later.show()
    again = PanelDocks(later)
    offer(again, Counter)
    assert again.dock("Counter").isVisible()
    again.shutdown()
