"""The plugins tab on a real plugin folder with real trust; the session only writes down what it is asked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.catalogue import Entry, PluginState
from ganstudio.discovery.content import read_content
from ganstudio.discovery.trust import Trust
from ganstudio.gui import plugin_doings
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.plugins_tab import PluginsTab
from ganstudio.session import plugin_watch
from tests.gui.catalogues import CATALOGUE
from tests.gui.recording import RecordingSession

OWN_GAN = Entry(
    "OwnGAN",
    "Own GAN",
    "Mine.",
    "file: own.py",
    data_kinds=("points",),
    adversarial=True,
    optimizers={"g": {}},
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin_watch, "SETTLE_MS", 20)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the editor was asked to open."""
    asked: list[tuple[str, int]] = []

    def take(path: Path, line: int = 0) -> bool:
        asked.append((str(path), line))
        return True

    monkeypatch.setattr(plugin_doings, "open_in_editor", take)
    monkeypatch.setattr(plugin_doings, "show_on_desktop", lambda path: take(path))
    return asked


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession(CATALOGUE)


@pytest.fixture
def form(qtbot: QtBot) -> ExperimentPanel:
    made = ExperimentPanel()
    qtbot.addWidget(made)
    made.set_catalogue(CATALOGUE)
    return made


@pytest.fixture
def tab(
    qtbot: QtBot, session: RecordingSession, form: ExperimentPanel, opened: object
) -> Iterator[PluginsTab]:
    made = PluginsTab(session, form)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.show()
    qtbot.waitUntil(lambda: made.scan.seen is not None, timeout=5000)
    yield made
    assert made.shutdown(1000)


def save(text: str = "first = 1\n", name: str = "own.py", agree: bool = False) -> Path:
    path = places.plugins() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if agree:
        Trust(places.trust()).agree(path)
    return path


def trusted(path: Path) -> bool:
    return Trust(places.trust()).state(path) == "trusted"


def reloads(session: RecordingSession) -> int:
    return session.asked.count(("reload",))


def offer(session: RecordingSession, path: Path, **changes: object) -> PluginState:
    """Let the session have loaded what is at a path."""
    plugin = PluginState(
        *("own", "file: own.py", "", ("Own GAN",)),
        kind="file",
        path=str(path),
        digest=read_content(path).digest,
    )
    plugin = replace(plugin, **changes)  # type: ignore[arg-type]
    architectures = (*CATALOGUE.architectures, OWN_GAN)
    session.offer(replace(CATALOGUE, plugins=(*CATALOGUE.plugins, plugin), architectures=architectures))
    return plugin


def state(tab: PluginsTab, name: str = "own") -> str:
    return next((plugin.state for plugin in tab.page.plugins() if plugin.name == name), "")


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    return lambda condition: qtbot.waitUntil(condition, timeout=5000)


# --- Files that come and change --------------------------------------------------------------------


def test_a_new_file_is_listed_and_marked_and_not_loaded(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    marks: list[tuple[int, int]] = []
    tab.marked.connect(lambda *mark: marks.append(mark))
    save()
    until(lambda: state(tab) == "untrusted")
    assert tab.page.waiting.text.text().startswith("own.py is new.")
    assert marks[-1] == (1, 1)
    assert reloads(session) == 0


def test_a_file_that_was_there_before_is_listed_at_the_start(
    qtbot: QtBot, session: RecordingSession, form: ExperimentPanel, until: Until
) -> None:
    save()
    tab = PluginsTab(session, form)  # type: ignore[arg-type]
    qtbot.addWidget(tab)
    session.setParent(tab)
    until(lambda: state(tab) == "untrusted")
    assert reloads(session) == 0
    tab.shutdown(1000)


def test_nothing_is_read_before_the_plugins_are_loaded(
    qtbot: QtBot, form: ExperimentPanel, until: Until
) -> None:
    session = RecordingSession(CATALOGUE, ready=False)
    tab = PluginsTab(session, form)  # type: ignore[arg-type]
    qtbot.addWidget(tab)
    session.setParent(tab)
    save()
    qtbot.wait(50)
    assert tab.scan.seen is None
    assert not tab.page.new.isEnabled()
    session.finish_loading()
    until(lambda: state(tab) == "untrusted")
    assert tab.page.new.isEnabled()
    tab.shutdown(1000)


def test_a_file_agreed_to_elsewhere_is_loaded_by_itself(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    Trust(places.trust()).agree(save(name="../elsewhere.py"))
    save()
    until(lambda: reloads(session) == 1)


def test_a_file_that_changed_since_it_was_agreed_to_waits_and_the_old_one_stays(
    qtbot: QtBot, tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = save(agree=True)
    until(lambda: reloads(session) == 1)
    offer(session, path)
    assert state(tab) == "loaded"
    save("second = 2\n")
    until(lambda: state(tab) == "changed")
    qtbot.wait(50)
    assert reloads(session) == 1
    tab.page.select("own")
    assert "What it brought before stays in use: Own GAN." in tab.page.details.sentence.text()


def test_without_reload_on_save_it_is_said_that_a_file_changed(
    qtbot: QtBot, tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    tab.page.automatic.click()
    path = save(agree=True)
    until(tab.page.unloaded.isVisible)
    assert tab.page.unloaded.text.text().startswith("own.py is not loaded as saved.")
    assert reloads(session) == 0
    tab.page.reload.click()
    assert reloads(session) == 1
    offer(session, path)
    until(lambda: not tab.page.unloaded.isVisible())


def test_a_file_that_goes_is_unloaded(tab: PluginsTab, session: RecordingSession, until: Until) -> None:
    path = save(agree=True)
    until(lambda: reloads(session) == 1)
    path.unlink()
    until(lambda: reloads(session) == 2)


def test_loading_anew_does_not_ask_to_load_anew(
    qtbot: QtBot, tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = save(agree=True)
    until(lambda: reloads(session) == 1)
    offer(session, path, digest="of another time", state="stale", failed="It raised.")
    qtbot.wait(200)
    assert reloads(session) == 1


# --- Agreeing --------------------------------------------------------------------------------------


def ask(tab: PluginsTab, until: Until) -> Path:
    path = save()
    until(lambda: state(tab) == "untrusted")
    assert tab.page.waiting.button is not None
    tab.page.waiting.button.click()
    return path


def test_agreeing_loads_the_file_and_shows_it(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    assert dialog.text.toPlainText() == "first = 1"
    assert not trusted(path)
    dialog.agree.click()
    assert trusted(path)
    assert tab.doings.agreeing.dialog is None
    assert reloads(session) == 1
    offer(session, path)
    assert tab.page.done.text.text() == "own is loaded. It brings Own GAN."
    assert tab.page.details.plugin is not None
    assert tab.page.details.plugin.name == "own"
    until(lambda: not tab.page.waiting.isVisible())


def test_not_now_takes_the_notice_away_until_the_file_changes(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    dialog.not_now.click()
    assert not tab.page.waiting.isVisible()
    assert state(tab) == "untrusted"
    assert not trusted(path)
    save("second = 2\n")
    until(tab.page.waiting.isVisible)
    assert reloads(session) == 0


def test_what_changes_under_the_question_is_asked_anew(tab: PluginsTab, until: Until) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    save("evil = 1\n")
    dialog.agree.click()
    assert not trusted(path)
    assert dialog.again.isVisible()
    assert dialog.text.toPlainText() == "evil = 1"
    dialog.not_now.click()


def test_a_file_that_goes_under_the_question_is_said(qtbot: QtBot, tab: PluginsTab, until: Until) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    path.unlink()
    with qtbot.waitSignal(tab.failed) as told:
        dialog.agree.click()
    assert "own.py" in told.args[1]


def test_whoever_writes_a_file_is_not_asked_at_every_save(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    dialog.mine.setChecked(True)
    dialog.agree.click()
    offer(session, path)
    save("second = 2\n")
    until(lambda: reloads(session) == 2)
    assert trusted(path)


def test_what_was_said_of_a_file_goes_when_the_file_changes(
    tab: PluginsTab, session: RecordingSession, until: Until
) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    dialog.agree.click()
    offer(session, path)
    assert tab.page.done.isVisible()
    save("second = 2\n")
    until(lambda: not tab.page.done.isVisible())


def test_withdrawn_means_asked_again(tab: PluginsTab, session: RecordingSession, until: Until) -> None:
    path = save(agree=True)
    until(lambda: reloads(session) == 1)
    offer(session, path)
    tab.page.select("own")
    tab.page.details.withdraw.click()
    assert not trusted(path)
    assert reloads(session) == 2


# --- Switching off, opening ------------------------------------------------------------------------


def test_a_package_is_disabled_and_enabled(tab: PluginsTab, session: RecordingSession) -> None:
    tab.page.select("digits")
    tab.page.details.disable.click()
    assert Trust(places.trust()).disabled == {"ganstudio: digits"}
    assert reloads(session) == 1
    off = replace(CATALOGUE.plugins[0], state="disabled")
    session.offer(replace(CATALOGUE, plugins=(off,)))
    tab.page.select("digits")
    tab.page.details.enable.click()
    assert Trust(places.trust()).disabled == set()
    assert reloads(session) == 2


def test_file_folder_and_a_line_are_opened(
    tab: PluginsTab, session: RecordingSession, opened: list[tuple[str, int]]
) -> None:
    path = save(agree=True)
    offer(session, path)
    tab.page.select("own")
    tab.page.details.edit.click()
    tab.page.details.reveal.click()
    tab.page.details.card.placeAsked.emit(str(path), 7)
    assert opened == [(str(path), 0), (str(path.parent), 0), (str(path), 7)]


def test_a_desktop_without_an_editor_is_said(
    qtbot: QtBot, tab: PluginsTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_doings, "open_in_editor", lambda path, line: False)
    with qtbot.waitSignal(tab.said) as told:
        tab.page.details.editAsked.emit("/plugins/own.py", 7)
    assert "/plugins/own.py, line 7" in told.args[0]


def test_what_was_loaded_is_chosen_in_the_form_with_data_that_suits_it(
    tab: PluginsTab, session: RecordingSession, form: ExperimentPanel, until: Until
) -> None:
    path = ask(tab, until)
    dialog = tab.doings.agreeing.dialog
    assert dialog is not None
    dialog.agree.click()
    offer(session, path)
    form.set_catalogue(session.catalogue)
    before = form.experiment()
    assert before is not None
    assert before.data.kind == "Digits"
    assert tab.page.done.button is not None
    tab.page.done.button.click()
    chosen = form.experiment()
    assert chosen is not None
    assert (chosen.architecture.kind, chosen.data.kind) == ("OwnGAN", "Ring")
    assert chosen.regularizers == before.regularizers
    assert not tab.page.done.isVisible()


def test_a_reload_that_fails_is_said(qtbot: QtBot, tab: PluginsTab, session: RecordingSession) -> None:
    with qtbot.waitSignal(tab.failed) as told:
        session.reloadFailed.emit("OSError: no such disk", "Traceback")
    assert "stayed as they were" in told.args[0]
