import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.preset_picker import PresetPicker
from ganstudio.gui.widgets.card_list import CardList
from tests.gui.catalogues import DIGITS, RING

# Popups ask for what the offscreen platform does not have.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagate)")


def preset(table: dict[str, object], name: str, **card: object) -> dict[str, object]:
    return {**table, "name": name, "preset": card}


PRESETS = (
    {**DIGITS, "name": "stranger"},
    preset(DIGITS, "digits", group="Digits", promise="readable digits", minutes=2, source="arXiv:1511.06434"),
    preset(RING, "ring", group="2-D", promise="all eight modes", minutes=0.25),
    preset(DIGITS, "conditional", group="Digits", promise="the digit you ask for", minutes=90),
    {"name": "broken", "dta": {}, "preset": {"group": "2-D"}},
)


@pytest.fixture
def picker(qtbot: QtBot) -> PresetPicker:
    made = PresetPicker(PRESETS)
    qtbot.addWidget(made)
    made.resize(380, 80)
    made.show()
    made.select("digits")
    return made


@pytest.fixture
def popup(picker: PresetPicker) -> CardList:
    picker.chooser.showPopup()
    return picker.chooser.popup


def rows(popup: CardList) -> list[str]:
    items = (popup.list.item(row) for row in range(popup.list.count()))
    return [item.text() for item in items if not item.isHidden()]


def test_presets_of_a_group_stand_together_and_those_without_come_last(picker: PresetPicker) -> None:
    assert picker.names() == ["digits", "conditional", "ring", "stranger"]


def test_the_list_shows_groups_promises_and_times(popup: CardList) -> None:
    assert rows(popup) == ["Digits", "digits", "conditional", "2-D", "ring", "broken", "Other", "stranger"]
    found = (popup.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(popup.list.count()))
    cards = {card.key: card for card in found if card is not None}
    assert (cards["digits"].line, cards["digits"].side) == ("readable digits", "2 min")
    assert cards["ring"].side == "15 s"
    assert cards["conditional"].side == "1.5 h"
    assert cards["stranger"].line == "Readable digits."
    assert "Source: arXiv:1511.06434." in cards["digits"].help


def test_the_one_picked_is_marked_and_its_promise_stands_below(picker: PresetPicker, popup: CardList) -> None:
    assert popup.list.currentItem().text() == "digits"
    shown = picker._about.text()
    assert shown.startswith("readable digits. It takes about 2 min on two CPU cores. Source: ")
    assert 'href="https://arxiv.org/abs/1511.06434"' in shown
    assert "arXiv:1511.06434" in picker.chooser.toolTip()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cond", ["Digits", "conditional"]),
        ("2-D", ["2-D", "ring", "broken"]),
        ("modes", ["2-D", "ring"]),
        ("1511", ["Digits", "digits"]),
        ("digit ask", ["Digits", "conditional"]),
        ("nothing like it", []),
    ],
)
def test_typing_finds(qtbot: QtBot, popup: CardList, typed: str, found: list[str]) -> None:
    qtbot.keyClicks(popup.line, typed)
    assert rows(popup) == found
    assert popup.nothing.isVisible() == (not found)


def test_keys_alone_pick(qtbot: QtBot, picker: PresetPicker, popup: CardList) -> None:
    qtbot.keyClicks(popup.line, "r")
    qtbot.keyClick(popup.line, Qt.Key.Key_Down)
    chosen = popup.list.currentItem().text()
    with qtbot.waitSignal(picker.picked) as picked:
        qtbot.keyClick(popup.line, Qt.Key.Key_Return)
    assert chosen == picker.current() == picked.args[0].name
    assert not popup.isVisible()


def test_a_press_picks(qtbot: QtBot, picker: PresetPicker, popup: CardList) -> None:
    item = next(
        popup.list.item(row) for row in range(popup.list.count()) if popup.list.item(row).text() == "ring"
    )
    with qtbot.waitSignal(picker.picked):
        place = popup.list.visualItemRect(item).center()
        qtbot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picker.current() == "ring"


def test_neither_headers_nor_broken_presets_can_be_picked(
    qtbot: QtBot, picker: PresetPicker, popup: CardList
) -> None:
    with qtbot.assertNotEmitted(picker.picked):
        for row in range(popup.list.count()):
            item = popup.list.item(row)
            if item.text() in ("Digits", "2-D", "broken"):
                assert not item.flags() & Qt.ItemFlag.ItemIsSelectable
                popup.list.itemClicked.emit(item)
    assert popup.isVisible()


def test_escape_changes_nothing(qtbot: QtBot, picker: PresetPicker, popup: CardList) -> None:
    with qtbot.assertNotEmitted(picker.picked):
        qtbot.keyClick(popup.line, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert picker.current() == "digits"


def test_what_was_typed_is_forgotten_when_it_opens_again(
    qtbot: QtBot, picker: PresetPicker, popup: CardList
) -> None:
    qtbot.keyClicks(popup.line, "ring")
    popup.hide()
    picker.chooser.showPopup()
    assert len(rows(popup)) == 8
