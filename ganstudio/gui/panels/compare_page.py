"""Compare page: several runs beside each other: their curves, their samples, and in what they differ.

It is told which runs and given what was read of them. It reads no files and knows nothing of sessions.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio import comparison, differences
from ganstudio.catalogue import Catalogue
from ganstudio.gui import theme
from ganstudio.gui.panels.compare_legend import CompareLegend
from ganstudio.gui.panels.compare_plots import ComparePlots
from ganstudio.gui.panels.compare_runs import ComparedRun, read, shown
from ganstudio.gui.panels.compare_samples import CompareSamples
from ganstudio.gui.panels.compare_table import CompareTable
from ganstudio.gui.widgets.compare_picker import ComparePicker
from ganstudio.gui.widgets.compare_styles import MOST_RUNS
from ganstudio.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from ganstudio.runs.history import History
    from ganstudio.runs.pictures import PreviewPicture

_EMPTY = (
    "Choose up to 12 runs to lay their curves over each other, see their samples side by side, "
    "and read in which settings they differ."
)
_TABLE_SHARE = 0.45
"""Of the height beside the curves, the table takes no more than this."""
_EMPTY_WIDTH = 440
_FULL = f"{MOST_RUNS} runs can be compared at once. Take one away to add another."
_NO_RUNS = "There are no runs in the library yet."


class ComparePage(QWidget):
    """The runs above, their samples and settings on the left, their curves on the right.

    Signals:
        runsChanged: the folders of all runs that are compared, in their order.
        picturesAsked: the paths of the pictures that are to be shown now.
        listAsked: the user wants to choose among the runs of the library.
        folderAsked: the user wants to choose a run somewhere else.
        seen: whether the page is in view.
    """

    runsChanged = Signal(list)  # noqa: N815 - Qt's way of naming
    picturesAsked = Signal(list)  # noqa: N815
    listAsked = Signal()  # noqa: N815
    folderAsked = Signal()  # noqa: N815
    seen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: list[ComparedRun] = []
        self._catalogue = Catalogue()
        self._library: Sequence[Path] | None = None
        self.legend = CompareLegend(self)
        self.picker = ComparePicker("Add runs", "compare", "Choose runs of the library to compare", self)
        self.folder = QToolButton(self)
        self.clear_button = QToolButton(self)
        self.full = Notice("info", closable=True, parent=self)
        self.samples = CompareSamples(self)
        self.table = CompareTable(self)
        self.plots = ComparePlots(self)
        self.choose = QPushButton("Choose runs…", self)
        self._left = _splitter(Qt.Orientation.Vertical, self.samples, self.table, sizes=(320, 210))
        self._sizes_kept = False
        self._body = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    # --- Which runs --------------------------------------------------------------------------------

    @property
    def paths(self) -> list[Path]:
        """The folders of all runs that are compared, in their order."""
        return [run.path for run in self.runs]

    def show_runs(self, paths: Sequence[Path]) -> None:
        """Compare these runs, 1 to 12 of them, in this order; those that were compared before stay read."""
        wanted = list(dict.fromkeys(paths))
        self.full.say(_FULL if len(wanted) > MOST_RUNS else "")
        known = {run.path: run for run in self.runs}
        self._take(
            [
                replace(known.get(path, ComparedRun(slot, path)), slot=slot)
                for slot, path in enumerate(wanted[:MOST_RUNS])
            ]
        )

    def add_run(self, path: Path) -> None:
        """Compare one run more; all others keep letter and colour."""
        if path in self.paths:
            return
        taken = {run.slot for run in self.runs}
        free = next((slot for slot in range(MOST_RUNS) if slot not in taken), None)
        self.full.say(_FULL if free is None else "")
        if free is not None:
            self._take([*self.runs, ComparedRun(free, path)])

    def remove_run(self, path: Path) -> None:
        """Compare one run less; all others keep letter and colour."""
        self.full.say("")
        self._take([run for run in self.runs if run.path != path])

    def clear(self) -> None:
        """Compare nothing."""
        self.show_runs([])

    def offer_runs(self, paths: Sequence[Path]) -> None:
        """Let the user choose among these runs."""
        self._library = paths
        self._fill_picker()

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Take names and units of settings from here."""
        self._catalogue = catalogue
        self._show()

    # --- What was read -----------------------------------------------------------------------------

    def take_history(self, path: Path, history: "History") -> None:
        """Show a run that was read, for the first time or anew."""
        self._replace(path, history=history, failure="")

    def take_failure(self, path: Path, sentence: str) -> None:
        """Say why a run, or a picture, cannot be shown, in its place."""
        if path in self.paths:
            self._replace(path, history=None, failure=sentence)
        else:
            self.samples.take_failure(path, sentence)

    def take_picture(self, path: Path, picture: "PreviewPicture") -> None:
        """Show a picture that was asked for."""
        self.samples.take_picture(path, picture)

    # --- Inside ------------------------------------------------------------------------------------

    def _take(self, runs: list[ComparedRun]) -> None:
        self.runs = runs
        self._show()
        self.runsChanged.emit(self.paths)

    def _replace(self, path: Path, **changes: Any) -> None:
        self.runs = [replace(run, **changes) if run.path == path else run for run in self.runs]
        self._show()

    def _show_run(self, slot: int, wanted: bool) -> None:
        run = next((run for run in self.runs if run.slot == slot), None)
        if run is not None and run.shown != wanted:
            self._replace(run.path, shown=wanted)

    def _remove_slot(self, slot: int) -> None:
        self.full.say("")
        self._take([run for run in self.runs if run.slot != slot])

    def _show(self) -> None:
        seen = shown(self.runs)
        self._body.setCurrentIndex(int(bool(self.runs)))
        self.clear_button.setVisible(bool(self.runs))
        self.legend.set_runs(self.runs)
        self.plots.set_runs(self.runs)
        named = [(run.letter, run.history) for run in seen if run.history is not None]
        self.samples.set_runs(self.runs, comparison.latents_sentence(named, self._catalogue))
        compared = [run for run in seen if run.history is not None]
        rows, equal = differences.differing_settings(read(compared), self._catalogue)
        self.table.set_rows(compared, rows, equal)
        self._share_height()
        self._fill_picker()

    def _fill_picker(self) -> None:
        if self._library is None:
            return
        names = [path for path in self._library if path not in self.paths]
        options = [(path, path.name) for path in (*self.paths, *names)]
        self.picker.set_options(options, self.paths, MOST_RUNS)
        self.picker.say("" if options else _NO_RUNS)

    def _tick(self, path: Path, wanted: bool) -> None:
        if wanted:
            self.add_run(path)
        else:
            self.remove_run(path)

    def _share_height(self) -> None:
        """Give the table what it needs, up to a share, and the samples the rest, until the user does."""
        height = self._left.height()
        if not self._sizes_kept and height > 0:
            table = min(self.table.wanted_height(), round(_TABLE_SHARE * height))
            self._left.setSizes([height - table, table])

    def _keep_sizes(self) -> None:
        self._sizes_kept = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._share_height()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the page can be seen."""
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody sees the page."""
        super().hideEvent(event)
        self.seen.emit(False)

    def _connect(self) -> None:
        self.legend.toggled.connect(self._show_run)
        self.legend.removed.connect(self._remove_slot)
        self.plots.toggled.connect(self._show_run)
        self.plots.stepChosen.connect(self.samples.show_step)
        self.samples.stepShown.connect(self.plots.set_step)
        self.samples.picturesAsked.connect(self.picturesAsked)
        self.picker.opened.connect(self.listAsked)
        self.picker.ticked.connect(self._tick)
        self.folder.clicked.connect(self.folderAsked)
        self.clear_button.clicked.connect(self.clear)
        self.choose.clicked.connect(lambda: self.picker.open(self.choose))

    def _lay_out(self) -> None:
        for button, icon, tip in (
            (self.folder, "folder", "Add a run from another folder"),
            (self.clear_button, "cross", "Compare nothing"),
        ):
            button.setIcon(theme.icon(icon, "quiet"))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.legend, 1)
        for button in (self.picker, self.folder, self.clear_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.full)
        layout.addWidget(self._body, 1)
        self._body.addWidget(self._empty())
        self._body.addWidget(self._columns())

    def _empty(self) -> QWidget:
        label = QLabel(_EMPTY, self)
        label.setProperty("role", "quiet")
        label.setWordWrap(True)
        label.setFixedWidth(_EMPTY_WIDTH)
        label.setMinimumHeight(label.heightForWidth(_EMPTY_WIDTH))
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _columns(self) -> QSplitter:
        self._left.setStretchFactor(0, 1)
        self._left.splitterMoved.connect(self._keep_sizes)
        split = _splitter(Qt.Orientation.Horizontal, self._left, self.plots, sizes=(460, 420))
        for place in range(2):
            split.setStretchFactor(place, 1)
        return split


def _splitter(orientation: Qt.Orientation, *widgets: QWidget, sizes: Sequence[int]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(8)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setSizes(list(sizes))
    return splitter
