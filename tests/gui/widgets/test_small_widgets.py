"""The smallest widgets: notice, group, summary, dock title, path box."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QFileDialog, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.dock_title import DockTitle
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.path_box import PathBox
from ganstudio.gui.widgets.summary import Summary, linked


def test_a_notice_is_only_there_while_it_says_something(qtbot: QtBot) -> None:
    notice = Notice("info", closable=True)
    qtbot.addWidget(notice)
    assert not notice.isVisible()
    notice.say("Press Train.")
    assert notice.isVisible()
    with qtbot.waitSignal(notice.dismissed):
        qtbot.mouseClick(notice.cross, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


def test_a_notice_may_offer_something_to_do(qtbot: QtBot) -> None:
    notice = Notice("info", action="Stay open")
    qtbot.addWidget(notice)
    notice.say("The window closes later.")
    with qtbot.waitSignal(notice.acted):
        qtbot.mouseClick(notice.button, Qt.MouseButton.LeftButton)


@pytest.fixture
def group(qtbot: QtBot) -> Group:
    made = Group("Loss")
    made.rows.addWidget(QLabel("inside"))
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_group_folds_with_the_mouse_and_the_keyboard(qtbot: QtBot, group: Group) -> None:
    fold = group.findChild(QAbstractButton)
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert not group.is_open()
    assert not group.body.isVisible()
    assert fold.accessibleName() == "Loss, folded"
    qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert group.body.isVisible()


def test_a_search_opens_a_folded_group_and_leaves_it_folded_afterwards(group: Group) -> None:
    group.set_open(False)
    group.show_found(True)
    assert group.body.isVisible()
    group.show_found(False)
    assert not group.isVisible()
    group.show_found(None)
    assert group.isVisible()
    assert not group.body.isVisible()


def test_papers_become_links_and_the_rest_stays_text() -> None:
    assert linked("A < B (arXiv:1411.1784)") == (
        'A &lt; B (<a href="https://arxiv.org/abs/1411.1784">arXiv:1411.1784</a>)'
    )


def test_an_empty_summary_takes_no_room(qtbot: QtBot) -> None:
    summary = Summary("text")
    qtbot.addWidget(summary)
    summary.show_text("")
    assert not summary.isVisible()


def test_a_dock_title_closes_its_dock(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Log", window)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    dock.setTitleBarWidget(DockTitle(dock))
    window.show()
    button = dock.findChild(QToolButton)
    assert button.accessibleName() == "Close Log"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not dock.isVisible()


def test_browsing_gives_the_chosen_folder(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box = PathBox()
    qtbot.addWidget(box)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(tmp_path))
    with qtbot.waitSignal(box.changed):
        qtbot.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert box.value() == str(tmp_path)


def test_browsing_without_choosing_changes_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    box = PathBox()
    qtbot.addWidget(box)
    box.set_value("/data")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "")
    with qtbot.assertNotEmitted(box.changed):
        qtbot.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert box.value() == "/data"
