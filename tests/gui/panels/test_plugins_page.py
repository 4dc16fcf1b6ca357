import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.plugins_page import PluginsPage
from tests.gui.catalogues import CATALOGUE


@pytest.fixture
def page(qtbot: QtBot) -> PluginsPage:
    made = PluginsPage()
    qtbot.addWidget(made)
    made.show_plugins(CATALOGUE.plugins)
    made.show()
    return made


def row(page: PluginsPage, number: int) -> list[str]:
    return [page.table.item(number, column).text() for column in range(page.table.columnCount())]


def test_failed_plugins_come_first_with_a_word_and_the_sentence(page: PluginsPage) -> None:
    assert row(page, 0) == ["failed", "broken", "It needs the package x.", "mine: broken", "2.0", "0.20 s"]
    assert row(page, 1) == ["loaded", "digits", "Digits", "ganstudio: digits", "0.1", "0.01 s"]
    assert not page.table.item(0, 0).icon().isNull()
    assert page.summary.text() == "1 loaded, 1 failed"
    assert page.failed_count() == 1


def test_a_failed_one_shows_its_sentence_and_traceback(page: PluginsPage) -> None:
    page.select("broken")
    assert page.details.sentence.text() == "broken failed to load. It needs the package x."
    assert page.details.traceback.toPlainText() == "Traceback: x"
    assert page.details.traceback.isVisible()


def test_a_loaded_one_shows_what_it_brings(page: PluginsPage) -> None:
    page.select("broken")
    page.select("digits")
    assert page.details.sentence.text() == "digits brings Digits."
    assert not page.details.traceback.isVisible()


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ["broken", "digits"]), ("FAILED", ["broken"]), ("ganstudio dig", ["digits"]), ("zzz", [])],
)
def test_the_filter_hides_the_rest(qtbot: QtBot, page: PluginsPage, text: str, names: list[str]) -> None:
    qtbot.keyClicks(page.filter, text)
    shown = [row(page, n)[1] for n in range(page.table.rowCount()) if not page.table.isRowHidden(n)]
    assert shown == names


def test_no_plugins_is_said_in_words(page: PluginsPage) -> None:
    page.show_plugins([])
    assert page.summary.text() == "No plugins were found."
    assert page.table.rowCount() == 0
