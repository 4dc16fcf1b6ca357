"""The dialogs of the plugins page: agreeing to a file, and beginning a new one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.plugin_agree_dialog import PluginAgreeDialog, Question
from ganstudio.gui.panels.plugin_new_dialog import KINDS, PluginNewDialog, Wish

NEW = Question(Path("/plugins/own.py"), "01" * 32, "first = 1\n", False)
CHANGED = Question(Path("/plugins/own.py"), "23" * 32, "--- a\n+++ b\n+second = 2\n", True)
PLUGINS, PACKAGES = Path("/plugins"), Path("/packages")


@pytest.fixture
def agree(qtbot: QtBot) -> PluginAgreeDialog:
    made = PluginAgreeDialog(NEW)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def new(qtbot: QtBot) -> PluginNewDialog:
    made = PluginNewDialog(PLUGINS, PACKAGES)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_new_file_is_shown_whole_with_path_and_hash(agree: PluginAgreeDialog) -> None:
    assert agree.text.toPlainText() == "first = 1"
    assert agree.facts.text() == f"Lies in: {NEW.path}\nSHA-256: {NEW.digest}"
    assert "Nobody has agreed" in agree.about.text()


def test_return_does_not_agree(qtbot: QtBot, agree: PluginAgreeDialog) -> None:
    with qtbot.assertNotEmitted(agree.agreed), qtbot.waitSignal(agree.rejected):
        qtbot.keyClick(agree, Qt.Key.Key_Return)


def test_agreeing_tells_what_was_shown_and_leaves_closing_to_whoever_asked(
    qtbot: QtBot, agree: PluginAgreeDialog
) -> None:
    with qtbot.waitSignal(agree.agreed) as told:
        agree.agree.click()
    assert told.args == [NEW]
    assert agree.isVisible()


def test_a_file_that_changed_while_it_was_read_is_shown_again(qtbot: QtBot, agree: PluginAgreeDialog) -> None:
    agree.ask_again(CHANGED)
    assert agree.again.isVisible()
    assert agree.text.toPlainText().endswith("+second = 2")
    with qtbot.waitSignal(agree.agreed) as told:
        agree.agree.click()
    assert told.args == [CHANGED]


def test_writing_it_oneself_is_not_assumed(agree: PluginAgreeDialog) -> None:
    assert not agree.mine.isChecked()


@pytest.mark.parametrize("row", range(len(KINDS)), ids=KINDS)
def test_every_kind_of_file_goes_into_the_plugin_folder(qtbot: QtBot, new: PluginNewDialog, row: int) -> None:
    new.kind.setCurrentIndex(row)
    new.name.setText("spiky")
    with qtbot.waitSignal(new.made) as made:
        new.write.click()
    kind = list(KINDS)[row]
    assert made.args == [Wish("spiky", kind, False, PLUGINS)]
    assert new.about.text() == KINDS[kind][1]
    assert str(PLUGINS) in new.form_about.text()


def test_a_package_goes_where_one_says(qtbot: QtBot, new: PluginNewDialog) -> None:
    assert not new.folder.isVisible()
    new.package.click()
    assert new.folder.isVisible()
    assert new.wish() == Wish("my_gan", "architecture", True, PACKAGES)
    assert "pip" in new.form_about.text()


def test_without_a_name_nothing_is_made(qtbot: QtBot, new: PluginNewDialog) -> None:
    new.name.setText("  ")
    assert not new.write.isEnabled()


def test_a_refusal_is_said_and_goes_with_the_next_letter(qtbot: QtBot, new: PluginNewDialog) -> None:
    new.refuse("There is already a file my_gan.py.")
    assert new.problem.isVisible()
    qtbot.keyClicks(new.name, "2")
    assert not new.problem.isVisible()


def test_everything_can_be_reached_by_its_name(new: PluginNewDialog) -> None:
    assert new.name.accessibleName()
    assert new.kind.accessibleName()
    assert new.folder.line.accessibleName()
