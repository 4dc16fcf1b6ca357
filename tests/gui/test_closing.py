import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.closing import Closing, ask_how_to_close


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Keep training and close later", Closing.LATER),
        ("Stop and save", Closing.STOP),
        ("Abort", Closing.ABORT),
        ("Cancel", Closing.CANCEL),
    ],
)
def test_each_button_is_a_choice(qtbot: QtBot, parent: QWidget, text: str, choice: Closing) -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text() == text).click()

    QTimer.singleShot(50, parent, press)
    assert ask_how_to_close(parent, paused=False) is choice


def test_escape_cancels(qtbot: QtBot, parent: QWidget) -> None:
    QTimer.singleShot(50, parent, lambda: qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
    assert ask_how_to_close(parent, paused=False) is Closing.CANCEL


def test_a_paused_run_would_be_resumed(qtbot: QtBot, parent: QWidget) -> None:
    texts: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.extend(button.text() for button in box.buttons())
        box.reject()

    QTimer.singleShot(50, parent, look)
    ask_how_to_close(parent, paused=True)
    assert "Resume and close later" in texts
