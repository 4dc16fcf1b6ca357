"""Settings below the samples, from the edit to the samples that follow it."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import Finished, PreviewReady, SettingChanged, SettingRefused, Started
from ganstudio.catalogue import Entry
from ganstudio.experiment import Choice, Experiment
from ganstudio.field_spec import FieldSpec
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.gui.preview_steering import PreviewSteering
from ganstudio.session.shown_run import ShownRun
from tests.gui.catalogues import CATALOGUE
from tests.gui.recording import RecordingSession

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


def test_once_the_run_is_over_they_say_that_it_is(session: RecordingSession, pane: SamplesPane):
    session.eventsArrived.emit([Finished(100, "done", 1.0)])
    field = pane.settings.fields[PATH]
    assert not field.isEnabled()
    assert "The run is over" in field.toolTip()
