from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.run_columns import COLUMNS, KEYS, NAME, STAR, TAGS
from ganstudio.gui.widgets.run_model import RunModel
from tests.gui.entries import entry, three

FALLING, RISING = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(qtbot: QtBot) -> RunModel:
    made = RunModel()
    made.tester = QAbstractItemModelTester(made, FATAL)  # type: ignore[attr-defined]
    made.show_entries(three())
    return made


def rows(model: RunModel) -> list[str]:
    return [one.folder for one in model.shown()]


def text(model: RunModel, folder: str, key: str) -> str:
    return str(model.data(model.index_of(folder, KEYS.index(key))))


def test_runs_come_as_they_are_given(model: RunModel) -> None:
    assert rows(model) == ["killed", "branch", "first"]


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("name", "half the rate"),
        ("state", "finished"),
        ("data", "Digits"),
        ("steps", "100 / 100"),
        ("time", "12 s"),
        ("scores", "modes 8, high quality 25\u202f%"),
        ("tags", "paper"),
        ("parent", "first at step 50"),
        ("size", "2.0 KiB"),
    ],
)
def test_a_cell_says_what_its_column_is_about(model: RunModel, key: str, shown: str) -> None:
    assert text(model, "branch", key) == shown


def test_notes_show_their_first_line(model: RunModel) -> None:
    assert text(model, "first", "notes") == "A note"


def test_kinds_are_called_by_their_titles(model: RunModel) -> None:
    model.set_titles({"Digits": "MNIST digits"})
    assert text(model, "first", "data") == "MNIST digits"
    model.set_filter("mnist")
    assert rows(model) == ["branch", "first"]


@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=KEYS)
@pytest.mark.parametrize("order", [RISING, FALLING], ids=["rising", "falling"])
def test_every_column_sorts(model: RunModel, column: int, order: Qt.SortOrder) -> None:
    model.show_entries([*three(), entry("damaged", state="damaged", began="", thumbnail=None)])
    model.sort(column, order)
    assert sorted(rows(model)) == ["branch", "damaged", "first", "killed"]
    keys = [COLUMNS[column].order(one, {}) for one in model.shown()]
    assert keys == sorted(keys, reverse=order == FALLING)


def test_sorting_keeps_what_is_selected(model: RunModel) -> None:
    kept = QPersistentModelIndex(model.index_of("first"))
    model.sort(KEYS.index("time"), RISING)
    assert kept.row() == 0
    found = model.entry(kept)
    assert found is not None
    assert found.folder == "first"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("half", ["branch"]),
        ("PAPER fin", ["branch"]),
        ("ring", ["killed"]),
        ("starred", ["branch"]),
        ("two lines", ["first"]),
        ("nothing of this", []),
        ("", ["killed", "branch", "first"]),
    ],
)
def test_typing_finds_runs(model: RunModel, typed: str, found: list[str]) -> None:
    model.set_filter(typed)
    assert rows(model) == found
    assert model.rowCount() == len(found)


def test_branches_stand_under_their_parents(model: RunModel) -> None:
    model.set_by_family(True)
    first = model.index_of("first")
    assert model.rowCount() == 2
    assert model.rowCount(first) == 1
    branch = model.index(0, NAME, first)
    assert model.data(branch) == "half the rate"
    assert model.parent(branch) == first


def test_a_branch_that_matches_is_shown_in_its_place(model: RunModel) -> None:
    model.set_by_family(True)
    model.set_filter("paper")
    assert rows(model) == ["first", "branch"]


def test_runs_that_descend_from_each_other_are_shown_once(model: RunModel) -> None:
    model.show_entries([entry("a", parent="b"), entry("b", parent="a"), entry("c", parent="c")])
    model.set_by_family(True)
    assert sorted(rows(model)) == ["a", "b", "c"]


def test_a_changed_run_stays_in_its_row(qtbot: QtBot, model: RunModel) -> None:
    model.sort(NAME, RISING)
    before = rows(model)
    changed = replace(three()[2], name="zzz", step=50)
    with qtbot.waitSignal(model.dataChanged):
        model.update_entry(changed)
    assert rows(model) == before
    assert text(model, "first", "name") == "zzz"
    model.set_filter("zzz")
    assert rows(model) == ["first"]


def test_a_run_that_is_not_listed_changes_nothing(qtbot: QtBot, model: RunModel) -> None:
    with qtbot.assertNotEmitted(model.dataChanged):
        model.update_entry(entry("unheard"))


def test_an_index_that_outlives_its_run_leads_nowhere(model: RunModel) -> None:
    index = model.index_of("first")
    model.show_entries([])
    assert model.entry(index) is None
    assert model.data(index) is None


def test_what_is_written_is_told_and_not_kept(qtbot: QtBot, model: RunModel) -> None:
    with qtbot.waitSignal(model.edited) as told:
        assert model.setData(model.index_of("first", NAME), " a  new name ")
    assert (told.args[0].folder, told.args[1]) == ("first", {"name": "a new name"})
    assert text(model, "first", "name") == "first"
    with qtbot.waitSignal(model.edited) as told:
        model.setData(model.index_of("branch", TAGS), "paper, best of all")
    assert told.args[1] == {"tags": ("paper", "best of all")}


@pytest.mark.parametrize(
    ("folder", "column", "value"),
    [("first", NAME, "first"), ("first", NAME, " "), ("branch", TAGS, "paper"), ("first", STAR, "x")],
    ids=["same-name", "no-name", "same-tags", "not-editable"],
)
def test_nothing_new_is_not_told(qtbot: QtBot, model: RunModel, folder: str, column: int, value: str) -> None:
    with qtbot.assertNotEmitted(model.edited):
        assert not model.setData(model.index_of(folder, column), value)


def test_an_empty_name_gives_the_folder_its_own_again(qtbot: QtBot, model: RunModel) -> None:
    for written in ("", "branch"):
        with qtbot.waitSignal(model.edited) as told:
            model.setData(model.index_of("branch", NAME), written)
        assert told.args[1] == {"name": ""}


def test_every_cell_can_be_heard(model: RunModel) -> None:
    for column in range(len(COLUMNS)):
        spoken = model.data(model.index_of("branch", column), Qt.ItemDataRole.AccessibleTextRole)
        assert spoken.startswith(f"{COLUMNS[column].title}: ")
        assert len(spoken) > len(COLUMNS[column].title) + 2


def test_scores_of_features_come_first_and_vital_signs_are_no_score_to_judge_by():
    scores = {"score/vitals/repeats": 0.4, "score/modes": 8.0, "score/FID (studio, 2000)": 21.44}
    column = COLUMNS[KEYS.index("scores")]
    run = entry("run", scores=scores)
    assert column.text(run, {}) == "FID (studio, 2\u202f000) 21.4, modes 8"
    assert column.order(run, {}) == ("score/FID (studio, 2000)", 21.44)
