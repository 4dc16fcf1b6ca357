import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.banner import Banner


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    made.say("The run failed.", "my.py line 3: the loss is <b>nan</b>.", "Traceback\n  line 3\n")
    return made


def test_the_sentence_stands_as_it_is_and_the_details_are_folded(banner: Banner) -> None:
    assert banner.isVisible()
    assert banner.sentence.text() == "my.py line 3: the loss is <b>nan</b>."
    assert banner.sentence.textFormat() == Qt.TextFormat.PlainText
    assert not banner.details.isVisible()


def test_details_unfold(qtbot: QtBot, banner: Banner) -> None:
    qtbot.mouseClick(banner.fold, Qt.MouseButton.LeftButton)
    assert banner.details.isVisible()
    assert banner.details.toPlainText() == "Traceback\n  line 3"


def test_the_report_holds_all_of_it(qtbot: QtBot, banner: Banner) -> None:
    qtbot.mouseClick(banner.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == banner.report()
    for part in ("The run failed.", "my.py line 3", "Traceback"):
        assert part in copied


def test_the_cross_takes_it_away(qtbot: QtBot, banner: Banner) -> None:
    with qtbot.waitSignal(banner.dismissed):
        qtbot.mouseClick(banner.cross, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_a_later_failure_takes_the_place_of_the_one_before(banner: Banner) -> None:
    banner.fold.setChecked(True)
    banner.say("The experiment was not saved.", "The disk is full.")
    assert not banner.details.isVisible()
    assert not banner.fold.isVisible()
    assert "Traceback" not in banner.report()


def test_a_way_out_is_offered_until_it_is_taken_or_something_else_fails(banner: Banner, qtbot: QtBot) -> None:
    banner.say("The run failed.", "The loss is not finite.")
    banner.propose("Go on from step 40: halve the rates", "A new run begins.")
    assert banner.way_out.isVisible()
    banner.say("The disk is full.", "Nothing was saved.")
    assert not banner.way_out.isVisible()
    banner.propose("Go on from step 40: halve the rates", "A new run begins.")
    with qtbot.waitSignal(banner.proposed):
        banner.way_out.click()
    assert not banner.isVisible()
