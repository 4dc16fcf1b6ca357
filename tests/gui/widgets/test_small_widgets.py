"""The smallest widgets: notice, group, summary, dock title, path box, caption, points of classes."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QFileDialog,
    QLabel,
    QMainWindow,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.class_points import ClassPoints
from ganstudio.gui.widgets.dock_title import DockTitle
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.path_box import PathBox
from ganstudio.gui.widgets.points_paint import class_colours
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
    assert linked("A < B (arXiv:1411.1784)", "#123456") == (
        'A &lt; B (<a style="color: #123456" href="https://arxiv.org/abs/1411.1784">arXiv:1411.1784</a>)'
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


def test_browsing_for_a_file_asks_for_a_file(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box = PathBox("file")
    qtbot.addWidget(box)
    chosen = str(tmp_path / "points.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (chosen, ""))
    with qtbot.waitSignal(box.changed):
        qtbot.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert box.value() == chosen


def test_where_both_will_do_one_chooses_what_to_browse_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box = PathBox("folder or file")
    qtbot.addWidget(box)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(tmp_path))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: ("photos.zip", ""))
    folder, file = box.button.menu().actions()
    folder.trigger()
    assert box.value() == str(tmp_path)
    file.trigger()
    assert box.value() == "photos.zip"


def test_a_caption_changes_without_moving_what_is_around_it(qtbot: QtBot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    layout = QVBoxLayout(outer)
    caption = Caption(outer)
    layout.addWidget(caption)
    outer.show()
    qtbot.waitExposed(outer)
    asked: list[QEvent.Type] = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            asked.append(event.type())
            return False

    qtbot.wait(20)
    watcher = Watcher(outer)
    outer.installEventFilter(watcher)
    caption.setText("step 12 400 · fixed latents · averaged weights, and some more words than there were")
    qtbot.wait(10)
    assert QEvent.Type.LayoutRequest not in asked
    assert caption.accessibleName() == caption.text()


def test_points_of_a_class_are_brought_to_the_front(qtbot: QtBot) -> None:
    view = ClassPoints("nothing yet")
    qtbot.addWidget(view)
    view.resize(200, 200)
    view.show()
    corners = np.array([[-1, -1], [1, 1]], np.float32)
    view.show_points(corners, (0, 1))
    colours = class_colours(theme.current())

    def painted() -> set[str]:
        picture = view.grab().toImage()
        return {picture.pixelColor(x, y).name().upper() for x in range(200) for y in range(200)}

    assert {colours[0], colours[1]} <= painted()
    view.bring_to_front(corners[1:], 1)
    assert colours[1] in painted()
    assert colours[0] not in painted()
    view.bring_to_front(None)
    assert colours[0] in painted()


@pytest.mark.parametrize("shape", [(3,), (3, 1), (2, 3, 4)])
def test_what_is_no_points_of_the_plane_is_refused(qtbot: QtBot, shape: tuple[int, ...]) -> None:
    view = ClassPoints()
    qtbot.addWidget(view)
    with pytest.raises(ValueError, match="Points are given as"):
        view.show_points(np.zeros(shape, np.float32))


def test_links_take_the_colour_of_the_theme_that_comes(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    summary = Summary("(arXiv:1411.1784)")
    qtbot.addWidget(summary)
    before = theme.current().accent
    theme.apply(qapp, "dark")
    assert before not in summary.text()
    assert theme.current().accent in summary.text()
    theme.apply(qapp, "light")
