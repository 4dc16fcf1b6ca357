import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.playground_page import PlaygroundPage
from ganstudio.gui.panels.playground_tools import PACES
from tests.gui.fields import look, scene


@pytest.fixture
def page(qtbot: QtBot) -> PlaygroundPage:
    made = PlaygroundPage()
    qtbot.addWidget(made)
    made.resize(880, 600)
    made.show()
    return made


def playing(page: PlaygroundPage, state: str = "paused") -> PlaygroundPage:
    page.show_state(state)
    page.show_look(look())
    return page


def test_at_first_it_says_what_it_will_show_and_offers_what_to_begin_with(page: PlaygroundPage, qtbot: QtBot):
    assert not page.view.isVisible()
    for name, button in page.begin.items():
        with qtbot.waitSignal(page.presetAsked, check_params_cb=lambda asked, name=name: asked == name):
            button.click()
    page.set_ready(False)
    assert not any(button.isEnabled() for button in page.begin.values())


def test_it_is_in_view_while_a_run_goes_on_and_stays_when_it_has_ended(page: PlaygroundPage):
    page.show_state("running")
    assert page.view.isVisible()
    page.show_look(look(3))
    page.show_state("finished")
    assert page.view.isVisible()
    assert page.line.text() == "step 3"


def test_a_run_without_a_look_leaves_what_one_can_begin_with(page: PlaygroundPage):
    page.show_state("running")
    page.show_refusal("This run is on images.")
    assert page.refusal.isVisible()
    assert not page.view.isVisible()
    page.show_state("preparing")
    assert not page.refusal.isVisible()


def test_steps_are_offered_while_it_holds_alone(page: PlaygroundPage, qtbot: QtBot):
    playing(page, "running")
    assert not any(button.isEnabled() for button in page.tools.steps.values())
    playing(page, "paused")
    asked: list[str] = []
    page.stepAsked.connect(asked.append)
    for button in page.tools.steps.values():
        button.click()
    QTest.keyClick(page.view, Qt.Key.Key_G)
    QTest.keyClick(page.view, Qt.Key.Key_D)
    assert asked == ["", "discriminator", "generator", "generator", "discriminator"]


def test_keys_move_no_network_while_it_runs(page: PlaygroundPage):
    asked: list[str] = []
    page.stepAsked.connect(asked.append)
    QTest.keyClick(playing(page, "running").view, Qt.Key.Key_G)
    assert asked == []


def test_the_slider_goes_from_a_step_a_second_to_full_speed(page: PlaygroundPage, qtbot: QtBot):
    playing(page)
    slider = page.tools.pace
    assert page.tools.pace_text.text() == "full speed"
    with qtbot.waitSignal(page.paceChosen, check_params_cb=lambda pace: pace == 1.0):
        slider.setValue(0)
    assert page.tools.pace_text.text() == "1 step a second"
    with qtbot.waitSignal(page.paceChosen, check_params_cb=lambda pace: pace == 0.0):
        slider.setValue(len(PACES) - 1)


def test_another_run_begins_at_full_speed_without_telling(page: PlaygroundPage):
    playing(page).tools.pace.setValue(0)
    told: list[float] = []
    page.paceChosen.connect(told.append)
    page.show_state("preparing")
    assert page.tools.pace_text.text() == "full speed"
    assert told == []


def test_layers_are_switched_by_click_and_by_figure_and_come_back(page: PlaygroundPage, qtbot: QtBot):
    playing(page)
    page.tools.layers["trails"].click()
    first = next(iter(page.tools.layers))
    QTest.keyClick(page.view, Qt.Key.Key_1)
    page.tools.surface.button(1).click()
    assert not {"trails", first} & page.view.layers
    other = PlaygroundPage()
    qtbot.addWidget(other)
    other.restore(page.state())
    assert other.view.layers == page.view.layers
    assert other.view.probability
    assert not other.tools.layers["trails"].isChecked()
    assert other.tools.surface.button(1).isChecked()


@pytest.mark.parametrize("state", [{}, {"layers": 5}, {"layers": ["nonsense"], "probability": 1}], ids=str)
def test_a_state_that_does_not_fit_does_no_harm(page: PlaygroundPage, state: dict):
    page.restore(state)
    playing(page)


def test_the_modes_are_counted_live_and_shown_in_the_plane(page: PlaygroundPage):
    playing(page)
    assert page.tools.summary.text() == "1 of 4 covered · 50% within 3 σ"
    page.show_look(look(2, points=np.full((4, 2), 0.5, np.float32)))
    assert page.tools.summary.text() == "1 of 4 covered · 100% within 3 σ"
    page.tools.bars.pointed.emit(2)
    assert page.view.marked == 2


def test_data_without_known_modes_has_no_table_of_them(page: PlaygroundPage):
    page.show_state("running")
    page.show_look(look(of=scene(centres=np.empty((0, 2), np.float32))))
    assert not page.tools.summary.isVisible()


def test_the_class_is_chosen_where_there_are_classes(page: PlaygroundPage, qtbot: QtBot):
    playing(page)
    assert not page.tools.classes.isVisible()
    conditional = scene(classes=("a", "b", "c"))
    page.show_look(look(of=conditional))
    assert page.tools.classes.isVisible()
    with qtbot.waitSignal(page.watchChanged):
        page.tools.classes.setCurrentIndex(2)
        page.tools.classes.activated.emit(2)
    assert page.label == 2
    # A look from before the choice does not take it back.
    page.show_look(look(2, of=conditional, label=0))
    assert page.tools.classes.currentIndex() == 2


def test_everything_to_press_has_a_name(page: PlaygroundPage):
    playing(page)
    for widget in page.findChildren(QWidget):
        if isinstance(widget, QAbstractButton | QComboBox | QSlider):
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
