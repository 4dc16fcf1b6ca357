"""The compare page: which runs, their curves, samples and settings."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.panels import compare_samples
from ganstudio.gui.panels.compare_page import ComparePage
from ganstudio.runs import pictures
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from tests.compared import digits, experiment, make_run
from tests.gui.catalogues import CATALOGUE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagate)")

RATE = "optimizers.generator.learning_rate"


class Reading:
    """Answers what the page asks for, as the reader does, but at once."""

    def __init__(self, page: ComparePage) -> None:
        self.page = page
        self.asked: list[list[Path]] = []
        self.held = False
        page.picturesAsked.connect(self.give)

    def show(self, *paths: Path) -> None:
        self.page.show_runs(paths)
        for path in paths:
            self.page.take_history(path, read_history(path))

    def give(self, paths: list[Path]) -> None:
        self.asked.append(paths)
        if not self.held:
            for path in paths:
                self.page.take_picture(path, pictures.read(path))


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    made = ComparePage()
    qtbot.addWidget(made)
    made.set_catalogue(CATALOGUE)
    made.resize(880, 600)
    made.show()
    return made


@pytest.fixture
def reading(page: ComparePage) -> Reading:
    return Reading(page)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    one = make_run(tmp_path, experiment("one"), previews=(10, 20, 40))
    return one, make_run(tmp_path, experiment("two", rate=1e-3), steps=60, previews=(30, 60))


class TestRuns:
    def test_they_stand_in_the_order_asked_for(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(page.runsChanged) as told:
            reading.show(*two[::-1])
        assert told.args == [list(two[::-1])]
        assert [run.letter for run in page.runs] == ["A", "B"]
        assert page.legend.entries[0].line.text() == f"A  {two[1].name}"

    def test_one_taken_away_leaves_the_others_their_letters(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(*two)
        page.legend.entries[0].cross.click()
        assert [run.letter for run in page.runs] == ["B"]
        assert list(page.plots.plots["loss/generator"].curves) == [1]
        third = make_run(tmp_path, experiment("three"))
        page.add_run(third)
        assert [(run.letter, run.path) for run in page.runs] == [("B", two[1]), ("A", third)]

    def test_one_that_is_there_is_not_added_twice(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.add_run(two[0])
        assert page.paths == list(two)

    def test_others_begin_with_new_letters_and_what_was_read_stays(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.show_runs([two[1], two[0].parent / "other"])
        assert [run.letter for run in page.runs] == ["A", "B"]
        assert page.runs[0].history is not None
        assert page.runs[1].history is None

    def test_there_are_no_more_than_twelve(self, page: ComparePage, tmp_path: Path) -> None:
        page.show_runs([tmp_path / f"run-{number}" for number in range(13)])
        assert len(page.runs) == 12
        assert "12 runs can be compared" in page.full.text.text()
        page.add_run(tmp_path / "one more")
        assert len(page.runs) == 12
        page.remove_run(tmp_path / "run-3")
        assert not page.full.isVisible()
        page.add_run(tmp_path / "one more")
        assert page.runs[-1].letter == "D"

    def test_one_that_cannot_be_read_shows_why_in_its_place(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        gone = two[0].parent / "gone"
        reading.show(*two)
        page.add_run(gone)
        page.take_failure(gone, "There is no folder gone.")
        cell = page.samples.cells[2]
        assert cell.sentence.isVisible()
        assert cell.sentence.toolTip() == "There is no folder gone."
        assert "cannot be read" in page.legend.entries[2].line.accessibleDescription()
        assert page.table.table.columnCount() == 3

    def test_nothing_to_compare_is_said(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        assert page.choose.isVisible()
        reading.show(*two)
        assert not page.choose.isVisible()
        page.clear_button.click()
        assert page.choose.isVisible()
        assert page.runs == []

    def test_runs_of_the_library_can_be_ticked(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(page.listAsked):
            page.picker.click()
        page.offer_runs(two)
        items = page.picker.popup.list
        items.item(1).setCheckState(Qt.CheckState.Checked)
        assert page.paths == [two[1]]
        assert [items.item(row).text() for row in range(2)] == [two[1].name, two[0].name]
        items.item(0).setCheckState(Qt.CheckState.Unchecked)
        assert page.paths == []
        page.picker.popup.close()

    def test_a_full_page_takes_no_more_ticks(self, page: ComparePage, tmp_path: Path) -> None:
        paths = [tmp_path / f"run-{number}" for number in range(13)]
        page.show_runs(paths[:12])
        page.offer_runs(paths)
        flags = [page.picker.popup.list.item(row).flags() for row in range(13)]
        assert [bool(each & Qt.ItemFlag.ItemIsEnabled) for each in flags] == [True] * 12 + [False]

    def test_a_hidden_run_is_left_out_everywhere(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        assert page.samples.steps == [10, 20, 30, 40, 60]
        page.legend.entries[1].line.click()
        assert not page.plots.plots["loss/generator"].curves[1].shown
        assert page.samples.steps == [10, 20, 40]
        assert not page.samples.cells[1].isVisible()
        assert page.table.table.columnCount() == 2
        page.plots.plots["loss/generator"].legend.entries["1"].click()
        assert page.runs[1].shown
        assert page.samples.cells[1].isVisible()

    def test_it_tells_whether_it_is_seen(self, page: ComparePage, qtbot: QtBot) -> None:
        seen: list[bool] = []
        page.seen.connect(seen.append)
        page.hide()
        page.show()
        assert seen == [False, True]


class TestCurves:
    def test_those_in_common_are_shown_at_first(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(*two)
        assert list(page.plots.plots) == ["loss/generator", "loss/discriminator", "score/modes"]
        plot = page.plots.plots["loss/discriminator"]
        assert [list(curve.series.x) for curve in plot.curves.values()] == [
            [10, 20, 30, 40],
            [10, 20, 30, 40, 50, 60],
        ]

    def test_others_can_be_chosen_and_stay_chosen(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.plots.tools.picker.ticked.emit("logits/real", True)
        page.plots.plots["score/modes"].cross.click()
        page.take_history(two[0], read_history(two[0]))
        assert set(page.plots.plots) == {"loss/generator", "loss/discriminator", "logits/real"}

    def test_all_of_them_taken_away_is_said(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        for plot in list(page.plots.plots.values()):
            plot.cross.click()
        assert page.plots.empty.isVisible()
        assert page.plots.plots == {}

    @pytest.mark.parametrize(("axis", "last"), [("steps", 60), ("images", 240), ("seconds", 0.6)])
    def test_they_are_drawn_over_what_one_chooses(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], axis: str, last: float
    ) -> None:
        reading.show(*two)
        page.plots.tools.set_axis(axis)
        plot = page.plots.plots["loss/generator"]
        assert plot.extent() is not None
        assert plot.curves[1].series.x[-1] == pytest.approx(last)
        (left, right), _ = plot.graph.ranges()
        assert left == 0
        assert last <= right <= 1.1 * last

    def test_scores_have_the_intervals_that_were_recorded(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        name = "score/KID (studio, 100)"
        for path in two:
            with RunFolder.open(path) as run:
                for step, value in ((20, 2.0), (40, 1.0)):
                    run.append_metrics(
                        {
                            **{"step": step, "scores": {name: value}, "took": 0.1, "lower": [name]},
                            "intervals": {name: [value - 0.5, value + 0.5]},
                        }
                    )
        reading.show(*two)
        page.plots.choose(name, True)
        plot = page.plots.plots[name]
        plot.refresh()
        assert [band.high.tolist() for band in plot.bands.bands] == [[2.5, 1.5]] * 2
        assert len({band.colour for band in plot.bands.bands}) == 2

    def test_a_zoom_of_one_is_a_zoom_of_all(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.plots.plots["loss/generator"].zoomed.emit(20.0, 30.0)
        ranges = [plot.graph.ranges()[0] for plot in page.plots.plots.values()]
        assert ranges == [pytest.approx((20, 30))] * 3
        page.plots.tools.reset.click()
        assert page.plots.plots["score/modes"].graph.ranges()[0][1] > 60

    def test_the_mouse_reads_values_in_all_plots(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        plots = page.plots.plots
        plots["loss/generator"].hovered.emit(20.0)
        entries = plots["loss/discriminator"].legend.entries
        assert [entry.accessibleDescription() for entry in entries.values()] == ["20.0", "20.0"]
        plots["loss/generator"].hovered.emit(None)
        assert [entry.accessibleDescription() for entry in entries.values()] == ["40.0", "60.0"]

    def test_changes_and_branches_are_marked(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        parent = make_run(tmp_path, experiment("parent"), changes=[(20, RATE, 2e-4, 1e-4)])
        origin = {"parent": {"run": parent.name, "path": parent.name, "step": 30}}
        reading.show(parent, make_run(tmp_path, experiment("branch", rate=1e-4), provenance=origin))
        marks = page.plots.plots["loss/generator"].graph.markers.marks
        assert [at for at, _ in marks] == [20, 30]
        assert marks[0][1].startswith("A, B: generator learning rate")
        assert marks[1][1] == f"B: branches off {parent.name}"
        page.legend.entries[1].line.click()
        marks = page.plots.plots["loss/generator"].graph.markers.marks
        assert [text[:2] for _, text in marks] == ["A:"]

    def test_a_logarithm_and_a_mean_hold_for_all(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.plots.tools.log.click()
        page.plots.tools.set_smoothing(5)
        assert [plot.log for plot in page.plots.plots.values()] == [True] * 3
        assert [plot.smoothing for plot in page.plots.plots.values()] == [5, 5, 1]
        page.plots.choose("logits/real", True)
        assert (page.plots.plots["logits/real"].log, page.plots.plots["logits/real"].smoothing) == (True, 5)

    def test_a_click_shows_the_samples_of_that_step(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], qtbot: QtBot
    ) -> None:
        reading.show(*two)
        plot = page.plots.plots["loss/generator"]
        qtbot.waitUntil(lambda: plot.graph.view.width() > 50)
        place = plot.graph.mapFromScene(plot.graph.view.mapViewToScene(QPoint(25, 0)))
        place.setY(plot.graph.height() // 2)
        QTest.mouseClick(plot.graph.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert page.samples.step == 20


class TestSamples:
    def shown(self, page: ComparePage) -> list[str]:
        return [cell.title.accessibleDescription() for cell in page.samples.cells.values()]

    def test_they_begin_with_the_last_ones(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        assert self.shown(page) == ["step 40", "step 60"]
        assert [cell.points.generated is not None for cell in page.samples.cells.values()] == [True, True]

    def test_one_slider_moves_all_of_them(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.samples.slider.setValue(2)
        assert self.shown(page) == ["step 20", "step 30"]
        page.samples.slider.setValue(0)
        assert self.shown(page) == ["step 10", ""]
        assert page.samples.cells[1].sentence.text() == "No preview so early."
        assert page.samples.label.text() == "step 10"

    def test_images_stand_alike_in_every_cell(
        self, page: ComparePage, reading: Reading, tmp_path: Path
    ) -> None:
        reading.show(make_run(tmp_path, digits("a")), make_run(tmp_path, digits("b", training__seed=1)))
        grids = [cell.grid for cell in page.samples.cells.values()]
        assert [grid.images is not None and grid.images.shape for grid in grids] == [(4, 8, 8, 1)] * 2
        assert len({(tiling.rows, tiling.columns) for grid in grids if (tiling := grid.tiling())}) == 1
        assert page.samples.latents.text() == "Not at the same latents: seed differs."

    def test_other_kinds_of_previews_can_be_chosen(
        self, page: ComparePage, reading: Reading, tmp_path: Path
    ) -> None:
        run = make_run(tmp_path, digits())
        with RunFolder.open(run, writing=True) as folder:
            folder.write_sample(40, np.full((6, 4, 4, 3), 9, np.uint8), "B to A", 3, ("real", "fake", "back"))
        reading.show(run, make_run(tmp_path, digits("plain")))
        assert page.samples.source.isVisible()
        page.samples.source.setCurrentIndex(1)
        first, second = (page.samples.cells[slot] for slot in (0, 1))
        assert first.grid.images is not None
        assert first.grid.images.shape == (6, 4, 4, 3)
        assert second.sentence.text() == "This run kept no previews."
        page.samples.source.setCurrentIndex(0)
        assert first.grid.images.shape == (4, 8, 8, 1)

    def test_what_comes_too_late_is_not_shown(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        late = two[0] / "samples/000000010.png"
        before = page.samples.cells[0].points.generated
        page.take_picture(late, pictures.read(late))
        assert page.samples.cells[0].points.generated is before

    def test_a_picture_that_cannot_be_read_says_so(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.held = True
        reading.show(*two)
        page.take_failure(two[0] / "samples/000000040.png", "This is no picture.")
        assert page.samples.cells[0].sentence.text() == "This is no picture."
        assert page.samples.cells[0].sentence.isVisible()

    def test_a_run_without_previews_says_so(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(two[0], make_run(tmp_path, experiment("bare"), previews=()))
        assert page.samples.cells[1].sentence.text() == "This run kept no previews."

    def test_it_plays_to_the_end_and_stops(
        self,
        page: ComparePage,
        reading: Reading,
        two: tuple[Path, Path],
        qtbot: QtBot,
    ) -> None:
        page.samples._timer.setInterval(1)
        reading.show(*two)
        seen: list[int] = []
        page.samples.stepShown.connect(seen.append)
        page.samples.play.click()
        qtbot.waitUntil(lambda: not page.samples.playing)
        assert seen == [10, 20, 30, 40, 60]

    def test_it_plays_no_faster_than_pictures_come(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], qtbot: QtBot
    ) -> None:
        page.samples._timer.setInterval(1)
        reading.show(*two)
        reading.held = True
        page.samples.play.click()
        qtbot.wait(30)
        assert page.samples.step == 10
        path = reading.asked[-1][0]
        page.take_picture(path, pictures.read(path))
        qtbot.waitUntil(lambda: page.samples.step == 20)
        page.samples.play.click()

    def test_space_plays_and_hiding_stops(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        QTest.keyClick(page.samples.slider, Qt.Key.Key_Space)
        assert page.samples.playing
        page.hide()
        assert not page.samples.playing

    def test_who_looks_at_the_end_follows_a_run_that_trains(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(*two)
        later = make_run(tmp_path, experiment("one"), steps=80, previews=(10, 80))
        page.take_history(two[0], read_history(later))
        assert page.samples.step == 80
        page.samples.show_step(10)
        page.take_history(two[0], read_history(two[0]))
        assert page.samples.step == 10

    @pytest.mark.parametrize(
        ("count", "width", "height", "columns"),
        [(1, 400, 300, 1), (2, 400, 300, 2), (2, 200, 400, 1), (4, 400, 300, 2), (12, 400, 300, 4)],
    )
    def test_room_is_used_well(self, count: int, width: int, height: int, columns: int) -> None:
        from PySide6.QtCore import QSize

        assert compare_samples._columns(count, QSize(width, height)) == columns


class TestSettings:
    def test_only_those_that_differ_are_shown(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        table = page.table.table
        texts = [table.item(0, column).text() for column in range(3)]  # type: ignore[union-attr]
        assert (table.rowCount(), texts) == (1, ["generator learning rate", "2e-4", "1e-3"])
        assert table.item(0, 0).toolTip() == RATE  # type: ignore[union-attr]
        assert page.table.sentence.text().startswith("1 of ")

    def test_changes_while_training_stand_with_their_step(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        changed = make_run(tmp_path, experiment("three"), changes=[(20, RATE, 2e-4, 1e-4)])
        reading.show(two[0], changed)
        assert page.table.table.item(0, 2).text() == "2e-4 → 1e-4 @20"  # type: ignore[union-attr]

    def test_the_table_can_be_copied(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(two[0], two[1], make_run(tmp_path, digits("other")))
        page.table.copy.click()
        lines = QGuiApplication.clipboard().text().splitlines()
        assert lines[0].split("\t") == ["setting", *(run.name for run in page.runs)]
        assert f"{RATE}\t2e-4\t1e-3\t2e-4" in lines
        assert "optimizers.discriminator.learning_rate\t2e-4\t2e-4\t—" in lines

    def test_selected_cells_can_be_copied(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path]
    ) -> None:
        reading.show(*two)
        page.table.table.selectRow(0)
        QTest.keyClick(page.table.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "generator learning rate\t2e-4\t1e-3"

    def test_equal_runs_have_no_table(
        self, page: ComparePage, reading: Reading, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        reading.show(two[0], make_run(tmp_path, experiment("twin")))
        assert not page.table.table.isVisible()
        assert page.table.sentence.text().endswith("settings are equal.")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_colours_follow_the_theme(
    page: ComparePage, reading: Reading, two: tuple[Path, Path], look: str, qapp: QApplication
) -> None:
    reading.show(*two)
    theme.apply(qapp, look)
    tokens = theme.current()
    styles = [entry.line.style_of_curve.colour for entry in page.legend.entries.values()]
    assert styles == [tokens.generator, tokens.discriminator]
    plot = page.plots.plots["loss/generator"]
    assert [entry.style_of_curve.colour for entry in plot.legend.entries.values()] == styles
    theme.apply(qapp, "light")


def test_every_control_has_a_name(page: ComparePage, reading: Reading, two: tuple[Path, Path]) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox

    reading.show(*two)
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractItemView)
    nameless = [
        widget
        for kind in kinds
        for widget in page.findChildren(kind)
        if widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        # Scroll bars and the parts of headers are Qt's own.
        and type(widget).__name__ not in ("QScrollBar", "QHeaderView", "QTableCornerButton")
    ]
    assert nameless == []
