"""Data page: what the chosen data holds, before anything is trained on it.

It is told what is chosen and what was found, and says what the user wishes. It reads no data and knows
nothing of sessions.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.data_report import DataReport
from ganstudio.gui import data_words
from ganstudio.gui.panels.columns_pane import ColumnsPane
from ganstudio.gui.panels.examples_pane import ExamplesPane
from ganstudio.gui.widgets.class_bars import ClassBars
from ganstudio.gui.widgets.facts import Facts
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.page_top import page_top

_FACTS_WIDTH = 300
_ASK = "Look at the data"
_EMPTY = "Press “Look at the data” to see examples, how many samples there are of what, and what is odd."
_STALE = "The choice of data has changed since this was looked at."


class DataPage(QWidget):
    """Examples on the left, facts on the right, and above them whether the architecture takes the data.

    Below them, of a table, its columns and what each is treated as.

    Signals:
        lookAsked: the user wants to see the data that is chosen.
        cancelled: the user no longer waits for it.
        drawAsked: the user wants to draw points.
        shown: the page came into view.
    """

    lookAsked = Signal()  # noqa: N815 - Qt's way of naming
    cancelled = Signal()
    drawAsked = Signal()  # noqa: N815
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: DataReport | None = None
        self.title = QLabel(self)
        self.line = QLabel(self)
        self.look = QPushButton(_ASK, self)
        self.draw = QPushButton("Draw points…", self)
        self.draw.setToolTip("Draw a data set of points with the mouse, and train on it")
        self.progress = _Progress(self)
        self.stale = Notice("info", parent=self)
        self.failure = Notice("bad", parent=self)
        self.verdict = Notice("good", parent=self)
        self.objection = Notice("watch", parent=self)
        self.examples = ExamplesPane(self)
        self.facts = Facts(self)
        self.columns = ColumnsPane(self)
        self.bars = ClassBars(self)
        self.notes = QLabel(self)
        self._bars_title = _title("Classes", self)
        self._notes_title = _title("Left out or changed", self)
        self._body = QStackedWidget(self)
        self._lay_out()
        self.look.clicked.connect(self.lookAsked)
        self.draw.clicked.connect(self.drawAsked)
        self.progress.cancel.clicked.connect(self.cancelled)
        self.bars.chosen.connect(self.examples.show_class)
        self.show_choice("")

    # --- What it is told ---------------------------------------------------------------------------

    def show_choice(self, title: str, changed: bool = True, draws: bool = False) -> None:
        """Say what is chosen: ``changed`` since it was looked at, ``draws`` where points can be drawn."""
        self.draw.setVisible(draws)
        self.look.setText("Look again" if self.report is not None and not changed else _ASK)
        if self.report is None:
            self.title.setText(title)
        self.stale.say(_STALE if changed and self.report is not None else "")
        if changed:
            self.failure.say("")

    def set_ready(self, ready: bool, reason: str = "") -> None:
        """Allow a look, or say why there can be none."""
        self.look.setEnabled(ready)
        self.look.setToolTip(reason)

    def show_progress(self, what: str, share: float | None = None) -> None:
        """Say what is being done; an empty text ends it."""
        self.progress.show_progress(what, share)
        if what:
            self.failure.say("")

    def show_report(self, report: DataReport, objections: Sequence[str]) -> None:
        """Show what was found, and whether it can be trained on."""
        self.progress.show_progress("")
        self.failure.say("")
        if report is not self.report:
            self._show_found(report)
        self.verdict.say("" if objections else "The experiment as it stands can be trained on this data.")
        self.objection.say("\n".join(objections))

    def show_failure(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self.progress.show_progress("")
        self.clear()
        self.failure.say(sentence)

    def clear(self) -> None:
        """Forget what was found."""
        self.report = None
        self.look.setText(_ASK)
        for notice in (self.verdict, self.objection, self.failure, self.stale):
            notice.say("")
        self.line.clear()
        self.examples.show_report(None)
        self._body.setCurrentIndex(0)

    # --- Inside ------------------------------------------------------------------------------------

    def _show_found(self, report: DataReport) -> None:
        self.report = report
        self.title.setText(report.source)
        self.line.setText(data_words.summary(report))
        self.examples.show_report(report)
        self.facts.show_facts(data_words.facts(report))
        self.bars.show_classes(report.classes, coloured=report.kind == "points")
        groups = str(report.spec.get("target", "")) if report.table else report.groups.capitalize()
        self._bars_title.setText("Modes" if report.centres else groups)
        for part in (self.bars, self._bars_title):
            part.setVisible(bool(report.classes))
        self.columns.show_rows(data_words.column_rows(report))
        self.columns.setVisible(bool(report.table))
        self.notes.setText(data_words.left_out(report))
        for label in (self.notes, self._notes_title):
            label.setVisible(bool(self.notes.text()))
        self._body.setCurrentIndex(1)

    def _scroll_to(self, scroll: QScrollArea, row: int) -> None:
        """Keep the class in view that the keyboard has reached."""
        inner = scroll.widget()
        if row >= 0 and inner is not None:
            place = self.bars.mapTo(inner, self.bars.row_middle(row))
            scroll.ensureVisible(0, place.y(), 0, 32)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the page can be seen."""
        super().showEvent(event)
        self.shown.emit()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(page_top(self.title, self.line, self.draw, self.look))
        for widget in (self.progress, self.failure, self.stale, self.objection, self.verdict):
            layout.addWidget(widget)
        layout.addWidget(self._body, 1)
        self._body.addWidget(self._empty())
        self._body.addWidget(self._found())

    def _empty(self) -> QLabel:
        label = QLabel(_EMPTY, self)
        label.setProperty("role", "quiet")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _found(self) -> QSplitter:
        self.notes.setWordWrap(True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for label in (self._notes_title, self._bars_title):
            label.setContentsMargins(0, 8, 0, 0)
        for widget in (_title("Facts", self), self.facts, self._bars_title, self.bars):
            column.addWidget(widget)
        for widget in (self._notes_title, self.notes):
            column.addWidget(widget)
        column.addStretch(1)
        inner = QWidget(self)
        inner.setLayout(column)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self.bars.currentRowChanged.connect(lambda row: self._scroll_to(scroll, row))
        panel = QFrame(self)
        panel.setProperty("role", "panel")
        QVBoxLayout(panel).addWidget(scroll)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(8)
        split.addWidget(self.examples)
        split.addWidget(panel)
        split.setStretchFactor(0, 1)
        split.setSizes([540, _FACTS_WIDTH])
        whole = QSplitter(Qt.Orientation.Vertical, self)
        whole.setChildrenCollapsible(False)
        whole.setHandleWidth(8)
        whole.addWidget(split)
        whole.addWidget(self.columns)
        whole.setSizes([280, 320])
        return whole


class _Progress(QWidget):
    """What is being done, how far it is, and a button to give it up. Hidden while nothing is done."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.what = QLabel(self)
        self.bar = QProgressBar(self)
        self.cancel = QPushButton("Cancel", self)
        self.bar.setAccessibleName("Progress of the look at the data")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.what)
        layout.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.cancel)
        self.hide()

    def show_progress(self, what: str, share: float | None = None) -> None:
        """Show how far it is; an unknown share keeps the bar moving."""
        self.what.setText(f"{what}…" if what else "")
        self.bar.setRange(0, 0 if share is None else 1000)
        self.bar.setValue(0 if share is None else round(1000 * share))
        self.setVisible(bool(what))


def _title(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "title")
    return label
