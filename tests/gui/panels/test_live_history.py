"""A run that is opened: its past in the plots and the samples pane, and what comes after it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import CheckpointSaved, Restarted, ScoreRecord, SettingChanged, Started, StepRecord
from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.panels.live_panel import LivePanel
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import Family, History, read_history
from ganstudio.runs.recorder import event_record

RATE = "optimizers.generator.learning_rate"
EDIT = SettingChanged(300, RATE, 1e-4, 2e-4)


@pytest.fixture
def panel(qtbot: QtBot) -> LivePanel:
    made = LivePanel()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFolder]:
    experiment = Experiment(Choice("Digits"), Choice("MLPGAN"), name="digits")
    with RunFolder.create_at(tmp_path / "run", experiment, {}) as made:
        made.append_event(event_record(Started(1, "run", 1000, "cpu", {}, modes=8)))
        made.write_real(np.full((4, 8, 8, 1), 200, np.uint8))
        for step in range(10, 501, 10):
            values = {"loss/generator": step / 100, "loss/discriminator": 1.0, "accuracy/discriminator": 0.5}
            made.append_metrics({"step": step, "seconds": step, "images_seen": step, "values": values})
            if step % 100 == 0:
                made.append_metrics({"step": step, "scores": {"score/modes": step / 100}, "took": 0.1})
                made.write_sample(step, np.full((4, 8, 8, 1), step // 4, np.uint8))
            if step == EDIT.step:
                made.append_event(event_record(EDIT))
        yield made


@pytest.fixture
def history(run: RunFolder) -> History:
    return read_history(run.path)


def steps(panel: LivePanel, plot: str, name: str) -> list[float]:
    return panel.stack.plots[plot].curves[name].series.x.tolist()


def marks(panel: LivePanel) -> list[tuple[float, str]]:
    return panel.stack.plots["losses"].graph.markers.marks


def test_the_whole_past_is_shown_at_once(panel: LivePanel, history: History, qtbot: QtBot):
    panel.show_history(history)
    assert steps(panel, "losses", "loss/generator") == list(range(10, 501, 10))
    assert steps(panel, "scores", "score/modes") == [100, 200, 300, 400, 500]
    assert panel.stack.plots["logits"].curves["accuracy/discriminator"].share
    assert marks(panel) == [(300, "generator learning rate 2e-4 → 1e-4")]
    assert panel.samples.modes == 8
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=5000)
    assert panel.stack.plots["losses"].graph.ranges()[0][1] >= 500
    qtbot.waitUntil(lambda: panel.samples.grid.images is not None, timeout=5000)
    assert panel.samples.grid.images[0].max() == 125


def test_curves_are_called_as_those_that_come_live(panel: LivePanel, history: History, qtbot: QtBot):
    panel.show_history(history)
    past = {name: list(plot.curves) for name, plot in panel.stack.plots.items()}
    panel.take(
        [
            StepRecord(
                510, 5.0, 510, {"loss/generator": 1, "loss/discriminator": 1, "accuracy/discriminator": 1}
            ),
            ScoreRecord(510, {"modes": 7.0}),
        ]
    )
    assert {name: list(plot.curves) for name, plot in panel.stack.plots.items()} == past
    assert steps(panel, "losses", "loss/generator")[-2:] == [500, 510]
    assert steps(panel, "scores", "score/modes")[-1] == 510


def test_another_run_takes_the_place_of_the_one_before(panel: LivePanel, history: History):
    panel.take([StepRecord(9000, 1.0, 1, {"nats/other": 1.0}), SettingChanged(9000, RATE, 1, 2)])
    panel.show_history(history)
    assert list(panel.stack.plots["losses"].curves) == ["loss/generator", "loss/discriminator"]
    assert len(marks(panel)) == 1


def test_a_run_that_goes_on_from_before_has_no_gap_and_no_double(panel: LivePanel, history: History):
    panel.show_history(history)
    panel.take([Restarted(250, "run", 1000, "cpu", {})])
    assert steps(panel, "losses", "loss/generator")[-1] == 250
    assert steps(panel, "scores", "score/modes") == [100, 200]
    assert marks(panel) == []
    panel.take(
        [
            StepRecord(260, 1.0, 1, {"loss/generator": 0.5}),
            replace(EDIT, again=True),
            replace(EDIT, again=True),
        ]
    )
    assert steps(panel, "losses", "loss/generator") == list(range(10, 261, 10))
    assert len(marks(panel)) == 1


def test_the_best_checkpoint_is_marked_until_a_better_one_comes(panel: LivePanel, run: RunFolder):
    for step, reason in ((200, "best"), (300, "best, kept"), (500, "end")):
        run.append_event(event_record(CheckpointSaved(step, "", 10, reason)))
        (run.path / "checkpoints" / f"{step:09d}").mkdir(parents=True)
    panel.show_history(read_history(run.path))
    scrubber = panel.samples.scrubber
    assert scrubber.best == 300
    assert scrubber.steps[scrubber.slider.star or 0] == 300
    panel.take([CheckpointSaved(600, "", 10, "every few minutes")])
    assert scrubber.best == 300
    panel.take([CheckpointSaved(600, "", 10, "best, every few minutes")])
    assert scrubber.best == 600
    panel.take([Restarted(250, "run", 1000, "cpu", {})])
    assert scrubber.best is None


def test_a_branch_is_marked_where_it_began(panel: LivePanel, history: History):
    panel.show_history(replace(history, parent=Family("first try", None, 120)))
    assert marks(panel)[0] == (120, "branched from first try")


def test_a_sample_of_the_reports_is_said_to_be_one(panel: LivePanel, history: History):
    panel.show_history(history)
    assert panel.stack.note.isHidden()
    panel.show_history(replace(history, thinned=True))
    assert panel.stack.note.isVisible()
    assert "50 of them" in panel.stack.note.toolTip()
    panel.start_run()
    assert panel.stack.note.isHidden()


def test_a_run_without_a_single_report_is_shown_as_empty(panel: LivePanel, history: History):
    panel.show_history(replace(history, curves={}, previews={}, real=None, changes=()))
    assert not any(plot.curves for plot in panel.stack.plots.values())


@pytest.mark.parametrize("again", [0, 40], ids=["rising", "going back"])
def test_many_reports_at_once_become_the_curves_that_they_become_one_by_one(
    panel: LivePanel, qtbot: QtBot, again: int
):
    reports = [
        StepRecord(step, 1.0, 1, {"loss/generator": step / 3} | ({"logits/real": 0.5} if step % 2 else {}))
        for step in [*range(1, 100), *range(100 - again, 150)]
    ]
    panel.take(reports)
    other = LivePanel()
    qtbot.addWidget(other)
    for report in reports:
        other.take([report])
    for plot, name in (("losses", "loss/generator"), ("logits", "logits/real")):
        assert steps(panel, plot, name) == steps(other, plot, name)
        curves = [each.stack.plots[plot].curves[name].series.y.tolist() for each in (panel, other)]
        assert curves[0] == curves[1]


# --- The line at a step ------------------------------------------------------------------------------


def shown(panel: LivePanel) -> list[CurvePlot]:
    return [plot for plot in panel.stack.plots.values() if not plot.isHidden()]


def test_the_line_stands_in_every_plot_and_legends_have_its_values(panel: LivePanel, history: History):
    panel.show_history(history)
    panel.stack.set_cursor(200)
    assert all(plot.graph.pin.isVisible() and plot.graph.pin.value() == 200 for plot in shown(panel))
    assert [plot.graph.pin.label.isVisible() for plot in shown(panel)].count(True) == 1
    entry = panel.stack.plots["losses"].legend.entries["loss/generator"]
    assert entry.accessibleDescription() == "2.00"
    panel.stack.plots["losses"].set_cursor(100)
    assert entry.accessibleDescription() == "1.00"
    panel.stack.plots["losses"].set_cursor(None)
    assert entry.accessibleDescription() == "2.00"
    panel.stack.set_cursor(None)
    assert not any(plot.graph.pin.isVisible() for plot in shown(panel))
    assert entry.accessibleDescription() == "5.00"


def test_a_click_tells_its_step_and_a_drag_does_not(panel: LivePanel, history: History, qtbot: QtBot):
    panel.show_history(history)
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=5000)
    clicked: list[int] = []
    panel.stack.stepClicked.connect(clicked.append)
    graph = panel.stack.plots["losses"].graph
    middle = graph.rect().center()
    expected = graph.step_at(middle)
    viewport = graph.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    assert clicked == [pytest.approx(expected, abs=1)]
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=middle)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(viewport, middle + QPoint(60, 20))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 20))
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert len(clicked) == 1


def test_the_enter_key_chooses_the_step_of_the_cursor(panel: LivePanel, history: History, qtbot: QtBot):
    panel.show_history(history)
    clicked: list[int] = []
    panel.stack.stepClicked.connect(clicked.append)
    graph = panel.stack.plots["losses"].graph
    QTest.keyClick(graph, Qt.Key.Key_Return)
    assert clicked == []
    QTest.keyClick(graph, Qt.Key.Key_Left)
    QTest.keyClick(graph, Qt.Key.Key_Return)
    assert clicked == [500]


def test_a_click_goes_back_to_the_preview_of_that_step(panel: LivePanel, history: History, qtbot: QtBot):
    panel.show_history(history)
    qtbot.waitUntil(lambda: panel.samples.grid.images is not None, timeout=5000)
    panel.stack.stepClicked.emit(210)
    qtbot.waitUntil(lambda: panel.stack.plots["losses"].graph.pin.isVisible(), timeout=5000)
    assert panel.stack.plots["losses"].graph.pin.value() == 200
    qtbot.waitUntil(lambda: panel.samples.grid.images[0].max() == 50, timeout=5000)
