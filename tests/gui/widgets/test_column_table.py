from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from ganstudio.api.table_treatments import TREATMENTS
from ganstudio.gui import data_words
from ganstudio.gui.widgets.column_table import ColumnTable, TreatmentList
from tests.gui.reports import ROWS


@pytest.fixture
def table(qtbot: QtBot) -> ColumnTable:
    made = ColumnTable()
    qtbot.addWidget(made)
    made.resize(700, 240)
    made.show_rows(data_words.column_rows(ROWS))
    made.show()
    return made


def texts(table: ColumnTable, row: int) -> list[str]:
    items = (table.item(row, place) for place in range(table.columnCount()))
    return [item.text() for item in items if item is not None]


def offered(table: ColumnTable, row: int) -> TreatmentList:
    found = table.list_of(row)
    assert found is not None
    return found


def usable(offers: TreatmentList) -> list[str]:
    model = offers.model()
    assert isinstance(model, QStandardItemModel)
    return [name for place, name in enumerate(TREATMENTS) if model.item(place).isEnabled()]


def test_a_row_says_what_was_found_and_what_becomes_of_it(table: ColumnTable) -> None:
    assert texts(table, 0) == ["size", "numbers", "< 1 %", "1\u202f234", "", "1 mode", ""]
    assert texts(table, 2) == ["kind", "text", "–", "2", "", "2 categories", "The target."]
    assert texts(table, 3)[5:] == ["–", "Has 5000 different texts and is left out."]
    assert offered(table, 3).currentText() == "leave out, as found"


def test_what_a_column_cannot_be_is_grey_and_says_why(table: ColumnTable) -> None:
    assert usable(offered(table, 0)) == ["continuous", "categorical", "leave out"]
    assert offered(table, 0).itemData(2, Qt.ItemDataRole.ToolTipRole) == "It holds no dates."
    assert usable(offered(table, 1)) == list(TREATMENTS)
    assert usable(offered(table, 2)) == ["categorical"]
    assert "It is the target" in offered(table, 2).itemData(3, Qt.ItemDataRole.ToolTipRole)


def choose(table: ColumnTable, row: int, treatment: str) -> None:
    place = TREATMENTS.index(treatment)
    offered(table, row).setCurrentIndex(place)
    offered(table, row).activated.emit(place)


def test_a_choice_is_told_and_the_usual_one_is_told_as_nothing(qtbot: QtBot, table: ColumnTable) -> None:
    with qtbot.waitSignal(table.chosen) as told:
        choose(table, 0, "categorical")
    assert told.args == ["size", "categorical"]
    with qtbot.waitSignal(table.chosen) as told:
        choose(table, 0, "continuous")
    assert told.args == ["size", ""]


def test_what_is_asked_for_is_shown_without_being_told(qtbot: QtBot, table: ColumnTable) -> None:
    with qtbot.assertNotEmitted(table.chosen):
        table.show_asked({"born": "categorical"})
    assert [offered(table, row).currentText() for row in range(2)] == ["continuous, as found", "categorical"]


def test_a_reason_greys_every_list(table: ColumnTable) -> None:
    table.show_asked({}, "Look again.")
    assert not any(offered(table, row).isEnabled() for row in range(4))
    assert offered(table, 0).toolTip() == "Look again."
    table.show_asked({})
    assert offered(table, 0).isEnabled()


def test_like_columns_keep_their_lists_and_their_place(table: ColumnTable) -> None:
    before = offered(table, 1)
    table.setCurrentCell(3, 0)
    table.show_rows(data_words.column_rows(ROWS))
    assert offered(table, 1) is before
    assert table.currentRow() == 3


def test_a_source_that_says_nothing_of_what_it_found_has_no_lists(table: ColumnTable) -> None:
    table.show_rows(data_words.column_rows(replace(ROWS, found=())))
    assert [table.list_of(row) for row in range(table.rowCount())] == [None] * 3
    assert texts(table, 1)[:2] == ["born", "dates"]


def test_lists_of_a_wide_table_come_bit_by_bit(qtbot: QtBot, table: ColumnTable) -> None:
    many = [replace(data_words.column_rows(ROWS)[0], name=f"c{number}") for number in range(70)]
    table.show_rows(many)
    table.show_asked({"c1": "categorical", "c69": "leave out"})
    assert table.list_of(0) is not None
    qtbot.waitUntil(lambda: table.list_of(69) is not None)
    assert [offered(table, row).currentText() for row in (1, 2, 69)] == [
        *("categorical", "continuous, as found", "leave out")
    ]


def test_the_keyboard_opens_the_list_of_its_row(
    qtbot: QtBot, table: ColumnTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(TreatmentList, "showPopup", lambda offers: opened.append(offers.accessibleName()))
    table.setFocus()
    table.setCurrentCell(1, 0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["born: treated as"]
