import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.gui.widgets.plot_menu import plot_menu


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot("Losses", "loss", shares=lambda name: name.startswith("accuracy/"))
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


@pytest.fixture
def filled(plot: CurvePlot) -> CurvePlot:
    for step in range(1, 101):
        plot.append(step, {"loss/generator": 1 + step / 100, "loss/discriminator": 2 - step / 100})
    plot.refresh()
    return plot


def area_colours(plot: CurvePlot) -> set[str]:
    """Return the colours inside the axes."""
    image = plot.graph.grab().toImage()
    rect = plot.graph.mapFromScene(plot.graph.view.sceneBoundingRect()).boundingRect()
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }


def test_each_named_curve_gets_a_line_and_a_legend_entry(filled: CurvePlot):
    assert [entry.text() for entry in filled.legend.entries.values()] == ["generator", "discriminator"]
    assert {theme.current().generator, theme.current().discriminator} <= area_colours(filled)


def test_nothing_is_painted_until_it_is_asked_for(filled: CurvePlot, qtbot: QtBot):
    qtbot.wait(1)
    before = filled.graph.paint_seconds
    for step in range(101, 200):
        filled.append(step, {"loss/generator": 1.0})
    QApplication.processEvents()
    assert filled.graph.paint_seconds == before
    filled.refresh()
    QApplication.processEvents()
    assert filled.graph.paint_seconds > before


def test_a_hidden_plot_paints_nothing_and_catches_up_when_shown(filled: CurvePlot):
    filled.hide()
    filled.append(5000, {"loss/generator": 9.0})
    filled.refresh()
    assert filled.stale
    filled.show()
    assert not filled.stale
    assert filled.graph.ranges()[0][1] >= 5000


def test_the_view_follows_what_comes(filled: CurvePlot):
    filled.append(1000, {"loss/generator": 50.0})
    filled.refresh()
    (left, right), (low, high) = filled.graph.ranges()
    assert left <= 1 <= 1000 <= right
    assert low < 1 < 50 < high


def test_a_view_that_was_chosen_stays(filled: CurvePlot):
    filled.show_steps(20, 40)
    filled.append(1000, {"loss/generator": 50.0})
    filled.refresh()
    assert filled.graph.ranges()[0] == pytest.approx((20, 40))
    assert filled.follow_button.isEnabled()


def test_zooming_by_hand_is_told(filled: CurvePlot, qtbot: QtBot):
    with qtbot.waitSignal(filled.steps_chosen) as told:
        filled.graph.view.setRange(xRange=(30, 60), padding=0)
        filled.graph.view.sigRangeChangedManually.emit([True, True])
    assert told.args == pytest.approx([30, 60])


def test_zooming_the_values_alone_keeps_following_the_steps(filled: CurvePlot):
    filled.graph.view.setRange(yRange=(1.4, 1.6), padding=0)
    filled.graph.view.sigRangeChangedManually.emit([True, True])
    filled.append(1000, {"loss/generator": 50.0})
    filled.refresh()
    (_, right), values = filled.graph.ranges()
    assert right >= 1000
    assert values == pytest.approx((1.4, 1.6))


def test_zooming_into_a_long_curve_shows_every_point(plot: CurvePlot):
    y = np.random.default_rng(0).normal(size=200_000)
    plot.extend("loss/generator", np.arange(200_000), y)
    plot.refresh()
    assert plot.curves["loss/generator"].raw._path.elementCount() < 1000
    plot.show_steps(5000, 5100)
    shown = plot.curves["loss/generator"].raw._path
    heights = [shown.elementAt(i).y for i in range(shown.elementCount())]
    np.testing.assert_allclose(heights, y[4999:5102])


@pytest.mark.parametrize("key", [Qt.Key.Key_A, None], ids=["key", "button"])
def test_everything_is_shown_again_on_demand(filled: CurvePlot, qtbot: QtBot, key: Qt.Key | None):
    filled.show_steps(20, 40)
    filled.graph.setFocus()
    with qtbot.waitSignal(filled.follow_chosen):
        QTest.keyClick(filled.graph, key) if key else filled.follow_button.click()
    assert filled.graph.ranges()[0][1] >= 100
    assert not filled.follow_button.isEnabled()


def test_the_l_key_makes_the_values_logarithmic_and_back(filled: CurvePlot):
    filled.graph.setFocus()
    QTest.keyClick(filled.graph, Qt.Key.Key_L)
    assert filled.log
    assert filled.graph.ranges()[1][1] < math.log10(2.5)
    QTest.keyClick(filled.graph, Qt.Key.Key_L)
    assert not filled.log
    assert filled.graph.ranges()[1][1] > 2


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show(plot: CurvePlot):
    plot.set_log(True)
    plot.extend("loss/generator", [1, 2, 3, 4], [10.0, 0.0, -5.0, 1000.0])
    plot.refresh()
    path = plot.curves["loss/generator"].raw._path
    assert [path.elementAt(i).y for i in range(path.elementCount())] == pytest.approx([1, 3])


@pytest.mark.parametrize("values", [[0.0, -1.0], [math.nan, math.nan]], ids=["not positive", "nan"])
@pytest.mark.parametrize("log", [False, True])
def test_a_curve_with_nothing_to_show_is_no_problem(plot: CurvePlot, values: list[float], log: bool):
    plot.set_log(log)
    plot.set_smoothing(5)
    plot.extend("loss/generator", [1, 2], values)
    plot.refresh()
    assert all(np.isfinite(plot.graph.ranges()[1]))


def test_smoothing_draws_a_firm_line_over_a_faint_one(filled: CurvePlot):
    curve = filled.curves["loss/generator"]
    assert not curve.mean.isVisible()
    filled.set_smoothing(20)
    assert curve.mean.isVisible()
    assert QColor(curve.mean._pen.color()) == QColor(theme.current().generator)
    assert curve.raw._pen.color() != curve.mean._pen.color()


def test_a_click_in_the_legend_hides_a_curve_and_shows_it_again(filled: CurvePlot):
    entry = filled.legend.entries["loss/generator"]
    colour = theme.current().generator
    entry.click()
    assert colour not in area_colours(filled)
    entry.click()
    assert colour in area_colours(filled)


def test_a_curve_hidden_before_it_came_stays_hidden(plot: CurvePlot):
    plot.show_curve("loss/generator", False)
    plot.append(1, {"loss/generator": 1.0})
    assert not plot.curves["loss/generator"].shown
    assert not plot.legend.entries["loss/generator"].isChecked()


def test_the_legend_shows_the_latest_values_and_those_at_the_cursor(filled: CurvePlot):
    entry = filled.legend.entries["loss/generator"]
    assert entry.accessibleDescription() == "2.00"
    filled.set_cursor(50.2)
    assert entry.accessibleDescription() == "1.50"
    filled.set_cursor(None)
    assert entry.accessibleDescription() == "2.00"


def test_the_mouse_moves_the_cursor_and_takes_it_away(filled: CurvePlot, qtbot: QtBot):
    rect = filled.graph.mapFromScene(filled.graph.view.sceneBoundingRect()).boundingRect()
    with qtbot.waitSignal(filled.cursor_moved) as told:
        qtbot.mouseMove(filled.graph.viewport(), rect.center())
    left, right = filled.graph.ranges()[0]
    assert told.args[0] == pytest.approx((left + right) / 2, rel=0.02)
    with qtbot.waitSignal(filled.cursor_moved) as told:
        qtbot.mouseMove(filled.graph.viewport(), QPoint(2, 2))
    assert told.args == [None]


def test_the_arrow_keys_walk_from_point_to_point(filled: CurvePlot, qtbot: QtBot):
    steps: list[float] = []
    filled.cursor_moved.connect(steps.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp):
        QTest.keyClick(filled.graph, key)
    assert steps == [100, 99, 100, 80]


def test_an_edit_leaves_a_marker_with_its_words(filled: CurvePlot):
    before = area_colours(filled)
    filled.mark(50, "generator learning rate 2e-4 → 1e-4")
    assert theme.current().watch in area_colours(filled) - before
    assert filled.graph.markers.near(50) == ["generator learning rate 2e-4 → 1e-4"]
    assert filled.graph.markers.near(80) == []


def test_markers_that_lie_close_are_drawn_as_one(filled: CurvePlot):
    for step in np.linspace(50, 50.5, 40):
        filled.mark(float(step), "dragged")
    assert len(filled.graph.markers._drawn(0, 100)) == 1
    assert len(filled.graph.markers.near(50.25)) == 40


def test_shares_have_an_axis_of_their_own(plot: CurvePlot):
    plot.extend("logits/real", [1, 2], [100.0, 300.0])
    plot.extend("accuracy/discriminator", [1, 2], [0.0, 1.0])
    plot.refresh()
    low, high = plot.graph.ranges()[1]
    path = plot.curves["accuracy/discriminator"].raw._path
    bottom, top = path.elementAt(0).y, path.elementAt(1).y
    assert low < bottom < low + 0.1 * (high - low)
    assert high - 0.1 * (high - low) < top < high
    assert plot.graph.axes["right"].opacity() == 1


def test_clearing_removes_curves_and_markers(filled: CurvePlot):
    filled.mark(50, "edit")
    filled.clear()
    assert not filled.curves
    assert not filled.legend.entries
    assert not filled.graph.markers.marks
    filled.append(1, {"loss/generator": 5.0})
    filled.refresh()
    assert filled.graph.ranges()[0][1] < 50


@pytest.fixture
def _light_again(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


@pytest.mark.usefixtures("_light_again")
def test_a_change_of_theme_recolours_curves_and_ground(filled: CurvePlot, qapp: QApplication):
    theme.apply(qapp, "dark")
    colours = area_colours(filled)
    assert {theme.DARK.generator, theme.DARK.discriminator, theme.DARK.panel} <= colours
    assert theme.LIGHT.generator not in colours


def test_choices_can_be_kept_and_taken_up(filled: CurvePlot, qtbot: QtBot):
    filled.set_log(True)
    filled.set_smoothing(100)
    filled.show_curve("loss/generator", False)
    other = CurvePlot("Losses")
    qtbot.addWidget(other)
    other.restore(filled.state())
    assert other.state() == {"log": True, "smoothing": 100, "hidden": ["loss/generator"]}


def test_nothing_to_take_up_changes_nothing(filled: CurvePlot):
    filled.set_smoothing(20)
    filled.restore({})
    assert filled.smoothing == 20


def test_the_menu_offers_smoothing_with_the_present_one_ticked(filled: CurvePlot, qtbot: QtBot):
    filled.set_smoothing(20)
    menu = filled.smooth_button.menu()
    menu.aboutToShow.emit()
    assert [action.data() for action in menu.actions() if action.isChecked()] == [20]
    with qtbot.waitSignal(filled.smoothing_chosen) as told:
        menu.actions()[0].trigger()
    assert told.args == [1]


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_the_context_menu_deletes_itself(filled: CurvePlot, qtbot: QtBot):
    before = len(filled.findChildren(QMenu))
    menu = plot_menu(filled)
    menu.popup(QPoint(0, 0))
    menu.close()
    qtbot.waitUntil(lambda: len(filled.findChildren(QMenu)) == before)


def test_controls_have_names_for_screen_readers(filled: CurvePlot):
    controls = [filled.smooth_button, filled.log_button, filled.follow_button, filled.graph]
    assert all(control.accessibleName() for control in [*controls, *filled.legend.entries.values()])
