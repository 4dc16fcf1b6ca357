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
    assert not pane.real_button.isVisible()


def test_one_can_switch_between_generated_and_real_images(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "images", images(200), source="real"))
    pane.take_preview(PreviewReady(50, "images", images(10)))
    assert pane.grid.images.max() == 10
    pane.real_button.click()
    assert pane.grid.images.max() == 200
    assert pane.caption.text() == "4 samples of the data"
    pane.generated_button.click()
    assert pane.grid.images.max() == 10


def test_new_samples_do_not_push_aside_the_real_ones_one_looks_at(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "images", images(200), source="real"))
    pane.real_button.click()
    pane.take_preview(PreviewReady(50, "images", images(10)))
    assert pane.grid.images.max() == 200


def test_points_show_real_and_generated_together(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "points", points(50), source="real"))
    pane.take_preview(PreviewReady(30, "points", points(20)))
    assert pane.points.isVisible()
    assert (len(pane.points.real), len(pane.points.generated)) == (50, 20)
    assert not pane.real_button.isVisible()
    assert pane.caption.text().startswith("step 30")


def test_scores_stand_beside_the_points(pane: SamplesPane):
    pane.take_scores({"score/modes": 8.0, "score/high_quality": 0.944})
    assert pane.points.text == "modes 8\nhigh quality 94\u202f%"


def test_after_a_run_on_points_images_are_shown_again(pane: SamplesPane):
    pane.take_preview(PreviewReady(0, "points", points(50)))
    pane.clear()
    pane.take_preview(PreviewReady(0, "images", images(3)))
    assert pane.grid.isVisible()
