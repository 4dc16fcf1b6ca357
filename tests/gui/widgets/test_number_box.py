import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.number_box import NumberBox
from ganstudio.gui.widgets.scale import Scale


@pytest.fixture
def box(qtbot: QtBot) -> NumberBox:
    made = NumberBox(Scale(0, 2**31 - 1, whole=True), "px")
    qtbot.addWidget(made)
    return made


def test_a_typed_number_is_told_once(qtbot: QtBot, box: NumberBox) -> None:
    told: list[float] = []
    box.settled.connect(told.append)
    box.selectAll()
    qtbot.keyClicks(box, "128")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told == [128.0]
    assert box.text() == "128 px"


def test_the_largest_seed_is_kept_exactly(box: NumberBox) -> None:
    box.show_value(2**31 - 1)
    assert box.value() == 2**31 - 1
    assert box.text() == "2147483647 px"


@pytest.mark.parametrize(("typed", "value"), [("99999999999", 2**31 - 1), ("-4", 0), ("2.6", 3)])
def test_what_is_beyond_the_range_is_brought_into_it(
    qtbot: QtBot, box: NumberBox, typed: str, value: int
) -> None:
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value


def test_letters_cannot_be_typed(qtbot: QtBot, box: NumberBox) -> None:
    box.selectAll()
    qtbot.keyClicks(box, "1x2")
    assert box.cleanText() == "12"


def test_showing_a_number_tells_nothing(qtbot: QtBot, box: NumberBox) -> None:
    with qtbot.assertNotEmitted(box.settled):
        box.show_value(5)


def test_arrows_step_by_one(qtbot: QtBot, box: NumberBox) -> None:
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 1
