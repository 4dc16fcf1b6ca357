import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.field_spec import FieldSpec
from ganstudio.gui.panels.preview_settings import PreviewSettings
from ganstudio.gui.widgets.editors import SliderEditor

TRUNCATION = FieldSpec("truncation", "truncation", "float", 1.0, low=0.0, high=2.0, live=True, shown=True)
BOUNDARY = FieldSpec(
    "boundary", "boundary", "int", 4, low=0, high=14, live=True, shown=True, previews=("mixing",)
)
PATHS = ["architecture.truncation", "architecture.boundary"]


@pytest.fixture
def settings(qtbot: QtBot) -> PreviewSettings:
    made = PreviewSettings()
    qtbot.addWidget(made)
    made.offer((TRUNCATION, BOUNDARY), {"truncation": 0.7, "boundary": 4})
    return made


def seen(settings: PreviewSettings) -> list[str]:
    return [] if settings.isHidden() else [p for p, field in settings.fields.items() if not field.isHidden()]


def test_each_stands_under_the_previews_that_it_changes(settings: PreviewSettings):
    assert seen(settings) == []
    settings.show_for("samples")
    assert seen(settings) == PATHS[:1]
    settings.show_for("mixing")
    assert seen(settings) == PATHS
    settings.show_for("real")
    assert seen(settings) == []


def test_all_of_them_are_sliders_at_the_values_that_hold(settings: PreviewSettings):
    assert all(isinstance(field._editor, SliderEditor) for field in settings.fields.values())
    assert [field.value() for field in settings.fields.values()] == [0.7, 4]


def test_an_edit_is_told_at_once(qtbot: QtBot, settings: PreviewSettings):
    settings.show_for("mixing")
    slider = settings.fields[PATHS[1]]._editor._pair.slider
    with qtbot.waitSignal(settings.edited) as edited:
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert edited.args == [PATHS[1], 5]


def test_what_holds_is_shown_and_a_refusal_explained(settings: PreviewSettings):
    settings.show_held(PATHS[0], 1.5)
    assert settings.fields[PATHS[0]].value() == 1.5
    settings.show_refused(PATHS[0], "That is too much.")
    assert settings.fields[PATHS[0]]._problem.text() == "That is too much."
    settings.show_held("architecture.width", 3)


def test_those_of_another_run_take_their_place(settings: PreviewSettings):
    settings.show_for("mixing")
    settings.offer((), {})
    assert seen(settings) == []
    assert settings.fields == {}
