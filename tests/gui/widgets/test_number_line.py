import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.number_line import NumberLine
from ganstudio.gui.widgets.scale import Scale


@pytest.fixture
def line(qtbot: QtBot) -> NumberLine:
    made = NumberLine(Scale(1e-7, 1.0, "log"))
    qtbot.addWidget(made)
    made.show_value(2e-4)
    return made


def type_over(qtbot: QtBot, line: NumberLine, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_a_typed_number_counts_once_return_is_pressed(qtbot: QtBot, line: NumberLine) -> None:
    told: list[float] = []
    line.settled.connect(told.append)
    line.selectAll()
    qtbot.keyClicks(line, "3e-3")
    assert told == []
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told == [3e-3]
    assert line.text() == "3e-3"


@pytest.mark.parametrize(("typed", "value"), [("7", 1.0), ("0", 1e-7), ("-1", 1e-7)])
def test_what_is_beyond_the_range_is_brought_into_it(
    qtbot: QtBot, line: NumberLine, typed: str, value: float
) -> None:
    type_over(qtbot, line, typed)
    assert line.value() == value


def test_what_is_no_number_falls_back(qtbot: QtBot, line: NumberLine) -> None:
    type_over(qtbot, line, "fast")
    assert (line.value(), line.text()) == (2e-4, "2e-4")


def test_looking_at_a_rounded_number_does_not_change_it(qtbot: QtBot, line: NumberLine) -> None:
    line.show_value(0.123456789)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.value() == 0.123456789


def test_arrow_keys_step(qtbot: QtBot, line: NumberLine) -> None:
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert line.value() > 2e-4
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert line.value() < 2e-4


def test_escape_takes_back_what_was_typed(qtbot: QtBot, line: NumberLine) -> None:
    line.selectAll()
    qtbot.keyClicks(line, "5")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "2e-4"


def test_the_unit_stands_behind_and_may_be_left_out(qtbot: QtBot) -> None:
    line = NumberLine(Scale(1, 1e8, "log", whole=True), "steps")
    qtbot.addWidget(line)
    line.show_value(2500)
    assert line.text() == "2500 steps"
    type_over(qtbot, line, "300")
    assert (line.value(), line.text()) == (300, "300 steps")
