"""The ways to look at samples, in a real pane."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.api.events import PreviewReady
from ganstudio.evaluation.neighbours import Neighbour, Neighbours
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import find_previews
from tests import experiments

CLASSES = ("shirt", "bag", "boot")
COLUMNS = ("low", "generator", "original")


@pytest.fixture
def pane(qtbot: QtBot) -> SamplesPane:
    made = SamplesPane()
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.show()
    return made


def samples(count: int = 9, **more: object) -> PreviewReady:
    """Each image as bright as its number."""
    images = np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 1), np.uint8)
    return PreviewReady(more.pop("step", 10), "images", images + more.pop("brighter", 0), **more)


def shades(pane: SamplesPane) -> list[int]:
    assert pane.grid.images is not None
    return pane.grid.images[:, 0, 0, 0].tolist()


def click(qtbot: QtBot, pane: SamplesPane, index: int) -> None:
    place = pane.grid.place(index)
    assert place is not None
    qtbot.mouseClick(pane.grid, Qt.MouseButton.LeftButton, pos=place.center().toPoint())


def with_asked(pane: SamplesPane) -> list[int]:
    """Return the shades of the samples whose nearest training images are asked for, as they are."""
    asked: list[int] = []
    pane.looks.sheet.nearestAsked.connect(lambda image: asked.append(int(image[0, 0, 0])))
    return asked


def tools(pane: SamplesPane) -> list[str]:
    named = {"beside": pane.tools.beside, "class": pane.tools.by_class, "pin": pane.tools.pin}
    return [name for name, button in named.items() if button.isVisible()]


# --- Arrangements ----------------------------------------------------------------------------------


def test_only_what_applies_is_offered(pane: SamplesPane):
    assert tools(pane) == []
    pane.take_preview(samples())
    assert tools(pane) == ["pin"]
    pane.take_preview(samples(source="real"))
    assert tools(pane) == ["beside", "pin"]
    pane.classes = CLASSES
    pane.take_preview(samples())
    assert tools(pane) == ["beside", "class", "pin"]
    pane.take_preview(samples(columns=3, captions=COLUMNS))
    assert tools(pane) == ["pin"]
    pane.choose("real")
    assert tools(pane) == []


def test_real_samples_stand_beside_those_one_looks_at(pane: SamplesPane):
    pane.take_preview(samples(source="real", brighter=100))
    pane.take_preview(samples())
    pane.tools.beside.click()
    left, right = pane.stage.side.grids[:2]
    assert pane.stage.currentWidget() is pane.stage.side
    assert (left.images.min(), right.images.min()) == (100, 0)
    pane.take_preview(samples(brighter=50))
    assert right.images.min() == 50
    pane.tools.beside.click()
    assert pane.stage.currentWidget() is pane.grid


def test_samples_stand_by_class_with_its_name_beside(pane: SamplesPane):
    pane.classes = CLASSES
    pane.take_preview(samples())
    pane.tools.by_class.click()
    assert shades(pane) == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert pane.grid._rows == CLASSES


def test_a_step_is_held_and_others_are_compared_with_it(pane: SamplesPane):
    pane.take_preview(samples(step=10))
    pane.tools.pin.click()
    pane.take_preview(samples(step=20, brighter=51))
    then, now, _difference = pane.stage.side.grids
    assert (then.images.min(), now.images.min()) == (0, 51)
    assert pane.caption.text().replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "step 20 · 20 % changed on average, 20 % at most"
    )
    assert pane.tools.pin.toolTip() == "Compare with step 10 no more"
    pane.tools.pin.click()
    assert pane.looks.pinned is None
    assert pane.stage.currentWidget() is pane.grid
    assert pane.caption.text() == "step 20 · fixed latents · averaged weights"


def test_kept_steps_of_an_opened_run_are_compared(qtbot: QtBot, pane: SamplesPane, tmp_path: Path):
    with RunFolder.create_at(tmp_path / "run", experiments.digits(), {}) as run:
        for step in (10, 20, 30):
            run.write_sample(step, samples(4, brighter=step).array)
    pane.show_run(run.path, find_previews(run.path / "samples"))
    pane.go_to(10)
    qtbot.waitUntil(lambda: pane.caption.text().startswith("step 10 ") and pane.grid.images is not None)
    pane.tools.pin.click()
    pane.go_to(20)
    qtbot.waitUntil(lambda: pane.looks.said != "" and pane.caption.text().startswith("step 20 "))
    then, now, _difference = pane.stage.side.grids
    assert (then.images.min(), now.images.min()) == (10, 20)


def test_beside_and_compared_do_not_go_together(pane: SamplesPane):
    pane.take_preview(samples(source="real"))
    pane.take_preview(samples())
    pane.tools.pin.click()
    pane.tools.beside.click()
    assert pane.looks.pinned is None
    assert not pane.tools.pin.isChecked()
    pane.tools.pin.click()
    assert not pane.tools.beside.isChecked()


def test_what_is_held_of_one_kind_is_not_compared_with_another(pane: SamplesPane):
    pane.take_preview(samples())
    pane.tools.pin.click()
    pane.take_preview(samples(source="mixing", first=False))
    pane.choose("mixing")
    assert pane.stage.currentWidget() is pane.grid
    pane.choose("fixed")
    assert pane.stage.currentWidget() is pane.stage.side


def test_another_run_begins_plainly(pane: SamplesPane):
    pane.take_preview(samples())
    pane.tools.pin.click()
    click_first = pane.stage.side.grids[0]
    click_first.chosen.emit(0)
    assert pane.looks.sheet.isVisible()
    pane.clear()
    assert pane.looks.pinned is None
    assert not pane.looks.sheet.isVisible()
    pane.take_preview(samples())
    assert pane.stage.currentWidget() is pane.grid


# --- One sample ------------------------------------------------------------------------------------


def test_a_clicked_sample_is_enlarged_with_its_number_and_class(qtbot: QtBot, pane: SamplesPane):
    pane.classes, asked = CLASSES, with_asked(pane)
    pane.take_preview(samples())
    click(qtbot, pane, 4)
    sheet = pane.looks.sheet
    assert sheet.isVisible()
    assert sheet.heading.text() == "Sample 5 of 9"
    assert sheet.inspector.facts.text() == "step 10 · 8 × 8 pixels · bag"
    assert pane.grid.picked == 4
    assert asked == [4]


def test_keys_go_to_the_next_sample_and_out(qtbot: QtBot, pane: SamplesPane):
    asked = with_asked(pane)
    pane.take_preview(samples())
    qtbot.keyClick(pane.grid, Qt.Key.Key_Return)
    sheet = pane.looks.sheet
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    qtbot.keyClick(sheet, Qt.Key.Key_Left)
    qtbot.keyClick(sheet, Qt.Key.Key_Left)
    assert sheet.heading.text() == "Sample 9 of 9", "after the first comes the last"
    assert asked == [0, 1, 0, 8]
    assert pane.grid.picked == 8
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert pane.grid.picked is None
    assert pane.grid.hasFocus(), "the keys go back to where they were"
    assert not pane.tools.closer.isChecked()


def test_in_rows_of_classes_a_click_means_the_sample_that_is_there(qtbot: QtBot, pane: SamplesPane):
    pane.classes = CLASSES
    pane.take_preview(samples())
    pane.tools.by_class.click()
    click(qtbot, pane, 1)
    assert pane.looks.sheet.heading.text() == "Sample 4 of 9"
    assert pane.grid.picked == 1


def test_a_sample_that_changes_is_followed_and_searched_at_a_calm_rate(qtbot: QtBot, pane: SamplesPane):
    asked = with_asked(pane)
    pane.take_preview(samples())
    click(qtbot, pane, 2)
    for brighter in (10, 20, 30):
        pane.take_preview(samples(step=brighter, brighter=brighter))
    assert pane.looks.sheet.inspector.facts.text().startswith("step 30 ")
    assert asked == [2]
    pane.looks.sheet._throttle.flush()
    assert asked == [2, 32]


def test_nearest_training_images_are_shown_with_a_sentence(qtbot: QtBot, pane: SamplesPane):
    pane.take_preview(samples())
    click(qtbot, pane, 2)
    image = np.zeros((8, 8, 1), np.uint8)
    near = tuple(Neighbour(number, 0.02, image, "bag") for number in range(3))
    pane.looks.sheet.show_found(Neighbours(near, 0.001, False, 500))
    inspector = pane.looks.sheet.inspector
    assert [view.accessibleName().split(",")[0] for view in inspector.nearest] == ["no. 1", "no. 2", "no. 3"]
    assert "perhaps copied" in inspector.verdict.text()
    assert inspector.verdict.property("role") == "watch"
    pane.looks.sheet.show_failure("The training images cannot be had any more.")
    assert inspector.verdict.text() == "The training images cannot be had any more."
    assert inspector.nearest[0].place().isEmpty()


def test_real_samples_are_not_looked_at_closely(qtbot: QtBot, pane: SamplesPane):
    pane.take_preview(samples(source="real"))
    click(qtbot, pane, 1)
    assert not pane.looks.sheet.isVisible()


# --- Images that belong together -------------------------------------------------------------------


@pytest.fixture
def enlarged(qtbot: QtBot, pane: SamplesPane) -> SamplesPane:
    """Two rows of three images with 32 pixels; the sheet is open on the second row."""
    chance = np.random.default_rng(0)
    images = chance.integers(0, 256, (6, 32, 32, 3), np.uint8)
    images[4] = images[5] // 2
    pane.take_preview(PreviewReady(10, "images", images, columns=3, captions=COLUMNS))
    click(qtbot, pane, 4)
    return pane


def test_images_of_a_row_are_magnified_in_step(enlarged: SamplesPane):
    sheet = enlarged.looks.sheet
    assert sheet.heading.text() == "Image 2 of 2"
    for factor in (4, 8):
        sheet.loupe.magnify(factor)
        sheet.loupe.look_at(0.0, 1.0)
        part = sheet.loupe.part()
        assert (part.left(), part.bottom()) == (0, 31)
        assert {view._part.toRect() == part for view in sheet.loupe.views[:3]} == {True}
        assert part.width() == min(sheet.loupe.views[0].sizeHint().width() // factor, 32)


def test_images_are_judged_by_the_original_alone(enlarged: SamplesPane):
    words = [view._text for view in enlarged.looks.sheet.loupe.views[:3]]
    assert words[0] == "low\n"
    assert words[1].startswith("generator\n")
    assert "\nPSNR " in words[1]
    assert " dB · SSIM 0." in words[1]
    assert words[2] == "original\n"


def test_images_that_are_made_from_others_are_no_samples_at_latents(enlarged: SamplesPane):
    assert enlarged.caption.text() == "step 10 · fixed images · averaged weights"


def test_without_an_original_nothing_is_judged(qtbot: QtBot, pane: SamplesPane):
    pane.take_preview(samples(6, columns=3, captions=("input", "translation", "cycle")))
    click(qtbot, pane, 1)
    assert [view._text for view in pane.looks.sheet.loupe.views[:3]] == [
        "input\n",
        "translation\n",
        "cycle\n",
    ]


def test_the_loupe_follows_the_mouse_to_another_row(qtbot: QtBot, enlarged: SamplesPane):
    place = enlarged.grid.place(0)
    assert place is not None
    corner = QPoint(int(place.left()) + 2, int(place.top()) + 2)
    qtbot.mouseMove(enlarged.grid, corner)
    sheet = enlarged.looks.sheet
    assert sheet.heading.text() == "Image 1 of 2"
    assert sheet.loupe.part().topLeft() == QPoint(0, 0)


def test_keys_move_the_loupe_and_go_to_the_next_row(qtbot: QtBot, enlarged: SamplesPane):
    sheet = enlarged.looks.sheet
    sheet.loupe.magnify(8)
    before = sheet.loupe.part()
    qtbot.keyClick(sheet, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.loupe.part().left() > before.left()
    assert sheet.heading.text() == "Image 2 of 2"
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.heading.text() == "Image 1 of 2"
