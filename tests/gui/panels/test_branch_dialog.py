"""The branch dialog: from which checkpoint, with which settings."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import Catalogue
from ganstudio.gui.panels import branch_words
from ganstudio.gui.panels.branch_checkpoints import BranchCheckpoints
from ganstudio.gui.panels.branch_dialog import BranchDialog
from ganstudio.runs.history import History, Kept
from tests.compared import digits, experiment, made
from tests.gui.catalogues import CATALOGUE

RATE = "optimizers.generator.learning_rate"


@pytest.fixture
def history(tmp_path: Path) -> History:
    asked = experiment(rate=4e-4, training__steps=60, architecture__n_critic=2)
    asked = replace(asked, architecture=replace(asked.architecture, settings={"width": 32, "n_critic": 2}))
    asked = replace(asked, training={"steps": 60, "seed": 0})
    changes = [(30, RATE, 4e-4, 1e-4)]
    return made(tmp_path, asked, changes=changes, checkpoints=(20, 40))


def opened(qtbot: QtBot, history: History, step: int | None = None) -> BranchDialog:
    dialog = BranchDialog(history, CATALOGUE, step=step)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def rate(dialog: BranchDialog, network: str = "generator") -> object:
    field = dialog.form.field(f"optimizers.{network}.learning_rate")
    assert field is not None
    return field.value()


def test_the_newest_checkpoint_is_chosen(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    assert dialog.checkpoints.step() == 40
    assert [dialog.checkpoints.item(row, 0).text() for row in range(2)] == ["40", "20"]  # type: ignore[union-attr]
    row = [dialog.checkpoints.item(0, column).text() for column in range(1, 4)]  # type: ignore[union-attr]
    assert row[1:] == ["4.0 KiB", "at the end"]
    assert row[0]


@pytest.mark.parametrize(("step", "chosen"), [(20, 20), (40, 40), (30, 40), (None, 40)])
def test_it_can_begin_with_another(qtbot: QtBot, history: History, step: int | None, chosen: int) -> None:
    assert opened(qtbot, history, step).checkpoints.step() == chosen


@pytest.mark.parametrize(("step", "held"), [(20, 4e-4), (40, 1e-4)])
def test_it_shows_what_held_at_that_step(qtbot: QtBot, history: History, step: int, held: float) -> None:
    dialog = opened(qtbot, history, step)
    assert rate(dialog) == held
    path, at, asked = dialog.chosen()
    assert (path, at) == (history.path, step)
    assert asked.optimizers["generator"] == {"learning_rate": held}
    assert asked.architecture.settings == {"width": 32, "n_critic": 2}
    assert dialog.changes.text().startswith("Nothing is changed")


def test_half_the_learning_rates_take_two_presses(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    QTest.mouseClick(dialog.factors[0.5], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.accepted):
        QTest.mouseClick(dialog.branch, Qt.MouseButton.LeftButton)
    _, step, asked = dialog.chosen()
    assert step == 40
    assert asked.optimizers == {
        "generator": {"learning_rate": 5e-5},
        "discriminator": {"learning_rate": 1e-4},
    }


def test_rates_stay_in_their_range(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    for _ in range(30):
        dialog.factors[2.0].click()
    assert rate(dialog) == 1.0


def test_changes_are_marked_and_named(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    dialog.factors[0.5].click()
    assert "generator learning rate 1e−4 → 5e−5" in dialog.changes.text().replace("-", "−")
    field = dialog.form.field(RATE)
    assert field is not None
    assert field.is_changed()
    field.reset()
    assert "generator" not in dialog.changes.text()


def test_added_regularizers_and_another_loss_are_named(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    dialog.form.regularizers.parts["R1"].turn(True)
    dialog.form.loss.choose("NonSaturating")
    dialog.form.changed.emit()
    assert dialog.changes.text() == "Changed: loss Hinge → NonSaturating, R1 added."
    assert dialog.chosen()[2].regularizers == {"R1": {}}


def test_what_was_changed_stays_with_another_checkpoint(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    gamma = dialog.form.field("training.seed")
    assert gamma is not None
    gamma.set_value(7)
    dialog.checkpoints.choose(20)
    assert gamma.value() == 7
    assert rate(dialog) == 4e-4
    assert dialog.form.name.value() == "ring from 20"
    assert dialog.changes.text() == "Changed: seed 0 → 7."


@pytest.mark.parametrize("path", ["data.resize", "architecture.width", "architecture.spectral_norm"])
def test_what_gives_the_networks_their_shape_is_greyed_with_the_reason(
    qtbot: QtBot, tmp_path: Path, path: str
) -> None:
    asked = digits()
    asked = replace(asked, architecture=replace(asked.architecture, settings={"width": 32}))
    dialog = opened(qtbot, made(tmp_path, asked, checkpoints=(20,)))
    field = dialog.form.field(path)
    assert field is not None
    assert not field.isEnabled()
    assert "Begin a new run" in field.toolTip()
    live = dialog.form.field("architecture.n_critic")
    assert live is not None
    assert live.isEnabled()
    assert not dialog.form.architecture.chooser.isEnabled()
    assert not dialog.form.data.chooser.isEnabled()


def test_greyed_settings_stay_grey_whatever_is_chosen(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    dialog.form.loss.chooser.setCurrentIndex(0)
    dialog.form.loss.chooser.activated.emit(0)
    dialog.checkpoints.choose(20)
    width = dialog.form.field("architecture.width")
    assert width is not None
    assert not width.isEnabled()
    assert not dialog.form.architecture.chooser.isEnabled()


def test_a_run_that_made_all_its_steps_is_given_more(qtbot: QtBot, tmp_path: Path) -> None:
    asked = experiment(training__steps=40)
    dialog = opened(qtbot, made(tmp_path, asked, checkpoints=(40,)))
    assert dialog.chosen()[2].training["steps"] == 80
    assert dialog.steps_line.text() == "40 steps are made already, 40 follow."


def test_no_steps_left_is_said_and_refused(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    steps = dialog.form.training.fields["steps"]
    steps.set_value(40)
    steps.edited.emit(steps.path, 40)
    assert "Ask for more than that" in dialog.steps_line.text()
    assert not dialog.branch.isEnabled()
    dialog.checkpoints.choose(20)
    assert dialog.branch.isEnabled()


def test_without_checkpoints_there_is_nothing_to_branch_from(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, made(tmp_path, experiment()))
    assert dialog.problem.text.text().startswith("This run has no checkpoint")
    assert not dialog.branch.isEnabled()
    with pytest.raises(ValueError, match="no checkpoint"):
        dialog.chosen()


def test_a_plugin_that_is_not_there_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    asked = experiment().with_value("architecture.kind", "StyleGAN")
    dialog = opened(qtbot, made(tmp_path, asked, checkpoints=(20,)))
    assert "StyleGAN" in dialog.problem.text.text()
    assert not dialog.branch.isEnabled()
    dialog.factors[0.5].click()
    assert not dialog.branch.isEnabled()


def test_a_setting_that_cannot_be_shown_is_said(qtbot: QtBot, history: History) -> None:
    asked = history.experiment.with_value("training.seeed", 1)
    dialog = opened(qtbot, replace(history, experiment=asked))
    assert "training.seeed" in dialog.hint.text.text()
    assert dialog.branch.isEnabled()


def test_before_the_plugins_are_there_it_says_so(qtbot: QtBot, history: History) -> None:
    dialog = BranchDialog(history, Catalogue())
    qtbot.addWidget(dialog)
    assert "plugins" in dialog.problem.text.text()
    assert not dialog.branch.isEnabled()


def test_settings_can_be_found_and_name_and_steps_stay(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    dialog.search.setText("seed")
    seed, beta = dialog.form.field("training.seed"), dialog.form.field("optimizers.generator.beta1")
    assert seed is not None
    assert beta is not None
    assert (seed.isVisible(), beta.isVisible()) == (True, False)
    assert dialog.form.name.isVisible()
    assert dialog.form.training.fields["steps"].isVisible()


def test_the_keyboard_alone_suffices(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    dialog.checkpoints.setFocus()
    QTest.keyClick(dialog.checkpoints, Qt.Key.Key_Down)
    assert dialog.checkpoints.step() == 20
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.checkpoints, Qt.Key.Key_Return)


def test_enter_does_nothing_where_nothing_can_be_branched(qtbot: QtBot, history: History) -> None:
    asked = history.experiment.with_value("architecture.kind", "StyleGAN")
    dialog = opened(qtbot, replace(history, experiment=asked))
    QTest.keyClick(dialog.checkpoints, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_every_button_has_a_name(qtbot: QtBot, history: History) -> None:
    dialog = opened(qtbot, history)
    buttons = [button for button in dialog.findChildren(QAbstractButton) if button.isVisible()]
    nameless = [
        button
        for button in buttons
        if not (button.accessibleName() or button.text())
        # The corner of a table and the sign in a box are Qt's own.
        and not isinstance(button.parent(), BranchCheckpoints | QLineEdit)
    ]
    assert [button.parent() for button in nameless] == []


@pytest.mark.parametrize(
    ("name", "step", "called"),
    [("ring", 4000, "ring from 4000"), ("ring from 400", 600, "ring from 600")],
)
def test_a_branch_is_called_after_its_run_and_step(name: str, step: int, called: str) -> None:
    assert branch_words.branch_name(name, step) == called


def test_why_a_checkpoint_is_kept_is_said() -> None:
    kept = Kept(400, Path("400"), 2048, "best, end")
    assert branch_words.row(kept, None) == ("400", "", "2.0 KiB", "★ the best, at the end")


def test_a_time_that_is_none_is_left_out(history: History) -> None:
    events = tuple({**record, "time": "yesterday"} for record in history.events)
    assert branch_words.times(replace(history, events=events)) == {}
