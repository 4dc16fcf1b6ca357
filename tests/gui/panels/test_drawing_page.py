import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.drawing_page import DrawingPage

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def page(qtbot: QtBot) -> DrawingPage:
    made = DrawingPage()
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


def middle(page: DrawingPage) -> QPoint:
    return page.canvas.rect().center()


def number(page: DrawingPage) -> int:
    return len(page.canvas.drawing.points)


def press(qtbot: QtBot, page: DrawingPage, times: int = 1, button: Qt.MouseButton = LEFT) -> None:
    for _ in range(times):
        qtbot.mouseClick(page.canvas, button, pos=middle(page))


def test_a_press_sprays_where_it_is(qtbot: QtBot, page: DrawingPage) -> None:
    press(qtbot, page)
    assert number(page) > 3
    assert abs(page.canvas.drawing.points).max() < page.canvas.radius + 0.02
    assert page.count.text() == f"{number(page)} points."


def test_a_drag_sprays_along_the_way(qtbot: QtBot, page: DrawingPage) -> None:
    qtbot.mousePress(page.canvas, LEFT, pos=middle(page))
    for step in range(1, 9):
        qtbot.mouseMove(page.canvas, middle(page) + QPoint(15 * step, 0))
    qtbot.mouseRelease(page.canvas, LEFT, pos=middle(page) + QPoint(120, 0))
    points = page.canvas.drawing.points
    assert points[:, 0].max() > 0.4
    assert abs(points[:, 1]).max() < 0.11
    page.undo.click()
    assert number(page) == 0


def test_the_right_button_and_the_tool_erase(qtbot: QtBot, page: DrawingPage) -> None:
    press(qtbot, page, 3)
    press(qtbot, page, button=RIGHT)
    assert number(page) == 0
    press(qtbot, page, 3)
    page.tools.button(1).click()
    press(qtbot, page)
    assert number(page) == 0


def test_keys_alone_suffice(qtbot: QtBot, page: DrawingPage) -> None:
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Up)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Space)
    assert page.canvas.drawing.points.mean(0) == pytest.approx((0.1, 0.02), abs=0.08)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert number(page) == 0
    qtbot.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert number(page) > 0


def test_classes_are_sprayed_in_turn(qtbot: QtBot, page: DrawingPage) -> None:
    press(qtbot, page)
    page.tools.button(1).click()
    page.classes.button(2).click()
    assert not page.canvas.erasing
    press(qtbot, page)
    assert set(page.canvas.drawing.labels.tolist()) == {0, 2}


def test_too_few_points_cannot_be_used(qtbot: QtBot, page: DrawingPage) -> None:
    assert not page.use.isEnabled()
    press(qtbot, page, 3)
    assert page.use.isEnabled()
    with qtbot.waitSignal(page.used) as used:
        page.use.click()
    assert used.args[0].startswith("x,y\n")
    assert len(used.args[0].splitlines()) == 1 + number(page)


def test_a_drawing_can_be_gone_on_with(page: DrawingPage) -> None:
    page.show_drawing("x,y\n0.5,0.5\n-0.5,0.25\n")
    assert number(page) == 2
    page.show_drawing()
    assert number(page) == 0
    assert not page.undo.isEnabled()


def test_a_larger_brush_reaches_further(qtbot: QtBot, page: DrawingPage) -> None:
    page.size_slider.setValue(40)
    press(qtbot, page, 4)
    assert abs(page.canvas.drawing.points).max() > 0.2
