"""Compare cell: what one run shows at one step: its letter and name, its samples, and of which step they are.

It is told the run and given pictures. It knows nothing of the runs beside it.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ganstudio import comparison
from ganstudio.gui import theme, words
from ganstudio.gui.panels import compare_words
from ganstudio.gui.panels.compare_runs import ComparedRun
from ganstudio.gui.widgets.compare_styles import letter, run_style
from ganstudio.gui.widgets.legend import draw_sample
from ganstudio.gui.widgets.points_view import PointsView
from ganstudio.gui.widgets.sample_grid import SampleGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ganstudio.runs.pictures import PreviewPicture

_LEAST = 40
"""Pixels of a side that samples have at least."""
_ROOMY = 160
"""Pixels from which on a title has room for words."""
_LEGIBLE = 6
"""Fewer characters of a name would tell nothing."""
_READING = "Reading…"
_NOTHING = "This run kept no previews."
_NOT_YET = "No preview so early."


class CompareCell(QWidget):
    """The samples of one run. ``slot``: its place, which gives it its letter and colour."""

    def __init__(self, slot: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slot = slot
        self.title = RunTitle(slot, self)
        self.grid = SampleGrid(_READING, self)
        self.points = PointsView(_READING, self)
        self.sentence = QLabel(self)
        self._views = QStackedWidget(self)
        self._run: ComparedRun | None = None
        self._wanted: Path | None = None
        self._real: Path | None = None
        self._real_taken: Path | None = None
        """The picture of the data that was asked for, and the one that came."""
        self._lay_out()

    def set_run(self, run: ComparedRun) -> None:
        """Show this run; one that cannot be read shows why."""
        self._run = run
        self.title.show_name(run.name)
        real = run.history.real if run.history else None
        self._real = real if real != self._real_taken else None
        if run.failure:
            self._say(run.failure)
        elif run.history is None:
            self._say(_READING)

    def show_step(self, step: int | None, source: str) -> list[Path]:
        """Wait for the latest preview not after ``step``; return the paths of the pictures that needs.

        What was shown before stays until the picture comes.
        """
        self._wanted = None
        self.title.show_step(None)
        history = self._run.history if self._run else None
        if self._run is None or self._run.failure or history is None:
            return []
        kept = comparison.preview_at(history, step, source) if step is not None else None
        self._wanted = kept.path if kept else None
        if kept is None:
            self._say(_NOT_YET if history.previews.get(source) else _NOTHING)
        else:
            self.title.show_step(kept.step)
        return [path for path in (self._real, self._wanted) if path]

    def take_picture(self, path: Path, picture: "PreviewPicture") -> None:
        """Show a picture, if it is what is waited for."""
        if path == self._real:
            self._real, self._real_taken = None, path
            if picture.kind == "points" and picture.array.shape[1] > 1:
                self.points.set_real(picture.array)
        if path != self._wanted:
            return
        if picture.kind == "points" and picture.array.shape[1] > 1:
            self.points.set_generated(picture.array)
            self._views.setCurrentWidget(self.points)
        elif picture.kind == "images":
            # As many columns in every cell, so that the same latents stand in the same place.
            columns = picture.columns or math.ceil(math.sqrt(len(picture.array)))
            self.grid.set_images(_drawable(picture.array), columns, picture.captions)
            self._views.setCurrentWidget(self.grid)
        elif picture.kind == "table":
            self.grid.set_images(_charts(picture), 1)
            self._views.setCurrentWidget(self.grid)
        else:
            self._say("Samples of a single number have no picture here.")

    def take_failure(self, path: Path, sentence: str) -> None:
        """Say why there is no picture, if it is what is waited for."""
        if path == self._real:
            self._real, self._real_taken = None, path
        if path == self._wanted:
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(compare_words.breakable(sentence))
        self.sentence.setToolTip(sentence)
        self.sentence.setAccessibleName(sentence)
        self._views.setCurrentWidget(self.sentence)

    def _lay_out(self) -> None:
        self.sentence.setProperty("role", "quiet")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFont(theme.sized_font(-1))
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        for view in (self.grid, self.points, self.sentence):
            self._views.addWidget(view)
        for sized in (self.grid, self.points, self._views):
            sized.setMinimumSize(_LEAST, _LEAST)
        self.setMinimumSize(_LEAST, _LEAST + 22)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self._views, 1)


class RunTitle(QWidget):
    """A piece of a run's line, its letter, and as much of its name as there is room for."""

    def __init__(self, slot: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slot, self._name = slot, ""
        self._step: int | None = None
        self.setFont(theme.sized_font(-1))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str) -> None:
        """Show another name."""
        self._name = name
        self.setToolTip(name)
        self.setAccessibleName(f"{letter(self._slot)}, {name}")
        self.update()

    def show_step(self, step: int | None) -> None:
        """Say at the right of which step the samples are, in a word less where there is little room."""
        self._step = step
        self.setAccessibleDescription("" if step is None else words.step(step))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line."""
        return QSize(120, max(20, self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw line, letter and name, and the step as far as there is room."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_sample(painter, QPointF(4, self.height() / 2), run_style(self._slot, tokens))
        room = self.rect().adjusted(26, 0, 0, 0)
        painter.setPen(QColor(tokens.quiet))
        step = self._written_step()
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, step)
        room.setRight(room.right() - self.fontMetrics().horizontalAdvance(step) - 8)
        painter.setPen(QColor(tokens.text))
        painter.drawText(
            room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._written(room)
        )
        painter.end()

    def _written(self, room: QRect) -> str:
        """Return letter and name, or the letter alone where a name would only be cut off."""
        text = f"{letter(self._slot)}  {compare_words.short_name(self._name)}"
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        return shown if len(shown) > _LEGIBLE else letter(self._slot)

    def _written_step(self) -> str:
        if self._step is None:
            return ""
        return words.step(self._step) if self.width() >= _ROOMY else words.grouped(self._step)


def _charts(picture: "PreviewPicture") -> "NDArray[Any]":
    """Return rows of a table as one image [1, H, W, 3], a chart for each column."""
    from ganstudio.runs import table_pictures

    return table_pictures.draw(picture.array, picture.table)[None]


def _drawable(images: "NDArray[Any]") -> "NDArray[Any]":
    """Return images [N, H, W, C] without their transparency: a grid takes grey and RGB."""
    channels = images.shape[3]
    return images[..., : channels - 1] if channels in (2, 4) else images
