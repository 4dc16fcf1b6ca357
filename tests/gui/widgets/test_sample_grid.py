from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.sample_grid import SampleGrid

MakeGrid = Callable[[int, int], SampleGrid]


@pytest.fixture
def make_grid(qtbot: QtBot) -> MakeGrid:
    def make(width: int, height: int) -> SampleGrid:
        grid = SampleGrid("Nothing yet.")
        qtbot.addWidget(grid)
        grid.resize(width, height)
        return grid

    return make


def painted(grid: SampleGrid) -> QImage:
    return grid.grab().toImage()


def checkers(count: int, channels: int = 1) -> np.ndarray:
    tile = np.indices((4, 4)).sum(0) % 2 * 255
    return np.broadcast_to(tile[None, :, :, None], (count, 4, 4, channels)).astype(np.uint8)


def test_every_pixel_becomes_a_whole_square(make_grid: MakeGrid):
    grid = make_grid(64, 64)
    grid.set_images(checkers(1))
    image = painted(grid)
    expected = np.kron(checkers(1)[0, :, :, 0], np.ones((16, 16)))
    got = [[image.pixelColor(x, y).red() for x in range(64)] for y in range(64)]
    np.testing.assert_array_equal(got, expected)


def test_images_stand_one_pixel_apart_on_the_colour_of_the_panel(make_grid: MakeGrid):
    grid = make_grid(53, 53)
    grid.set_images(np.zeros((4, 26, 26, 1), np.uint8))
    image = painted(grid)
    panel = QColor(theme.current().panel)
    assert all(image.pixelColor(26, y) == panel for y in range(53))
    assert image.pixelColor(25, 5) == image.pixelColor(27, 5) == QColor("black")


def test_colours_are_shown_as_they_are(make_grid: MakeGrid):
    grid = make_grid(60, 60)
    grid.set_images(np.broadcast_to(np.array([10, 200, 90], np.uint8), (1, 5, 5, 3)))
    assert painted(grid).pixelColor(30, 30) == QColor(10, 200, 90)


def test_the_images_are_read_row_by_row(make_grid: MakeGrid):
    grid = make_grid(48, 48)
    shades = np.arange(4, dtype=np.uint8) * 60
    grid.set_images(np.broadcast_to(shades[:, None, None, None], (4, 20, 20, 1)))
    image = painted(grid)
    assert [image.pixelColor(x, y).red() for y in (10, 36) for x in (10, 36)] == [0, 60, 120, 180]


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (10, 10)], ids=str)
def test_a_very_small_grid_paints_without_complaint(make_grid: MakeGrid, size: tuple[int, int]):
    grid = make_grid(*size)
    grid.setMinimumSize(1, 1)
    grid.resize(*size)
    grid.set_images(checkers(64, 3))
    assert painted(grid).width() == size[0]


def test_an_empty_grid_says_what_is_to_come(make_grid: MakeGrid):
    grid = make_grid(200, 100)
    grid.set_images(None)
    image = painted(grid)
    colours = {image.pixelColor(x, y).name() for x in range(200) for y in range(100)}
    assert len(colours) > 1
    assert grid.accessibleDescription() == "Nothing yet."


def test_screen_readers_are_told_what_there_is(make_grid: MakeGrid):
    grid = make_grid(100, 100)
    grid.set_images(checkers(9, 3))
    assert grid.accessibleDescription() == "9 colour images of 4 × 4 pixels"


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 4, 4), np.uint8),
        np.zeros((2, 4, 4, 2), np.uint8),
        np.zeros((2, 4, 4, 1), np.float32),
    ],
    ids=["no channels", "two channels", "floats"],
)
def test_another_kind_of_array_is_refused(make_grid: MakeGrid, images: np.ndarray):
    with pytest.raises(ValueError, match="uint8 images"):
        make_grid(50, 50).set_images(images)


def test_an_array_that_is_not_contiguous_is_shown_all_the_same(make_grid: MakeGrid):
    grid = make_grid(64, 64)
    wide = np.zeros((1, 4, 8, 1), np.uint8)
    wide[:, :, ::2] = 255
    grid.set_images(wide[:, :, ::2])
    assert painted(grid).pixelColor(40, 40) == QColor("white")


def test_the_picture_for_export_holds_all_images(make_grid: MakeGrid):
    grid = make_grid(20, 20)
    grid.set_images(checkers(7))
    picture = grid.picture(2)
    assert (picture.width(), picture.height()) == (3 * 8 + 2, 3 * 8 + 2)


def test_the_images_can_be_saved(make_grid: MakeGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    grid = make_grid(50, 50)
    grid.set_images(checkers(4))
    grid._save()
    image = QImage(str(tmp_path / "mine.png"))
    assert (image.width(), image.height()) == (9, 9)


def test_nothing_is_composed_again_while_nothing_changes(make_grid: MakeGrid):
    grid = make_grid(100, 100)
    grid.set_images(checkers(9))
    painted(grid)
    first = grid._pixmap
    painted(grid)
    assert grid._pixmap is first
    grid.resize(120, 90)
    painted(grid)
    assert grid._pixmap is not first


def test_captions_stand_above_their_columns(make_grid: MakeGrid):
    grid = make_grid(200, 220)
    black = np.zeros((4, 4, 4, 1), np.uint8)
    grid.set_images(black, 2)
    without = grid.tiling()
    grid.set_images(black, 2, ("seven", "eight"))
    image, panel = painted(grid), QColor(theme.current().panel)
    top = next(
        y
        for y in range(220)
        if image.pixelColor(100, y) != panel or image.pixelColor(60, y) == QColor("black")
    )
    above = grid.fontMetrics().height()
    inked = [
        x for x in range(200) for y in range(max(0, top - above), top) if image.pixelColor(x, y) != panel
    ]
    assert min(inked) < 100 < max(inked)
    assert without is not None
    assert grid.tiling() is not None
    assert grid.tiling().columns == without.columns == 2


def test_captions_need_columns(make_grid: MakeGrid):
    grid = make_grid(64, 64)
    grid.set_images(checkers(4), 0, ("a", "b"))
    plain = make_grid(64, 64)
    plain.set_images(checkers(4))
    assert painted(grid) == painted(plain)
