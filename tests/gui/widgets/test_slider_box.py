import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.scale import Scale
from ganstudio.gui.widgets.slider_box import SliderBox


@pytest.fixture
def pair(qtbot: QtBot) -> SliderBox:
    made = SliderBox(Scale(1e-7, 1.0, "log"))
    qtbot.addWidget(made)
    made.set_value(2e-4)
    made.resize(240, 30)
    made.show()
    return made


def test_setting_a_value_moves_both_parts_and_tells_nothing(qtbot: QtBot, pair: SliderBox) -> None:
    with qtbot.assertNotEmitted(pair.changed):
        pair.set_value(1e-2)
    assert pair.value() == 1e-2
    assert pair.box.text() == "0.01"
    assert pair.slider.value() == pytest.approx(714, abs=1)


def test_a_value_between_two_positions_is_kept_exactly(pair: SliderBox) -> None:
    pair.set_value(1.2345e-4)
    assert pair.value() == 1.2345e-4


def test_typing_moves_the_slider(qtbot: QtBot, pair: SliderBox) -> None:
    before = pair.slider.value()
    pair.box.selectAll()
    qtbot.keyClicks(pair.box, "0.1")
    with qtbot.waitSignal(pair.settled):
        qtbot.keyClick(pair.box, Qt.Key.Key_Return)
    assert pair.value() == 0.1
    assert pair.slider.value() > before


def test_what_is_still_being_typed_counts_when_it_is_asked_for(qtbot: QtBot, pair: SliderBox) -> None:
    pair.box.selectAll()
    qtbot.keyClicks(pair.box, "0.5")
    assert pair.value() == 0.5


def test_dragging_tells_values_and_the_end_of_the_drag(qtbot: QtBot, pair: SliderBox) -> None:
    told: list[float] = []
    pair.changed.connect(told.append)
    pair.slider.setSliderDown(True)
    pair.slider.setSliderPosition(500)
    assert pair.dragging()
    assert told == [pytest.approx(3.2e-4, rel=0.02)]
    with qtbot.waitSignal(pair.settled):
        pair.slider.setSliderDown(False)
    assert not pair.dragging()


@pytest.mark.parametrize(
    ("key", "rises"),
    [(Qt.Key.Key_Right, True), (Qt.Key.Key_Left, False), (Qt.Key.Key_PageUp, True), (Qt.Key.Key_Down, False)],
    ids=["right", "left", "page up", "down"],
)
def test_keys_move_the_value(qtbot: QtBot, pair: SliderBox, key: Qt.Key, rises: bool) -> None:
    qtbot.keyClick(pair.slider, key)
    assert (pair.value() > 2e-4) is rises
    assert pair.value() != 2e-4


def test_the_wheel_scrolls_past(qtbot: QtBot, pair: SliderBox) -> None:
    from tests.gui.wheel import turn_wheel

    assert not turn_wheel(pair.slider, QPoint(0, 120))
    assert pair.value() == 2e-4


def test_both_parts_have_a_name(pair: SliderBox) -> None:
    pair.name("learning rate")
    assert pair.box.accessibleName() == "learning rate"
    assert pair.slider.accessibleName() == "learning rate, slider"
