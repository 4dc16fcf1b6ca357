from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.api.events import SettingChanged, SettingRefused
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Experiment, Problem
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.widgets.number_line import NumberLine
from ganstudio.gui.widgets.setting_field import SettingField
from tests.gui.catalogues import CATALOGUE, DIGITS

RATE = "optimizers.generator.learning_rate"


@pytest.fixture
def panel(qtbot: QtBot) -> ExperimentPanel:
    made = ExperimentPanel()
    qtbot.addWidget(made)
    made.set_catalogue(CATALOGUE)
    made.resize(380, 600)
    made.show()
    return made


@pytest.fixture
def steered(panel: ExperimentPanel) -> list[tuple[str, Any]]:
    """A run of the first preset goes on; return what is asked of it."""
    asked: list[tuple[str, Any]] = []
    panel.liveEdited.connect(lambda path, value: asked.append((path, value)))
    panel.start_run(complete())
    return asked


def complete() -> Experiment:
    running = Experiment.from_dict(DIGITS)
    for path, value in {
        "architecture.n_critic": 1,
        "optimizers.discriminator.learning_rate": 4e-4,
        "training.ema_decay": 0.999,
    }.items():
        running = running.with_value(path, value)
    return running


def field(panel: ExperimentPanel, path: str) -> SettingField:
    assert panel.form is not None
    found = panel.form.field(path)
    assert found is not None
    return found


def type_value(qtbot: QtBot, panel: ExperimentPanel, path: str, text: str) -> None:
    line = field(panel, path).findChild(NumberLine)
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


# --- The catalogue and the choice ------------------------------------------------------------------


def test_a_new_user_finds_the_digits_selected(panel: ExperimentPanel) -> None:
    assert panel.baseline_name() == "mnist-dcgan"
    experiment = panel.experiment()
    assert experiment is not None
    assert experiment.architecture.settings == {"width": 32}


def test_without_plugins_it_says_that_they_are_loaded(qtbot: QtBot) -> None:
    panel = ExperimentPanel()
    qtbot.addWidget(panel)
    panel.set_catalogue(Catalogue())
    panel.show()
    assert panel._loading.isVisible()
    assert panel.experiment() is None
    panel.set_catalogue(CATALOGUE)
    assert not panel._loading.isVisible()
    assert panel.experiment() is not None


def test_a_new_catalogue_keeps_what_was_chosen(qtbot: QtBot, panel: ExperimentPanel) -> None:
    type_value(qtbot, panel, RATE, "3e-3")
    before = panel.experiment()
    panel.set_catalogue(CATALOGUE)
    assert panel.experiment() == before
    assert panel.baseline_name() == "mnist-dcgan"


def test_a_preset_that_is_picked_is_shown(qtbot: QtBot, panel: ExperimentPanel) -> None:
    assert panel.picker is not None
    with qtbot.waitSignal(panel.changed):
        panel.picker.chooser.activated.emit(0)
    experiment = panel.experiment()
    assert experiment is not None
    assert experiment.name == "ring"


def test_picking_the_same_preset_again_undoes_every_change(qtbot: QtBot, panel: ExperimentPanel) -> None:
    before = panel.experiment()
    type_value(qtbot, panel, RATE, "3e-3")
    assert panel.experiment() != before
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(1)
    assert panel.experiment() == before


def test_changes_that_a_preset_replaces_can_be_brought_back(qtbot: QtBot, panel: ExperimentPanel) -> None:
    type_value(qtbot, panel, RATE, "3e-3")
    changed = panel.experiment()
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(0)
    assert panel._replaced.isVisible()
    assert panel._replaced.text.text() == "Your changes to mnist-dcgan were replaced."
    panel._replaced.button.click()
    assert panel.experiment() == changed
    assert panel.baseline_name() == "mnist-dcgan"
    assert not panel._replaced.isVisible()


def test_a_preset_as_it_was_is_replaced_without_a_word(panel: ExperimentPanel) -> None:
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(0)
    assert not panel._replaced.isVisible()
    panel.picker.chooser.activated.emit(1)
    assert not panel._replaced.isVisible()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "mine"),
        ("data.kind", "Folder"),
        ("architecture.n_critic", 3),
        ("regularizers.R1.gamma", 9.0),
        ("regularizers.Clipping", {}),
        ("training.seed", 7),
    ],
)
def test_any_change_to_a_preset_is_one_to_bring_back(
    panel: ExperimentPanel, path: str, value: object
) -> None:
    preset = Experiment.from_dict(DIGITS)
    table = preset.with_value(path, value).to_dict()
    panel.set_experiment(Experiment.from_dict(table), "mnist-dcgan")
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(0)
    assert panel._replaced.isVisible()


def test_a_preset_that_is_broken_says_so_and_cannot_be_picked(qtbot: QtBot) -> None:
    from dataclasses import replace

    panel = ExperimentPanel()
    qtbot.addWidget(panel)
    panel.set_catalogue(replace(CATALOGUE, presets=({"name": "bad", "dta": {}}, DIGITS)))
    assert panel.picker is not None
    card = panel.picker.cards()[0]
    assert "did you mean data" in card.refused
    assert panel.picker.names() == ["mnist-dcgan"]
    assert panel.baseline_name() == "mnist-dcgan"


def test_an_experiment_of_ones_own_joins_the_list(panel: ExperimentPanel) -> None:
    own = Experiment.from_dict(DIGITS).renamed("mine")
    panel.set_experiment(own, "mine.toml")
    assert panel.baseline_name() == "mine.toml"
    assert panel.picker is not None
    assert panel.picker.names() == ["ring", "mnist-dcgan", "mine.toml"]
    assert panel.experiment() == own


def test_a_remembered_experiment_is_compared_with_its_preset(panel: ExperimentPanel) -> None:
    panel.set_experiment(Experiment.from_dict(DIGITS).with_value(RATE, 3e-3), "mnist-dcgan")
    assert field(panel, RATE)._baseline == 1e-3


# --- Search and problems ---------------------------------------------------------------------------


def test_search_shows_what_matches_and_nothing_else(qtbot: QtBot, panel: ExperimentPanel) -> None:
    panel.focus_search()
    qtbot.keyClicks(panel.search, "generator rate")
    assert panel.form is not None
    visible = {f.path for f in panel.form.fields() if f.isVisible()}
    assert visible == {RATE}
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert field(panel, "training.steps").isVisible()


def test_return_goes_to_the_first_that_was_found(qtbot: QtBot, panel: ExperimentPanel) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.focus_search()
    qtbot.keyClicks(panel.search, "seed")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert field(panel, "training.seed").isAncestorOf(panel.focusWidget())


def test_search_finds_the_settings_of_a_regularizer_by_its_name(qtbot: QtBot, panel: ExperimentPanel) -> None:
    qtbot.keyClicks(panel.search, "gradient real")
    assert panel.form is not None
    assert panel.form.regularizers.parts["R1"].isVisible()
    assert not panel.form.regularizers.parts["Clipping"].isVisible()


def test_problems_stand_on_their_fields_and_the_rest_above(panel: ExperimentPanel) -> None:
    panel.show_problems(
        [
            Problem("training.steps", "training.steps: 0 is too few."),
            Problem("architecture.kind", "ConvGAN cannot take these."),
            Problem("", "The disk is full."),
            Problem("optimizers.critic", "There is no critic."),
        ]
    )
    assert field(panel, "training.steps")._problem.text() == "training.steps: 0 is too few."
    assert panel.form is not None
    assert "ConvGAN" in panel.form.architecture._problem.text()
    assert panel.problems.text() == "The disk is full.\nThere is no critic."


def test_the_first_problem_is_scrolled_to_and_unfolded(qtbot: QtBot, panel: ExperimentPanel) -> None:
    assert panel.form is not None
    training = next(group for group in panel.form.groups() if group.title == "Training")
    training.set_open(False)
    panel.show_problems([Problem("training.ema_decay", "It is too slow.")])
    assert training.is_open()
    wrong = field(panel, "training.ema_decay")
    qtbot.waitUntil(lambda: not wrong.visibleRegion().isEmpty())


def test_problems_of_a_hidden_field_are_listed(panel: ExperimentPanel) -> None:
    panel.show_problems([Problem("regularizers.Clipping.limit", "Too tight.")])
    assert panel.problems.text() == "Too tight."


def test_no_problems_clear_those_before(panel: ExperimentPanel) -> None:
    panel.show_problems([Problem("training.steps", "Too few."), Problem("", "Disk full.")])
    panel.show_problems([])
    assert panel.problems.text() == ""
    assert field(panel, "training.steps")._problem.text() == ""


def test_the_form_is_never_cut_off_at_the_side(qtbot: QtBot, panel: ExperimentPanel) -> None:
    assert panel.form is not None
    for preset in ("ring", "mnist-dcgan"):
        panel.set_experiment(Experiment.from_dict(next(p for p in CATALOGUE.presets if p["name"] == preset)))
        qtbot.wait(20)
        panel.resize(panel.minimumSizeHint().width(), 400)
        assert panel._scroll.viewport().width() >= panel.form.minimumSizeHint().width()


# --- Steering a run --------------------------------------------------------------------------------


def test_a_live_edit_is_asked_of_the_run(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    type_value(qtbot, panel, RATE, "3e-3")
    assert steered == [(RATE, 3e-3)]


@pytest.mark.parametrize("path", ["training.steps", "architecture.width"])
def test_other_edits_wait_for_the_next_run(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]], path: str
) -> None:
    type_value(qtbot, panel, path, "300")
    assert steered == []


def test_without_a_run_nothing_is_asked(qtbot: QtBot, panel: ExperimentPanel) -> None:
    with qtbot.assertNotEmitted(panel.liveEdited, wait=100):
        type_value(qtbot, panel, RATE, "3e-3")


def test_another_architecture_does_not_steer_the_run(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(0)
    type_value(qtbot, panel, RATE, "3e-3")
    assert steered == []


def test_another_preset_is_for_the_next_run_until_one_goes_back(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    assert panel.picker is not None
    panel.picker.chooser.activated.emit(0)
    assert "next one" in panel._running.text.text()
    type_value(qtbot, panel, "training.ema_decay", "0.5")
    panel.take([SettingChanged(5, RATE, 7e-3, 1e-3)])
    assert steered == []
    qtbot.mouseClick(panel._running.button, Qt.MouseButton.LeftButton)
    assert panel.baseline_name() == "mnist-dcgan"
    assert field(panel, RATE).value() == 7e-3
    type_value(qtbot, panel, "training.ema_decay", "0.5")
    assert steered == [("training.ema_decay", 0.5)]


def test_a_drag_is_passed_on_calmly_and_ends_with_the_last_value(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    slider = field(panel, RATE)._editor._pair.slider
    slider.setSliderDown(True)
    for position in range(300, 400, 2):
        slider.setSliderPosition(position)
    slider.setSliderDown(False)
    assert len(steered) == 2
    assert steered[-1] == (RATE, field(panel, RATE).value())


def test_what_holds_is_shown_without_asking_again(
    panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    panel.take([SettingChanged(5, RATE, 7e-3, 1e-3)])
    assert field(panel, RATE).value() == 7e-3
    assert steered == []


def test_an_early_answer_does_not_move_what_is_still_dragged(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    type_value(qtbot, panel, RATE, "3e-3")
    qtbot.wait(60)
    type_value(qtbot, panel, RATE, "4e-3")
    qtbot.waitUntil(lambda: len(steered) == 2)
    panel.take([SettingChanged(5, RATE, 3e-3, 1e-3)])
    assert field(panel, RATE).value() == 4e-3
    panel.take([SettingChanged(6, RATE, 4e-3, 3e-3)])
    assert field(panel, RATE).value() == 4e-3


def test_a_refusal_goes_back_and_says_why(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    type_value(qtbot, panel, RATE, "3e-3")
    panel.take([SettingRefused(5, RATE, "Not while the sun shines.")])
    assert field(panel, RATE).value() == 1e-3
    assert field(panel, RATE)._problem.text() == "Not while the sun shines."


def test_one_calm_line_says_what_acts_when(panel: ExperimentPanel, steered: list[tuple[str, Any]]) -> None:
    assert panel._running.isVisible()
    panel.end_run()
    assert not panel._running.isVisible()


def test_after_the_run_nothing_more_is_asked(
    qtbot: QtBot, panel: ExperimentPanel, steered: list[tuple[str, Any]]
) -> None:
    panel.end_run()
    type_value(qtbot, panel, RATE, "3e-3")
    qtbot.wait(80)
    assert steered == []


def test_the_hint_of_the_first_start_can_be_dismissed(qtbot: QtBot, panel: ExperimentPanel) -> None:
    panel.welcome(True)
    assert "Press Train" in panel._welcome.text.text()
    with qtbot.waitSignal(panel.welcomed):
        qtbot.mouseClick(panel._welcome.cross, Qt.MouseButton.LeftButton)
    assert not panel._welcome.isVisible()
