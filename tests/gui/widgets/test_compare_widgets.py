"""What is made for comparing runs: their styles, the plot of one curve of all, the list to tick them in."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ganstudio.gui.tokens import DARK, LIGHT, Tokens, contrast
from ganstudio.gui.widgets.compare_picker import ComparePicker
from ganstudio.gui.widgets.compare_plot import ComparePlot
from ganstudio.gui.widgets.compare_styles import MOST_RUNS, letter, run_style

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagate)")


class TestStyles:
    @pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
    def test_every_run_looks_different(self, tokens: Tokens) -> None:
        styles = {run_style(slot, tokens) for slot in range(MOST_RUNS)}
        assert len(styles) == MOST_RUNS
        assert len({style.colour for style in styles}) == 6
        assert all(contrast(style.colour, tokens.panel) >= 3 for style in styles)

    def test_letters_go_from_a_to_l(self) -> None:
        assert "".join(letter(slot) for slot in range(MOST_RUNS)) == "ABCDEFGHIJKL"


class TestPlot:
    @pytest.fixture
    def plot(self, qtbot: QtBot) -> ComparePlot:
        made = ComparePlot("loss/generator", "Generator loss")
        qtbot.addWidget(made)
        made.resize(400, 200)
        x = np.arange(1.0, 101.0)
        made.set_lines({0: (x, x), 2: (x * 2, -x)})
        made.set_range((0.0, 200.0))
        made.show()
        return made

    def values(self, plot: ComparePlot) -> list[str]:
        return [entry.accessibleDescription() for entry in plot.legend.entries.values()]

    def test_each_run_has_a_line_with_its_letter(self, plot: ComparePlot) -> None:
        assert [entry.text() for entry in plot.legend.entries.values()] == ["A", "C"]
        assert plot.extent() == (1.0, 200.0)
        assert plot.graph.ranges()[1] == pytest.approx((-114, 114), rel=0.05)

    def test_new_lines_take_the_place_of_those_before(self, plot: ComparePlot) -> None:
        x = np.arange(5.0)
        plot.set_lines({2: (x, x), 3: (x, x)})
        assert [entry.text() for entry in plot.legend.entries.values()] == ["C", "D"]
        assert len(plot.curves[2].series) == 5

    def test_intervals_are_bands_in_the_colours_of_their_runs(self, plot: ComparePlot) -> None:
        x = np.array([10.0, 20.0])
        plot.set_bands({0: (x, x - 300, x + 5), 2: (x, -x, x + 400), 3: (x, x, x)})
        plot.refresh()
        assert [band.colour for band in plot.bands.bands] == [run_style(s, LIGHT).colour for s in (0, 2)]
        assert plot.bands.bands[0].low.tolist() == [-290, -280]
        low, high = plot.graph.ranges()[1]
        assert low < -290
        assert high > 420
        plot.set_shown(2, False)
        plot.set_range((0.0, 100.0), follow=True)
        plot.refresh()
        assert len(plot.bands.bands) == 1
        plot.set_bands({})
        plot.refresh()
        assert list(plot.bands.bands) == []

    def test_on_a_logarithmic_axis_a_band_stays_above_zero(self, plot: ComparePlot) -> None:
        x = np.array([10.0, 20.0, 30.0])
        plot.set_log(True)
        plot.set_bands({0: (x, np.array([-1.0, 10.0, -3.0]), np.array([100.0, 100.0, -2.0]))})
        plot.refresh()
        (band,) = plot.bands.bands
        assert band.x.tolist() == [10, 20]
        assert band.high.tolist() == [2, 2]
        assert band.low.tolist() == pytest.approx([0, 1])

    def test_a_hidden_line_does_not_stretch_the_plot(self, plot: ComparePlot) -> None:
        plot.set_shown(2, False)
        plot.set_range((0.0, 100.0), follow=True)
        plot.refresh()
        assert plot.extent() == (1.0, 100.0)
        assert plot.graph.ranges()[1][0] > -10

    def test_values_are_those_of_the_cursor_of_the_pin_or_the_last(self, plot: ComparePlot) -> None:
        assert self.values(plot) == ["100", "−100"]
        plot.set_pin(50)
        assert self.values(plot) == ["50.0", "−25.0"]
        plot.set_cursor(10, "step 10")
        assert self.values(plot) == ["10.0", "−5.00"]
        plot.set_cursor(None)
        assert self.values(plot) == ["50.0", "−25.0"]

    def test_what_is_not_above_zero_has_no_logarithm(self, plot: ComparePlot) -> None:
        plot.set_log(True)
        plot.refresh()
        low, high = plot.graph.ranges()[1]
        assert (low, high) == pytest.approx((-0.14, 2.14), abs=0.02)

    def test_arrow_keys_walk_along_the_first_line(self, plot: ComparePlot, qtbot: QtBot) -> None:
        plot.set_cursor(10.0)
        with qtbot.waitSignal(plot.hovered) as told:
            QTest.keyClick(plot.graph, Qt.Key.Key_Right)
        assert told.args == [11.0]
        with qtbot.waitSignal(plot.chosen) as chosen:
            QTest.keyClick(plot.graph, Qt.Key.Key_Return)
        assert chosen.args == [10.0]

    def test_a_click_chooses_a_place(self, plot: ComparePlot, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: plot.graph.view.width() > 50)
        place = plot.graph.mapFromScene(plot.graph.view.mapViewToScene(QPoint(50, 0)))
        with qtbot.waitSignal(plot.chosen) as chosen:
            QTest.mouseClick(plot.graph.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert chosen.args == [pytest.approx(50, abs=1)]

    def test_a_zoom_keeps_values_and_tells_of_the_rest(self, plot: ComparePlot, qtbot: QtBot) -> None:
        with qtbot.waitSignal(plot.zoomed) as told:
            plot.graph.set_ranges((10.0, 20.0), (0.0, 5.0))
            plot.graph.zoomed.emit()
        assert told.args == [pytest.approx(10), pytest.approx(20)]
        plot.set_range((10.0, 20.0))
        plot.refresh()
        assert plot.graph.ranges()[1] == pytest.approx((0, 5))

    def test_a_run_can_be_hidden_and_the_plot_removed(self, plot: ComparePlot, qtbot: QtBot) -> None:
        with qtbot.waitSignal(plot.toggled) as told:
            plot.legend.entries["2"].click()
        assert told.args == [2, False]
        with qtbot.waitSignal(plot.removed):
            plot.cross.click()


class TestPicker:
    @pytest.fixture
    def picker(self, qtbot: QtBot) -> Iterator[ComparePicker]:
        made = ComparePicker("Curves", "smooth", "Choose curves")
        qtbot.addWidget(made)
        made.set_options([(1, "Generator loss"), (2, "Discriminator loss"), (3, "Modes")], [1])
        made.show()
        made.click()
        yield made
        made.popup.close()

    def rows(self, picker: ComparePicker) -> list[str]:
        items = [picker.popup.list.item(row) for row in range(picker.popup.list.count())]
        return [item.text() for item in items if not item.isHidden()]

    def test_typing_finds_and_enter_ticks_what_is_found(self, picker: ComparePicker, qtbot: QtBot) -> None:
        QTest.keyClicks(picker.popup.search, "loss disc")
        assert self.rows(picker) == ["Discriminator loss"]
        with qtbot.waitSignal(picker.ticked) as told:
            QTest.keyClick(picker.popup.search, Qt.Key.Key_Return)
        assert told.args == [2, True]

    def test_enter_among_several_ticks_nothing(self, picker: ComparePicker, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(picker.ticked):
            QTest.keyClick(picker.popup.search, Qt.Key.Key_Return)

    def test_the_arrow_leads_into_the_list_and_space_ticks(self, picker: ComparePicker, qtbot: QtBot) -> None:
        QTest.keyClick(picker.popup.search, Qt.Key.Key_Down)
        with qtbot.waitSignal(picker.ticked) as told:
            QTest.keyClick(picker.popup.list, Qt.Key.Key_Space)
        assert told.args == [1, False]

    def test_other_ticks_leave_the_items_where_they_are(self, picker: ComparePicker) -> None:
        before = picker.popup.list.item(1)
        picker.set_options([(1, "Generator loss"), (2, "Discriminator loss"), (3, "Modes")], [2])
        assert picker.popup.list.item(1) is before
        assert before.checkState() == Qt.CheckState.Checked

    def test_an_empty_list_says_why(self, picker: ComparePicker) -> None:
        picker.set_options([], [])
        picker.say("There are no curves.")
        assert picker.popup.note.isVisible()
