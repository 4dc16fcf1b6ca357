"""The playground tab: on a session that records what it is asked, and on one that trains."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Paused, WatchRefused
from ganstudio.gui.playground_tab import LOOK_SECONDS, PlaygroundTab
from ganstudio.session.session import Session
from tests.experiments import digits, ring
from tests.gui.fields import look
from tests.gui.recording import RecordingSession

PATIENCE_MS = 60_000


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession()


@pytest.fixture
def tab(qtbot: QtBot, session: RecordingSession) -> Iterator[PlaygroundTab]:
    made = PlaygroundTab(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.resize(880, 600)
    yield made
    made.shutdown(0)


def watches(session: RecordingSession) -> list[tuple]:
    return [asked[1:] for asked in session.asked if asked[0] == "watch"]


def test_it_watches_while_it_is_in_view_alone(tab: PlaygroundTab, session: RecordingSession) -> None:
    session.run(ring())
    assert watches(session) == []
    tab.show()
    assert watches(session) == [(LOOK_SECONDS, 0, None)]
    tab.hide()
    assert watches(session)[-1][0] == 0


def test_a_run_that_begins_while_it_is_in_view_is_watched(
    tab: PlaygroundTab, session: RecordingSession
) -> None:
    tab.show()
    session.run(ring())
    assert watches(session) == [(LOOK_SECONDS, 0, None)]


def test_looks_are_fetched_and_the_part_in_view_is_asked_about(
    tab: PlaygroundTab, session: RecordingSession, qtbot: QtBot
) -> None:
    tab.show()
    session.run(ring())
    session.field = look(5)
    qtbot.waitUntil(lambda: tab.looks == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: watches(session)[-1][2] is not None, timeout=PATIENCE_MS)
    assert watches(session)[-1][2] == pytest.approx(tab.page.view.camera.region())


def test_the_last_look_of_a_run_is_shown(tab: PlaygroundTab, session: RecordingSession) -> None:
    tab.show()
    session.run(ring())
    session.field = look(9)
    session.become("finished")
    assert tab.page.line.text() == "step 9"


def test_a_look_of_the_run_before_is_not(tab: PlaygroundTab, session: RecordingSession) -> None:
    tab.show()
    session.field = look(9)
    session.run(ring())
    assert session.field is None
    assert tab.page.view.look is None


def test_why_there_is_nothing_is_said(tab: PlaygroundTab, session: RecordingSession) -> None:
    tab.show()
    session.run(digits())
    session.tell(WatchRefused(1, "These are images."))
    assert tab.page.refusal.text.text() == "These are images."


def test_what_is_pressed_reaches_the_session(tab: PlaygroundTab, session: RecordingSession) -> None:
    tab.show()
    session.run(ring())
    tools = tab.page.tools
    tools.pause.click()
    tools.pace.setValue(0)
    session.become("paused")
    tools.steps["generator"].click()
    tools.steps[""].click()
    tools.pause.click()
    asked = [each for each in session.asked if each[0] != "watch"]
    assert asked == [("pause",), ("pace", 1.0), ("step", "generator"), ("step",), ("resume",)]


def test_a_real_run_is_seen_held_stepped_and_ended(qtbot: QtBot) -> None:
    session = Session()
    tab = PlaygroundTab(session)
    qtbot.addWidget(tab)
    tab.resize(700, 500)
    tab.show()
    pauses: list[int] = []
    session.eventsArrived.connect(
        lambda events: pauses.extend(event.step for event in events if isinstance(event, Paused))
    )
    try:
        session.load()
        qtbot.waitUntil(lambda: session.ready, timeout=PATIENCE_MS)
        session.train(ring(steps=1_000_000), "cpu")
        qtbot.waitUntil(lambda: tab.looks >= 3, timeout=PATIENCE_MS)
        session.pause()
        qtbot.waitUntil(lambda: bool(pauses), timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: tab.page.view.look.step == pauses[0], timeout=PATIENCE_MS)
        held = tab.page.view.look
        tab.page.tools.steps["generator"].click()
        qtbot.waitUntil(lambda: tab.page.view.look.step == held.step + 1, timeout=PATIENCE_MS)
        stepped = tab.page.view.look
        # The discriminator has stayed where it was, the points have not.
        assert stepped.region != held.region or (stepped.logits == held.logits).all()
        assert (stepped.points != held.points).any()
    finally:
        assert session.shutdown(PATIENCE_MS)
        tab.shutdown(0)
        QApplication.processEvents()
        session.deleteLater()
