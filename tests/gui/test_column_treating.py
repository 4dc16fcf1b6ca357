"""The columns on the data page and the setting of the form that they stand for, kept in step."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.api.table_treatments import TREATMENTS
from ganstudio.catalogue import Entry
from ganstudio.experiment import Choice
from ganstudio.gui.data_tab import DataTab
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from tests.gui.catalogues import CATALOGUE, FOLDER
from tests.gui.data_tabs import form_of, tab_of
from tests.gui.recording import RecordingSession
from tests.gui.reports import ROWS

FIELDS = (replace(FOLDER, name="file"), replace(FOLDER, name="treat", kind="text"))
TABLES = replace(
    CATALOGUE,
    data=(
        Entry("Rows", "Table", "Own.", "p", fields=FIELDS, data_kinds=("tables",)),
        Entry("Fixed", "Fixed table", "Own.", "p", fields=FIELDS[:1], data_kinds=("tables",)),
    ),
)
QUICK, SLOW = replace(ROWS, seconds=0.5), replace(ROWS, seconds=20.0)


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession(TABLES)


@pytest.fixture
def form(qtbot: QtBot) -> ExperimentPanel:
    return form_of(TABLES, qtbot)


@pytest.fixture
def tab(
    qtbot: QtBot, session: RecordingSession, form: ExperimentPanel, monkeypatch: pytest.MonkeyPatch
) -> DataTab:
    made = tab_of(session, form, qtbot, monkeypatch)
    made.show()
    form.choose_data(Choice("Rows", {"file": "a.csv"}))
    made.page.look.click()
    session.data_look.find(SLOW)
    return made


def choose(tab: DataTab, row: int, treatment: str) -> None:
    offered = tab.page.columns.table.list_of(row)
    assert offered is not None
    offered.activated.emit(TREATMENTS.index(treatment))


def setting(form: ExperimentPanel) -> str:
    experiment = form.experiment()
    assert experiment is not None
    assert experiment.data.settings["file"] == "a.csv"
    return str(experiment.data.settings.get("treat", ""))


def shown(tab: DataTab) -> list[str]:
    lists = (tab.page.columns.table.list_of(row) for row in range(4))
    return [TREATMENTS[offered.currentIndex()] for offered in lists if offered is not None]


def type_in(form: ExperimentPanel, text: str) -> None:
    """Write into the setting, as the user does."""
    assert form.form is not None
    field = form.form.field("data.treat")
    assert field is not None
    field.set_value(text)
    field._take_edit()


def test_a_choice_on_the_page_is_written_to_the_setting(tab: DataTab, form: ExperimentPanel) -> None:
    assert shown(tab) == ["continuous", "date", "categorical", "leave out"]
    choose(tab, 0, "categorical")
    choose(tab, 3, "categorical")
    assert setting(form) == "size=categorical, note=categorical"
    assert shown(tab) == ["categorical", "date", "categorical", "categorical"]
    choose(tab, 0, "continuous")
    assert setting(form) == "note=categorical"


def test_what_is_typed_is_shown_on_the_page_as_far_as_it_is_known(
    tab: DataTab, form: ExperimentPanel
) -> None:
    type_in(form, "born=leave out; size=categ")
    assert shown(tab) == ["continuous", "leave out", "categorical", "leave out"]


def test_choices_are_taken_back_and_made_again(qtbot: QtBot, tab: DataTab, form: ExperimentPanel) -> None:
    columns = tab.page.columns
    choose(tab, 0, "categorical")
    choose(tab, 1, "leave out")
    columns.undo.click()
    assert setting(form) == "size=categorical"
    qtbot.keyClick(columns.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert setting(form) == ""
    assert not columns.undo.isEnabled()
    columns.redo.click()
    columns.redo.click()
    assert setting(form) == "size=categorical, born=leave out"
    columns.reset.click()
    assert (setting(form), columns.reset.isEnabled()) == ("", False)
    columns.undo.click()
    assert setting(form) == "size=categorical, born=leave out"


def test_what_is_typed_or_other_data_ends_what_can_be_taken_back(tab: DataTab, form: ExperimentPanel) -> None:
    choose(tab, 0, "categorical")
    type_in(form, "size=leave out")
    assert not tab.page.columns.undo.isEnabled()
    choose(tab, 1, "leave out")
    assert tab.page.columns.undo.isEnabled()
    form.choose_data(Choice("Rows", {"file": "b.csv"}))
    assert not tab.page.columns.undo.isEnabled()


def test_of_other_data_nothing_is_chosen_before_it_is_looked_at(
    tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    offered = tab.page.columns.table.list_of(0)
    assert offered is not None
    form.choose_data(Choice("Rows", {"file": "b.csv"}))
    assert not offered.isEnabled()
    assert "Look at it again" in offered.toolTip()
    tab.page.look.click()
    session.data_look.find(SLOW)
    assert offered.isEnabled()


def test_a_source_without_the_setting_says_so(
    tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    form.choose_data(Choice("Fixed"))
    tab.page.look.click()
    session.data_look.find(SLOW)
    offered = tab.page.columns.table.list_of(0)
    assert offered is not None
    assert offered.toolTip() == "This source has no setting for how columns are treated."


def looks(session: RecordingSession) -> int:
    return sum(wish[0] == "look" for wish in session.data_look.asked)


def test_a_look_that_was_quick_is_taken_again_unasked(
    qtbot: QtBot, tab: DataTab, session: RecordingSession
) -> None:
    tab.page.look.click()
    session.data_look.find(QUICK)
    before = looks(session)
    choose(tab, 0, "categorical")
    qtbot.waitUntil(lambda: looks(session) == before + 1)


def test_a_look_that_took_long_waits_for_the_user(
    qtbot: QtBot, tab: DataTab, session: RecordingSession
) -> None:
    before = looks(session)
    choose(tab, 0, "categorical")
    qtbot.waitUntil(tab.page.stale.isVisible)
    assert looks(session) == before


def test_remarks_of_the_row_in_reach_are_shown_in_full(tab: DataTab) -> None:
    tab.page.columns.table.setCurrentCell(3, 0)
    assert tab.page.columns.remarks.text() == "note: Has 5000 different texts and is left out."
    assert tab.page.notes.text() == "The file is large."
    assert tab.page.columns.sentence.text() == "4 columns, 1 left out"
