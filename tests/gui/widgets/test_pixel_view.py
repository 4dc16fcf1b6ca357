import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.pixel_view import PixelView


@pytest.fixture
def view(qtbot: QtBot) -> PixelView:
    made = PixelView(50, lines=1)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def ramp() -> np.ndarray:
    """Twelve columns, each brighter than the one before."""
    return np.broadcast_to((np.arange(12, dtype=np.uint8) * 20)[None, :, None], (12, 12, 1))


def test_an_image_is_shown_at_the_largest_whole_factor(view: PixelView):
    view.show_image(ramp())
    assert view.place() == QRectF(1, 1, 48, 48)
    painted = view.grab().toImage()
    row = [painted.pixelColor(x, 20).red() for x in range(1, 49)]
    assert row == [20 * column for column in range(12) for _ in range(4)]


def test_a_part_is_magnified_alone(view: PixelView):
    view.show_image(ramp(), QRect(6, 3, 5, 5))
    assert view.place() == QRectF(0, 0, 50, 50)
    painted = view.grab().toImage()
    assert [painted.pixelColor(x, 25).red() for x in (0, 9, 10, 49)] == [120, 120, 140, 200]


def test_an_image_larger_than_the_room_is_shrunk(view: PixelView):
    view.show_image(np.zeros((200, 100, 3), np.uint8))
    assert view.place() == QRectF(12, 0, 25, 50)


def test_the_marked_part_has_a_frame(view: PixelView):
    view.show_image(ramp())
    view.mark(QRectF(3, 3, 6, 6))
    assert view.grab().toImage().pixelColor(13, 25) != QColor(60, 60, 60)


def test_the_mouse_tells_where_it_is_in_what_is_shown(qtbot: QtBot, view: PixelView):
    view.show_image(ramp())
    with qtbot.waitSignal(view.pointed) as pointed:
        qtbot.mouseMove(view, QPoint(25, 13))
    assert pointed.args == [pytest.approx(0.5, abs=0.02), pytest.approx(0.25, abs=0.02)]


def test_other_arrays_are_refused(view: PixelView):
    with pytest.raises(ValueError, match="uint8"):
        view.show_image(np.zeros((4, 4), np.uint8))
