from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.panels.data_page import DataPage
from tests.gui.reports import COPIED, IMAGES, POINTS


@pytest.fixture
def page(qtbot: QtBot) -> DataPage:
    made = DataPage()
    qtbot.addWidget(made)
    made.resize(860, 560)
    made.show_choice("Digits")
    made.show()
    return made


def test_before_a_look_it_says_what_to_do(page: DataPage) -> None:
    assert page.title.text() == "Digits"
    assert page.look.text() == "Look at the data"
    assert not page.facts.isVisible()
    assert not page.stale.isVisible()


def test_what_was_found_is_shown(page: DataPage) -> None:
    page.show_report(IMAGES, ())
    assert page.line.text().startswith("5\u202f000 samples · 8 × 8 grey images")
    assert "Duplicates: none" in page.facts.text()
    assert page.examples.grid.images.max() == 40
    assert page.bars.count() == 2
    assert page.verdict.isVisible()
    assert not page.objection.isVisible()
    assert not page.notes.isVisible()
    assert not page.examples.copied_button.isVisible()


def test_why_the_architecture_does_not_take_it_is_said(page: DataPage) -> None:
    page.show_report(IMAGES, ("Set Resize to 32.", "Choose a loss."))
    assert page.objection.text.text() == "Set Resize to 32.\nChoose a loss."
    assert not page.verdict.isVisible()
    page.show_report(IMAGES, ())
    assert page.verdict.isVisible()
    assert not page.objection.isVisible()


def test_a_class_is_singled_out_and_let_go(qtbot: QtBot, page: DataPage) -> None:
    page.show_report(IMAGES, ())
    place = page.bars.row_middle(1)
    qtbot.mouseClick(page.bars.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.examples.grid.images.max() == 160
    assert page.examples.caption.text() == "Some of 1\u202f000 samples of class one, at random"
    qtbot.mouseClick(page.bars.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.examples.grid.images.max() == 40


def test_classes_can_be_walked_through_by_keys(qtbot: QtBot, page: DataPage) -> None:
    page.show_report(IMAGES, ())
    page.bars.setFocus()
    qtbot.keyClick(page.bars, Qt.Key.Key_Down)
    qtbot.keyClick(page.bars, Qt.Key.Key_Down)
    assert page.bars.singled_out() == 1
    qtbot.keyClick(page.bars, Qt.Key.Key_Escape)
    assert page.bars.singled_out() is None
    assert page.examples.grid.images.max() == 40


@pytest.mark.parametrize(
    ("kind", "names", "told"),
    [
        ("paired images", ("low", "high"), ": low on the left, high on the right"),
        ("unpaired images", ("A", "B"), ": A on the left, B on the right; none belongs to the one beside it"),
        ("images", (), ""),
    ],
    ids=["pairs", "domains", "images"],
)
def test_it_is_said_which_of_two_images_is_which(
    page: DataPage, kind: str, names: tuple[str, ...], told: str
) -> None:
    page.show_report(replace(IMAGES, spec={"kind": kind, "names": names}), [])
    assert page.examples.caption.text() == f"Some of 5\u202f000 samples, at random{told}"


def test_duplicates_can_be_seen(page: DataPage) -> None:
    page.show_report(COPIED, ())
    page.examples.copied_button.click()
    assert page.examples.grid.images.max() == 220
    page.examples.all_button.click()
    assert page.examples.grid.images.max() == 40
    assert page.notes.text() == "3 images in grey became RGB."
    assert page.notes.isVisible()


def test_another_look_lets_go_of_class_and_duplicates(page: DataPage) -> None:
    page.show_report(COPIED, ())
    page.bars.setCurrentRow(1)
    page.show_report(replace(IMAGES), ())
    assert page.bars.singled_out() is None
    assert page.examples.grid.images.max() == 40


def test_points_are_shown_as_points(page: DataPage) -> None:
    page.show_report(POINTS, ())
    assert page.examples.points.isVisible()
    assert len(page.examples.points.points) == 60
    page.bars.setCurrentRow(1)
    assert page.examples.caption.text() == "Some of 2\u202f500 samples of mode 1, at random"
    page.show_report(IMAGES, ())
    assert page.examples.grid.isVisible()


def test_points_of_one_dimension_have_facts_alone(page: DataPage) -> None:
    page.show_report(replace(POINTS, shape=(1,), of_class={}, classes=()), ())
    assert page.examples.grid.images is None
    assert "Dimensions: 1" in page.facts.text()
    assert not page.bars.isVisible()


def test_progress_can_be_cancelled(qtbot: QtBot, page: DataPage) -> None:
    page.show_progress("Reading", 0.4)
    assert page.progress.isVisible()
    assert page.progress.bar.value() == 400
    with qtbot.waitSignal(page.cancelled):
        qtbot.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)
    page.show_progress("")
    assert not page.progress.isVisible()


def test_a_failure_takes_the_place_of_what_was_found(page: DataPage) -> None:
    page.show_report(IMAGES, ())
    page.show_progress("Reading")
    page.show_failure("The folder /x does not exist.")
    assert page.failure.text.text() == "The folder /x does not exist."
    assert page.report is None
    assert not page.facts.isVisible()
    assert not page.progress.isVisible()
    page.show_report(IMAGES, ())
    assert not page.failure.isVisible()


def test_another_choice_is_said_to_be_another(page: DataPage) -> None:
    page.show_report(IMAGES, ())
    page.show_choice("Folder", changed=True)
    assert page.stale.isVisible()
    assert page.title.text() == "Digits"
    assert page.look.text() == "Look at the data"
    page.show_choice("Digits", changed=False)
    assert not page.stale.isVisible()
    assert page.look.text() == "Look again"


def test_a_failure_is_forgotten_with_the_choice_it_is_about(page: DataPage) -> None:
    page.show_failure("The folder /x does not exist.")
    page.show_choice("Folder", changed=False)
    assert page.failure.isVisible()
    page.show_choice("Digits", changed=True)
    assert not page.failure.isVisible()
    assert page.title.text() == "Digits"


def test_points_are_drawn_where_that_makes_sense(page: DataPage) -> None:
    page.show_choice("Digits", draws=False)
    assert not page.draw.isVisible()
    page.show_choice("Ring", draws=True)
    assert page.draw.isVisible()
