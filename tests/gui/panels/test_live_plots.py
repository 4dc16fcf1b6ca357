import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.plot_stack import PlotStack

RECORD = {
    "loss/generator": 1.0,
    "penalty/R1": 0.1,
    "logits/real": 2.0,
    "accuracy/discriminator": 0.9,
    "grad_norm/generator": 3.0,
}


@pytest.fixture
def stack(qtbot: QtBot) -> PlotStack:
    made = PlotStack()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    return made


def shown(stack: PlotStack) -> list[str]:
    return [name for name, plot in stack.plots.items() if plot.isVisible()]


def test_curves_are_sorted_into_plots_by_the_first_word(stack: PlotStack):
    stack.append(1, RECORD)
    assert {name: list(plot.curves) for name, plot in stack.plots.items() if plot.curves} == {
        "losses": ["loss/generator", "penalty/R1"],
        "logits": ["logits/real", "accuracy/discriminator"],
        "norms": ["grad_norm/generator"],
    }


def test_a_curve_of_unknown_kind_has_a_place_too(stack: PlotStack):
    stack.append(1, {"temperature": 3.0, "kl/posterior": 2.0})
    assert list(stack.plots["others"].curves) == ["temperature", "kl/posterior"]
    assert shown(stack) == ["others"]


def test_plots_without_a_curve_are_not_shown(stack: PlotStack):
    assert shown(stack) == ["losses", "logits", "norms"]
    stack.append(1, {"loss/vae": 1.0})
    assert shown(stack) == ["losses"]
    stack.append(2, {"score/fid": 9.0})
    assert shown(stack) == ["losses", "scores"]
    stack.clear()
    assert shown(stack) == ["losses", "logits", "norms"]


def test_the_steps_are_written_below_the_lowest_plot_alone(stack: PlotStack):
    stack.append(1, RECORD)
    labelled = [name for name, plot in stack.plots.items() if plot.graph.axes["bottom"].style["showValues"]]
    assert [name for name in labelled if name in shown(stack)] == ["norms"]


def test_all_plots_show_the_same_steps(stack: PlotStack):
    for step in range(0, 1000, 10):
        stack.append(step + 1, RECORD)
    stack.append(500, {"score/fid": 3.0})
    stack.refresh()
    ranges = {stack.plots[name].graph.ranges()[0] for name in shown(stack)}
    assert len(ranges) == 1


def test_zooming_one_plot_zooms_all_and_showing_everything_too(stack: PlotStack):
    for step in range(1, 1000, 10):
        stack.append(step, RECORD)
    stack.refresh()
    stack.plots["losses"].graph.view.setRange(xRange=(100, 200), padding=0)
    stack.plots["losses"].graph.view.sigRangeChangedManually.emit([True, True])
    assert stack.plots["norms"].graph.ranges()[0] == pytest.approx((100, 200))
    stack.plots["norms"].follow_button.click()
    assert stack.plots["losses"].graph.ranges()[0][1] > 900


def test_the_cursor_stands_at_the_same_step_in_all_plots(stack: PlotStack):
    for step in range(1, 1000, 10):
        stack.append(step, RECORD)
    stack.refresh()
    stack.plots["logits"].graph.hovered.emit(301.0)
    lines = [stack.plots[name].graph.line for name in shown(stack)]
    assert [line.value() for line in lines] == [301.0] * 3
    assert [line.label.isVisible() for line in lines] == [False, True, False]
    stack.plots["logits"].graph.hovered.emit(None)
    assert not any(line.isVisible() for line in lines)


def test_smoothing_is_chosen_for_all_plots_but_scores(stack: PlotStack):
    stack.plots["logits"].smoothing_chosen.emit(100)
    smoothings = {name: plot.smoothing for name, plot in stack.plots.items()}
    assert smoothings.pop("scores") == 1
    assert set(smoothings.values()) == {100}
    stack.plots["scores"].smoothing_chosen.emit(5)
    assert (stack.plots["scores"].smoothing, stack.plots["losses"].smoothing) == (5, 100)


def test_the_axes_end_with_the_run(stack: PlotStack):
    stack.set_total_steps(1000)
    for step in range(10, 1000, 10):
        stack.append(step, RECORD)
    stack.refresh()
    assert stack.plots["losses"].graph.ranges()[0] == pytest.approx((0, 1000))


def test_rows_come_back_as_they_were_even_for_plots_not_shown_yet(stack: PlotStack, qtbot: QtBot):
    stack.splitter.setSizes([100, 200, 300, 0, 0])
    state = stack.state()
    other = PlotStack()
    qtbot.addWidget(other)
    other.resize(600, 700)
    other.show()
    other.restore(state)
    assert other.splitter.sizes()[:3] == pytest.approx(stack.splitter.sizes()[:3], abs=2)


def test_norms_of_weights_and_gradients_are_not_on_one_axis(stack: PlotStack):
    stack.append(1, {"grad_norm/generator": 0.1, "weight_norm/generator": 30.0, "movement/fixed": 0.02})
    norms = stack.plots["norms"]
    assert [name for name, curve in norms.curves.items() if curve.shown] == ["grad_norm/generator"]
    assert shown(stack) == ["norms"]
