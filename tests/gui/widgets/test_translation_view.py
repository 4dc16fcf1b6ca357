"""An image beside its translation."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.translation_view import TranslationView, plan


@pytest.mark.parametrize(
    ("image", "room", "beside", "factor"),
    [
        ((32, 32), (700, 400), True, 10),
        ((32, 32), (300, 700), False, 9),
        ((300, 20), (320, 300), False, 1),
        ((4, 4), (2000, 2000), True, 16),
    ],
    ids=["wide room", "high room", "long image", "no larger than that"],
)
def test_images_stand_as_they_are_seen_largest_at_whole_factors(
    image: tuple[int, int], room: tuple[int, int], beside: bool, factor: int
) -> None:
    found = plan(*image, room, 16, 24)
    assert (found.beside, found.factor) == (beside, factor)


def test_an_image_larger_than_the_room_is_shrunk() -> None:
    found = plan(1000, 1000, (516, 300), 16, 24)
    assert found.beside
    assert found.factor == pytest.approx(0.25)


def made(qtbot: QtBot, width: int = 400, height: int = 240) -> TranslationView:
    view = TranslationView()
    qtbot.addWidget(view)
    view.resize(width, height)
    return view


def test_both_images_are_painted_each_in_its_place(qtbot: QtBot) -> None:
    view = made(qtbot)
    red, blue = (np.zeros((8, 8, 3), np.uint8) for _ in range(2))
    red[..., 0], blue[..., 2] = 255, 255
    view.show_images(red, blue, ("cats", "dogs"))
    painted = view.grab().toImage()
    assert painted.pixelColor(130, 130) == QColor(255, 0, 0)
    assert painted.pixelColor(270, 130) == QColor(0, 0, 255)
    assert view.accessibleDescription() == "cats and its translation to dogs, 8 × 8 pixels"


def test_a_translation_may_be_larger_and_of_other_colours(qtbot: QtBot) -> None:
    view = made(qtbot)
    view.show_images(np.full((8, 8, 1), 9, np.uint8), np.full((16, 16, 3), 200, np.uint8), ("a", "b"))
    painted = view.grab().toImage()
    assert painted.pixelColor(270, 130) == QColor(200, 200, 200)


def test_a_text_takes_the_place_of_images(qtbot: QtBot) -> None:
    view = made(qtbot)
    view.show_images(np.zeros((8, 8, 1), np.uint8), np.zeros((8, 8, 1), np.uint8), ("a", "b"))
    view.say("It is no image.")
    assert view.made is None
    assert view.plan() is None
    assert view.accessibleDescription() == "It is no image."
    view.grab()


def test_other_arrays_are_refused(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="uint8 images"):
        made(qtbot).show_images(np.zeros((8, 8)), np.zeros((8, 8, 1), np.uint8), ("a", "b"))  # type: ignore[arg-type]
