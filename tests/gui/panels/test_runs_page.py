from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.runs_page import RunsPage
from ganstudio.gui.widgets.run_columns import KEYS, NAME, STAR, TAGS
from ganstudio.runs.library import Trashed
from ganstudio.session.thumbnails import Thumbnail
from tests.gui.entries import ROOT, entry, three

PICTURE = Thumbnail(np.full((8, 8, 3), 255, np.uint8))


@pytest.fixture
def page(qtbot: QtBot) -> RunsPage:
    made = RunsPage(lambda path: PICTURE if path.name == "there.png" else None)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    made.show_entries(three())
    made.show()
    made.activateWindow()
    made.view.setFocus()
    qtbot.waitUntil(made.view.hasFocus)
    return made


def enabled(page: RunsPage) -> set[str]:
    return {key for key, action in page.actions_of_runs.by_key.items() if action.isEnabled()}


def select(page: RunsPage, *folders: str) -> None:
    page.view.select(folders)


def place(page: RunsPage, folder: str, column: int) -> QPoint:
    return page.view.visualRect(page.model.index_of(folder, column)).center()


# --- What can be done ------------------------------------------------------------------------------


def test_without_a_selection_nothing_can_be_done(page: RunsPage) -> None:
    page.view.clearSelection()
    assert enabled(page) == set()
    assert page.actions_of_runs.by_key["open"].toolTip() == "Select one run."


def test_an_interrupted_run_can_be_resumed(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "killed")
    with qtbot.waitSignal(page.resumeAsked) as told:
        page.actions_of_runs.by_key["resume"].trigger()
    assert told.args == [ROOT / "killed"]


@pytest.mark.parametrize(
    ("change", "refused", "why"),
    [
        ({"state": "finished"}, set(), "for more steps"),
        ({"state": "running"}, {"resume", "delete"}, "It is training."),
        ({"state": "stopped", "checkpoints": 0}, {"resume", "branch"}, "no checkpoint to go on from"),
        (
            {"state": "damaged", "sentence": "It is torn."},
            {"open", "resume", "branch", "settings", "export"},
            "It is torn.",
        ),
    ],
    ids=["finished", "running", "no-checkpoint", "damaged"],
)
def test_what_cannot_be_done_says_why(
    page: RunsPage, change: dict[str, object], refused: set[str], why: str
) -> None:
    page.update_entry(replace(three()[2], **change))  # type: ignore[arg-type]
    select(page, "first")
    assert set(page.actions_of_runs.by_key) - enabled(page) == {"compare", *refused}
    assert why in page.actions_of_runs.by_key["resume"].toolTip()


def test_while_one_trains_no_other_is_resumed(page: RunsPage) -> None:
    select(page, "killed")
    page.set_busy("A run is training here.")
    assert page.actions_of_runs.by_key["resume"].toolTip() == "A run is training here."
    assert not page.actions_of_runs.by_key["resume"].isEnabled()
    page.set_busy("")
    assert page.actions_of_runs.by_key["resume"].isEnabled()


def test_several_runs_are_compared(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first", "killed")
    assert enabled(page) == {"compare", "tags", "star", "path", "delete"}
    with qtbot.waitSignal(page.compareAsked) as told:
        page.actions_of_runs.by_key["compare"].trigger()
    assert told.args == [[ROOT / "killed", ROOT / "first"]]


@pytest.mark.parametrize("key", ["branch", "settings", "export", "reveal", "open"])
def test_what_the_page_does_not_do_is_asked_for(qtbot: QtBot, page: RunsPage, key: str) -> None:
    select(page, "first")
    signal = getattr(page, f"{key}Asked")
    with qtbot.waitSignal(signal) as told:
        page.actions_of_runs.by_key[key].trigger()
    assert told.args == [ROOT / "first"]


def test_paths_are_copied(page: RunsPage) -> None:
    select(page, "first", "killed")
    page.actions_of_runs.by_key["path"].trigger()
    assert QGuiApplication.clipboard().text() == f"{ROOT / 'killed'}\n{ROOT / 'first'}"


# --- Keys and the mouse ----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["enter", "mouse"])
def test_a_run_is_opened(qtbot: QtBot, page: RunsPage, way: str) -> None:
    select(page, "first")
    with qtbot.waitSignal(page.openAsked) as told:
        if way == "enter":
            qtbot.keyClick(page.view, Qt.Key.Key_Return)
        else:
            spot = place(page, "first", NAME)
            qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
            qtbot.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [ROOT / "first"]


def test_delete_asks_for_all_that_is_selected(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first", "branch")
    with qtbot.waitSignal(page.deleteAsked) as told:
        qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    assert told.args == [[ROOT / "branch", ROOT / "first"]]


def test_delete_in_the_filter_deletes_no_run(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    page.filter.setText("first")
    page.filter.setFocus()
    page.filter.selectAll()
    with qtbot.assertNotEmitted(page.deleteAsked):
        qtbot.keyClick(page.filter, Qt.Key.Key_Delete)
    assert page.filter.text() == ""


def test_typing_in_the_table_filters_it(qtbot: QtBot, page: RunsPage) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_H)
    assert page.filter.hasFocus()
    qtbot.keyClicks(page.filter, "alf")
    assert [one.folder for one in page.model.shown()] == ["branch"]
    assert page.footer.counts.text() == "1 of 3 runs, 2.0 KiB on disk"
    page.filter.setText("nothing")
    assert page.empty.isVisible()
    assert "No run has all of these words" in page.empty.text()


def test_a_star_is_given_with_a_click(qtbot: QtBot, page: RunsPage) -> None:
    with qtbot.waitSignal(page.noted) as told:
        qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place(page, "first", STAR))
    assert told.args == [ROOT / "first", {"starred": True}]
    with qtbot.waitSignal(page.noted) as told:
        qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place(page, "branch", STAR))
    assert told.args == [ROOT / "branch", {"starred": False}]


def editor(page: RunsPage) -> QLineEdit:
    return next(line for line in page.view.viewport().findChildren(QLineEdit) if line.isVisible())


def test_a_run_is_renamed_in_place(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    qtbot.keyClick(page.view, Qt.Key.Key_F2)
    line = editor(page)
    assert line.text() == "first"
    line.setText("the very first")
    with qtbot.waitSignal(page.noted) as told:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args == [ROOT / "first", {"name": "the very first"}]


def test_a_list_that_comes_while_one_writes_waits(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    qtbot.keyClick(page.view, Qt.Key.Key_F2)
    line = editor(page)
    line.setText("half wri")
    page.show_entries([*three(), entry("new")])
    assert editor(page).text() == "half wri"
    assert len(page.model.entries()) == 3
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(page.model.entries()) == 4)


def test_tags_are_given_to_all_that_are_selected(qtbot: QtBot, page: RunsPage) -> None:
    noted: dict[str, object] = {}
    page.noted.connect(lambda path, changes: noted.__setitem__(path.name, changes))
    select(page, "branch", "first")
    page.actions_of_runs.by_key["tags"].trigger()
    line = editor(page)
    line.setText("best")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    both = {"branch": {"tags": ("best",)}, "first": {"tags": ("best",)}}
    qtbot.waitUntil(lambda: noted == both)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_has_every_action(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    page.view.menuAsked.emit(page.mapToGlobal(QPoint(100, 100)))
    menu = next(menu for menu in page.findChildren(QMenu) if menu.isVisible())
    shown = {action.text() for action in menu.actions() if not action.isSeparator()}
    assert shown == {action.text() for action in page.actions_of_runs.by_key.values()}
    menu.close()


# --- Notes -----------------------------------------------------------------------------------------


def test_notes_are_kept_when_one_goes_on(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    assert page.details.notes.toPlainText() == "A note\non two lines"
    page.details.notes.setPlainText("Better")
    with qtbot.waitSignal(page.noted) as told:
        select(page, "branch")
    assert told.args == [ROOT / "first", {"text": "Better"}]
    assert page.details.notes.toPlainText() == ""


def test_notes_that_are_being_written_stay(qtbot: QtBot, page: RunsPage) -> None:
    select(page, "first")
    page.actions_of_runs.by_key["notes"].trigger()
    qtbot.waitUntil(page.details.notes.hasFocus)
    qtbot.keyClicks(page.details.notes, "More. ")
    page.update_entry(replace(three()[2], step=101))
    assert page.details.notes.toPlainText().startswith("More. ")
    with qtbot.waitSignal(page.noted):
        page.filter.setFocus()


def test_without_one_run_there_are_no_notes(page: RunsPage) -> None:
    select(page, "first", "branch")
    assert not page.details.notes.isEnabled()
    assert page.details.name.text() == "2 runs selected"
    assert "4.0 KiB" in page.details.line.text()


def test_the_facts_of_a_run_are_shown(page: RunsPage) -> None:
    page.update_entry(replace(three()[1], thumbnail=Path("there.png")))
    select(page, "branch")
    facts = page.details.facts.text()
    assert "Branch of: first at step 50" in facts
    assert f"Folder: {ROOT / 'branch'}" in facts
    assert page.details.picture.isVisible()
    assert "1 checkpoint\n" in f"{facts}\n"
    page.update_entry(replace(three()[1], best_step=4000))
    assert "1 checkpoint, ★ the best at step 4\u202f000" in page.details.facts.text()
    select(page, "first")
    assert not page.details.picture.isVisible()


# --- What stays ------------------------------------------------------------------------------------


def test_a_low_page_shows_details_on_demand(qtbot: QtBot) -> None:
    page = RunsPage(lambda path: None)
    qtbot.addWidget(page)
    page.resize(900, 400)
    page.show_entries(three())
    page.show()
    assert not page.details.isVisible()
    select(page, "first")
    page.actions_of_runs.by_key["notes"].trigger()
    assert page.details.isVisible()
    assert page.detailed.isChecked()
    page.detailed.click()
    assert not page.details.isVisible()
    assert page.state()["details"] is False


def test_what_is_selected_stays_selected(page: RunsPage) -> None:
    select(page, "first", "branch")
    page.show_entries([entry("new", began="2026-11-23T00:00:00+00:00"), *three()])
    assert [one.folder for one in page.view.selected()] == ["branch", "first"]
    page.family.click()
    assert [one.folder for one in page.view.selected()] == ["first", "branch"]


def test_after_a_deletion_the_next_run_is_selected(page: RunsPage) -> None:
    select(page, "branch")
    page.show_entries([one for one in three() if one.folder != "branch"])
    assert [one.folder for one in page.view.selected()] == ["first"]


def test_columns_are_remembered(qtbot: QtBot, page: RunsPage) -> None:
    size, notes = KEYS.index("size"), KEYS.index("notes")
    page.view.setColumnHidden(size, True)
    page.view.setColumnWidth(notes, 333)
    page.view.header().moveSection(page.view.header().visualIndex(notes), 1)
    page.view.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
    page.family.setChecked(True)
    page.detailed.click()
    page.notices.dismissed = {"killed"}
    other = RunsPage(lambda path: None)
    qtbot.addWidget(other)
    other.restore(page.state())
    assert other.state() == page.state()
    assert other.view.isColumnHidden(size)
    assert other.view.header().visualIndex(notes) == 1
    other.view.reset_columns()
    assert not other.view.isColumnHidden(size)
    assert other.view.header().visualIndex(notes) == notes


def test_columns_that_are_not_known_any_more_are_passed_over(page: RunsPage) -> None:
    state = {
        "columns": {"order": ["gone", "name"], "widths": {"gone": 3}, "hidden": ["name"], "sort": "gone"}
    }
    page.restore(state)
    assert not page.view.isColumnHidden(NAME)


def test_columns_are_hidden_by_a_menu(page: RunsPage) -> None:
    menu = QMenu(page)
    page.view.columns_menu(menu)
    action = next(action for action in menu.actions() if action.text() == "Tags")
    action.setChecked(False)
    assert page.view.isColumnHidden(TAGS)
    action.setChecked(True)
    assert not page.view.isColumnHidden(TAGS)


# --- Notices ---------------------------------------------------------------------------------------


def test_an_interrupted_run_is_offered_to_be_resumed(qtbot: QtBot, page: RunsPage) -> None:
    notice = page.notices.interrupted
    assert notice.isVisible()
    assert notice.text.text().startswith("killed was interrupted at step 40 of 100")
    assert notice.button is not None
    with qtbot.waitSignal(page.resumeAsked) as told:
        notice.button.click()
    assert told.args == [ROOT / "killed"]
    page.update_entry(replace(three()[0], state="running"))
    assert not notice.isVisible()


def test_several_interrupted_runs_are_shown_on_demand(page: RunsPage) -> None:
    page.show_entries([*three(), entry("another", state="interrupted")])
    assert page.notices.several.isVisible()
    assert not page.notices.interrupted.isVisible()
    assert "2 runs were interrupted" in page.notices.several.text.text()
    assert page.notices.several.button is not None
    page.notices.several.button.click()
    assert {one.folder for one in page.model.shown()} == {"killed", "another"}


def test_who_dismisses_it_is_not_reminded_again(page: RunsPage) -> None:
    page.notices.interrupted.cross.click()
    page.show_entries(three())
    assert not page.notices.interrupted.isVisible()
    page.show_entries([*three(), entry("another", state="interrupted")])
    assert page.notices.interrupted.text.text().startswith("another was interrupted")


def test_a_deletion_can_be_undone(qtbot: QtBot, page: RunsPage) -> None:
    trashed = [Trashed(ROOT / ".trash" / "x" / "first", ROOT / "first")]
    page.notices.show_deleted(trashed)
    assert page.notices.deleted.text.text() == "first was moved to the trash."
    assert page.notices.deleted.button is not None
    with qtbot.waitSignal(page.undoAsked) as told:
        page.notices.deleted.button.click()
    assert told.args == [trashed]
    assert not page.notices.deleted.isVisible()


def test_the_trash_is_emptied_after_a_second_word(qtbot: QtBot, page: RunsPage) -> None:
    assert not page.footer.empty.isVisible()
    page.footer.show_trash(2)
    page.notices.show_trash(2)
    with qtbot.assertNotEmitted(page.emptyTrashAsked):
        page.footer.empty.click()
    assert "2 runs" in page.notices.emptying.text.text()
    assert page.notices.emptying.button is not None
    with qtbot.waitSignal(page.emptyTrashAsked):
        page.notices.emptying.button.click()


def test_before_there_are_runs_it_says_what_to_do(page: RunsPage) -> None:
    page.show_entries([])
    assert page.empty.isVisible()
    assert "Press Train" in page.empty.text()
    assert page.footer.counts.text() == ""


# --- Painting --------------------------------------------------------------------------------------


def test_every_state_is_painted(qtbot: QtBot, page: RunsPage) -> None:
    states = ("running", "finished", "stopped", "failed", "interrupted", "damaged")
    page.show_entries(
        [entry(state, state=state, thumbnail=Path("there.png"), tags=("a", "b" * 80)) for state in states]
    )
    page.view.select(["running"])
    shown = page.view.grab().toImage()
    assert not shown.isNull()
    column = page.view.visualRect(page.model.index_of("running", KEYS.index("picture")))
    assert shown.pixelColor(page.view.viewport().mapTo(page.view, column.center())).lightness() == 255
