"""Settings below the samples, from the edit to the samples that follow it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Finished, PreviewReady, SettingChanged, SettingRefused, Started
from ganstudio.catalogue import Entry
from ganstudio.experiment import Choice, Experiment
from ganstudio.field_spec import Dependency, FieldSpec
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.gui.preview_steering import PreviewSteering
from ganstudio.runs.history import Change, Kept, read_history
from ganstudio.session.shown_run import ShownRun
from tests.gui.catalogues import CATALOGUE
from tests.gui.recording import RecordingSession
from tests.runs.made import make_run

PATH = "architecture.truncation"
TRUNCATION = FieldSpec("truncation", "truncation", "float", 1.0, low=0.0, high=2.0, live=True, shown=True)
WIDTH = FieldSpec("width", "width", "int", 8)
STARTED = Started(1, "run", 100, "cpu", {})


@pytest.fixture
def session() -> RecordingSession:
    style = Entry("Style", "Style", "Styles.", "p", fields=(WIDTH, TRUNCATION))
    made = RecordingSession(replace(CATALOGUE, architectures=(style,)))
    made.experiment = Experiment(Choice("Digits"), Choice("Style", {"truncation": 0.5, "width": 8}))
    return made


@pytest.fixture
def pane(qtbot: QtBot, session: RecordingSession) -> SamplesPane:
    made = SamplesPane()
    qtbot.addWidget(made)
    shown = ShownRun(session, made)
    shown.eventsArrived.connect(
        lambda events: [made.take_preview(event) for event in events if isinstance(event, PreviewReady)]
    )
    PreviewSteering(session, shown, made, made)
    session.eventsArrived.emit([STARTED, samples(1)])
    return made


def samples(step: int) -> PreviewReady:
    return PreviewReady(step, "images", np.zeros((4, 8, 8, 1), np.uint8))


def test_those_settings_that_change_samples_alone_are_below_them(pane: SamplesPane):
    assert list(pane.settings.fields) == [PATH]
    assert pane.settings.fields[PATH].value() == 0.5
    assert not pane.settings.isHidden()


def test_what_does_not_apply_to_the_run_is_not_below_them(session: RecordingSession, pane: SamplesPane):
    few, many = (replace(TRUNCATION, name=f"code{n}", when=(Dependency("codes", above=n),)) for n in (0, 1))
    codes = FieldSpec("codes", "codes", "int", 1)
    style = Entry("Style", "Style", "Styles.", "p", fields=(codes, few, many))
    session.catalogue = replace(CATALOGUE, architectures=(style,))
    session.experiment = Experiment(Choice("Digits"), Choice("Style", {}))
    session.eventsArrived.emit([STARTED, samples(1)])
    assert list(pane.settings.fields) == ["architecture.code0"]


def test_an_edit_asks_for_new_samples_and_for_no_more_before_they_came(
    session: RecordingSession, pane: SamplesPane
):
    for value in (0.6, 0.7, 0.8):
        pane.settings.edited.emit(PATH, value)
    edits = [("edit", PATH, value) for value in (0.6, 0.7, 0.8)]
    assert session.asked == [edits[0], ("preview",), *edits[1:]]
    session.eventsArrived.emit([SettingChanged(1, PATH, 0.6, 0.5), samples(1)])
    assert session.asked[4:] == [("preview",)], "what was changed meanwhile is still to be seen"
    session.eventsArrived.emit([samples(1)])
    assert len(session.asked) == 5


def test_what_holds_and_what_is_refused_is_shown(session: RecordingSession, pane: SamplesPane):
    session.eventsArrived.emit([SettingChanged(1, PATH, 1.25, 0.5)])
    assert pane.settings.fields[PATH].value() == 1.25
    session.eventsArrived.emit([SettingRefused(1, PATH, "Not now.")])
    assert pane.settings.fields[PATH]._problem.text() == "Not now."


def test_a_text_asks_for_samples_when_it_is_written_to_its_end(
    session: RecordingSession, pane: SamplesPane, qtbot: QtBot
):
    pane.settings.offer([FieldSpec("asked", "asked", "text", "", live=True, shown=True)], {})
    pane.show()
    line = pane.settings.fields["architecture.asked"].findChild(QLineEdit)
    qtbot.keyClicks(line, "job=care")
    assert session.asked == []
    qtbot.keyClick(line, Qt.Key.Key_Return)
    line.editingFinished.emit()
    assert session.asked == [("edit", "architecture.asked", "job=care"), ("preview",)]


# --- Runs that are over ----------------------------------------------------------------------------


@pytest.fixture
def wishes(pane: SamplesPane, session: RecordingSession, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Keep what is to be made anew instead of making it."""
    made: list[object] = []
    monkeypatch.setattr(steering_of(pane).remaking, "remake", lambda *wish: made.append(wish))
    session.data_look.registry = "plugins"
    session.run_path = Path("/runs/one")
    return made


def steering_of(pane: SamplesPane) -> PreviewSteering:
    return pane.findChild(PreviewSteering)


def test_once_the_run_is_over_samples_are_made_from_its_newest_checkpoint(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    pane.settings.fields[PATH].set_value(0.7)
    pane.settings.edited.emit(PATH, 0.7)
    assert session.asked == []
    assert wishes == [(Path("/runs/one"), "plugins", {"truncation": 0.7})]
    made = replace(samples(100), array=np.full((4, 8, 8, 1), 9, np.uint8))
    steering_of(pane).remaking.made.emit(Path("/runs/one"), [made])
    assert pane._shown().array.max() == 9


def test_what_was_made_of_another_run_is_not_shown(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    made = replace(samples(100), array=np.full((4, 8, 8, 1), 9, np.uint8))
    steering_of(pane).remaking.made.emit(Path("/runs/another"), [made])
    assert pane._shown().array.max() == 0


def test_why_there_are_no_new_samples_stands_at_the_setting(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.eventsArrived.emit([Finished(100, "aborted", 1.0)])
    pane.settings.edited.emit(PATH, 0.7)
    steering_of(pane).remaking.failed.emit("It holds no checkpoint.")
    assert pane.settings.fields[PATH]._problem.text() == "It holds no checkpoint."


def test_a_run_that_begins_is_steered_again(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    session.eventsArrived.emit([STARTED])
    pane.settings.edited.emit(PATH, 0.7)
    assert session.asked == [("edit", PATH, 0.7), ("preview",)]
    assert wishes == []


def opened(pane: SamplesPane, folder: Path, checkpoints: int = 1) -> None:
    """Open a run of another folder, whose truncation was changed while it trained."""
    shown = pane.findChild(ShownRun)
    experiment = Experiment(Choice("Digits"), Choice("Style", {"truncation": 0.5}), name="other")
    kept = tuple(Kept(step, folder) for step in range(checkpoints))
    history = replace(
        read_history(make_run(folder)),
        experiment=experiment,
        changes=(Change(5, PATH, 0.25, 0.5),),
        checkpoints=kept,
    )
    shown.path, shown.history = folder, history
    shown.changed.emit()
    shown.historyArrived.emit(history)


def test_a_run_that_was_opened_has_them_as_they_stood_at_its_end(
    pane: SamplesPane, wishes: list[object], tmp_path: Path
):
    opened(pane, tmp_path / "other")
    assert pane.settings.fields[PATH].value() == 0.25
    pane.settings.edited.emit(PATH, 0.25)
    assert wishes == [(tmp_path / "other", "plugins", {"truncation": 0.25})]


def test_a_training_that_is_come_back_to_is_steered_again(
    session: RecordingSession, pane: SamplesPane, wishes: list[object], tmp_path: Path
):
    session.state = "running"
    opened(pane, tmp_path / "other")
    shown = pane.findChild(ShownRun)
    history, shown.path = shown.history, None
    shown.changed.emit()
    shown.historyArrived.emit(history)
    pane.settings.edited.emit(PATH, 0.7)
    assert session.asked == [("edit", PATH, 0.7), ("preview",)]
    assert wishes == []


def test_once_no_run_is_shown_there_are_none(
    session: RecordingSession, pane: SamplesPane, wishes: list[object], tmp_path: Path
):
    session.run_path = None
    opened(pane, tmp_path / "other")
    assert list(pane.settings.fields) == [PATH]
    pane.findChild(ShownRun).close()
    assert pane.settings.fields == {}


def test_a_run_without_a_checkpoint_has_none(pane: SamplesPane, wishes: list[object], tmp_path: Path):
    opened(pane, tmp_path / "other", checkpoints=0)
    assert pane.settings.fields == {}


def test_looking_back_ends_where_samples_are_made_anew(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    pane.scrubber.set_steps([10, 20])
    pane.scrubber.show_step(10)
    pane.settings.edited.emit(PATH, 0.7)
    assert pane.scrubber.step is None


def test_before_the_plugins_are_there_it_says_so(
    session: RecordingSession, pane: SamplesPane, wishes: list[object]
):
    session.data_look.registry = None
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    pane.settings.edited.emit(PATH, 0.7)
    assert "once the plugins are loaded" in pane.settings.fields[PATH]._problem.text()
    assert wishes == []
