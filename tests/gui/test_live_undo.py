from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import SettingChanged, SettingRefused, Started
from ganstudio.gui import live_undo
from ganstudio.gui.live_undo import LiveUndo

RATE, GAMMA = "optimizers.generator.learning_rate", "regularizers.R1.gamma"


class Run:
    """A run that does what it is asked, and tells."""

    def __init__(self) -> None:
        self.undo = LiveUndo()
        self.held: dict[str, Any] = {RATE: 1e-3, GAMMA: 1.0}
        self.refuses = False
        self.undo.wanted.connect(self.change)

    def change(self, path: str, value: Any) -> None:
        if self.refuses:
            self.undo.take([SettingRefused(5, path, "It cannot be.")])
            return
        before, self.held[path] = self.held[path], value
        self.undo.take([SettingChanged(5, path, value, before)])


@pytest.fixture
def run(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(live_undo, "TOGETHER_SECONDS", 0.0)
    return Run()


def test_there_is_nothing_to_undo_at_first(run: Run) -> None:
    run.undo.undo()
    run.undo.redo()
    assert (run.undo.undo_text(), run.undo.redo_text()) == ("", "")
    assert run.held == {RATE: 1e-3, GAMMA: 1.0}


def test_changes_are_taken_back_in_turn_and_made_again(run: Run) -> None:
    run.change(RATE, 2e-3)
    run.change(GAMMA, 3.0)
    run.undo.undo()
    assert run.held == {RATE: 2e-3, GAMMA: 1.0}
    run.undo.undo()
    assert run.held == {RATE: 1e-3, GAMMA: 1.0}
    assert (run.undo.undo_text(), run.undo.redo_text()) == ("", RATE)
    run.undo.redo()
    run.undo.redo()
    assert run.held == {RATE: 2e-3, GAMMA: 3.0}
    run.undo.undo()
    assert run.held[GAMMA] == 1.0


def test_a_dragged_slider_is_one_change(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_undo, "TOGETHER_SECONDS", 60.0)
    for rate in (1.1e-3, 1.2e-3, 1.3e-3):
        run.change(RATE, rate)
    run.change(GAMMA, 2.0)
    run.undo.undo()
    assert run.held == {RATE: 1.3e-3, GAMMA: 1.0}
    run.undo.undo()
    assert run.held[RATE] == 1e-3


def test_a_new_change_ends_what_could_be_made_again(run: Run) -> None:
    run.change(RATE, 2e-3)
    run.undo.undo()
    run.change(GAMMA, 3.0)
    assert run.undo.redo_text() == ""


def test_a_refusal_is_an_answer_too(run: Run) -> None:
    run.change(RATE, 2e-3)
    run.refuses = True
    run.undo.undo()
    run.refuses = False
    run.change(GAMMA, 3.0)
    assert run.undo.undo_text() == GAMMA


def test_changes_made_again_by_a_resumed_run_are_not_the_users(run: Run) -> None:
    run.undo.take([SettingChanged(5, RATE, 2e-3, 1e-3, again=True)])
    assert run.undo.undo_text() == ""


def test_a_new_run_has_nothing_to_undo(run: Run, qtbot: QtBot) -> None:
    run.change(RATE, 2e-3)
    with qtbot.waitSignal(run.undo.changed, timeout=0):
        run.undo.take([Started(1, "run", 100, "cpu", {})])
    assert run.undo.undo_text() == ""


def test_several_changes_that_belong_together_are_taken_back_and_made_again_as_one(run: Run) -> None:
    run.change(RATE, 5e-3)
    run.undo.expect("Slow it down", [RATE, GAMMA])
    run.change(RATE, 2e-3)
    run.change(GAMMA, 3.0)
    assert run.undo.undo_text() == "“Slow it down”"
    run.undo.undo()
    assert run.held == {RATE: 5e-3, GAMMA: 1.0}
    assert (run.undo.undo_text(), run.undo.redo_text()) == (RATE, "“Slow it down”")
    run.undo.redo()
    assert run.held == {RATE: 2e-3, GAMMA: 3.0}
    run.undo.undo()
    run.undo.undo()
    assert run.held == {RATE: 1e-3, GAMMA: 1.0}


def test_only_the_next_change_of_a_setting_belongs_to_the_others(run: Run) -> None:
    run.undo.expect("Slow it down", [RATE])
    run.change(RATE, 2e-3)
    run.change(RATE, 3e-3)
    run.undo.undo()
    assert run.held[RATE] == 2e-3
