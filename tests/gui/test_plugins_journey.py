"""The author's journey in the real window on the real session: begin, break, mend, without a restart."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.catalogue import find
from ganstudio.gui import plugin_doings
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.window_memory import WindowMemory
from ganstudio.session.session import Session

PATIENCE_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(plugin_doings, "open_in_editor", lambda path, line=0: True)
    session = Session()
    made = MainWindow(session, WindowMemory(places.window_settings()))
    session.setParent(made)
    qtbot.addWidget(made)
    made.show()
    session.load()
    qtbot.waitUntil(lambda: session.ready, timeout=PATIENCE_MS)
    yield made
    assert session.shutdown(PATIENCE_MS)
    made.close()


def state(window: MainWindow) -> str:
    plugins = window._session.catalogue.plugins
    return next((plugin.state for plugin in plugins if plugin.name == "my_gan"), "")


def replace(path: Path, text: str) -> None:
    """Save as an editor that writes beside the file and renames."""
    beside = path.with_name(".my_gan.py.new")
    beside.write_text(text)
    os.replace(beside, path)


def test_new_plugin_in_the_form_broken_and_mended(qtbot: QtBot, window: MainWindow) -> None:
    tab, form = window.tabs.plugins(), window.experiment
    page = tab.page
    window.tabs.show_page("Plugins")
    page.new.click()
    dialog = tab.doings.making.dialog
    assert dialog is not None
    dialog.write.click()
    qtbot.waitUntil(page.done.isVisible, timeout=PATIENCE_MS)
    assert page.details.plugin is not None
    assert page.details.plugin.name == "my_gan"
    assert page.done.button is not None
    page.done.button.click()
    chosen = form.experiment()
    assert chosen is not None
    assert chosen.architecture.kind == "MyGan"
    form.set_experiment(chosen.with_value("architecture.width", 99))

    path = places.plugins() / "my_gan.py"
    text = path.read_text()
    replace(path, text.replace("import math", "import math math", 1))
    qtbot.waitUntil(lambda: state(window) == "stale", timeout=PATIENCE_MS)
    page.select("my_gan")
    assert "The version that was loaded before stays in use." in page.details.sentence.text()
    assert window.tabs.title("Plugins") == "Plugins (1 failed)"

    replace(path, text.replace("Neurons of each hidden layer", "How wide it is"))
    qtbot.waitUntil(lambda: state(window) == "loaded", timeout=PATIENCE_MS)
    entry = find(window._session.catalogue.architectures, "MyGan")
    assert entry is not None
    assert "How wide it is" in [spec.help for spec in entry.fields]
    kept = form.experiment()
    assert kept is not None
    assert (kept.architecture.kind, kept.architecture.settings["width"]) == ("MyGan", 99)
    assert window.tabs.title("Plugins") == "Plugins"
