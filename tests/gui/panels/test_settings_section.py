"""A form of every type of setting: what it shows, tells, greys and gives back."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.gui.widgets.number_line import NumberLine
from ganstudio.schema import describe
from tests.every_type import EveryType


@pytest.fixture
def form(qtbot: QtBot) -> SettingsSection:
    made = SettingsSection("architecture", describe(EveryType))
    qtbot.addWidget(made)
    made.show()
    return made


def line_of(form: SettingsSection, path: str) -> QLineEdit:
    line = form.fields[path].findChild(QLineEdit)
    assert line is not None
    return line


def choose(qtbot: QtBot, form: SettingsSection, path: str, steps: int) -> None:
    combo = form.fields[path].findChild(QComboBox)
    for _ in range(abs(steps)):
        qtbot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def write(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_at_first_everything_is_at_its_default(form: SettingsSection) -> None:
    assert form.values() == {}
    assert EveryType.model_validate(form.current()) == EveryType()


CHOSEN: dict[str, Any] = {
    "hidden": [512, 64, 8],
    "weights": [0.123456789],
    "limit": 7,
    "patience": "",
    "tint": "#00ff80",
    "kernel": 7,
    "side": "right",
    "branch": {"rate": 0.75, "head": {"gate": False}},
    "extra": {"units": 4},
    "optimizer": {"kind": "Lion", "momentum": 0.25},
    "second": {"kind": "Shampoo"},
}


def test_what_is_shown_is_given_back(form: SettingsSection) -> None:
    assert form.set_values(CHOSEN) == []
    assert form.values() == CHOSEN


def test_what_cannot_be_shown_is_told_with_its_path(form: SettingsSection) -> None:
    wrong = {
        "hidden": [0],
        "branch": {"head": {"units": 0, "unit": 1}},
        "optimizer": {"kind": "Lino"},
        "extra": 3,
        "tint": "blue",
    }
    problems = form.set_values(wrong)
    assert [problem.path for problem in problems] == [
        *("architecture.hidden", "architecture.tint"),
        *("architecture.branch.head.unit", "architecture.branch.head.units"),
        *("architecture.extra", "architecture.optimizer.kind"),
    ]
    assert form.values() == {}


def test_an_edit_of_a_nested_setting_is_told_with_its_path(qtbot: QtBot, form: SettingsSection) -> None:
    with qtbot.waitSignal(form.edited) as told:
        write(qtbot, form.fields["branch.rate"].findChild(NumberLine), "0.25")
    assert told.args == ["architecture.branch.rate", 0.25]
    assert form.values() == {"branch": {"rate": 0.25}}


def test_another_kind_brings_its_own_settings(qtbot: QtBot, form: SettingsSection) -> None:
    assert "optimizer.every" in form.fields
    with qtbot.waitSignal(form.edited) as told:
        choose(qtbot, form, "optimizer.kind", -1)
    assert told.args == ["architecture.optimizer.kind", "Lion"]
    assert {path for path in form.fields if path.startswith("optimizer.")} == {
        *("optimizer.kind", "optimizer.rate", "optimizer.momentum"),
    }
    assert form.values() == {"optimizer": {"kind": "Lion"}}


def test_what_both_kinds_have_stays(qtbot: QtBot, form: SettingsSection) -> None:
    form.set_values({"optimizer": {"rate": 0.5, "every": 3}})
    choose(qtbot, form, "optimizer.kind", -1)
    assert form.values() == {"optimizer": {"kind": "Lion", "rate": 0.5}}


def test_what_may_be_left_out_has_a_tick(qtbot: QtBot, form: SettingsSection) -> None:
    extra = form.parts["extra"]
    assert not form.fields["extra.units"].isVisible()
    with qtbot.waitSignal(form.edited) as told:
        extra.findChild(QCheckBox).click()
    assert told.args == ["architecture.extra", {"units": 32, "gate": True}]
    assert form.fields["extra.units"].isVisible()
    assert form.values() == {"extra": {}}
    extra.findChild(QCheckBox).click()
    assert form.values() == {}


class TestLists:
    @pytest.mark.parametrize(
        ("written", "numbers"),
        [
            ("512, 64", [512, 64]),
            ("[512,64]", [512, 64]),
            ("512 64 8", [512, 64, 8]),
            ("512;64,", [512, 64]),
            ("12", [12]),
        ],
    )
    def test_numbers_are_read_as_people_write_them(
        self, qtbot: QtBot, form: SettingsSection, written: str, numbers: list[int]
    ) -> None:
        form.set_values({"shape": "listed"})
        write(qtbot, line_of(form, "hidden"), written)
        assert form.fields["hidden"].value() == numbers

    @pytest.mark.parametrize(
        ("written", "given"), [("512, x", "'512, x'"), ("", "[]"), ("512, 0.5", "[512, 0.5]")]
    )
    def test_what_is_no_list_is_told_once_the_line_is_left(
        self, qtbot: QtBot, form: SettingsSection, written: str, given: str
    ) -> None:
        form.set_values({"shape": "listed"})
        line = line_of(form, "hidden")
        line.clear()
        write(qtbot, line, written)
        wanted = f"architecture.hidden: {given} is not a list of 1 to 6 whole numbers from 1 to 4096."
        assert wanted in shown_text(form, "hidden")
        assert line.property("invalid") is True


def shown_text(form: SettingsSection, path: str) -> str:
    field = form.fields[path]
    return " ".join(label.text() for label in field.findChildren(type(field._label)) if label.isVisible())


class TestDependencies:
    def test_what_does_not_apply_is_grey_with_the_reason(self, form: SettingsSection) -> None:
        hidden = form.fields["hidden"]
        assert not hidden.isEnabled()
        assert "Only when shape is listed." in hidden.toolTip()
        assert hidden.accessibleDescription() == "Only when shape is listed."

    def test_it_follows_what_the_user_chooses(self, qtbot: QtBot, form: SettingsSection) -> None:
        choose(qtbot, form, "shape", 2)
        assert form.fields["hidden"].isEnabled()
        choose(qtbot, form, "shape", -1)
        assert not form.fields["hidden"].isEnabled()

    def test_it_follows_values_that_are_shown_and_reset(self, form: SettingsSection) -> None:
        form.set_values({"shape": "listed"})
        assert form.fields["hidden"].isEnabled()
        form.fields["shape"].reset()
        assert not form.fields["hidden"].isEnabled()

    def test_it_follows_the_kind_of_a_union(self, form: SettingsSection) -> None:
        assert not form.fields["strength"].isEnabled()
        form.set_values({"second": {"kind": "Lion"}})
        assert form.fields["strength"].isEnabled()

    def test_what_is_grey_for_another_reason_stays_so(self, form: SettingsSection) -> None:
        form.set_unavailable("The run is over.")
        form.set_values({"shape": "listed"})
        assert not form.fields["hidden"].isEnabled()
        assert "The run is over." in form.fields["hidden"].toolTip()
        form.set_unavailable("")
        assert form.fields["hidden"].isEnabled()

    def test_a_value_that_does_not_apply_is_kept(self, form: SettingsSection) -> None:
        form.set_values({"hidden": [3]})
        assert form.values() == {"hidden": [3]}


class TestHelp:
    def test_it_follows_the_values_beside_it(self, qtbot: QtBot, form: SettingsSection) -> None:
        assert "64 × 64 layer: 4096 weights" in form.fields["width"].toolTip()
        write(qtbot, form.fields["width"].findChild(NumberLine), "128")
        assert "128 × 128 layer: 16384 weights" in form.fields["width"].toolTip()


class TestBaseline:
    @pytest.mark.parametrize("name", CHOSEN)
    def test_each_type_is_compared(self, form: SettingsSection, name: str) -> None:
        form.set_values({name: CHOSEN[name]})
        assert form.is_changed()
        form.set_baseline({name: CHOSEN[name]})
        assert not form.is_changed()
        form.set_values({})
        assert form.is_changed()


class TestColumns:
    def test_known_names_are_offered(self, form: SettingsSection) -> None:
        form.offer_columns(("class", "colour", "height"))
        completer = line_of(form, "column").completer()
        completer.setCompletionPrefix("l")
        assert completer.completionCount() == 2


class TestReaching:
    def test_everything_that_takes_keys_has_a_name(self, form: SettingsSection) -> None:
        form.set_values(CHOSEN)
        for kind in (QLineEdit, QComboBox, QAbstractSpinBox, QSlider, QAbstractButton):
            for widget in form.findChildren(kind):
                reached = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
                if not reached or not widget.isVisible() or isinstance(widget.parent(), QAbstractSpinBox):
                    continue
                assert widget.accessibleName() or widget.text(), widget

    def test_tab_goes_through_every_field_in_order(self, qtbot: QtBot, form: SettingsSection) -> None:
        form.set_values({**CHOSEN, "shape": "listed"})
        for group in form.all_groups():
            group.set_open(True)
        qtbot.waitExposed(form)
        passed: list[str] = []
        form.activateWindow()
        widget = form.nextInFocusChain()
        for _ in range(400):
            for path, field in form.fields.items():
                takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
                if field.isAncestorOf(widget) and takes and path not in passed:
                    passed.append(path)
            widget = widget.nextInFocusChain()
        assert passed == [path for path in form.fields if form.fields[path].isEnabled()]
