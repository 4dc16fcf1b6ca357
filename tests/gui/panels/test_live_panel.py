import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.api.events import (
    Event,
    Finished,
    PreviewReady,
    ScoreRecord,
    SettingChanged,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.gui.panels.live_panel import INTERVAL_MS, LONGEST_INTERVAL_MS, LivePanel


@pytest.fixture
def panel(qtbot: QtBot) -> LivePanel:
    made = LivePanel()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def record(step: int, **values: float) -> StepRecord:
    named = values or {"generator": 1.0, "discriminator": 2.0}
    return StepRecord(step, step / 100, step * 64, {f"loss/{name}": value for name, value in named.items()})


def images(count: int = 4, shade: int = 0) -> np.ndarray:
    return np.full((count, 8, 8, 1), shade, np.uint8)


def test_curves_are_painted_soon_but_not_at_once(panel: LivePanel, qtbot: QtBot):
    panel.take([record(step) for step in range(1, 50)])
    losses = panel.stack.plots["losses"]
    panel.take([record(50)])
    assert losses.stale
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=2000)
    assert losses.curves["loss/generator"].raw._path.elementCount() > 0


def test_painting_happens_at_a_calm_rate_however_fast_events_come(panel: LivePanel, qtbot: QtBot):
    painted: list[float] = []
    refresh = panel.stack.refresh
    panel.stack.refresh = lambda: painted.append(refresh()) or 0.0  # type: ignore[method-assign]
    for step in range(1, 61):
        panel.take([record(step)])
        qtbot.wait(10)
    assert 1 <= len(painted) <= 600 // INTERVAL_MS + 3


def test_no_timer_runs_while_there_is_nothing_new(panel: LivePanel, qtbot: QtBot):
    panel.take([record(1)])
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=2000)
    assert not panel._timer.isActive()


def test_no_timer_runs_while_nobody_looks(panel: LivePanel, qtbot: QtBot):
    panel.take([record(1)])
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=2000)
    panel.take([record(2)])
    panel.hide()
    panel.take([record(3)])
    assert not panel._timer.isActive()
    panel.show()
    qtbot.waitUntil(lambda: not panel.stack.stale, timeout=2000)


def test_painting_that_takes_long_happens_more_seldom(panel: LivePanel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(panel.stack, "refresh", lambda: 0.1)
    panel._refresh()
    assert panel._interval > 3 * INTERVAL_MS
    monkeypatch.setattr(panel.stack, "refresh", lambda: 60.0)
    panel._refresh()
    assert panel._interval == LONGEST_INTERVAL_MS
    monkeypatch.setattr(panel.stack, "refresh", lambda: 0.001)
    panel._refresh()
    assert panel._interval == INTERVAL_MS


def test_a_preview_is_shown_with_its_step(panel: LivePanel):
    panel.take([PreviewReady(1240, "images", images())])
    assert panel.samples.grid.images is not None
    assert panel.samples.caption.text() == "step 1\u202f240 · fixed latents · averaged weights"


def test_an_edit_marks_every_plot(panel: LivePanel):
    panel.take([record(1), SettingChanged(1, "optimizers.generator.learning_rate", 1e-4, 2e-4)])
    for plot in panel.stack.plots.values():
        assert plot.graph.markers.marks == [(1, "generator learning rate 2e-4 → 1e-4")]


@pytest.mark.parametrize("name", ["fid", "score/fid"])
def test_scores_get_a_plot_of_their_own(panel: LivePanel, name: str):
    scores = panel.stack.plots["scores"]
    assert scores.isHidden()
    panel.take([record(10), ScoreRecord(10, {name: 21.4})])
    assert not scores.isHidden()
    assert list(scores.curves) == ["score/fid"]


@pytest.mark.parametrize(
    "event",
    [Warned(1, "Careful."), SettingRefused(1, "a.b", "No."), Finished(1, "done", 2.0)],
    ids=lambda event: type(event).__name__,
)
def test_events_that_say_nothing_here_are_passed_over(panel: LivePanel, event: Event):
    panel.take([event])
    assert not panel._timer.isActive()


def test_a_new_run_starts_with_nothing(panel: LivePanel):
    panel.take([Started(1, "run", 1000, "cpu", {}), record(10), PreviewReady(10, "images", images())])
    panel.start_run(500, averaged=False)
    assert panel.samples.grid.images is None
    assert not any(plot.curves for plot in panel.stack.plots.values())
    panel.take([PreviewReady(3, "images", images())])
    assert panel.samples.caption.text().endswith("latest weights")


def test_layout_and_choices_can_be_kept_and_taken_up(panel: LivePanel, qtbot: QtBot):
    panel.splitter.setSizes([300, 600])
    panel.stack.plots["logits"].set_log(True)
    QApplication.processEvents()
    other = LivePanel()
    qtbot.addWidget(other)
    other.resize(panel.size())
    other.show()
    other.restore(panel.state())
    assert other.splitter.sizes() == panel.splitter.sizes()
    assert other.stack.plots["logits"].log


@pytest.mark.parametrize("state", [{}, {"columns": [1], "rows": [1, 2], "plots": {"none": {}}}], ids=str)
def test_choices_that_do_not_fit_are_passed_over(panel: LivePanel, state: dict):
    before = panel.state()
    panel.restore(state)
    assert panel.state() == before
