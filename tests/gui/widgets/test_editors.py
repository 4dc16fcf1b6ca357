from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QColorDialog, QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import FieldSpec
from ganstudio.gui.widgets import editors
from ganstudio.gui.widgets.editors import CalmCombo, Editor, make_editor, suits
from tests.gui import catalogues
from tests.gui.wheel import turn_wheel

MAYBE = FieldSpec("limit", "limit", "int", "", "At most this many", 1, 10)
HIDDEN = FieldSpec("hidden", "hidden", "numbers", [256, 128], item="int", low=1, high=4096)
SHARES = FieldSpec("shares", "shares", "numbers", "", item="float", optional=True)
TINT = FieldSpec("tint", "tint", "colour", "#3584e4")
COLUMN = FieldSpec("column", "column", "column", "class")
KERNEL = FieldSpec("kernel", "kernel", "choice", 3, choices=(3, 5, 7))
PERHAPS = FieldSpec("perhaps", "perhaps", "choice", "", choices=("a", "b"), optional=True)
MAYBE_ON = FieldSpec("on", "on", "bool", "", optional=True)
FREE = FieldSpec("offset", "offset", "float", 0.0)


def made(qtbot: QtBot, spec: FieldSpec) -> Editor:
    editor = make_editor(spec)
    qtbot.addWidget(editor)
    return editor


@pytest.mark.parametrize(
    ("spec", "cls"),
    [
        pytest.param(catalogues.LEARNING_RATE, editors.SliderEditor, id="float with a range"),
        pytest.param(catalogues.WIDTH, editors.SliderEditor, id="int on a log scale"),
        pytest.param(catalogues.SEED, editors.NumberEditor, id="int"),
        pytest.param(FREE, editors.NumberEditor, id="float without a range"),
        pytest.param(MAYBE, editors.OptionalNumberEditor, id="number that may be left out"),
        pytest.param(catalogues.SPECTRAL, editors.BoolEditor, id="bool"),
        pytest.param(catalogues.KIND, editors.ChoiceEditor, id="choice"),
        pytest.param(catalogues.NAME, editors.TextEditor, id="text"),
        pytest.param(catalogues.FOLDER, editors.PathEditor, id="path"),
        pytest.param(HIDDEN, editors.NumbersEditor, id="list of numbers"),
        pytest.param(TINT, editors.ColourEditor, id="colour"),
        pytest.param(COLUMN, editors.ColumnEditor, id="column"),
        pytest.param(KERNEL, editors.ChoiceEditor, id="choice of numbers"),
        pytest.param(MAYBE_ON, editors.ChoiceEditor, id="bool that may be left out"),
    ],
)
def test_each_kind_of_setting_has_its_editor(qtbot: QtBot, spec: FieldSpec, cls: type[Editor]) -> None:
    editor = made(qtbot, spec)
    assert type(editor) is cls
    assert editor.value() == spec.default


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (catalogues.LEARNING_RATE, 3e-3),
        (catalogues.WIDTH, 128),
        (catalogues.SEED, 2**31 - 1),
        (FREE, -17.25),
        (MAYBE, 4),
        (MAYBE, ""),
        (catalogues.SPECTRAL, True),
        (catalogues.KIND, "SGD"),
        (catalogues.NAME, "photo"),
        (catalogues.FOLDER, "/data/images"),
        (HIDDEN, [4096, 1]),
        (SHARES, [0.1234567890123, 1e-7]),
        (SHARES, ""),
        (TINT, "#00ff80"),
        (COLUMN, "height"),
        (KERNEL, 7),
        (PERHAPS, "b"),
        (PERHAPS, ""),
        (MAYBE_ON, False),
        (MAYBE_ON, ""),
    ],
    ids=lambda value: value.name if isinstance(value, FieldSpec) else repr(value),
)
def test_a_value_shown_is_the_value_given_and_tells_nothing(
    qtbot: QtBot, spec: FieldSpec, value: Any
) -> None:
    editor = made(qtbot, spec)
    with qtbot.assertNotEmitted(editor.changed):
        editor.set_value(value)
    assert editor.value() == value
    assert type(editor.value()) is type(value)


def test_a_tick_is_told(qtbot: QtBot) -> None:
    editor = made(qtbot, catalogues.SPECTRAL)
    with qtbot.waitSignal(editor.changed):
        editor.findChild(QCheckBox).click()
    assert editor.value() is True


def test_a_choice_is_told(qtbot: QtBot) -> None:
    editor = made(qtbot, catalogues.KIND)
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClick(editor.findChild(QComboBox), Qt.Key.Key_Down)
    assert editor.value() == "SGD"


@pytest.mark.parametrize("spec", [catalogues.NAME, catalogues.FOLDER], ids=["text", "path"])
def test_typing_is_told(qtbot: QtBot, spec: FieldSpec) -> None:
    editor = made(qtbot, spec)
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClicks(editor.findChild(QLineEdit), "x")


@pytest.mark.parametrize(("typed", "value"), [("7", 7), ("", ""), ("many", "many")])
def test_a_number_that_may_be_left_out(qtbot: QtBot, typed: str, value: Any) -> None:
    editor = made(qtbot, MAYBE)
    qtbot.keyClicks(editor.findChild(QLineEdit), typed)
    assert editor.value() == value


@pytest.mark.parametrize(
    ("spec", "value", "fits"),
    [
        (catalogues.LEARNING_RATE, 2e-4, True),
        (catalogues.LEARNING_RATE, 1, True),
        (catalogues.LEARNING_RATE, 2.0, False),
        (catalogues.LEARNING_RATE, "fast", False),
        (catalogues.WIDTH, 7, False),
        (catalogues.WIDTH, 64.0, False),
        (catalogues.WIDTH, True, False),
        (catalogues.SPECTRAL, 1, False),
        (catalogues.KIND, "Adagrad", False),
        (catalogues.FOLDER, 3, False),
        (MAYBE, "", True),
        (FREE, -1e9, True),
    ],
    ids=lambda value: value.name if isinstance(value, FieldSpec) else repr(value),
)
def test_whether_a_value_can_be_shown(spec: FieldSpec, value: Any, fits: bool) -> None:
    assert suits(spec, value) is fits


def test_a_wrong_field_is_framed(qtbot: QtBot) -> None:
    editor = made(qtbot, catalogues.NAME)
    editor.mark_invalid(True)
    assert editor.findChild(QLineEdit).property("invalid") is True


def test_every_part_of_every_editor_has_a_name(qtbot: QtBot) -> None:
    for spec in (catalogues.LEARNING_RATE, catalogues.SEED, catalogues.SPECTRAL, catalogues.FOLDER):
        editor = made(qtbot, spec)
        editor.name("the name")
        for kind in (QLineEdit, QCheckBox, QComboBox):
            for part in editor.findChildren(kind):
                assert part.accessibleName() or part.parent().accessibleName()


def test_a_list_does_not_change_by_scrolling_past(qtbot: QtBot) -> None:
    combo = CalmCombo()
    qtbot.addWidget(combo)
    combo.addItems(["a", "b"])
    assert not turn_wheel(combo, QPoint(0, -120))
    assert combo.currentText() == "a"


def test_a_colour_may_be_picked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = made(qtbot, TINT)
    asked: list[QColor] = []

    def pick(start: QColor, *_rest: Any) -> QColor:
        asked.append(start)
        return QColor("#102030")

    monkeypatch.setattr(QColorDialog, "getColor", pick)
    with qtbot.waitSignal(editor.changed):
        editor.findChild(QToolButton).click()
    assert asked == [QColor("#3584e4")]
    assert editor.value() == "#102030"


def test_a_colour_is_kept_where_none_was_picked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = made(qtbot, TINT)
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_arguments: QColor())
    with qtbot.assertNotEmitted(editor.changed):
        editor.findChild(QToolButton).click()
    assert editor.value() == "#3584e4"


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        (FieldSpec("where", "where", "path", "", wants="file"), "no file chosen"),
        (FieldSpec("profile", "profile", "path", "", wants="folder"), "no folder chosen"),
    ],
)
def test_a_path_leads_to_what_its_mark_says(qtbot: QtBot, spec: FieldSpec, wanted: str) -> None:
    assert made(qtbot, spec).findChild(QLineEdit).placeholderText() == wanted
