import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import PluginState
from ganstudio.gui.panels.plugins_page import PluginsPage
from tests.gui import plugin_states as states
from tests.gui.catalogues import CATALOGUE


@pytest.fixture
def page(qtbot: QtBot) -> PluginsPage:
    made = PluginsPage()
    qtbot.addWidget(made)
    made.show_plugins(CATALOGUE.plugins)
    made.show()
    return made


@pytest.fixture
def full(page: PluginsPage) -> PluginsPage:
    page.show_plugins(states.EVERY)
    return page


def row(page: PluginsPage, number: int) -> list[str]:
    return [page.table.item(number, column).text() for column in range(page.table.columnCount())]


def test_failed_plugins_come_first_with_a_word_and_the_sentence(page: PluginsPage) -> None:
    assert row(page, 0) == ["failed", "broken", "It needs the package x.", "mine", "2.0", "0.20 s"]
    assert row(page, 1) == ["loaded", "digits", "Digits", "built in", "0.1", "0.01 s"]
    assert not page.table.item(0, 0).icon().isNull()
    assert page.summary.text() == "1 loaded, 1 failed"
    assert page.failed_count() == 1


def test_a_failed_one_shows_its_sentence_and_traceback(page: PluginsPage) -> None:
    page.select("broken")
    assert page.details.sentence.text() == "It failed to load. It needs the package x."
    assert page.details.traceback.toPlainText() == "Traceback: x"
    assert page.details.traceback.isVisible()


def test_a_loaded_one_shows_what_it_brings(page: PluginsPage) -> None:
    page.select("broken")
    page.select("digits")
    assert page.details.sentence.text() == "It brings Digits."
    assert not page.details.traceback.isVisible()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["broken", "digits"]),
        ("FAILED", ["broken"]),
        ("built dig", ["digits"]),
        ("package x", ["broken"]),
        ("zzz", []),
    ],
)
def test_the_filter_hides_the_rest(qtbot: QtBot, page: PluginsPage, text: str, names: list[str]) -> None:
    qtbot.keyClicks(page.filter, text)
    shown = [row(page, n)[1] for n in range(page.table.rowCount()) if not page.table.isRowHidden(n)]
    assert shown == names


def test_no_plugins_is_said_in_words(page: PluginsPage) -> None:
    page.show_plugins([])
    assert page.summary.text() == "No plugins were found."
    assert page.table.rowCount() == 0
    assert not page.details.check.isVisible()


def test_what_is_selected_stays_so_when_plugins_are_loaded_anew(full: PluginsPage) -> None:
    full.select("own")
    full.show_plugins([states.FAILED, states.OWN, states.LOADED])
    assert full.details.plugin == states.OWN
    full.show_plugins([states.LOADED])
    assert full.details.plugin is None


def shown(page: PluginsPage) -> set[str]:
    buttons = page.details.findChildren(QPushButton)
    return {button.text() for button in buttons if button.isVisible()}


@pytest.mark.parametrize(
    ("plugin", "offered"),
    [
        (states.LOADED, {"Check", "Disable"}),
        (states.FAILED, {"Check", "Disable", "Copy report"}),
        (states.OWN, {"Check", "Open in editor", "Show folder", "Disable", "Withdraw agreement"}),
        (
            states.STALE,
            {"Check", "Open in editor", "Show folder", "Disable", "Withdraw agreement", "Copy report"},
        ),
        (states.UNTRUSTED, {"Agree…", "Open in editor", "Show folder"}),
        (states.CHANGED, {"Agree…", "Open in editor", "Show folder", "Withdraw agreement"}),
        (states.DISABLED, {"Enable"}),
        (states.SESSION, {"Check", "Open in editor", "Show folder"}),
    ],
    ids=lambda value: value.name if isinstance(value, PluginState) else "",
)
def test_each_state_offers_what_can_be_done_with_it(
    full: PluginsPage, plugin: PluginState, offered: set[str]
) -> None:
    full.select(plugin.name)
    assert shown(full) == offered


@pytest.mark.parametrize(
    ("button", "signal", "plugin"),
    [
        ("agree", "agreeAsked", states.UNTRUSTED),
        ("check", "checkAsked", states.OWN),
        ("reveal", "revealAsked", states.OWN),
        ("withdraw", "withdrawAsked", states.OWN),
        ("disable", "disableAsked", states.LOADED),
        ("enable", "enableAsked", states.DISABLED),
    ],
)
def test_each_button_asks_for_its_plugin(
    qtbot: QtBot, full: PluginsPage, button: str, signal: str, plugin: PluginState
) -> None:
    full.select(plugin.name)
    with qtbot.waitSignal(getattr(full.details, signal)) as asked:
        getattr(full.details, button).click()
    assert asked.args == [plugin]


def test_the_editor_is_asked_for_the_file(qtbot: QtBot, full: PluginsPage) -> None:
    full.select("own")
    with qtbot.waitSignal(full.details.editAsked) as asked:
        full.details.edit.click()
    assert asked.args == ["/plugins/own.py", 0]


def test_the_report_goes_to_the_clipboard(full: PluginsPage) -> None:
    full.select("late")
    full.details.copy.click()
    assert "ValueError" in QGuiApplication.clipboard().text()


def test_a_check_that_goes_on_can_be_given_up_where_it_was_begun(qtbot: QtBot, full: PluginsPage) -> None:
    full.select("own")
    full.details.show_checking(states.OWN.source)
    assert full.details.progress.isVisible()
    with qtbot.waitSignal(full.details.giveUpAsked):
        full.details.check.click()
    full.select("digits")
    assert not full.details.check.isEnabled()
    assert not full.details.progress.isVisible()
    full.details.show_checking("")
    assert full.details.check.isEnabled()


# --- The page as a whole ---------------------------------------------------------------------------


def test_nothing_is_made_or_loaded_before_plugins_are_there(page: PluginsPage) -> None:
    assert not page.new.isEnabled()
    assert not page.reload.isEnabled()
    page.show_ready(True)
    assert page.new.isEnabled()
    assert page.reload.isEnabled()


def test_a_reload_that_waits_says_for_what(page: PluginsPage) -> None:
    page.show_ready(True)
    page.show_reloading("waiting")
    assert "when it ends" in page.reloading.text.text()
    assert not page.reload.isEnabled()
    page.show_reloading("reloading")
    assert page.reloading.text.text().startswith("Loading")
    page.show_reloading("")
    assert not page.reloading.isVisible()
    assert page.reload.isEnabled()


def test_what_waits_to_be_agreed_to_is_a_quiet_notice(qtbot: QtBot, page: PluginsPage) -> None:
    page.show_waiting([states.UNTRUSTED])
    assert page.waiting.text.text().startswith("new.py is new.")
    page.show_waiting([states.CHANGED])
    assert page.waiting.text.text().startswith("other.py has changed since you agreed to it.")
    page.show_waiting([states.UNTRUSTED, states.CHANGED, *[states.UNTRUSTED] * 3])
    assert page.waiting.text.text().startswith("5 files")
    assert "new.py, other.py, new.py and 2 more" in page.waiting.text.text()
    assert page.waiting.button is not None
    with qtbot.waitSignal(page.lookAsked):
        page.waiting.button.click()
    page.show_waiting([])
    assert not page.waiting.isVisible()


def test_the_tick_box_reports_the_user_alone(qtbot: QtBot, page: PluginsPage) -> None:
    told: list[bool] = []
    page.automaticChanged.connect(told.append)
    page.automatic.setChecked(False)
    assert told == []
    page.automatic.click()
    assert told == [True]
