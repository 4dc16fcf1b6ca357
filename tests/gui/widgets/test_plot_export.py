import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets import plot_export
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.gui.widgets.plot_menu import export


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot("Losses", "loss")
    qtbot.addWidget(made)
    made.resize(400, 250)
    made.show()
    made.extend("loss/generator", [10, 20, 30], [1.0, float("nan"), 0.25])
    made.extend("loss/discriminator", [10, 30, 40], [2.0, 3.0, 0.1])
    made.refresh()
    return made


def test_the_picture_has_twice_the_pixels_and_the_curves(plot: CurvePlot, tmp_path: Path):
    plot_export.write_png(plot, tmp_path / "plot.png")
    image = QImage(str(tmp_path / "plot.png"))
    assert image.width() == 2 * plot.graph.width()
    header = {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(64)}
    assert theme.current().generator in header


def test_the_drawing_holds_lines_and_words(plot: CurvePlot, tmp_path: Path):
    plot_export.write_svg(plot, tmp_path / "plot.svg")
    root = ET.parse(tmp_path / "plot.svg").getroot()
    texts = {text for element in root.iter() if (text := (element.text or "").strip())}
    assert {"Losses", "generator", "discriminator"} <= texts
    assert any(element.tag.endswith(("path", "polyline")) for element in root.iter())


def test_the_table_has_a_row_for_each_step_and_holes_where_nothing_is(plot: CurvePlot, tmp_path: Path):
    plot_export.write_csv(plot, tmp_path / "plot.csv")
    with (tmp_path / "plot.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["step", "loss/generator", "loss/discriminator"],
        ["10", "1.0", "2.0"],
        ["20", "", ""],
        ["30", "0.25", "3.0"],
        ["40", "", "0.1"],
    ]


def test_hidden_curves_are_not_written(plot: CurvePlot, tmp_path: Path):
    plot.show_curve("loss/generator", False)
    plot_export.write_csv(plot, tmp_path / "plot.csv")
    assert (tmp_path / "plot.csv").read_text().splitlines()[0] == "step,loss/discriminator"


@pytest.mark.parametrize("kind", plot_export.WRITERS)
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    plot: CurvePlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
):
    target = tmp_path / "missing" / f"plot.{kind}"
    said: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, _title, text: said.append(text))
    export(plot, kind)
    assert said == [f"{target} could not be written: No such file or directory."]


def test_the_ending_is_added_where_it_is_missing(
    plot: CurvePlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    export(plot, "csv")
    assert (tmp_path / "mine.csv").is_file()


def test_no_file_is_written_where_none_was_chosen(
    plot: CurvePlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    export(plot, "png")
    assert not list(tmp_path.iterdir())
