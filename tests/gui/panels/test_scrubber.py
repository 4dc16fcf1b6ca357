import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.scrubber import Scrubber

STEPS = [100, 200, 400, 800]


class Bar:
    """A scrubber with steps, in view, and what it reported."""

    def __init__(self, qtbot: QtBot) -> None:
        self.scrubber = Scrubber()
        qtbot.addWidget(self.scrubber)
        self.scrubber.set_steps(STEPS)
        self.scrubber.resize(480, 32)
        self.scrubber.show()
        self.chosen: list[int] = []
        self.lives = 0
        self.scrubber.stepChosen.connect(self.chosen.append)
        self.scrubber.liveAsked.connect(self._count)

    def _count(self) -> None:
        self.lives += 1

    def fast(self) -> None:
        self.scrubber._timer.setInterval(5)


@pytest.fixture
def bar(qtbot: QtBot) -> Bar:
    return Bar(qtbot)


def test_it_begins_at_the_newest_and_stays_there_while_more_come(bar: Bar):
    assert bar.scrubber.step is None
    assert bar.scrubber.label.text() == "step 800"
    assert not bar.scrubber.live.isEnabled()
    bar.scrubber.add_step(1600)
    assert bar.scrubber.label.text() == "step 1\u202f600"
    assert bar.scrubber.slider.value() == bar.scrubber.slider.maximum() == 4
    assert bar.chosen == []


def test_a_step_one_stands_at_is_left_by_none_that_come(bar: Bar):
    bar.scrubber.slider.setValue(1)
    bar.scrubber.add_step(1600)
    bar.scrubber.add_step(50)
    assert bar.chosen == [200]
    assert bar.scrubber.step == 200
    assert bar.scrubber.steps == [50, *STEPS, 1600]
    assert bar.scrubber.slider.value() == 2


def test_a_step_that_is_there_already_is_not_added(bar: Bar):
    bar.scrubber.add_step(400)
    assert bar.scrubber.steps == STEPS


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        pytest.param([Qt.Key.Key_Left], [400], id="left"),
        pytest.param([Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right], [400, 200, 400], id="right"),
        pytest.param([Qt.Key.Key_Home], [100], id="home"),
        pytest.param([Qt.Key.Key_Home, Qt.Key.Key_End], [100, 800], id="end"),
        pytest.param([Qt.Key.Key_Home, Qt.Key.Key_Left], [100], id="not beyond the first"),
    ],
)
def test_keys_step_through(qtbot: QtBot, bar: Bar, keys: list[Qt.Key], chosen: list[int]):
    bar.scrubber.setFocus()
    for key in keys:
        qtbot.keyClick(bar.scrubber.slider, key)
    assert bar.chosen == chosen


def test_space_plays_from_the_start_to_the_end_and_stops(qtbot: QtBot, bar: Bar):
    bar.fast()
    qtbot.keyClick(bar.scrubber.slider, Qt.Key.Key_Space)
    assert bar.scrubber.direction == 1
    qtbot.waitUntil(lambda: bar.scrubber.direction == 0)
    assert bar.chosen == STEPS
    assert not bar.scrubber._timer.isActive()


def test_it_plays_backwards_too(qtbot: QtBot, bar: Bar):
    bar.fast()
    bar.scrubber.backwards.click()
    qtbot.waitUntil(lambda: bar.scrubber.direction == 0)
    assert bar.chosen == [400, 200, 100]
    bar.scrubber.backwards.click()
    qtbot.waitUntil(lambda: bar.scrubber.direction == 0)
    assert bar.chosen == [400, 200, 100, 800, 400, 200, 100], "from the other end"


def test_space_again_stops_playing(qtbot: QtBot, bar: Bar):
    qtbot.keyClick(bar.scrubber.slider, Qt.Key.Key_Space)
    qtbot.keyClick(bar.scrubber.slider, Qt.Key.Key_Space)
    assert bar.scrubber.direction == 0
    assert bar.chosen == [100]


def test_space_is_not_passed_on_to_the_window(qtbot: QtBot):
    pressed = []

    class Window(QWidget):
        def keyPressEvent(self, event) -> None:  # noqa: N802
            pressed.append(event.key())

    window = Window()
    qtbot.addWidget(window)
    scrubber = Scrubber(window)
    QVBoxLayout(window).addWidget(scrubber)
    scrubber.set_steps(STEPS)
    window.show()
    qtbot.keyClick(scrubber.slider, Qt.Key.Key_Space)
    qtbot.keyClick(scrubber.slider, Qt.Key.Key_F9)
    assert pressed == [Qt.Key.Key_F9]
    scrubber.stop()


def test_moving_the_slider_stops_playing(bar: Bar):
    bar.scrubber.play(1)
    bar.scrubber.slider.setValue(2)
    assert bar.scrubber.direction == 0
    assert bar.chosen == [100, 400]


def test_playing_waits_for_a_step_that_is_being_made_ready(qtbot: QtBot, bar: Bar):
    bar.fast()
    bar.scrubber.play(1)
    bar.scrubber.busy = True
    qtbot.wait(50)
    assert bar.chosen == [100]
    bar.scrubber.busy = False
    qtbot.waitUntil(lambda: bar.scrubber.direction == 0)
    assert bar.chosen == STEPS


def test_nothing_plays_to_nobody(bar: Bar):
    bar.scrubber.play(1)
    bar.scrubber.hide()
    assert not bar.scrubber._timer.isActive()


def test_live_returns_to_the_newest(bar: Bar):
    bar.scrubber.slider.setValue(0)
    bar.scrubber.live.click()
    assert (bar.scrubber.step, bar.lives, bar.chosen) == (None, 1, [100])
    assert bar.scrubber.slider.value() == 3


def test_what_it_is_told_it_does_not_report(bar: Bar):
    bar.scrubber.show_step(390)
    assert (bar.scrubber.step, bar.chosen) == (400, [])
    bar.scrubber.set_steps([10, 20])
    assert (bar.scrubber.step, bar.chosen) == (20, [])


@pytest.mark.parametrize("steps", [[], [7]], ids=["none", "one"])
def test_without_a_choice_nothing_can_be_pressed(bar: Bar, steps: list[int]):
    bar.scrubber.set_steps(steps)
    bar.scrubber.play(1)
    assert bar.scrubber.direction == 0
    parts = (bar.scrubber.backwards, bar.scrubber.forwards, bar.scrubber.slider, bar.scrubber.speed)
    assert not any(part.isEnabled() for part in parts)


def test_the_speed_is_chosen_in_previews_a_second(bar: Bar):
    bar.scrubber.speed.menu().actions()[-1].trigger()
    assert bar.scrubber.speed.text() == "20/s"
    assert bar.scrubber._timer.interval() == 50


def test_what_comes_next_depends_on_the_way_it_plays(bar: Bar):
    bar.scrubber.show_step(200)
    assert bar.scrubber.ahead(5) == [400, 800]
    bar.scrubber._direction = -1
    assert bar.scrubber.ahead(5) == [100]


def test_every_part_has_a_name_for_those_who_hear_it(bar: Bar):
    bar.scrubber.play(-1)
    parts = ("backwards", "forwards", "slider", "speed", "live")
    assert all(getattr(bar.scrubber, part).accessibleName() for part in parts)
    assert bar.scrubber.backwards.accessibleName() == "Stop playing (Space)"
    bar.scrubber.stop()


def test_the_best_checkpoint_has_a_star_at_the_nearest_step(bar: Bar):
    slider = bar.scrubber.slider
    assert (slider.star, slider.toolTip()) == (None, "")
    bar.scrubber.set_best(390)
    assert slider.star == 2
    assert slider.toolTip() == "★ step 390: the best checkpoint so far"
    bar.scrubber.add_step(50)
    assert slider.star == 3
    bar.scrubber.set_best(None)
    assert slider.star is None


def test_the_star_is_seen(bar: Bar):
    bar.scrubber.set_best(None)
    bare = bar.scrubber.slider.grab().toImage()
    bar.scrubber.set_best(200)
    assert bar.scrubber.slider.grab().toImage() != bare
