"""A data tab with its form beside it, on a session that only records what is asked of it."""

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import Catalogue
from ganstudio.gui import data_looking
from ganstudio.gui.data_tab import DataTab
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from tests.gui.recording import RecordingSession


def form_of(catalogue: Catalogue, qtbot: QtBot) -> ExperimentPanel:
    """Return a form that is shown."""
    made = ExperimentPanel()
    qtbot.addWidget(made)
    made.set_catalogue(catalogue)
    made.show()
    return made


def tab_of(
    session: RecordingSession, form: ExperimentPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> DataTab:
    """Return a tab that looks again at once after a change."""
    monkeypatch.setattr(data_looking, "SETTLE_MS", 1)
    made = DataTab(session, form)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    return made
