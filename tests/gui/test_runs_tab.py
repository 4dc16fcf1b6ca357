"""The runs tab with a library on disk: what the page asks for happens, and is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.api.events import Finished, Started, StepRecord
from ganstudio.gui import runs_tab
from ganstudio.gui.runs_tab import RunsTab
from ganstudio.runs.notes import read_notes
from ganstudio.session import run_list
from tests.gui.catalogues import CATALOGUE
from tests.gui.recording import RecordingSession
from tests.runs.made import make_run


@pytest.fixture
def root() -> Path:
    make_run(places.runs(), "one")
    make_run(places.runs(), "two", ends="", parent={"run": "one", "step": 10}, data="Digits")
    return places.runs()


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession(CATALOGUE)


@pytest.fixture
def tab(
    qtbot: QtBot, root: Path, session: RecordingSession, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunsTab]:
    monkeypatch.setattr(run_list, "CALM_MS", 20)
    monkeypatch.setattr(run_list, "WATCH_MS", 20)
    made = RunsTab(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.page.model.entries()) == 2)
    yield made
    assert made.shutdown(5000)


def folders(tab: RunsTab) -> list[str]:
    return [one.folder for one in tab.page.model.shown()]


def test_before_it_is_in_view_nothing_is_read(qtbot: QtBot, root: Path, session: RecordingSession) -> None:
    made = RunsTab(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    qtbot.wait(50)
    assert made.page.model.entries() == []
    assert made.shutdown(1000)


def test_kinds_are_called_as_in_the_catalogue(tab: RunsTab) -> None:
    assert tab.page.model.titles["Digits"] == CATALOGUE.data[0].title


def test_thumbnails_arrive(qtbot: QtBot, tab: RunsTab) -> None:
    picture = tab.page.model.entries()[0].thumbnail
    assert picture is not None
    qtbot.waitUntil(lambda: tab.thumbnails.get(picture) is not None)


def test_notes_reach_the_disk(qtbot: QtBot, tab: RunsTab, root: Path) -> None:
    tab.page.noted.emit(root / "one", {"name": "mine", "starred": True})
    qtbot.waitUntil(lambda: "mine" in {one.name for one in tab.page.model.entries()})
    assert read_notes(root / "one").starred


def test_a_deleted_run_comes_back_with_undo(qtbot: QtBot, tab: RunsTab, root: Path) -> None:
    tab.page.view.select(["one"])
    with qtbot.waitSignal(tab.said):
        tab.page.actions_of_runs.by_key["delete"].trigger()
    qtbot.waitUntil(lambda: folders(tab) == ["two"])
    assert not (root / "one").exists()
    assert tab.page.footer.trash.text() == "1 run in the trash"
    button = tab.page.notices.deleted.button
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: set(folders(tab)) == {"one", "two"})
    assert not tab.page.footer.trash.isVisible()


def test_an_emptied_trash_is_gone(qtbot: QtBot, tab: RunsTab, root: Path) -> None:
    tab.page.deleteAsked.emit([root / "one"])
    qtbot.waitUntil(tab.page.footer.empty.isVisible)
    tab.page.footer.empty.click()
    button = tab.page.notices.emptying.button
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: not tab.page.footer.empty.isVisible())
    assert not (root / ".trash").exists()


def test_what_fails_is_said_on_the_page(qtbot: QtBot, tab: RunsTab, root: Path) -> None:
    with qtbot.waitSignal(tab.failed) as told:
        tab.page.deleteAsked.emit([root / "missing"])
    assert "is no run" in told.args[1]


def test_interrupted_runs_are_known(tab: RunsTab) -> None:
    assert [one.folder for one in tab.interrupted()] == ["two"]


def test_the_running_run_is_live(qtbot: QtBot, tab: RunsTab, session: RecordingSession) -> None:
    session.become("running")
    session.eventsArrived.emit([Started(1, "two", 50, "cpu", {}), StepRecord(30, 3.0, 10, {})])
    qtbot.waitUntil(lambda: any(one.step == 30 for one in tab.page.model.entries()))
    assert not tab.page.notices.interrupted.isVisible()
    tab.page.view.select(["two"])
    assert not tab.page.actions_of_runs.by_key["resume"].isEnabled()
    session.eventsArrived.emit([Finished(50, "done", 4.0)])
    qtbot.waitUntil(lambda: any(one.step == 50 for one in tab.page.model.entries()))


def test_out_of_view_it_does_not_look(qtbot: QtBot, tab: RunsTab, root: Path) -> None:
    tab.hide()
    qtbot.waitUntil(lambda: not tab.list.busy)
    make_run(root, "three")
    qtbot.wait(100)
    assert len(tab.page.model.entries()) == 2
    tab.show()
    qtbot.waitUntil(lambda: len(tab.page.model.entries()) == 3)


def test_a_desktop_without_folders_is_told(
    qtbot: QtBot, tab: RunsTab, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_tab, "show_on_desktop", lambda path: False)
    with qtbot.waitSignal(tab.said) as told:
        tab.page.revealAsked.emit(root / "one")
    assert str(root / "one") in told.args[0]
