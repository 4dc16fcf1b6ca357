from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from ganstudio.api.events import ScoreRecord
from ganstudio.gui import theme
from ganstudio.gui.widgets.score_plot import ScorePlot
from ganstudio.gui.words import THIN

FID, KID = "score/FID (studio, 2000)", "score/KID (studio, 2000)"
PRECISION, RECALL = "score/precision (studio, 2000)", "score/recall (studio, 2000)"
DIVERSITY = "score/vitals/diversity"


@pytest.fixture
def plot(qtbot: QtBot) -> ScorePlot:
    made = ScorePlot()
    qtbot.addWidget(made)
    made.resize(600, 240)
    made.show()
    return made


def fill(plot: ScorePlot, step: int = 100) -> None:
    values = {DIVERSITY: 0.9, KID: 0.02, FID: 30.0, PRECISION: 0.7, RECALL: 0.5}
    plot.take(ScoreRecord(step, values, lower=(FID, KID)))


def shown(plot: ScorePlot) -> list[str]:
    return [name for name, curve in plot.curves.items() if curve.shown]


def menu(plot: ScorePlot) -> dict[str, Any]:
    plot.chooser.menu().aboutToShow.emit()
    return {action.text(): action for action in plot.chooser.menu().actions()}


def test_only_scores_of_one_scale_are_drawn_and_the_title_says_which(plot: ScorePlot):
    fill(plot)
    assert shown(plot) == [KID]
    plot.choose("fid (studio, 2\u202f000)")
    assert shown(plot) == [FID]
    assert plot.title == f"FID (studio, 2{THIN}000)"
    visible = [name for name, entry in plot.legend.entries.items() if entry.isVisibleTo(plot)]
    assert visible == [FID]


def test_another_figure_is_chosen_by_the_title(plot: ScorePlot, qtbot: QtBot):
    fill(plot)
    actions = menu(plot)
    assert [text for text, action in actions.items() if action.isChecked()] == [plot.title]
    with qtbot.waitSignal(plot.groupChosen):
        actions[f"Precision, recall (studio, 2{THIN}000)"].trigger()
    assert shown(plot) == [PRECISION, RECALL]


def test_a_title_with_nothing_to_choose_is_no_button(plot: ScorePlot):
    plot.take(ScoreRecord(1, {FID: 3.0}))
    assert plot.chooser.menu() is None
    fill(plot, 2)
    assert plot.chooser.menu() is not None


def test_what_judges_takes_the_place_of_vital_signs_as_soon_as_it_comes(plot: ScorePlot):
    plot.take(ScoreRecord(1, {DIVERSITY: 0.5}))
    assert shown(plot) == [DIVERSITY]
    plot.take(ScoreRecord(2, {FID: 50.0}))
    assert shown(plot) == [FID]
    plot.choose("vitals")
    plot.take(ScoreRecord(3, {KID: 0.1}))
    assert shown(plot) == [DIVERSITY]


def test_choice_and_scale_of_each_figure_come_back(plot: ScorePlot, qtbot: QtBot):
    fill(plot)
    plot.choose("fid (studio, 2\u202f000)")
    plot.set_log(True)
    plot.choose("vitals")
    assert not plot.log
    other = ScorePlot()
    qtbot.addWidget(other)
    other.restore(plot.state())
    fill(other)
    assert shown(other) == [DIVERSITY]
    other.choose("fid (studio, 2\u202f000)")
    assert other.log


def test_interval_floor_and_best_are_drawn_with_the_curve(plot: ScorePlot):
    for step, value in ((100, 50.5), (200, 20.5), (300, 30.5)):
        interval = {FID: (value - 5, value + 5)}
        plot.take(ScoreRecord(step, {FID: value}, lower=(FID,), intervals=interval, floors={FID: 8.0}))
    plot.refresh()
    assert plot.bands.bands[0].low.tolist() == [45.5, 15.5, 25.5]
    assert plot.bands.bands[0].high.tolist() == [55.5, 25.5, 35.5]
    assert plot.floors.heights == [8.0]
    assert [star[1:] for star in plot.stars.stars] == [(200.0, 20.5)]
    low, high = plot.graph.ranges()[1]
    assert low < 8 < 55 < high
    assert plot.legend.entries[FID].accessibleDescription() == "30.5  \N{BLACK STAR} 20.5"
    assert plot.best_text() == f"best FID (studio, 2{THIN}000) 20.5"
    plot.cut(150)
    plot.refresh()
    assert plot.bands.bands[0].low.tolist() == [45.5]
    assert plot.best_text().endswith(" 50.5")


def test_a_score_that_is_better_the_higher_has_its_star_on_top(plot: ScorePlot):
    for step, value in ((1, 0.2), (2, 0.6), (3, 0.4)):
        plot.take(ScoreRecord(step, {RECALL: value}))
    plot.refresh()
    assert [star[1:] for star in plot.stars.stars] == [(2.0, 0.6)]


def test_vital_signs_have_no_best(plot: ScorePlot):
    plot.take(ScoreRecord(1, {DIVERSITY: 0.5}))
    plot.refresh()
    assert plot.stars.stars == []
    assert plot.best_text() == ""


def test_on_a_logarithmic_axis_what_is_not_above_zero_is_left_out(plot: ScorePlot):
    for step, value in ((1, 0.1), (2, 0.01)):
        plot.take(
            ScoreRecord(
                step, {KID: value}, intervals={KID: (value - 0.05, value + 0.05)}, floors={KID: -0.001}
            )
        )
    plot.refresh()
    assert plot.floors.heights == [-0.001]
    plot.set_log(True)
    assert plot.floors.heights == []
    band = plot.bands.bands[0]
    assert np.isfinite(band.low).all()
    assert band.high.tolist() == pytest.approx(np.log10([0.15, 0.06]).tolist())


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=lambda tokens: tokens.name)
def test_marks_are_painted_where_they_belong(plot: ScorePlot, tokens: theme.Tokens, monkeypatch: Any):
    monkeypatch.setattr(theme.notifier, "tokens", tokens)
    plot._recolour()
    for step in (100, 200, 300):
        plot.take(ScoreRecord(step, {FID: 50.0}, intervals={FID: (20.0, 80.0)}, floors={FID: 5.0}))
    plot.refresh()
    picture = plot.graph.grab().toImage()
    place = plot.graph.mapFromScene(plot.graph.view.mapViewToScene(QPointF(220, 30)))
    beside = plot.graph.mapFromScene(plot.graph.view.mapViewToScene(QPointF(220, 12)))
    assert picture.pixelColor(beside).name().upper() == tokens.panel
    assert picture.pixelColor(place).name().upper() != tokens.panel


def test_scores_are_asked_for_only_where_something_trains(plot: ScorePlot, qtbot: QtBot):
    fill(plot)
    button = plot.score_button
    assert not button.isEnabled()
    assert "Nothing trains here." in button.toolTip()
    plot.set_scorable("")
    with qtbot.waitSignal(plot.scoreAsked):
        button.click()
