"""The small widgets of the Health panel."""

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.api.conditions import Trend
from ganstudio.gui import theme
from ganstudio.gui.widgets.health_lamp import paint_lamp
from ganstudio.gui.widgets.health_strip import HealthStrip, Lamp
from ganstudio.gui.widgets.health_trend import HealthTrend
from ganstudio.gui.words import THIN


def shape(level: str) -> frozenset[tuple[int, int]]:
    """Return the pixels that a lamp covers, whatever their colour."""
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_lamp(painter, QPointF(8, 8), level)
    painter.end()
    return frozenset((x, y) for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() > 200)


@pytest.mark.usefixtures("qapp")
def test_levels_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = {level: shape(level) for level in ("idle", "good", "watch", "bad")}
    for one in shapes:
        for other in shapes:
            if one != other:
                assert len(shapes[one] ^ shapes[other]) > 12, (one, other)


class TestStrip:
    @pytest.fixture
    def strip(self, qtbot: QtBot) -> HealthStrip:
        strip = HealthStrip()
        qtbot.addWidget(strip)
        lamps = [Lamp("Balance", "good", "Balance: good"), Lamp("Diversity", "bad", "Diversity: bad")]
        strip.show_lamps(lamps, "bad", "Mode collapse", "Mode collapse since step 120")
        strip.resize(strip.sizeHint())
        return strip

    def test_says_which_lamp_was_pressed(self, strip: HealthStrip, qtbot: QtBot) -> None:
        with qtbot.waitSignal(strip.asked) as asked:
            QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(8 + 18 + 9, 14))
        assert asked.args == ["Diversity"]

    def test_asks_for_the_gravest_from_the_keyboard(self, strip: HealthStrip, qtbot: QtBot) -> None:
        with qtbot.waitSignal(strip.asked) as asked:
            QTest.keyClick(strip, Qt.Key.Key_Space)
        assert asked.args == [""]

    def test_is_not_there_without_lamps_and_says_in_words_what_they_show(self, strip: HealthStrip) -> None:
        assert strip.accessibleName() == "Health: Mode collapse since step 120"
        strip.show_lamps([], "idle", "", "No run is watched yet")
        assert strip.isHidden()


class TestTrend:
    @pytest.fixture
    def plot(self, qtbot: QtBot) -> HealthTrend:
        plot = HealthTrend()
        qtbot.addWidget(plot)
        plot.resize(300, 124)
        return plot

    def test_draws_the_limit_where_it_lies(self, plot: HealthTrend, qapp: QApplication) -> None:
        theme.apply(qapp, "light")
        plot.show_trend(Trend("score/diversity", (0, 100), (1.0, 0.0), 0.5), 60)
        image = plot.grab().toImage()
        red = [
            y
            for y in range(image.height())
            if sum(image.pixelColor(x, y).name() == theme.current().bad.lower() for x in range(300)) > 60
        ]
        assert len(red) == 1
        # The room of the curve lies between the title and the steps below.
        assert red[0] == pytest.approx((24 + 124 - 18 - 2) / 2, abs=2)

    def test_keeps_the_peaks_of_many_points(self, plot: HealthTrend) -> None:
        values = [0.0] * 50_000
        values[31_234] = 7.0
        plot.show_trend(Trend("loss/generator", tuple(range(50_000)), tuple(values)), 0)
        drawn = plot._columns(250)
        assert len(drawn) <= 500
        assert max(value for _, value in drawn) == 7.0
        assert [step for step, _ in drawn] == sorted(step for step, _ in drawn)

    @pytest.mark.parametrize(
        ("steps", "values"),
        [((5,), (1.0,)), ((1, 2, 3), (2.0, 2.0, 2.0)), ((1, 2, 3), (math.nan, 1.0, math.inf)), ((), ())],
        ids=["one point", "constant", "not finite", "none"],
    )
    def test_paints_whatever_it_is_given(
        self, plot: HealthTrend, steps: tuple[int, ...], values: tuple[float, ...]
    ) -> None:
        plot.show_trend(Trend("loss/generator", steps, values, 0.5), 2)
        plot.grab()
        assert plot.isHidden() is not any(math.isfinite(value) for value in values)

    def test_says_in_words_what_it_draws(self, plot: HealthTrend) -> None:
        plot.show_trend(Trend("loss/generator", (1, 2000), (0.5, 0.25), 0.3), 100)
        assert plot.accessibleName() == f"generator: 0.250 at step 2{THIN}000; the limit is 0.300"
