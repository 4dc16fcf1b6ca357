import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.side_sheet import LEAST_WIDTH, SideSheet


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A widget with a splitter in it: 500 pixels for what the sheet stands beside, 400 for the rest."""
    made = QWidget()
    qtbot.addWidget(made)
    splitter = QSplitter(made)
    for _ in range(2):
        splitter.addWidget(QLabel(made))
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(splitter)
    made.resize(900, 400)
    made.show()
    splitter.setSizes([500, 400])
    return made


@pytest.fixture
def sheet(host: QWidget) -> SideSheet:
    return SideSheet(host.findChild(QSplitter).widget(0))


def test_it_covers_what_is_beside_and_is_no_part_of_the_splitter(host: QWidget, sheet: SideSheet):
    splitter = host.findChild(QSplitter)
    sheet.open()
    assert sheet.isVisible()
    assert sheet.hasFocus()
    assert splitter.count() == 2
    assert sheet.geometry().left() >= splitter.widget(0).geometry().right()
    assert sheet.geometry().right() < host.width()


def test_it_follows_what_it_stands_beside(host: QWidget, sheet: SideSheet):
    splitter = host.findChild(QSplitter)
    sheet.open()
    before = sheet.width()
    splitter.setSizes([400, 500])
    assert sheet.width() == before + 100
    splitter.setSizes([850, 50])
    assert sheet.width() == LEAST_WIDTH, "where there is no room it lies over its anchor"
    host.resize(1000, 300)
    assert sheet.geometry().bottom() < 300


def test_escape_and_the_cross_close_it(qtbot: QtBot, sheet: SideSheet):
    for leave in (lambda: qtbot.keyClick(sheet, Qt.Key.Key_Escape), sheet.cross.click):
        sheet.open()
        with qtbot.waitSignal(sheet.closed):
            leave()
        assert not sheet.isVisible()


def test_arrows_and_buttons_go_on(qtbot: QtBot, sheet: SideSheet):
    moves: list[int] = []
    sheet.moved.connect(moves.append)
    sheet.open()
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    qtbot.keyClick(sheet, Qt.Key.Key_Left)
    sheet.next.click()
    sheet.before.click()
    assert moves == [1, -1, 1, -1]


def test_without_anything_around_it_lies_over_its_anchor(qtbot: QtBot):
    anchor = QWidget()
    qtbot.addWidget(anchor)
    anchor.resize(500, 300)
    anchor.show()
    sheet = SideSheet(anchor)
    sheet.open()
    assert anchor.rect().contains(sheet.geometry())
