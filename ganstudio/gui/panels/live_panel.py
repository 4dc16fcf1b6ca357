"""Live panel: samples and curves of one run: its past, and what comes of it.

It is told both and shows them at a calm rate. It asks for nothing and knows nothing of sessions.
"""

import time
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QTabWidget, QVBoxLayout, QWidget

from ganstudio.api.events import (
    BEST,
    CheckpointSaved,
    Event,
    PreviewPassed,
    PreviewReady,
    Restarted,
    ScoreRecord,
    SettingChanged,
    Started,
    StepRecord,
    VectorRecord,
    lasting_reasons,
)
from ganstudio.gui import words
from ganstudio.gui.panels.networks_panel import NetworksPanel
from ganstudio.gui.panels.plot_stack import PlotStack
from ganstudio.gui.panels.samples_pane import SamplesPane

if TYPE_CHECKING:
    from ganstudio.runs.history import History

INTERVAL_MS = 200
"""Curves are painted at most this often: faster costs training more than eyes gain."""
LONGEST_INTERVAL_MS = 2000
SAMPLES_WIDTH, CURVES_WIDTH = 476, 320
"""Eight digits side by side at twice their size, and the least that curves need beside them."""
COST_MS = 25.0
"""Where a refresh and its painting use more of a core, there is proportionally more time between two."""


_SCORE = "score/"
_MANY = 32
"""Reports from which on they are added at once."""


class LivePanel(QWidget):
    """Samples on the left; curves, or what goes on inside of the networks, on the right.

    ``take`` is cheap: curves are painted later, by one timer that runs only while there is something new
    and somebody to see it.

    Signals:
        scoreAsked: the user wants all scores computed now.
    """

    scoreAsked = Signal()  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples = SamplesPane(self)
        self.stack = PlotStack(self)
        self.networks = NetworksPanel(self)
        self.tabs = QTabWidget(self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        scroll = QScrollArea(self)
        scroll.setWidget(self.stack)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.addTab(scroll, "Curves")
        self.tabs.addTab(self.networks, "Networks")
        self.tabs.setDocumentMode(True)
        for widget in (self.samples, self.tabs):
            self.splitter.addWidget(widget)
        self.splitter.splitterMoved.connect(self._keep_sizes)
        self.samples.cursorMoved.connect(self.stack.set_cursor)
        self.samples.cursorMoved.connect(self.networks.set_cursor)
        self.networks.stepChosen.connect(self.samples.go_to)
        self.stack.scoreAsked.connect(self.scoreAsked)
        self.stack.stepClicked.connect(self.samples.go_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.splitter)
        self._sizes_kept = False
        self.refresh_ms = 0.0
        self._interval = float(INTERVAL_MS)
        self._refreshed = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._refresh)

    def start_run(self, total_steps: int | None = None, averaged: bool = True) -> None:
        """Make room for a new run; ``averaged`` says whether its samples are of averaged weights."""
        self.samples.averaged = averaged
        self.samples.clear()
        self.stack.clear(total_steps)
        self.networks.clear()

    def show_history(self, history: "History") -> None:
        """Show a run as far as it went, in place of what there is; :meth:`take` adds what comes after.

        ``samples.averaged`` stays as it is.
        """
        self.samples.clear()
        self.samples.modes, self.samples.classes = history.modes, history.classes
        self.stack.show_history(history)
        self.networks.clear()
        curves = history.curves.items()
        scores = {name: float(curve.values[-1]) for name, curve in curves if name.startswith(_SCORE)}
        self.samples.take_scores(scores)
        self.samples.set_best(self.stack.scores.best_text())
        self.samples.mark_best(history.best_step)
        self.samples.show_run(history.path, history.previews, history.real)
        self._arrange_refresh()

    def take_past_vectors(self, vectors: Sequence[VectorRecord]) -> None:
        """Show the vectors of the past of the run that is shown."""
        self.networks.take_past(vectors)

    def set_scorable(self, hindrance: str) -> None:
        """Let scores be asked for, or not where there is a hindrance: a sentence."""
        self.stack.scores.set_scorable(hindrance)

    def clear(self) -> None:
        """Show nothing, as at the start."""
        self.start_run()

    def take(self, events: Sequence[Event]) -> None:
        """Take events in their order; those that say nothing here are passed over."""
        for kind, group in groupby(events, type):
            alike = list(group)
            if kind is StepRecord and len(alike) >= _MANY and self._take_many(alike):
                continue
            for event in alike:
                self._take(event)
        self._arrange_refresh()

    def state(self) -> dict[str, Any]:
        """Return sizes and what the user has chosen, as plain data (numbers, texts, lists, tables)."""
        inside = {"tab": self.tabs.currentIndex(), "networks": self.networks.state()}
        return {"columns": self.splitter.sizes(), **inside, **self.stack.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; what does not fit is left as it is."""
        columns = state.get("columns", ())
        if len(columns) == self.splitter.count():
            self.splitter.setSizes([int(size) for size in columns])
            self._sizes_kept = True
        self.stack.restore(state)
        self.networks.restore(state.get("networks", {}))
        self.tabs.setCurrentIndex(int(state.get("tab", 0)))

    def _take(self, event: Event) -> None:
        match event:
            case StepRecord(step=step, values=values):
                self.stack.append(step, values)
            case ScoreRecord(values=values):
                self.stack.append_scores(event)
                self.samples.take_scores(values)
                self.samples.set_best(self.stack.scores.best_text())
            case CheckpointSaved(step=step, reason=reason) if BEST in lasting_reasons(reason):
                self.samples.mark_best(step)
            case VectorRecord():
                self.networks.take([event])
            case PreviewReady():
                self.samples.take_preview(event)
            case PreviewPassed():
                self.samples.take_passed(event)
            case SettingChanged(step=step, path=path, value=value, before=before) if (
                # What changes nothing but samples has nothing to do with the curves.
                path not in self.samples.settings.fields
            ):
                self.stack.mark(step, words.edit(path, before, value))
            case Started(step=step, total_steps=total_steps, modes=modes, classes=classes):
                if isinstance(event, Restarted):
                    self.stack.cut(step)
                    self.samples.cut(step)
                    self.networks.cut(step)
                    self.samples.set_best(self.stack.scores.best_text())
                self.stack.set_total_steps(total_steps)
                self.samples.modes, self.samples.classes = modes, classes

    def _take_many(self, reports: Sequence[Any]) -> bool:
        """Add many reports curve by curve, which takes far less time; say whether their steps allow it."""
        steps = [report.step for report in reports]
        if any(step >= later for step, later in pairwise(steps)):
            return False
        curves: dict[str, tuple[list[int], list[float]]] = {}
        for report in reports:
            for name, value in report.values.items():
                row = curves.setdefault(name, ([], []))
                row[0].append(report.step)
                row[1].append(value)
        for name, row in curves.items():
            self.stack.extend(name, *row)
        return True

    def _arrange_refresh(self) -> None:
        """See to it that what is new is painted, not sooner than one interval after the last painting."""
        if not self.stack.stale or not self.isVisible() or self._timer.isActive():
            return
        since = 1000 * (time.perf_counter() - self._refreshed)
        self._timer.start(max(0, round(self._interval - since)))

    def _refresh(self) -> None:
        began = time.thread_time()
        painted = self.stack.refresh()
        self.refresh_ms = 1000 * (time.thread_time() - began + painted)
        self._refreshed = time.perf_counter()
        slower = max(1.0, self.refresh_ms / COST_MS)
        self._interval = min(INTERVAL_MS * slower, LONGEST_INTERVAL_MS)

    def _keep_sizes(self) -> None:
        self._sizes_kept = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between samples and curves, until the user does."""
        super().resizeEvent(event)
        if not self._sizes_kept:
            width = self.splitter.width() - self.splitter.handleWidth()
            samples = min(max(width // 2, SAMPLES_WIDTH), width - CURVES_WIDTH)
            self.splitter.setSizes([samples, width - samples])

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._arrange_refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop painting what nobody sees."""
        super().hideEvent(event)
        self._timer.stop()
