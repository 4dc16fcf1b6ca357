import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.points_view import PointsView

SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)


@pytest.fixture
def view(qtbot: QtBot) -> PointsView:
    made = PointsView("Nothing yet.")
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def test_both_axes_have_the_same_scale_and_the_second_points_up(view: PointsView):
    view.set_real(SQUARE)
    places = view.on_screen(SQUARE)
    width, height = np.ptp(places, axis=0)
    assert width == pytest.approx(height)
    assert places[2][1] < places[1][1]
    assert places.mean(0) == pytest.approx([150, 100])


def test_the_scale_depends_on_the_real_points_alone(view: PointsView):
    view.set_real(SQUARE)
    before = view.on_screen(SQUARE)
    view.set_generated(SQUARE * 50)
    np.testing.assert_array_equal(view.on_screen(SQUARE), before)


def test_generated_points_are_painted_over_real_ones(view: PointsView):
    view.set_real(np.zeros((3, 2), np.float32))
    behind = view.grab().toImage().pixelColor(150, 100)
    view.set_generated(np.zeros((3, 2), np.float32))
    assert view.grab().toImage().pixelColor(150, 100) == QColor(theme.current().generator)
    assert behind not in (QColor(theme.current().panel), QColor(theme.current().generator))


@pytest.mark.parametrize(
    "points",
    [np.full((4, 2), np.nan), np.full((4, 2), np.inf), np.empty((0, 2)), np.full((4, 2), 1e30)],
    ids=["nan", "infinite", "none", "huge"],
)
def test_points_that_are_no_places_are_left_out(view: PointsView, points: np.ndarray):
    view.set_real(SQUARE)
    empty = view.grab().toImage()
    view.set_generated(points)
    assert view.grab().toImage() == empty


def test_points_with_more_than_two_numbers_show_the_first_two(view: PointsView):
    view.set_generated(np.ones((5, 7), np.float32))
    assert view.generated is not None
    assert view.generated.shape == (5, 2)


def test_other_arrays_are_refused(view: PointsView):
    with pytest.raises(ValueError, match="Points are given as"):
        view.set_generated(np.zeros((5, 1)))


def test_the_scores_are_shown_and_told(view: PointsView):
    view.set_real(SQUARE)
    before = view.grab().toImage()
    view.set_text("modes 8")
    assert view.grab().toImage() != before
    assert view.accessibleDescription() == "modes 8"


def test_without_points_it_says_what_is_to_come(view: PointsView):
    image = view.grab().toImage()
    assert len({image.pixelColor(x, 100).name() for x in range(300)}) > 1
