import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.plugin_check_card import PluginCheckCard
from ganstudio.testing.report import Finding, Report

PASSED = Finding("builds", True, "It builds for images of 28 × 28.", "/own.py", 3, 0.2, "OwnGAN")
FAILED = Finding("gradients", False, "The loss does not depend on head.weight.", "/own.py", 12, 1.5, "OwnGAN")
NOWHERE = Finding("loads", False, "It took longer than 60 s and was ended.")


@pytest.fixture
def card(qtbot: QtBot) -> PluginCheckCard:
    made = PluginCheckCard()
    qtbot.addWidget(made)
    made.show()
    return made


def texts(card: PluginCheckCard) -> list[str]:
    return [label.text() for label in card.widget().findChildren(QLabel) if label.text()]


def test_what_failed_stands_first_with_name_and_sentence(card: PluginCheckCard) -> None:
    card.show_report(Report("own", (PASSED, FAILED)))
    shown = texts(card)
    assert shown.index("gradients") < shown.index("builds")
    assert "OwnGAN" in shown
    assert FAILED.sentence in shown
    assert "1.5 s" in shown
    assert card.accessibleName() == "own: 1 of 2 checks failed, in 1.7 s."


def test_a_place_can_be_asked_for(qtbot: QtBot, card: PluginCheckCard) -> None:
    card.show_report(Report("own", (FAILED,)))
    (place,) = card.places
    assert place.text() == "own.py, line 12"
    with qtbot.waitSignal(card.placeAsked) as asked:
        place.click()
    assert asked.args == ["/own.py", 12]


def test_a_finding_without_a_place_has_no_link(card: PluginCheckCard) -> None:
    card.show_report(Report("own", (NOWHERE,)))
    assert card.places == []


def test_another_report_takes_the_place_of_the_first(card: PluginCheckCard) -> None:
    card.show_report(Report("own", (FAILED,)))
    card.show_report(Report("own", (PASSED,)))
    assert FAILED.sentence not in texts(card)
    assert "passed" in card.accessibleName()


def test_what_passed_links_nowhere(card: PluginCheckCard) -> None:
    card.show_report(Report("own", (PASSED,)))
    assert card.places == []
