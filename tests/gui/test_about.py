from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from ganstudio import __version__
from ganstudio.gui.about import help_on_focus, show_about, show_keys
from ganstudio.gui.panels.settings_section import SettingsSection
from tests.gui import catalogues


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_about_names_the_version_and_the_folder(parent: QWidget) -> None:
    show_about(parent, Path("/home/ada/<studio>"))
    box = parent.findChild(QMessageBox)
    assert __version__ in box.text()
    assert "/home/ada/&lt;studio&gt;" in box.text()
    box.close()


def test_the_keys_are_listed(parent: QWidget) -> None:
    show_keys(parent)
    box = parent.findChild(QMessageBox)
    for key in ("Ctrl+R", "Space", "Ctrl+.", "F10", "Ctrl+F", "F1", "F11"):
        assert key in box.text()
    box.close()


def test_help_is_that_of_the_field_with_the_focus(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    section = SettingsSection("training", [catalogues.SEED])
    qtbot.addWidget(section)
    section.show()
    with qtbot.waitActive(section):
        section.activateWindow()
    section.fields["seed"].setFocus()
    shown: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda _place, text, _widget: shown.append(text))
    help_on_focus()
    assert "Where chance begins" in shown[0]


def test_without_a_field_the_user_points_at_one(parent: QWidget) -> None:
    help_on_focus()
    assert QWhatsThis.inWhatsThisMode()
    QWhatsThis.leaveWhatsThisMode()
