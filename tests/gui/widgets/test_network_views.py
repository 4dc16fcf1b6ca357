"""Heat map, histogram and sorted bars: what they show of figures."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.tokens import luminance, sequential
from ganstudio.gui.vector_store import Table
from ganstudio.gui.widgets.heat_map import HeatMap, colour_table, log_range, scale_marks, shades
from ganstudio.gui.widgets.histogram import Histogram, binned
from ganstudio.gui.widgets.sorted_bars import SortedBars

BOTH = pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=lambda tokens: tokens.name)
VALUES = np.array([[1.0, 10.0, 100.0], [0.01, 0.1, np.nan]])
TABLE = Table(VALUES, np.array([100, 200, 300]), ("conv", "head"), (100, 300))


@BOTH
def test_more_is_further_from_the_panel_in_lightness(tokens: theme.Tokens):
    lightness = [luminance(colour) for colour in sequential(tokens)]
    assert lightness == sorted(lightness, reverse=not tokens.dark)
    assert len(set(colour_table(tokens))) > 200


def test_shades_follow_the_logarithm():
    scale = log_range(VALUES)
    assert scale == pytest.approx((-1.95, 2.0), abs=0.1)
    places = shades(VALUES, (-2.0, 2.0))
    assert places[0].tolist() == [128, 191, 255]
    assert places[1].tolist()[0] == 1
    assert places[1].tolist()[2] == 0


@pytest.mark.parametrize(
    "values", [np.zeros((2, 2)), np.full((1, 3), np.nan), np.array([[5.0]])], ids=["zero", "nan", "one"]
)
def test_a_scale_of_nothing_to_scale_is_a_scale_all_the_same(values: np.ndarray):
    low, high = log_range(values)
    assert high > low
    assert shades(values, (low, high)).shape == values.shape


@pytest.mark.parametrize(
    ("scale", "texts"),
    [((-2.2, 1.3), ["0.01", "0.1", "1", "10"]), ((-7.1, -5.9), ["1e\N{MINUS SIGN}7", "1e\N{MINUS SIGN}6"])],
    ids=str,
)
def test_a_scale_is_written_at_powers_of_ten(scale: tuple[float, float], texts: list[str]):
    assert [text for _, text in scale_marks(scale, 9)] == texts


def test_a_narrow_scale_is_written_at_both_ends():
    assert [power for power, _ in scale_marks((0.1, 0.6), 9)] == [0.1, 0.6]


@pytest.fixture
def heat(qtbot: QtBot) -> HeatMap:
    made = HeatMap()
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.show()
    made.show_table(TABLE)
    return made


@BOTH
def test_each_figure_has_the_colour_of_its_value(heat: HeatMap, tokens: theme.Tokens, monkeypatch):
    monkeypatch.setattr(theme.notifier, "tokens", tokens)
    heat._make()
    picture, room = heat.grab().toImage(), heat.room()

    def colour(row: int, column: int) -> str:
        x = room.left() + (column + 0.5) * room.width() / 3
        y = room.top() + (row + 0.5) * room.height() / 2
        return picture.pixelColor(int(x), int(y)).name().upper()

    little, *_, much = sequential(tokens)
    assert colour(0, 2) == much
    assert colour(1, 0) == little
    assert colour(1, 2) == tokens.panel
    assert len({colour(0, 0), colour(0, 1), colour(0, 2)}) == 3


def test_the_mouse_and_the_keys_tell_layer_step_and_value(heat: HeatMap, qtbot: QtBot):
    room = heat.room()
    with qtbot.waitSignal(heat.pointed) as told:
        QTest.mouseMove(heat, QPointF(room.center().x(), room.top() + 10).toPoint())
    assert told.args == ["conv · step 200 · 10.0"]
    with qtbot.waitSignal(heat.pointed) as told:
        QTest.keyClick(heat, Qt.Key.Key_Down)
    assert told.args == ["head · step 200 · 0.100"]
    assert heat.accessibleDescription() == "head · step 200 · 0.100"
    with qtbot.waitSignal(heat.chosen) as chosen:
        QTest.keyClick(heat, Qt.Key.Key_Return)
    assert chosen.args == [200]


def test_without_figures_the_keys_are_left_to_others(heat: HeatMap):
    heat.show_table(None)
    QTest.keyClick(heat, Qt.Key.Key_Down)
    assert heat.cell_at(QPointF(100, 50)) is None
    assert not heat.grab().isNull()


def test_both_kinds_share_bins_that_cover_all_and_zero():
    bins = binned({"real": np.array([2.0, 3.0], np.float32), "fake": np.array([1.0, np.nan], np.float32)})
    assert bins is not None
    assert bins.edges[0] < 0 < 3 < bins.edges[-1]
    assert bins.heights["real"].sum() == pytest.approx(1)
    assert bins.heights["fake"].sum() == pytest.approx(1)
    assert len(bins.edges) == 11


def test_nothing_has_no_bins():
    assert binned({"real": np.array([], np.float32)}) is None
    assert binned({"real": np.array([np.nan], np.float32)}) is None


@BOTH
def test_real_and_fake_have_their_own_colours(qtbot: QtBot, tokens: theme.Tokens, monkeypatch):
    monkeypatch.setattr(theme.notifier, "tokens", tokens)
    histogram = Histogram("Discriminator logits")
    qtbot.addWidget(histogram)
    histogram.resize(420, 160)
    values = {"real": np.full(64, 2.0, np.float32), "fake": np.full(64, -2.0, np.float32)}
    histogram.show_values(values, "step 10 · 64 each")
    assert histogram.accessibleDescription() == "step 10 · 64 each. Means: real 2.00, fake \N{MINUS SIGN}2.00"
    image = histogram.grab().toImage()
    found = {image.pixelColor(x, y).name().upper() for x in range(20, 400) for y in range(30, 140)}
    assert tokens.generator in found
    assert tokens.real in found


def test_bars_go_from_the_largest_and_know_which_they_are(qtbot: QtBot):
    bars = SortedBars("KL of each latent", "latent", "nats")
    qtbot.addWidget(bars)
    bars.resize(400, 160)
    bars.show_values(np.array([0.1, 2.0, np.nan, 1.0], np.float32), "3 of 4")
    assert bars.values.tolist() == pytest.approx([2.0, 1.0, 0.1, 0.0])
    assert bars.sentence(0) == "latent 2 · 2.00 nats"
    assert bars.sentence(1) == "latent 4 · 1.00 nats"
    assert not bars.grab().isNull()
