import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.marks import ChangedDot, IconMark
from ganstudio.gui.widgets.number_line import NumberLine
from ganstudio.gui.widgets.setting_field import SettingField
from tests.gui import catalogues


@pytest.fixture
def field(qtbot: QtBot) -> SettingField:
    made = SettingField(catalogues.LEARNING_RATE, "optimizers.generator.learning_rate")
    qtbot.addWidget(made)
    made.show()
    return made


def type_value(qtbot: QtBot, field: SettingField, text: str) -> None:
    line = field.findChild(NumberLine)
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_an_edit_is_told_with_its_path(qtbot: QtBot, field: SettingField) -> None:
    with qtbot.waitSignal(field.edited) as told:
        type_value(qtbot, field, "1e-3")
    assert told.args == ["optimizers.generator.learning_rate", 1e-3]


def test_showing_a_value_tells_nothing(qtbot: QtBot, field: SettingField) -> None:
    with qtbot.assertNotEmitted(field.edited):
        field.set_value(1e-3)
    assert field.value() == 1e-3


def test_a_changed_value_has_a_dot_that_takes_it_back(qtbot: QtBot, field: SettingField) -> None:
    dot = field.findChild(ChangedDot)
    assert not dot.isVisible()
    type_value(qtbot, field, "1e-3")
    assert dot.isVisible()
    assert dot.toolTip() == "Changed from 2e-4. Press to go back to it."
    with qtbot.waitSignal(field.edited) as told:
        qtbot.mouseClick(dot, Qt.MouseButton.LeftButton)
    assert told.args[1] == 2e-4
    assert not dot.isVisible()


def test_the_dot_compares_with_the_preset(field: SettingField) -> None:
    field.set_value(1e-3)
    field.set_baseline(1e-3)
    assert not field.findChild(ChangedDot).isVisible()


def test_live_settings_carry_a_mark(qtbot: QtBot, field: SettingField) -> None:
    quiet = SettingField(catalogues.WIDTH, "architecture.width")
    qtbot.addWidget(quiet)
    assert field.findChild(IconMark) is not None
    assert quiet.findChild(IconMark) is None


def test_help_gives_the_range_the_start_and_the_path(field: SettingField) -> None:
    for words in (
        "Step size",
        "A number from 1e-07 to 1",
        "starts at 2e-4",
        "optimizers.generator.learning_rate",
    ):
        assert words in field.toolTip()
    assert field.whatsThis() == field.toolTip()


def test_a_problem_stands_below_until_the_next_edit(qtbot: QtBot, field: SettingField) -> None:
    field.show_problem("It is too fast.")
    label = next(label for label in field.findChildren(QLabel) if label.text() == "It is too fast.")
    assert label.isVisible()
    type_value(qtbot, field, "1e-3")
    assert not label.isVisible()


def test_what_does_not_apply_is_grey_and_says_why(field: SettingField) -> None:
    field.set_unavailable("This architecture has no adversary.")
    assert not field.isEnabled()
    assert "no adversary" in field.toolTip()
    field.set_unavailable("")
    assert field.isEnabled()
    assert "no adversary" not in field.toolTip()


@pytest.mark.parametrize(
    ("words", "found"),
    [(["learning"], True), (["step", "size"], True), (["generator", "rate"], True), (["momentum"], False)],
    ids=["title", "help", "path", "other"],
)
def test_it_is_found_by_title_path_and_help(field: SettingField, words: list[str], found: bool) -> None:
    assert field.matches(words) is found


def test_a_tick_compares_too(qtbot: QtBot) -> None:
    field = SettingField(catalogues.SPECTRAL, "architecture.spectral_norm")
    qtbot.addWidget(field)
    field.show()
    field.findChild(QCheckBox).click()
    assert field.findChild(ChangedDot).toolTip().startswith("Changed from off.")
