import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.pick_grid import PickGrid

ROWS = ("one", "two", "three")


@pytest.fixture
def grid(qtbot: QtBot) -> PickGrid:
    """Nine images of 20 pixels in three columns, with 2 pixels of room around each pixel."""
    made = PickGrid()
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.set_images(np.zeros((9, 20, 20, 1), np.uint8), 3)
    made.show()
    return made


def centre(grid: PickGrid, index: int) -> QPoint:
    place = grid.place(index)
    assert place is not None
    return place.center().toPoint()


def test_each_image_is_found_where_it_is(grid: PickGrid):
    assert [grid.index_at(centre(grid, index).toPointF()) for index in range(9)] == list(range(9))
    assert grid.index_at(QPoint(0, 0).toPointF()) is None
    assert grid.place(9) is None


def test_names_beside_the_rows_move_the_images_to_the_right(grid: PickGrid):
    before = grid.place(4)
    grid.set_images(grid.images, 3, (), ROWS)
    after = grid.place(4)
    assert before is not None
    assert after is not None
    assert after.left() > before.left()
    assert grid.index_at(after.center()) == 4
    painted = grid.grab().toImage()
    quiet = QColor(theme.current().panel)
    left = int(grid.place(0).left()) - 2
    assert any(painted.pixelColor(x, y) != quiet for x in range(left) for y in range(painted.height()))


def test_a_click_chooses_an_image(qtbot: QtBot, grid: PickGrid):
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=centre(grid, 5))
    assert chosen.args == [5]
    with qtbot.assertNotEmitted(grid.chosen):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))


def test_keys_go_from_image_to_image_and_choose_one(qtbot: QtBot, grid: PickGrid):
    chosen: list[int] = []
    grid.chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(grid, key)
    assert chosen == [4]
    grid.pick(4)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(grid, key)
    assert chosen == [4, 3, 0], "there is nothing above the first row"
    with qtbot.waitSignal(grid.left):
        qtbot.keyClick(grid, Qt.Key.Key_Escape)


def test_the_mouse_tells_where_in_an_image_it_is(qtbot: QtBot, grid: PickGrid):
    place = grid.place(4)
    assert place is not None
    with qtbot.waitSignal(grid.pointed) as pointed:
        qtbot.mouseMove(grid, QPoint(int(place.left() + place.width() / 4), int(place.center().y())))
    index, across, down = pointed.args
    assert index == 4
    assert (across, down) == (pytest.approx(0.25, abs=0.05), pytest.approx(0.5, abs=0.05))


def test_the_picked_image_has_a_frame(grid: PickGrid):
    before = grid.grab().toImage()
    grid.pick(0)
    after = grid.grab().toImage()
    assert before != after
    grid.pick(None)
    assert grid.grab().toImage() == before
