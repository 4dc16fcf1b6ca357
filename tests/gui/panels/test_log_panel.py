import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Failed, Finished, StepRecord, Warned
from ganstudio.gui import theme
from ganstudio.gui.panels import log_panel
from ganstudio.gui.panels.log_panel import LogPanel


@pytest.fixture
def log(qtbot: QtBot) -> LogPanel:
    made = LogPanel()
    qtbot.addWidget(made)
    return made


def test_a_line_has_a_time_a_level_in_words_and_the_message(log: LogPanel) -> None:
    log.say("Something happened.", "watch")
    time, sign, word, *rest = log.text().split()
    assert len(time) == 8
    assert (sign, word) == ("!", "warn")
    assert " ".join(rest) == "Something happened."


def test_events_become_lines_and_steps_do_not(log: LogPanel) -> None:
    log.take(
        [StepRecord(1, 0.1, 64, {}), Warned(2, "Careful."), Failed(3, "It broke."), Finished(4, "done", 9.0)]
    )
    lines = log.text().splitlines()
    assert ["Careful." in lines[0], "It broke." in lines[1], "Finished" in lines[2]] == [True] * 3
    assert len(lines) == 3


def test_it_is_bounded(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_panel, "_MOST_LINES", 50)
    log = LogPanel()
    qtbot.addWidget(log)
    for number in range(120):
        log.say(f"line {number}")
    lines = log.text().splitlines()
    assert len(lines) == 50
    assert lines[-1].endswith("line 119")
    assert len(log._lines) == 50


def test_another_theme_keeps_every_line(qtbot: QtBot, log: LogPanel) -> None:
    log.say("one")
    log.say("two\nthree")
    before = log.text()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.notifier.changed.emit(theme.DARK)
    assert log.text() == before


def test_it_cannot_be_written_into(qtbot: QtBot, log: LogPanel) -> None:
    log.say("fact")
    before = log.text()
    qtbot.keyClicks(log.view, "fiction")
    assert log.text() == before
