"""Compare legend: the runs that are compared, each with its letter and line, to be hidden or taken away.

It knows names and states as texts. It reads nothing.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.panels import compare_words
from ganstudio.gui.panels.compare_runs import ComparedRun
from ganstudio.gui.widgets.compare_styles import run_style
from ganstudio.gui.widgets.flow_layout import FlowLayout
from ganstudio.gui.widgets.legend import LegendEntry

_FEW = 4
"""So many runs are called by their full names."""


class CompareLegend(QWidget):
    """An entry for each run.

    Signals:
        toggled: the place of a run, and whether it is to be shown.
        removed: the place of a run that is to be compared no longer.
    """

    toggled = Signal(int, bool)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: dict[int, RunEntry] = {}
        self._flow = FlowLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.notifier.changed.connect(self._recolour)

    def set_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show these runs, in this order."""
        slots = [run.slot for run in runs]
        for slot in [slot for slot in self.entries if slot not in slots]:
            entry = self.entries.pop(slot)
            self._flow.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        for place, run in enumerate(runs):
            if run.slot not in self.entries:
                self._add(run, place)
            self.entries[run.slot].show_run(run, brief=len(runs) > _FEW)
        self._flow.invalidate()

    def _add(self, run: ComparedRun, place: int) -> None:
        entry = self.entries[run.slot] = RunEntry(run, self)
        entry.line.clicked.connect(lambda shown: self.toggled.emit(run.slot, shown))
        entry.cross.clicked.connect(lambda: self.removed.emit(run.slot))
        self._flow.insert_widget(place, entry)

    def _recolour(self) -> None:
        for slot, entry in self.entries.items():
            entry.line.style_of_curve = run_style(slot, theme.current())
            entry.update()


class RunEntry(QWidget):
    """A run's line, which shows and hides it, and a cross, which takes it away."""

    def __init__(self, run: ComparedRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line(f"{run.letter}  {run.name}", run_style(run.slot, theme.current()), self)
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("cross", "quiet"))
        self.cross.setIconSize(QSize(10, 10))
        self.cross.setProperty("compact", True)
        self.cross.setToolTip("Compare this run no longer")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self.cross)

    def show_run(self, run: ComparedRun, brief: bool = False) -> None:
        """Show which run it is, how it stands, and whether it is shown; ``brief``: without its time."""
        name = compare_words.short_name(run.name) if brief else run.name
        self.line.setText(f"{run.letter}  {name}")
        self.line.setAccessibleName(f"Run {run.letter}, {run.name}")
        self.cross.setAccessibleName(f"Remove run {run.letter}, {run.name}")
        self.line.setChecked(run.shown)
        self.line.set_value(compare_words.brief_state(run))
        self.line.setToolTip(
            f"{run.path}\n{run.failure or compare_words.state(run)}\nPress to show or hide it"
        )
        self.line.updateGeometry()


class _Line(LegendEntry):
    """An entry that is as wide as what is said of its run."""

    def sizeHint(self) -> QSize:
        """Return room for the line, the name and the state."""
        room = self.fontMetrics().horizontalAdvance(f"{self.text()}  {self.accessibleDescription()}")
        return QSize(room + 36, super().sizeHint().height())
