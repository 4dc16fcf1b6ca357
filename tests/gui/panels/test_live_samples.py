import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import PreviewReady
from ganstudio.gui.panels.samples_pane import SamplesPane


@pytest.fixture
def pane(qtbot: QtBot) -> SamplesPane:
    made = SamplesPane()
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    return made


def images(shade: int) -> np.ndarray:
    return np.full((4, 8, 8, 1), shade, np.uint8)


def points(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)


def test_it_says_what_is_to_come_before_the_first_preview(pane: SamplesPane):
    assert pane.grid.isVisible()
    assert "Samples appear here" in pane.grid.accessibleDescription()
    assert pane.caption.text() == ""
    assert not pane.buttons


def test_one_can_switch_between_generated_and_real_images(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "images", images(200), source="real"))
    pane.take_preview(PreviewReady(50, "images", images(10)))
    assert pane.grid.images.max() == 10
    pane.buttons["real"].click()
    assert pane.grid.images.max() == 200
    assert pane.caption.text() == "4 samples of the data"
    pane.buttons["fixed"].click()
    assert pane.grid.images.max() == 10


def test_new_samples_do_not_push_aside_the_real_ones_one_looks_at(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "images", images(200), source="real"))
    pane.buttons["real"].click()
    pane.take_preview(PreviewReady(50, "images", images(10)))
    assert pane.grid.images.max() == 200


def test_points_show_real_and_generated_together(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "points", points(50), source="real"))
    pane.take_preview(PreviewReady(30, "points", points(20)))
    assert pane.points.isVisible()
    assert (len(pane.points.real), len(pane.points.generated)) == (50, 20)
    assert not any(button.isVisible() for button in pane.buttons.values())
    assert pane.caption.text().startswith("step 30")


def test_scores_stand_beside_the_points(pane: SamplesPane):
    pane.take_scores({"score/modes": 8.0, "score/high_quality": 0.944})
    assert pane.points.text == "modes 8\nhigh quality 94\u202f%"


def test_vital_signs_are_not_written_beside_the_points(pane: SamplesPane):
    pane.take_scores({"score/modes": 8.0})
    pane.take_scores({"score/vitals/diversity": 0.9})
    assert pane._scores == "modes 8"


def test_the_caption_says_what_the_best_score_is(pane: SamplesPane):
    pane.take_preview(PreviewReady(1, "images", images(1)))
    pane.set_best("best FID (studio, 2 000) 21.4")
    assert pane.caption.text().startswith("step 1 · best FID (studio, 2 000) 21.4 · ")
    pane.clear()
    pane.take_preview(PreviewReady(2, "images", images(2)))
    assert "best" not in pane.caption.text()


def test_after_a_run_on_points_images_are_shown_again(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "points", points(50)))
    pane.clear()
    pane.take_preview(PreviewReady(0, "images", images(3)))
    assert pane.grid.isVisible()


def test_modes_are_counted_of_all_there_are(pane: SamplesPane):
    pane.modes = 25
    pane.take_scores({"score/modes": 8.0, "score/high_quality": 0.944})
    assert pane.points.text == "modes 8 of 25\nhigh quality 94\u202f%"


def two_kinds(pane: SamplesPane, step: int = 10) -> None:
    pane.take_preview(PreviewReady(step, "images", images(10), source="samples", columns=2))
    pane.take_preview(PreviewReady(step, "images", images(90), source="reconstructions", first=False))


def test_a_variant_with_several_kinds_of_previews_has_a_button_for_each(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "images", images(200), source="real"))
    two_kinds(pane)
    assert pane.kinds.shown() == ["Generated", "Reconstructions", "Real"]
    assert pane.grid.images.max() == 10
    assert pane.buttons["samples"].isChecked()
    pane.buttons["reconstructions"].click()
    assert pane.grid.images.max() == 90
    assert pane.caption.text() == "step 10 · reconstructions · averaged weights"


def test_what_one_chose_stays_chosen(pane: SamplesPane):
    two_kinds(pane)
    pane.buttons["reconstructions"].click()
    two_kinds(pane, 20)
    assert pane.grid.images.max() == 90
    assert pane.caption.text().startswith("step 20")


def test_another_run_begins_with_buttons_of_its_own(pane: SamplesPane):
    two_kinds(pane)
    pane.clear()
    pane.take_preview(PreviewReady(0, "images", images(3)))
    assert list(pane.buttons) == ["fixed"]
    assert pane.grid.images.max() == 3


@pytest.mark.parametrize(("columns", "shape"), [(2, (2, 2)), (4, (1, 4)), (3, (2, 3))])
def test_as_many_stand_side_by_side_as_the_preview_says(
    pane: SamplesPane, columns: int, shape: tuple[int, int]
):
    pane.take_preview(PreviewReady(0, "images", images(3), source="samples", columns=columns))
    tiling = pane.grid.tiling()
    assert (tiling.rows, tiling.columns) == shape


def test_of_several_kinds_of_points_one_is_shown_over_the_data(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "points", points(50), source="real"))
    pane.take_preview(PreviewReady(0, "points", points(20), source="samples"))
    pane.take_preview(PreviewReady(0, "points", points(30), source="reconstructions", first=False))
    assert len(pane.points.generated) == 20
    pane.buttons["reconstructions"].click()
    assert (len(pane.points.real), len(pane.points.generated)) == (50, 30)
