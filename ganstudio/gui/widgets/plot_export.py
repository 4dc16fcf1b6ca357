"""Plot export: a plot as a picture, a drawing, or the numbers behind it. It asks nothing of the user."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ganstudio.gui import theme
from ganstudio.gui.widgets import picture_file
from ganstudio.gui.widgets.legend import draw_sample

if TYPE_CHECKING:
    from ganstudio.gui.widgets.curve_plot import CurvePlot
    from ganstudio.gui.widgets.plot_curve import PlotCurve

_HEADER = 32
_SCALE = 2
"""Pixels of a picture for each of the screen's."""


def picture(plot: CurvePlot) -> QImage:
    """Return the plot with title and legend, at twice the size of the screen."""
    size = _size(plot)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(QColor(theme.current().panel))
    painter = QPainter(image)
    _paint(plot, painter)
    painter.end()
    return image


def write_png(plot: CurvePlot, path: Path) -> None:
    """Write the plot as a picture; raises ``OSError`` where that is not possible."""
    picture_file.write_png(picture(plot), path)


def write_svg(plot: CurvePlot, path: Path) -> None:
    """Write the plot as a drawing; raises ``OSError`` where that is not possible."""
    path.touch()
    size = _size(plot)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(plot.title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(theme.current().panel))
    _paint(plot, painter)
    painter.end()


def write_csv(plot: CurvePlot, path: Path) -> None:
    """Write one row for each step with a value of any shown curve; raises ``OSError``."""
    curves = [curve for curve in plot.curves.values() if curve.shown]
    rows: dict[float, dict[str, float]] = {}
    for curve in curves:
        for step, value in zip(curve.series.x.tolist(), curve.series.y.tolist(), strict=True):
            rows.setdefault(step, {})[curve.name] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["step", *(curve.name for curve in curves)])
        for step in sorted(rows):
            table.writerow([f"{step:g}" if step % 1 else int(step), *_cells(rows[step], curves)])


WRITERS: dict[str, Callable[[CurvePlot, Path], None]] = {"png": write_png, "svg": write_svg, "csv": write_csv}


def _cells(row: dict[str, float], curves: list[PlotCurve]) -> list[str]:
    values = (row.get(curve.name, math.nan) for curve in curves)
    return ["" if math.isnan(value) else repr(value) for value in values]


def _size(plot: CurvePlot) -> QSize:
    return QSize(plot.graph.width(), plot.graph.height() + _HEADER)


def _paint(plot: CurvePlot, painter: QPainter) -> None:
    """Draw title, legend and graph."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tokens, middle = theme.current(), _HEADER / 2
    painter.setFont(theme.sized_font(0, bold=True))
    x = 12.0 + _text(painter, 12.0, plot.title, tokens.text) + 16
    painter.setFont(theme.sized_font(-1))
    for curve in plot.curves.values():
        if curve.shown:
            draw_sample(painter, QPointF(x, middle), plot.legend.entries[curve.name].style_of_curve)
            x += 28 + _text(painter, x + 28, curve.label, tokens.text) + 16
    target = QRectF(0, _HEADER, plot.graph.width(), plot.graph.height())
    plot.graph.render(painter, target, plot.graph.viewport().rect(), Qt.AspectRatioMode.KeepAspectRatio)


def _text(painter: QPainter, x: float, text: str, colour: str) -> float:
    painter.setPen(QColor(colour))
    width = painter.fontMetrics().horizontalAdvance(text)
    painter.drawText(QRectF(x, 0, width + 4, _HEADER), Qt.AlignmentFlag.AlignVCenter, text)
    return width
