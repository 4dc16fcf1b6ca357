from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Restarted, Started, VectorRecord
from ganstudio.gui.panels.live_panel import LivePanel
from ganstudio.gui.panels.networks_panel import INTERVAL_MS, NetworksPanel

LAYERS = ("0", "2")


def record(step: int, **more: Any) -> VectorRecord:
    values = {
        "layer_weight_norm/generator": (1.0, 2.0),
        "layer_grad_norm/generator": (0.1, 0.2),
        "layer_grad_norm/discriminator": (0.3, 0.4),
        "logits/real": (float(step), 1.0),
        "logits/fake": (-1.0, -2.0),
        **more,
    }
    return VectorRecord(step, values, {name: LAYERS for name in values if name.startswith("layer")})


@pytest.fixture
def panel(qtbot: QtBot) -> NetworksPanel:
    made = NetworksPanel()
    qtbot.addWidget(made)
    made.resize(380, 600)
    made.show()
    return made


def settle(panel: NetworksPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.stale, timeout=10 * INTERVAL_MS)


def parts(panel: NetworksPanel) -> list[bool]:
    return [widget.isVisible() for widget in (panel.histogram, panel.heat, panel.bars, panel.empty)]


def test_before_the_first_preview_it_says_what_will_be_here(panel: NetworksPanel):
    assert parts(panel) == [False, False, False, True]


def test_what_there_are_figures_of_is_shown(panel: NetworksPanel, qtbot: QtBot):
    panel.take([record(10)])
    settle(panel, qtbot)
    assert parts(panel) == [True, True, False, False]
    assert panel.heat.table is not None
    assert panel.heat.table.labels == ("layer 0", "layer 2")
    panel.clear()
    panel.take([VectorRecord(10, {"kl/latents": (0.5, 0.001, 2.0)})])
    settle(panel, qtbot)
    assert parts(panel) == [False, False, True, False]
    assert "2 of 3 above 0.01 nats" in panel.bars.accessibleDescription()


def test_it_is_painted_soon_but_not_at_once_and_not_while_nobody_looks(panel: NetworksPanel, qtbot: QtBot):
    panel.take([record(10)])
    assert panel.stale
    assert panel.heat.table is None
    panel.hide()
    assert not panel._timer.isActive()
    panel.take([record(20)])
    assert not panel._timer.isActive()
    panel.show()
    assert not panel.stale
    assert panel.heat.table is not None


def test_the_step_one_looks_at_is_shown_of_all(panel: NetworksPanel, qtbot: QtBot):
    panel.take([record(step) for step in (10, 20, 30)])
    panel.set_cursor(11)
    settle(panel, qtbot)
    assert panel.histogram.accessibleDescription().startswith("step 10 ")
    panel.set_cursor(None)
    settle(panel, qtbot)
    assert panel.histogram.accessibleDescription().startswith("step 30 ")
    with qtbot.waitSignal(panel.stepChosen) as chosen:
        panel.heat.chosen.emit(20)
    assert chosen.args == [20]


def test_the_norms_one_chose_stay_chosen_in_the_next_run(panel: NetworksPanel, qtbot: QtBot):
    panel.take([record(10)])
    settle(panel, qtbot)
    texts = [panel.norms.itemText(place) for place in range(panel.norms.count())]
    assert texts == ["Gradients, generator", "Gradients, discriminator", "Weights, generator"]
    panel.norms.setCurrentIndex(2)
    assert panel.heat.table is not None
    assert panel.heat.table.values[:, 0].tolist() == [1.0, 2.0]
    other = NetworksPanel()
    qtbot.addWidget(other)
    other.restore(panel.state())
    other.take([record(10)])
    other.show()
    assert other.norms.currentText() == "Weights, generator"


def test_of_several_discriminators_one_is_looked_at(panel: NetworksPanel, qtbot: QtBot):
    panel.take([record(10)])
    settle(panel, qtbot)
    assert not panel.whose.isVisible()
    panel.clear()
    panel.take(
        [VectorRecord(1, {f"logits/{kind}_{side}": (1.0,) for side in "ab" for kind in ("real", "fake")})]
    )
    settle(panel, qtbot)
    assert [panel.whose.itemText(place) for place in range(2)] == ["a", "b"]
    assert panel.whose.isVisible()


def test_a_run_of_its_own_begins_with_nothing_and_one_that_goes_on_with_its_past(qtbot: QtBot):
    live = LivePanel()
    qtbot.addWidget(live)
    live.take([Started(1, "run", 100, "cpu", {}), record(10), record(20)])
    live.take([Restarted(15, "run", 100, "cpu", {})])
    assert live.networks.store.at("logits/real", None)[0] == 10
    live.take_past_vectors([record(5)])
    assert live.networks.store.at("logits/real", 0)[0] == 5
    live.start_run(100)
    assert live.networks.store.names == []


def test_the_tab_one_looked_at_comes_back(qtbot: QtBot):
    live, other = LivePanel(), LivePanel()
    for each in (live, other):
        qtbot.addWidget(each)
    live.tabs.setCurrentIndex(1)
    other.restore(live.state())
    assert other.tabs.currentWidget() is other.networks
