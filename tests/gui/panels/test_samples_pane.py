from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import PreviewPassed, PreviewReady
from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import find_previews
from ganstudio.session.buffer import EventBuffer


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create_at(tmp_path / "run", Experiment(Choice("Ring"), Choice("PointGAN")), {})


@pytest.fixture
def digits(run: RunFolder) -> Path:
    """A run that kept images, each as bright as its step, and reconstructions twice as bright."""
    for step in range(10, 60, 10):
        run.write_sample(step, images(step))
        run.write_sample(step, images(2 * step), "reconstructions", 2, ("in", "out"))
    run.write_real(images(200))
    run.close()
    return run.path


@pytest.fixture
def ring(run: RunFolder) -> Path:
    run.write_real(points(500))
    for step in (10, 20, 30):
        run.write_sample(step, points(step))
    run.close()
    return run.path


@pytest.fixture
def pane(qtbot: QtBot) -> SamplesPane:
    made = SamplesPane()
    qtbot.addWidget(made)
    made.resize(476, 480)
    made.show()
    return made


def images(shade: int) -> np.ndarray:
    return np.full((4, 8, 8, 1), shade, np.uint8)


def points(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)


def shade(pane: SamplesPane) -> int:
    return 0 if pane.grid.images is None else int(pane.grid.images.max())


def opened(qtbot: QtBot, pane: SamplesPane, path: Path) -> None:
    pane.show_run(path, find_previews(path / "samples"))
    qtbot.waitUntil(lambda: "real" in pane._latest and "fixed" in pane._latest)


def live(pane: SamplesPane, run: RunFolder, step: int, kept: bool = True) -> None:
    """Make a preview as a training does: first it is kept, then told."""
    if kept:
        run.write_sample(step, images(step))
    pane.take_preview(PreviewReady(step, "images", images(step), kept=kept))


def test_an_opened_run_shows_its_newest_samples(qtbot: QtBot, pane: SamplesPane, digits: Path):
    opened(qtbot, pane, digits)
    assert pane.scrubber.steps == [10, 20, 30, 40, 50]
    assert shade(pane) == 50
    assert pane.caption.text() == "step 50 · fixed latents · averaged weights"
    assert pane.kinds.shown() == ["Generated", "Reconstructions", "Real"]
    assert pane.scrubber.live.text() == "Newest"


def test_the_scrubber_shows_what_was_kept(qtbot: QtBot, pane: SamplesPane, digits: Path):
    opened(qtbot, pane, digits)
    with qtbot.waitSignal(pane.cursorMoved) as moved:
        pane.scrubber.slider.setValue(1)
    assert moved.args == [20]
    qtbot.waitUntil(lambda: shade(pane) == 20)
    assert pane.grid.images.shape == (4, 8, 8, 1)
    assert pane.caption.text().startswith("step 20 ")
    with qtbot.waitSignal(pane.cursorMoved) as moved:
        pane.scrubber.live.click()
    assert moved.args == [None]
    assert shade(pane) == 50


def test_a_step_is_looked_up_at_the_nearest_kept_one(qtbot: QtBot, pane: SamplesPane, digits: Path):
    opened(qtbot, pane, digits)
    with qtbot.waitSignal(pane.cursorMoved) as moved:
        pane.go_to(33.7)
    assert moved.args == [30]
    qtbot.waitUntil(lambda: shade(pane) == 30)


def test_without_kept_previews_there_is_nowhere_to_go(qtbot: QtBot, pane: SamplesPane):
    with qtbot.assertNotEmitted(pane.cursorMoved):
        pane.go_to(30)
    assert not pane.scrubber.isVisible()


def test_past_previews_of_another_kind_are_shown_at_the_same_step(
    qtbot: QtBot, pane: SamplesPane, digits: Path
):
    opened(qtbot, pane, digits)
    pane.go_to(30)
    pane.buttons["reconstructions"].click()
    qtbot.waitUntil(lambda: shade(pane) == 60)
    assert pane.grid._captions == ("in", "out")
    assert pane.caption.text() == "step 30 · reconstructions · averaged weights"
    pane.buttons["real"].click()
    assert shade(pane) == 200
    pane.scrubber.slider.setValue(0)
    qtbot.waitUntil(lambda: shade(pane) == 20)
    assert pane.buttons["reconstructions"].isChecked(), "what one scrubs through comes back into view"


def test_playing_shows_every_preview_in_order(qtbot: QtBot, pane: SamplesPane, digits: Path):
    opened(qtbot, pane, digits)
    pane.scrubber._timer.setInterval(5)
    seen: list[int] = []
    show = pane.grid.set_images
    pane.grid.set_images = lambda array, *rest: (seen.append(int(array.max())), show(array, *rest))
    pane.scrubber.play(1)
    qtbot.waitUntil(lambda: pane.scrubber.direction == 0 and shade(pane) == 50)
    assert [shade for shade in dict.fromkeys(seen) if shade != 50] == [10, 20, 30, 40]


def test_a_training_adds_what_it_keeps(qtbot: QtBot, pane: SamplesPane, run: RunFolder):
    pane.show_run(run.path)
    live(pane, run, 10)
    live(pane, run, 15, kept=False)
    live(pane, run, 20)
    assert pane.scrubber.steps == [10, 20]
    assert pane.scrubber.live.text() == "Live"
    assert shade(pane) == 20
    pane.go_to(10)
    qtbot.waitUntil(lambda: shade(pane) == 10)
    run.close()


def test_kept_previews_that_came_too_fast_to_be_seen_can_be_gone_back_to(
    qtbot: QtBot, pane: SamplesPane, run: RunFolder
):
    pane.show_run(run.path)
    buffer = EventBuffer()
    for step in (10, 20, 30):
        run.write_sample(step, images(step))
        buffer.put(PreviewReady(step, "images", images(step), kept=True))
    panel_takes = {PreviewReady: pane.take_preview, PreviewPassed: pane.take_passed}
    for event in buffer.take():
        panel_takes[type(event)](event)
    assert pane.scrubber.steps == [10, 20, 30]
    assert shade(pane) == 30
    pane.go_to(10)
    qtbot.waitUntil(lambda: shade(pane) == 10)
    run.close()


def test_live_previews_do_not_push_away_what_one_looks_at(qtbot: QtBot, pane: SamplesPane, run: RunFolder):
    pane.show_run(run.path)
    for step in (10, 20):
        live(pane, run, step)
    pane.go_to(10)
    qtbot.waitUntil(lambda: shade(pane) == 10)
    live(pane, run, 30)
    assert shade(pane) == 10
    assert pane.caption.text().startswith("step 10 ")
    assert pane.scrubber.steps == [10, 20, 30]
    pane.scrubber.live.click()
    assert shade(pane) == 30
    live(pane, run, 40)
    assert shade(pane) == 40
    run.close()


def test_previews_that_came_before_the_folder_was_known_are_found(
    qtbot: QtBot, pane: SamplesPane, run: RunFolder
):
    live(pane, run, 10)
    live(pane, run, 20)
    assert pane.scrubber.steps == []
    pane.show_run(run.path)
    assert pane.scrubber.steps == [10, 20]
    pane.go_to(10)
    qtbot.waitUntil(lambda: shade(pane) == 10)
    run.close()


def test_a_run_that_goes_on_has_its_past_and_its_new_previews_under_one_name(
    qtbot: QtBot, pane: SamplesPane, digits: Path
):
    opened(qtbot, pane, digits)
    with RunFolder.open(digits, writing=True) as run:
        run.write_sample(60, images(60))
        pane.take_preview(PreviewReady(60, "images", images(60), source="samples", kept=True))
        pane.take_preview(PreviewReady(60, "images", images(120), "reconstructions", False, kept=True))
    assert pane.kinds.shown() == ["Generated", "Reconstructions", "Real"]
    assert shade(pane) == 60
    assert pane.scrubber.steps == [10, 20, 30, 40, 50, 60]
    pane.go_to(20)
    qtbot.waitUntil(lambda: shade(pane) == 20)


def test_points_of_the_past_lie_over_the_data(qtbot: QtBot, pane: SamplesPane, ring: Path):
    opened(qtbot, pane, ring)
    pane.take_scores({"score/modes": 8.0})
    assert (len(pane.points.real), len(pane.points.generated)) == (500, 30)
    assert pane.points.text == "modes 8"
    pane.go_to(10)
    qtbot.waitUntil(lambda: len(pane.points.generated) == 10)
    assert pane.points.isVisible()
    assert pane.points.text == "", "the scores are of the latest"
    pane.scrubber.live.click()
    assert pane.points.text == "modes 8"


def test_a_picture_that_is_gone_or_damaged_is_said_and_the_others_are_shown(
    qtbot: QtBot, pane: SamplesPane, digits: Path
):
    opened(qtbot, pane, digits)
    (digits / "samples" / "000000020.png").unlink()
    (digits / "samples" / "000000030.png").write_bytes(b"no picture")
    pane.go_to(20)
    qtbot.waitUntil(lambda: "There is no picture" in pane.caption.text())
    assert pane.caption.text().startswith("step 20: ")
    pane.go_to(30)
    qtbot.waitUntil(lambda: "cannot be shown" in pane.caption.text())
    pane.go_to(40)
    qtbot.waitUntil(lambda: shade(pane) == 40)
    assert pane.caption.text() == "step 40 · fixed latents · averaged weights"
    assert not pane.scrubber.busy


def test_previews_of_an_ancestor_are_read_where_they_are(
    qtbot: QtBot, pane: SamplesPane, digits: Path, tmp_path: Path
):
    past = {"": find_previews(digits / "samples")[""][:2]}
    branch = tmp_path / "branch"
    (branch / "samples").mkdir(parents=True)
    pane.show_run(branch, past, digits / "samples" / "real.png")
    qtbot.waitUntil(lambda: "real" in pane._latest and shade(pane) == 20)
    pane.go_to(10)
    qtbot.waitUntil(lambda: shade(pane) == 10)


def test_another_run_begins_at_its_newest(qtbot: QtBot, pane: SamplesPane, digits: Path):
    opened(qtbot, pane, digits)
    pane.go_to(10)
    with qtbot.waitSignal(pane.cursorMoved) as moved:
        pane.clear()
    assert moved.args == [None]
    assert pane.scrubber.steps == []
    assert not pane.scrubber.isVisible()
    qtbot.wait(50)
    assert pane.grid.images is None, "what was still being read is of no interest"


def test_a_run_that_goes_on_from_an_earlier_step_makes_later_previews_anew(
    qtbot: QtBot, pane: SamplesPane, digits: Path
):
    opened(qtbot, pane, digits)
    pane.go_to(40)
    qtbot.waitUntil(lambda: shade(pane) == 40)
    with qtbot.waitSignal(pane.cursorMoved) as moved:
        pane.cut(30)
    assert moved.args == [None]
    assert pane.scrubber.steps == [10, 20, 30]
    with RunFolder.open(digits, writing=True) as run:
        run.write_sample(40, images(140))
    pane.take_preview(PreviewReady(40, "images", images(140), kept=True))
    assert pane.scrubber.steps == [10, 20, 30, 40]
    pane.go_to(40)
    qtbot.waitUntil(lambda: shade(pane) == 140)
    assert pane.caption.text().startswith("step 40 ")


def test_where_one_looks_stays_when_only_later_steps_are_made_anew(
    qtbot: QtBot, pane: SamplesPane, digits: Path
):
    opened(qtbot, pane, digits)
    pane.go_to(20)
    qtbot.waitUntil(lambda: shade(pane) == 20)
    with qtbot.assertNotEmitted(pane.cursorMoved):
        pane.cut(30)
    assert (shade(pane), pane.scrubber.step) == (20, 20)


@pytest.mark.parametrize(
    ("source", "name"), [("a to b", "A to B"), ("b-to-a", "B to A"), ("b to a", "B to A")]
)
def test_directions_of_a_translation_keep_their_capitals(pane: SamplesPane, source: str, name: str) -> None:
    pane.take_preview(PreviewReady(10, "images", images(1), "other"))
    pane.take_preview(PreviewReady(10, "images", images(2), source, first=False))
    assert pane.buttons[source].text() == name


def test_both_directions_of_a_run_on_disk_are_named(qtbot: QtBot, pane: SamplesPane, run: RunFolder) -> None:
    run.write_sample(10, images(10), "", 1, ("input",))
    run.write_sample(10, images(20), "b-to-a", 1, ("input",))
    run.write_real(images(200))
    run.close()
    opened(qtbot, pane, run.path)
    assert pane.kinds.shown()[:2] == ["A to B", "B to A"]
