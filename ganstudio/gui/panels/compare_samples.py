"""Compare samples: the previews of several runs side by side, all at the same step.

It knows which pictures there are and asks for those it needs; it reads none.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio import comparison
from ganstudio.gui import theme, words
from ganstudio.gui.panels.compare_cell import CompareCell
from ganstudio.gui.panels.compare_runs import ComparedRun, read, shown
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.editors import CalmCombo

if TYPE_CHECKING:
    from ganstudio.runs.pictures import PreviewPicture

PLAY_MS = 300
"""Each step is shown so long while it plays, and as much longer as its pictures take."""

_GAP = 8
_FIRST = "first shown"


class CompareSamples(QFrame):
    """A cell for each run, and below them a slider over all steps at which any run kept a preview.

    Signals:
        picturesAsked: the paths of the pictures that are to be shown now.
        stepShown: the step that is shown, or ``None`` where there is none.
    """

    picturesAsked = Signal(list)  # noqa: N815 - Qt's way of naming
    stepShown = Signal(object)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.cells: dict[int, CompareCell] = {}
        self.steps: list[int] = []
        self._runs: Sequence[ComparedRun] = ()
        self._step: int | None = None
        self._awaited: set[Path] = set()
        self.source = CalmCombo(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.play = QToolButton(self)
        self.label = QLabel(self)
        self.latents = Caption(self)
        self._area = QWidget(self)
        self._grid = QGridLayout(self._area)
        self._timer = QTimer(self, singleShot=True, interval=PLAY_MS)
        self._lay_out()
        self._connect()
        self._show_ends()

    @property
    def step(self) -> int | None:
        """The step that is shown."""
        return self._step

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self.play.isChecked()

    # --- What it is told ---------------------------------------------------------------------------

    def set_runs(self, runs: Sequence[ComparedRun], latents: str = "") -> None:
        """Show the previews of these runs, and say whether they are at the same latents."""
        self._runs = runs
        self.latents.setText(latents)
        self.latents.setToolTip(latents)
        self._renew_cells()
        self._offer_sources()
        self._renew_steps()

    def show_step(self, step: int) -> None:
        """Show the latest previews not after a step, or the first there are."""
        if self.steps:
            self.slider.setValue(max(0, bisect_right(self.steps, step) - 1))

    def take_picture(self, path: Path, picture: "PreviewPicture") -> None:
        """Show a picture wherever it is waited for."""
        self._awaited.discard(path)
        for cell in self.cells.values():
            cell.take_picture(path, picture)
        self._go_on()

    def take_failure(self, path: Path, sentence: str) -> None:
        """Say why there is no picture where it is waited for."""
        self._awaited.discard(path)
        for cell in self.cells.values():
            cell.take_failure(path, sentence)
        self._go_on()

    # --- Inside ------------------------------------------------------------------------------------

    def _renew_cells(self) -> None:
        for slot in [slot for slot in self.cells if slot not in [run.slot for run in self._runs]]:
            cell = self.cells.pop(slot)
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        for run in self._runs:
            cell = self.cells.get(run.slot) or CompareCell(run.slot, self._area)
            self.cells[run.slot] = cell
            cell.set_run(run)
        self._arrange()

    def _offer_sources(self) -> None:
        """Offer the kinds of previews, where a run has several."""
        sources = comparison.preview_sources(read(self._runs))
        chosen = self._source()
        if [self.source.itemData(row) for row in range(self.source.count())] != sources:
            blocked = self.source.blockSignals(True)
            self.source.clear()
            for source in sources:
                self.source.addItem(source.replace("-", " ") or _FIRST, source)
            self.source.setCurrentIndex(max(0, self.source.findData(chosen)))
            self.source.blockSignals(blocked)
        self.source.setVisible(len(sources) > 1)

    def _source(self) -> str:
        return str(self.source.currentData() or "")

    def _renew_steps(self) -> None:
        """Take up all steps there are; who looked at the last one sees the one that has come."""
        at_end = not self.steps or self._step is None or self._step >= self.steps[-1]
        self.steps = comparison.preview_steps(read(shown(self._runs)), self._source())
        step = self.steps[-1] if self.steps and at_end else self._step
        place = 0 if step is None else max(0, bisect_right(self.steps, step) - 1)
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(self.steps) - 1))
        self.slider.setPageStep(max(1, len(self.steps) // 10))
        self.slider.setValue(place)
        self.slider.blockSignals(blocked)
        self._show_place()

    def _show_place(self) -> None:
        place = self.slider.value()
        self._step = self.steps[place] if place < len(self.steps) else None
        self.label.setText("" if self._step is None else words.step(self._step))
        self.slider.setAccessibleDescription(self.label.text())
        cells = [self.cells[run.slot] for run in shown(self._runs)]
        wanted = [path for cell in cells for path in cell.show_step(self._step, self._source())]
        self._awaited = set(wanted)
        self._show_ends()
        self.picturesAsked.emit(wanted)
        self.stepShown.emit(self._step)
        self._go_on()

    def _show_ends(self) -> None:
        several = len(self.steps) > 1
        for widget in (self.slider, self.play):
            widget.setEnabled(several)
        if not several:
            self.play.setChecked(False)

    # --- Playing -----------------------------------------------------------------------------------

    def _take_play(self, playing: bool) -> None:
        self.play.setIcon(theme.icon("pause" if playing else "train"))
        if not playing:
            self._timer.stop()
            return
        if self.slider.value() >= self.slider.maximum():
            self.slider.setValue(0)
        self._go_on()

    def _go_on(self) -> None:
        """Arrange the next step, once all that is awaited of this one is there."""
        if self.playing and not self._awaited and not self._timer.isActive():
            self._timer.start()

    def _play_on(self) -> None:
        if self.slider.value() >= self.slider.maximum():
            self.play.setChecked(False)
        else:
            self.slider.setValue(self.slider.value() + 1)

    # --- Room --------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Put the cells into as many columns as make them largest, all of one size."""
        cells = [self.cells[run.slot] for run in shown(self._runs)]
        columns = _columns(len(cells), self._area.size())
        for cell in self.cells.values():
            self._grid.removeWidget(cell)
            cell.setVisible(cell in cells)
        for place in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(place, int(place < columns))
            self._grid.setRowStretch(place, int(place * columns < len(cells)))
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, *divmod(place, columns))
            self._grid.setColumnStretch(place % columns, 1)
            self._grid.setRowStretch(place // columns, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the room anew when there is more or less of it."""
        if watched is self._area and isinstance(event, QResizeEvent):
            self._arrange()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play on Space, wherever the focus is in here."""
        if event.key() == Qt.Key.Key_Space and self.play.isEnabled():
            self.play.toggle()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Play nothing that nobody sees."""
        super().hideEvent(event)
        self.play.setChecked(False)

    def _lay_out(self) -> None:
        self.source.setAccessibleName("Kind of previews")
        self.source.setToolTip("Which of the previews that a run keeps")
        self.slider.setAccessibleName("Step of the samples")
        self.slider.setToolTip("Each run shows its latest preview not after this step (← →, Space plays)")
        self.play.setCheckable(True)
        self.play.setIcon(theme.icon("train"))
        self.play.setToolTip("Play all steps (Space)")
        self.play.setAccessibleName("Play")
        self.label.setFont(theme.sized_font(0))
        self.label.setMinimumWidth(self.fontMetrics().horizontalAdvance("step 1 000 000"))
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._area.setMinimumSize(160, 120)
        self._area.installEventFilter(self)
        heading = QLabel("Samples", self)
        heading.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(8)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addWidget(self.latents, 1)
        header.addWidget(self.source)
        controls = QHBoxLayout()
        controls.setSpacing(8)
        for widget, stretch in ((self.play, 0), (self.slider, 1), (self.label, 0)):
            controls.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self._area, 1)
        column.addLayout(controls)
        heading.setMinimumHeight(QToolButton().sizeHint().height())

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._show_place)
        self.source.currentIndexChanged.connect(self._renew_steps)
        self.play.toggled.connect(self._take_play)
        self._timer.timeout.connect(self._play_on)


def _columns(count: int, room: QSize) -> int:
    """Return how many cells stand side by side where each is as large as can be."""
    if count < 2 or room.isEmpty():
        return max(1, count)

    def side(columns: int) -> float:
        return min(room.width() / columns, room.height() / math.ceil(count / columns))

    return max(range(1, count + 1), key=lambda columns: (side(columns), -columns))
