"""From a clicked sample to its nearest training images, on real data and a real thread."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import PreviewReady
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.gui.sample_inspecting import SampleInspecting
from ganstudio.registry import Registry
from ganstudio.session.shown_run import ShownRun
from tests import experiments
from tests.gui.recording import RecordingSession

PATIENCE_MS = 30_000


@pytest.fixture
def session() -> RecordingSession:
    made = RecordingSession()
    made.experiment = experiments.digits()
    return made


@pytest.fixture
def pane(qtbot: QtBot, session: RecordingSession) -> Iterator[SamplesPane]:
    made = SamplesPane()
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.show()
    shown = ShownRun(session, made)
    inspecting = SampleInspecting(session, shown, made, made)
    made.take_preview(PreviewReady(5, "images", np.zeros((4, 28, 28, 1), np.uint8)))
    yield made
    assert inspecting.shutdown(PATIENCE_MS)


def verdict(pane: SamplesPane) -> str:
    return pane.looks.sheet.inspector.verdict.text()


def test_the_nearest_training_images_are_found(qtbot: QtBot, session: RecordingSession, pane: SamplesPane):
    session.data_look.registry = Registry.load()
    pane.stage.chosen.emit(2)
    inspector = pane.looks.sheet.inspector
    qtbot.waitUntil(lambda: not inspector.nearest[2].place().isEmpty(), timeout=PATIENCE_MS)
    assert "real images" in verdict(pane)
    assert inspector.nearest[0].accessibleName().startswith("no. ")
    assert "5\N{NARROW NO-BREAK SPACE}000 training images" in inspector.verdict.toolTip()


def test_before_the_plugins_are_loaded_it_says_so(pane: SamplesPane):
    pane.stage.chosen.emit(0)
    assert verdict(pane) == "The nearest training images can be searched once the plugins are loaded."


def test_of_a_run_whose_experiment_is_not_known_it_says_so(session: RecordingSession, pane: SamplesPane):
    session.data_look.registry = object()
    session.experiment = None
    pane.stage.chosen.emit(0)
    assert verdict(pane).startswith("What this run was trained on is not known")


def test_why_there_are_none_is_said(
    qtbot: QtBot, session: RecordingSession, pane: SamplesPane, tmp_path: Path
):
    session.data_look.registry = Registry.load()
    session.experiment = experiments.digits().with_value("data.kind", "ImageFolder")
    pane.stage.chosen.emit(0)
    qtbot.waitUntil(lambda: "cannot" in verdict(pane) or "folder" in verdict(pane), timeout=PATIENCE_MS)
    assert pane.looks.sheet.inspector.verdict.property("role") == "watch"
