from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.tick_slider import TickSlider


@pytest.fixture
def slider(qtbot: QtBot) -> Iterator[TickSlider]:
    made = TickSlider()
    qtbot.addWidget(made)
    made.resize(220, 24)
    made.show()
    return made


def test_there_is_a_tick_for_each_place(slider: TickSlider):
    slider.set_places(11)
    ticks = slider.ticks()
    assert len(ticks) == 11
    assert min(b - a for a, b in pairwise(ticks)) > 10


def test_many_places_share_ticks(slider: TickSlider):
    slider.set_places(100_000)
    ticks = slider.ticks()
    assert 10 < len(ticks) <= 55
    assert not slider.grab().isNull()


@pytest.mark.parametrize("count", [0, 1])
def test_a_single_place_is_no_choice(slider: TickSlider, count: int):
    slider.set_places(count)
    assert (slider.minimum(), slider.maximum()) == (0, 0)
    assert not slider.grab().isNull()


@pytest.mark.parametrize(("share", "place"), [(0.0, 0), (0.5, 5), (1.0, 10)])
def test_a_press_goes_to_where_it_is(qtbot: QtBot, slider: TickSlider, share: float, place: int):
    slider.set_places(11)
    slider.setValue(3)
    x = round(share * (slider.width() - 1))
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, slider.height() // 2))
    assert slider.value() == place
