"""Health panel: a lamp for each rule that watches a run, what it finds, and what may help.

It is told what happens in a run and reports what the user wants. It knows nothing of sessions and folders.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.api.events import Event
from ganstudio.catalogue import Entry
from ganstudio.gui import health_words, theme
from ganstudio.gui.health_offers import Standing
from ganstudio.gui.health_record import GRAVITY, HealthRecord
from ganstudio.gui.panels.health_detail import BranchStep, HealthDetail
from ganstudio.gui.panels.health_past import HealthPast
from ganstudio.gui.widgets.health_lamp import HealthLamp
from ganstudio.gui.widgets.health_row import HealthRow
from ganstudio.gui.widgets.health_strip import Lamp
from ganstudio.gui.widgets.notice import Notice


class HealthPanel(QWidget):
    """Rules, the gravest first; the one that is chosen is opened below its row.

    ``record`` is what the rules have said. What nobody sees is not laid out until somebody does.

    Signals:
        editAsked: a setting's path and the value it is to have in the run that goes on.
        remedyChosen: the ``Remedy`` whose edits follow.
        branchAsked: the ``Condition`` and the ``Remedy`` with which a new run is to begin.
        stepAsked: a step that the user wants to look at.
        changed: some lamp stands otherwise.
    """

    editAsked = Signal(str, object)  # noqa: N815 - Qt's way of naming
    remedyChosen = Signal(object)  # noqa: N815
    branchAsked = Signal(object, object)  # noqa: N815
    stepAsked = Signal(int)  # noqa: N815
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = HealthRecord()
        self.branch_step: BranchStep = lambda _: None
        """Tells the checkpoint a branch because of a condition would begin with."""
        self._entries: dict[str, Entry] = {}
        self._standing = Standing()
        self._chosen: str | None = None
        """The rule the user has opened; empty where all are to be closed, ``None`` for the gravest."""
        self._stale = True
        self._lamp = HealthLamp(self)
        self._summary = QLabel(self)
        self._summary.setFont(theme.sized_font(0, bold=True))
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._words = QLabel(self)
        self._words.setProperty("role", "quiet")
        self._words.setWordWrap(True)
        self.mended = Notice("good", closable=True, parent=self)
        self.rows: dict[str, HealthRow] = {}
        self.detail = HealthDetail(self)
        self.past = HealthPast(self)
        self.detail.remedyAsked.connect(self._ask)
        self.past.stepAsked.connect(self.stepAsked)
        self._lay_out()
        self._refresh()

    # --- What it is told ---------------------------------------------------------------------------

    def set_catalogue(self, entries: Iterable[Entry]) -> None:
        """Take the health rules there are."""
        self._entries = {entry.kind: entry for entry in entries}
        self._say_changed()

    def show_history(self, events: Iterable[Event]) -> None:
        """Show what was said in a run so far, in place of what there is; :meth:`take` adds to it."""
        self._chosen = None
        self.mended.say("")
        self.record.load(events)
        self._say_changed()

    def take(self, events: Sequence[Event]) -> None:
        """Take what happens; what says nothing about health is passed over."""
        over = {(each.rule, each.told) for each in self.record.past()}
        said = [self.record.take(event) for event in events]
        if not any(said):
            return
        if not self.record.titles:
            self._chosen = None
            self.mended.say("")
        self._say_mended(over)
        self._say_changed()

    def clear(self) -> None:
        """Show no run."""
        self.show_history(())
        self.record.clear()
        self._say_changed()

    def show_standing(self, standing: Standing) -> None:
        """Take how the run stands, by which remedies can be applied or not."""
        if standing != self._standing:
            self._standing = standing
            self._refresh_soon()

    def choose(self, rule: str) -> None:
        """Open a rule; the gravest trouble for an empty name."""
        self._chosen = rule or None
        self._refresh_soon()
        row = self.rows.get(self.opened())
        if row is not None:
            self._column.activate()
            self._scroll.ensureWidgetVisible(row)

    # --- What it says ------------------------------------------------------------------------------

    def rules(self) -> list[tuple[str, str]]:
        """Return the rules to show, class name and title: those that watch the run, the gravest first.

        Before there is a run, all there are.
        """
        record = self.record
        if not record.began:
            return [(kind, entry.title) for kind, entry in self._entries.items()]
        order = {kind: place for place, kind in enumerate(self._entries)}
        named = sorted(record.titles.items(), key=lambda each: order.get(each[0], len(order)))
        return sorted(named, key=lambda each: -GRAVITY[record.level(each[0])])

    def level(self) -> str:
        """Return the gravest level: ``idle``, ``good``, ``watch`` or ``bad``."""
        troubles = self.record.troubles()
        if troubles:
            return troubles[0].condition.level
        return "good" if self.record.titles else "idle"

    def lamps(self) -> list[Lamp]:
        """Return a lamp for each rule that watches the run, in the order of the catalogue."""
        order = [kind for kind in self._entries if kind in self.record.titles]
        order += [kind for kind in self.record.titles if kind not in self._entries]
        titles = self.record.titles
        return [Lamp(kind, self.record.level(kind), self._spoken(kind, titles[kind])) for kind in order]

    def opened(self) -> str:
        """Return the rule that is opened, or nothing."""
        if self._chosen is not None:
            return self._chosen
        troubles = self.record.troubles()
        return troubles[0].rule if troubles else ""

    def summary(self) -> str:
        """Return how the run stands, in one line."""
        return health_words.summary(self.record.troubles(), len(self.record.titles), self.record.began)

    # --- Inside ------------------------------------------------------------------------------------

    def _ask(self, condition: Condition, remedy: Remedy, way: str) -> None:
        if way == "branch":
            self.branchAsked.emit(condition, remedy)
            return
        self.remedyChosen.emit(remedy)
        for path, value in remedy.changes.items():
            self.editAsked.emit(path, value)

    def _toggle(self) -> None:
        row = self.sender()
        if isinstance(row, HealthRow):
            self._chosen = "" if self.opened() == row.key else row.key
            self._refresh()

    def _say_mended(self, over: set[tuple[str, int]]) -> None:
        """Say that a condition is over for which a remedy was applied; ``over``: what was so before."""
        for found in self.record.past():
            if found.applied and (found.rule, found.told) not in over:
                self.mended.say(health_words.mended(found))

    def _say_changed(self) -> None:
        self._refresh_soon()
        self.changed.emit()

    def _refresh_soon(self) -> None:
        if self.isVisible():
            self._refresh()
        else:
            self._stale = True

    def _refresh(self) -> None:
        self._stale = False
        record, rules = self.record, self.rules()
        self._lamp.show_level(self.level())
        self._summary.setText(health_words.heading(len(record.troubles()), len(record.titles), record.began))
        self._words.setText(self._quiet_words())
        self._words.setVisible(bool(self._words.text()))
        self._show_rows(rules)
        self._show_detail(rules)
        self.past.show_findings(record.past())

    def _quiet_words(self) -> str:
        if not self.record.began:
            return health_words.IDLE
        return "" if self.record.titles else health_words.UNWATCHED

    def _show_rows(self, rules: list[tuple[str, str]]) -> None:
        """Have a row for each rule, in this order; rows that stay keep the focus."""
        for kind in [kind for kind in self.rows if kind not in dict(rules)]:
            row = self.rows.pop(kind)
            row.hide()
            self._list.removeWidget(row)
            row.deleteLater()
        for kind, title in rules:
            if kind not in self.rows:
                row = self.rows[kind] = HealthRow(kind, self._body)
                row.clicked.connect(self._toggle)
            self._show_row(self.rows[kind], kind, title)

    def _show_row(self, row: HealthRow, kind: str, title: str) -> None:
        watched = kind in self.record.titles
        entry = self._entries.get(kind)
        summary = entry.summary if entry else ""
        line, word = health_words.row(self.record.current(kind), watched, summary)
        level = self.record.level(kind) if watched else "idle"
        row.show_rule(title, level, line, word, self._spoken(kind, title))
        row.setChecked(kind == self.opened())
        row.setToolTip(summary)

    def _spoken(self, kind: str, title: str) -> str:
        return health_words.spoken(title, self.record.current(kind), kind in self.record.titles)

    def _show_detail(self, rules: list[tuple[str, str]]) -> None:
        """Put the rows below each other, and what is opened below its own."""
        opened = self.opened()
        wanted: list[QWidget] = []
        for kind, _ in rules:
            wanted.append(self.rows[kind])
            if kind == opened:
                wanted.append(self.detail)
        self.detail.setVisible(self.detail in wanted)
        for place, widget in enumerate(wanted):
            item = self._list.itemAt(place)
            if item is None or item.widget() is not widget:
                self._list.insertWidget(place, widget)
        if self.detail in wanted:
            self._fill_detail(opened)
        self._order_tabs(wanted)

    def _fill_detail(self, kind: str) -> None:
        found = self.record.current(kind)
        if found is not None:
            self.detail.show_finding(found, self._standing, self.branch_step)
            return
        entry = self._entries.get(kind)
        state = health_words.WELL if kind in self.record.titles else ""
        self.detail.show_good(entry.help or entry.summary if entry else "", state)

    def _order_tabs(self, widgets: list[QWidget]) -> None:
        """Let the keyboard go through rows and remedies as they stand."""
        stops: list[QWidget] = []
        for widget in widgets:
            stops += [card.button for card in self.detail.remedies] if widget is self.detail else [widget]
        for one, next_ in pairwise(stops):
            QWidget.setTabOrder(one, next_)

    def _lay_out(self) -> None:
        self._body = QWidget(self)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 0)
        head.setSpacing(8)
        head.addWidget(self._lamp, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._summary, 1)
        self._words.setContentsMargins(8, 0, 8, 4)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column = self._column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self.mended)
        column.addLayout(self._list)
        column.addWidget(self.past)
        column.addStretch(1)
        self.detail.setParent(self._body)
        scroll = self._scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 0, 0)
        layout.addWidget(scroll)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew where the font has changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._refresh_soon()
