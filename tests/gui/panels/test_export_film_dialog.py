import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.panels.export_film_dialog import ExportFilmDialog
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import Kept, find_previews


@pytest.fixture
def previews(tmp_path: Path) -> dict[str, tuple[Kept, ...]]:
    with RunFolder.create_at(tmp_path / "run", Experiment(Choice("Ring"), Choice("PointGAN")), {}) as run:
        for step in range(10, 60, 10):
            run.write_sample(step, np.full((4, 32, 32, 1), step, np.uint8))
            run.write_sample(step, np.full((2, 32, 32, 3), step, np.uint8), "reconstructions")
        return find_previews(run.path / "samples")


def dialog_for(qtbot: QtBot, previews: dict[str, tuple[Kept, ...]], folder: Path) -> ExportFilmDialog:
    made = ExportFilmDialog("digits", previews, None, folder)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, previews: dict[str, tuple[Kept, ...]], tmp_path: Path) -> ExportFilmDialog:
    return dialog_for(qtbot, previews, tmp_path)


def test_it_shows_the_first_frame_and_what_the_film_will_be(qtbot: QtBot, dialog: ExportFilmDialog):
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull())
    assert dialog.summary.text() == "5 frames  ·  0.4 s  ·  129 × 153 pixels"
    shown = dialog.picture.pixmap().toImage()
    assert shown.pixelColor(40, 60).red() == 10
    dialog.form.first.setValue(30)
    qtbot.waitUntil(lambda: dialog.picture.pixmap().toImage().pixelColor(40, 60).red() == 30)
    assert dialog.summary.text().startswith("3 frames")


def test_the_options_are_those_of_the_fields(dialog: ExportFilmDialog):
    form = dialog.form
    form.kind.setCurrentIndex(1)
    form.last.setValue(40)
    form.every.setValue(2)
    form.fps.setValue(5)
    form.scale.setValue(3)
    form.caption.setChecked(False)
    form.loop.setChecked(False)
    options = dialog.options()
    assert (options.kind, options.first, options.last, options.every) == ("reconstructions", 10, 40, 2)
    assert (options.fps, options.scale, options.caption, options.loop) == (5, 3, False, False)
    assert [kept.step for kept in dialog.frames()] == [10, 30]


def test_only_fields_that_matter_to_the_format_are_shown(dialog: ExportFilmDialog):
    form = dialog.form
    assert (form.fps.isVisible(), form.columns.isVisible(), form.loop.isVisible()) == (True, False, True)
    form.format.setCurrentIndex(form.format.findData(".png"))
    assert (form.fps.isVisible(), form.columns.isVisible(), form.loop.isVisible()) == (False, True, False)
    assert form.most.text() == "12"


def test_the_film_is_written_while_the_window_lives(
    qtbot: QtBot, dialog: ExportFilmDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def choose(parent, title, suggested, kinds):
        asked.append(suggested)
        return str(tmp_path / "film"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with qtbot.waitSignal(dialog.exported) as exported:
        dialog.export.click()
        assert dialog.export.text() == "Cancel"
        assert not dialog.form.isEnabled()
    assert asked == [str(tmp_path / "digits.gif")]
    assert exported.args[0].path == tmp_path / "film.gif"
    with Image.open(tmp_path / "film.gif") as image:
        assert image.n_frames == 5
    assert dialog.written.text.text() == f"Written: {tmp_path / 'film.gif'}, 5 frames."
    assert dialog.form.isEnabled()
    assert dialog.progress.value() == dialog.progress.maximum() == 5


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_a_film_can_be_given_up(
    qtbot: QtBot, previews: dict[str, tuple[Kept, ...]], tmp_path: Path, how: str
):
    dialog = dialog_for(qtbot, {"": previews[""] * 200}, tmp_path)
    out = tmp_path / "out" / "film.webp"
    with qtbot.assertNotEmitted(dialog.exported, wait=100):
        dialog.write(out)
        qtbot.waitUntil(lambda: dialog.progress.value() > 0)
        dialog.export.click() if how == "cancel" else dialog.reject()
    qtbot.waitUntil(lambda: not list(out.parent.iterdir()))
    assert dialog.export.text() == "Export…" or not dialog.isVisible()


def test_a_disk_that_refuses_is_told(qtbot: QtBot, dialog: ExportFilmDialog, tmp_path: Path):
    (tmp_path / "file").touch()
    dialog.write(tmp_path / "file" / "film.gif")
    qtbot.waitUntil(lambda: "is a file, not a folder" in dialog.problem.text.text())
    assert dialog.export.text() == "Export…"


def test_a_missing_encoder_is_told_before_a_file_is_asked_for(
    dialog: ExportFilmDialog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked"))
    dialog.form.format.setCurrentIndex(dialog.form.format.findData(".mp4"))
    dialog.export.click()
    assert "pip install" in dialog.problem.text.text()


@pytest.mark.parametrize("there", ["nothing", "no steps between"])
def test_without_frames_nothing_can_be_exported(
    qtbot: QtBot, previews: dict[str, tuple[Kept, ...]], tmp_path: Path, there: str
):
    dialog = dialog_for(qtbot, {} if there == "nothing" else previews, tmp_path)
    dialog.form.first.setValue(31)
    dialog.form.last.setValue(39)
    assert not dialog.export.isEnabled()
    assert (
        "kept no previews" if there == "nothing" else "from step 31 to step 39"
    ) in dialog.problem.text.text()


def test_every_field_has_a_name_for_those_who_hear_it(dialog: ExportFilmDialog):
    form = dialog.form
    fields = (form.format, form.kind, form.first, form.last, form.every, form.most, form.fps, form.scale)
    assert all(field.accessibleName() for field in (*fields, form.columns, dialog.picture, dialog.progress))
