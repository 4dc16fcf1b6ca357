"""The compare tab: the page with its reader, on real run folders."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.catalogue import Catalogue
from ganstudio.gui.compare_tab import CompareTab
from tests.compared import digits, experiment, make_run
from tests.gui.catalogues import CATALOGUE
from tests.gui.recording import RecordingSession

PATIENCE_MS = 30_000


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession(Catalogue())


@pytest.fixture
def tab(qtbot: QtBot, session: RecordingSession) -> Iterator[CompareTab]:
    made = CompareTab(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.resize(880, 600)
    made.show()
    yield made
    assert made.shutdown(PATIENCE_MS)
    qtbot.wait(1)


def settle(qtbot: QtBot, tab: CompareTab) -> None:
    qtbot.waitUntil(lambda: not tab.comparing.busy, timeout=PATIENCE_MS)


def test_runs_are_compared_with_their_samples(qtbot: QtBot, tab: CompareTab, tmp_path: Path) -> None:
    runs = [make_run(tmp_path, experiment("a")), make_run(tmp_path, digits("b"))]
    tab.compare(runs)
    settle(qtbot, tab)
    points, images = (tab.page.samples.cells[slot] for slot in (0, 1))
    assert points.points.generated is not None
    assert images.grid.images is not None
    assert list(tab.page.plots.plots) == ["loss/generator", "loss/discriminator", "score/modes"]
    tab.page.samples.slider.setValue(0)
    settle(qtbot, tab)
    assert int(images.grid.images[0, 0, 0, 0]) == 20


def test_a_run_that_cannot_be_read_is_told_in_the_log(qtbot: QtBot, tab: CompareTab, tmp_path: Path) -> None:
    with qtbot.waitSignal(tab.said, timeout=PATIENCE_MS) as said:
        tab.compare([tmp_path / "gone"])
    assert said.args is not None
    assert said.args[0].startswith("gone cannot be compared. There is no folder")
    assert tab.page.runs[0].failure


def test_runs_of_the_library_are_offered(qtbot: QtBot, tab: CompareTab) -> None:
    run = make_run(places.runs(), experiment())
    tab.page.listAsked.emit()
    settle(qtbot, tab)
    assert tab.page.picker.popup.list.item(0).text() == run.name


def test_a_run_from_anywhere_can_be_added(
    qtbot: QtBot, tab: CompareTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, experiment())
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(run))
    tab.page.folder.click()
    settle(qtbot, tab)
    assert [each.history is not None for each in tab.page.runs] == [True]


def test_no_folder_chosen_adds_nothing(tab: CompareTab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    tab.page.folder.click()
    assert tab.page.runs == []


def test_titles_come_as_soon_as_the_plugins_are_there(
    qtbot: QtBot, tab: CompareTab, session: RecordingSession, tmp_path: Path
) -> None:
    tab.compare([make_run(tmp_path, experiment("a")), make_run(tmp_path, digits("b"))])
    settle(qtbot, tab)
    kinds = tab.page.table.table.item(0, 1)
    assert kinds is not None
    assert kinds.text() == "Ring"
    session.catalogue = CATALOGUE
    session.catalogueChanged.emit()
    images = tab.page.table.table.item(0, 2)
    assert images is not None
    assert images.text() == "Digits"
    titles = [tab.page.table.table.item(row, 1) for row in range(tab.page.table.table.rowCount())]
    assert "2-D GAN" in [item.text() for item in titles if item]


def test_who_looks_again_sees_what_has_become(qtbot: QtBot, tab: CompareTab, tmp_path: Path) -> None:
    run = make_run(tmp_path, experiment())
    tab.compare([run])
    settle(qtbot, tab)
    tab.hide()
    make_more = run / "metrics.jsonl"
    line = '{"step":50,"seconds":0.5,"images_seen":200,"values":{"loss/generator":0.1}}\n'
    make_more.write_text(make_more.read_text() + line)
    tab.show()
    qtbot.waitUntil(lambda: tab.page.runs[0].history is not None and tab.page.runs[0].history.step == 50)
    settle(qtbot, tab)
